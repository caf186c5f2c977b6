"""Sign in by an OpenID Connect issuer, with a code that a browser has brought from it."""

from fastapi import APIRouter, Request

from sake_ray.schemas.issuer import IssuerCodeIn, IssuerOut, IssuerSignInOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import ServicesDep
from sake_ray.serve.executors import ISSUER
from sake_ray.serve.guarded_route import GuardedRoute, runs_on
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.tokens import SESSION_LIFETIME

router = APIRouter(prefix="/auth/issuer", tags=["sign in"], route_class=GuardedRoute)

SCOPE = "openid profile"


@router.get("", summary="Who else signs people in", responses=problem_responses(404, 422, 503))
@runs_on(ISSUER)
def get_issuer(services: ServicesDep) -> IssuerOut:
    """Say where a browser signs in, and as which client; 404 without an issuer."""
    issuer = services.authenticator.require_issuer()
    return IssuerOut.from_domain(issuer.get_metadata(), client_id=issuer.config.client, scope=SCOPE)


@router.post("", summary="Sign in by the issuer", responses=problem_responses(400, 401, 403, 404, 413, 422, 429, 503))
@runs_on(ISSUER)
def sign_in_by_issuer(request: Request, services: ServicesDep, sent: IssuerCodeIn) -> IssuerSignInOut:
    """Exchange the code that a browser has brought for the token of a new session; its account is made the first time."""
    signed_in, found = services.authenticator.sign_in_by_issuer(
        sent.code,
        verifier=sent.verifier,
        redirect_uri=sent.redirect_uri,
        nonce=sent.nonce,
        peer=request.client.host if request.client else "",
        now=utc_now(),
    )
    return IssuerSignInOut(
        access_token=signed_in.token,
        expires_in=int(SESSION_LIFETIME.total_seconds()),
        role=signed_in.account.role,
        id_token=found.id_token,
    )
