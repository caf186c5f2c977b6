"""What the screens know of an OpenID Connect issuer: whether there is one, and what a browser keeps while it signs in there."""

import base64
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Self
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.requests import Request

from frontends.site import Site
from sake_ray.client import Client
from sake_ray.errors import NotFound, SakeError
from sake_ray.schemas.issuer import IssuerOut

FRESH_SECONDS = 60.0
AWAY_SECONDS = 5.0
"""So long a service that did not answer is not asked again, lest every form wait for it."""
ANSWER_SECONDS = 3.0
MAX_COOKIE = 3500
"""Bytes; browsers drop a cookie of more than 4,096 with its name and attributes."""
NO_TOKEN = "-"  # noqa: S105
"""Kept in place of an ID token that is too long for a cookie."""


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """What a browser keeps from the click to its return: without these nobody can make use of what the issuer sends."""

    state: str
    nonce: str
    verifier: str
    goal: str

    @classmethod
    def begin(cls, goal: str) -> Self:
        """Draw new secrets; `goal` is the page to come back to."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), goal)

    @classmethod
    def read(cls, cookie: str) -> Self | None:
        """Read what `write` wrote; None for anything else."""
        try:
            found = json.loads(base64.urlsafe_b64decode(cookie.encode()))
            return cls(*(str(found[name]) for name in ("state", "nonce", "verifier", "goal")))
        except (ValueError, KeyError, TypeError):
            return None

    def write(self) -> str:
        """Write it as the value of a cookie."""
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    def make_address(self, issuer: IssuerOut, return_address: str) -> str:
        """Make the address at the issuer where the person signs in (RFC 6749 and 7636, OpenID Connect Core 3.1)."""
        challenge = base64.urlsafe_b64encode(sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        query = {
            "response_type": "code",
            "client_id": issuer.client_id,
            "redirect_uri": return_address,
            "scope": issuer.scope,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return add_query(issuer.authorization_endpoint, query)


class IssuerPresence:
    """Whether there is an issuer, asked of the service once a minute at most."""

    def __init__(self, site: Site, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._site, self._clock = site, clock
        self._known, self._ask_again_at = False, 0.0

    def ask(self) -> bool:
        """Whether people may sign in by an issuer; as known before while the service does not answer."""
        if self._clock() >= self._ask_again_at:
            fresh = FRESH_SECONDS
            try:
                with Client(self._site.api, patience=0, timeout=ANSWER_SECONDS) as client:
                    client.accounts.find_issuer()
                self._known = True
            except NotFound:
                self._known = False
            except SakeError as error:
                # It may be the issuer that does not answer: there is one then, and a click says what is wrong.
                self._known = self._known or error.code == "issuer-unreachable"
                fresh = FRESH_SECONDS if error.code == "issuer-unreachable" else AWAY_SECONDS
            self._ask_again_at = self._clock() + fresh
        return self._known


def attempt_cookie(site: Site) -> str:
    """The cookie of an attempt to sign in."""
    return f"{site.cookie}_issuing"


def token_cookie(site: Site) -> str:
    """The cookie of the issuer's ID token, which signing out there needs; it opens nothing here."""
    return f"{site.cookie}_issuer"


def make_sign_out_address(issuer: IssuerOut, id_token: str, return_address: str) -> str:
    """Make the address that ends the session at the issuer (OpenID Connect RP-Initiated Logout); empty where it has none."""
    if not issuer.end_session_endpoint:
        return ""
    query = {"client_id": issuer.client_id, "post_logout_redirect_uri": return_address}
    query |= {"id_token_hint": id_token} if id_token != NO_TOKEN else {}
    return add_query(issuer.end_session_endpoint, query)


def make_own_address(request: Request, name: str, *, is_https: bool) -> str:
    """Make the address of a route beside this one, as the browser reaches it."""
    path = request.url.path.rpartition("/")[0] + f"/{name}"
    return urlunsplit(("https" if is_https else "http", request.headers.get("host", ""), path, "", ""))


def add_query(address: str, query: dict[str, str]) -> str:
    """Add to the query of an address, which may have one."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, urlencode(query))))))
