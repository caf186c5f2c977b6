"""Routes by which a browser goes to the issuer to sign in, and comes back: the code flow with PKCE, state and nonce.

What the browser brings back is exchanged by the service; what it gets is the session of any other sign-in.
"""

import hmac
import logging

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from frontends.auth_routes import is_https, open_client, set_cookie, sign_in_form, sign_in_with
from frontends.forms import HEADERS, answer_with, check_goal, read_goal, words_of
from frontends.issuer import (
    MAX_COOKIE,
    NO_TOKEN,
    SignInAttempt,
    attempt_cookie,
    make_own_address,
    token_cookie,
)
from frontends.site import Site
from sake_ray.client import Client
from sake_ray.errors import SakeError
from sake_ray.schemas.issuer import IssuerSignInOut

log = logging.getLogger(__name__)

RETURN = "issuer-return"
ATTEMPT_SECONDS = 600


def make_issuer_routes(site: Site) -> list[Route]:
    """Make the routes of an application that lead to the issuer and back."""

    def leave(request: Request) -> Response:
        attempt = SignInAttempt.begin(read_goal(request))
        try:
            with open_client(request, site) as client:
                issuer = client.accounts.find_issuer()
        except SakeError as error:
            return refuse(request, "issuer", error=error)
        address = attempt.make_address(issuer, return_address(request))
        response = RedirectResponse(address, 303, headers=HEADERS)
        set_cookie(request, response, attempt_cookie(site), attempt.write(), max_age=ATTEMPT_SECONDS)
        return response

    async def come_back(request: Request) -> Response:
        attempt = SignInAttempt.read(request.cookies.get(attempt_cookie(site), ""))
        query = request.query_params
        if attempt is None or not hmac.compare_digest(attempt.state.encode(), query.get("state", "").encode()):
            return refuse(request, "issuer_lost")
        if "code" not in query:
            log.info("issuer refused", extra={"reason": query.get("error", "")[:100]})
            return refuse(request, "issuer_denied", goal=check_goal(attempt.goal))
        try:
            with open_client(request, site) as client:
                token = await run_in_threadpool(sign_in, client, query["code"], attempt, return_address(request))
        except SakeError as error:
            return refuse(request, "issuer", error=error, goal=check_goal(attempt.goal))
        if token is None:
            return refuse(request, f"role_{site.name}", goal=check_goal(attempt.goal))
        response = sign_in_with(request, site, token, goal=check_goal(attempt.goal))
        kept = token.id_token if len(token.id_token) <= MAX_COOKIE else NO_TOKEN
        set_cookie(request, response, token_cookie(site), kept, max_age=token.expires_in)
        response.delete_cookie(attempt_cookie(site), httponly=True, samesite="lax", secure=is_https(request))
        return response

    def sign_in(client: Client, code: str, attempt: SignInAttempt, address: str) -> IssuerSignInOut | None:
        """Exchange the code; None when the role may not use this application."""
        token = client.accounts.sign_in_by_issuer(
            code, verifier=attempt.verifier, nonce=attempt.nonce, redirect_uri=address
        )
        if token.role in site.roles:
            return token
        client.accounts.sign_out()
        return None

    def return_address(request: Request) -> str:
        return make_own_address(request, RETURN, is_https=is_https(request))

    def refuse(request: Request, reason: str, *, error: SakeError | None = None, goal: str | None = None) -> Response:
        """Show the form again; `goal` is where the person wanted to, which an address to return to does not say."""
        goal = read_goal(request) if goal is None else goal
        log.info("sign-in refused", extra={"reason": reason, "code": error.code if error else ""})
        words = words_of(request)
        message = words.translate(error.message) if error else ""
        form = sign_in_form(words, site, reason, message=message, by_issuer=True, goal=goal)
        return answer_with(request, form, error.status_code if error else 403, goal=goal)

    return [Route(f"{site.base}/issuer", leave), Route(f"{site.base}/{RETURN}", come_back)]
