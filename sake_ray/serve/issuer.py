"""Trust an OpenID Connect issuer: verify its tokens, and exchange the codes that browsers bring from it."""

import hmac
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import jwt

from sake_ray.client.connection import open_http
from sake_ray.domain.issuers import IssuerConfig, IssuerIdentity, identify
from sake_ray.errors import Overloaded, Unauthenticated
from sake_ray.serve.issuer_keys import IssuerKeys, IssuerMetadata

log = logging.getLogger(__name__)

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Those by which only the issuer can sign: neither `none`, nor any by a secret that both sides know."""
CLOCK_SKEW_SECONDS = 60
ANSWER_SECONDS = 5.0
REQUIRED = ["iss", "sub", "aud", "exp"]
OF_ID_TOKENS = {"nonce", "at_hash", "c_hash"}
"""Claims that say that a token tells a client who has signed in; it opens no API."""


@dataclass(frozen=True, slots=True)
class IssuerSignIn:
    """Somebody whom the issuer has signed in, and its token that says so; it is needed to sign out there."""

    identity: IssuerIdentity
    id_token: str


class Issuer:
    """One issuer. It is asked when somebody first needs it: the service starts without it."""

    def __init__(self, config: IssuerConfig, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.config = config
        self._http = open_http(config.url, ANSWER_SECONDS)
        self._keys = IssuerKeys(config.url, self._http, clock=clock)

    def get_metadata(self) -> IssuerMetadata:
        """Get where it is asked for what; raises Overloaded while it does not answer and never has."""
        return self._keys.get_metadata()

    def has_issued(self, token: str) -> bool:
        """Whether a token says that it comes from this issuer; nothing of it is verified."""
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
        except (jwt.InvalidTokenError, ValueError, TypeError):
            return False
        return bool(claims.get("iss") == self.config.url)

    def authenticate(self, token: str) -> IssuerIdentity:
        """Read whose access token it is. Raises Unauthenticated, PermissionDenied, and Overloaded when it has to be asked."""
        if not self.config.audience:
            raise Unauthenticated("issuer-token-not-taken")
        claims = self._verify(token, audience=self.config.audience)
        if claims.get("typ") == "ID" or OF_ID_TOKENS & claims.keys():
            raise Unauthenticated("issuer-token-invalid")
        return identify(self.config, claims)

    def sign_in(self, code: str, *, verifier: str, redirect_uri: str, nonce: str) -> IssuerSignIn:
        """Exchange a code for the identity of who has signed in. Raises Unauthenticated, PermissionDenied, Overloaded."""
        tokens = self._exchange(code, verifier, redirect_uri)
        id_token, access_token = str(tokens.get("id_token", "")), str(tokens.get("access_token", ""))
        claims = self._verify(id_token, audience=self.config.client)
        party = claims.get("azp", self.config.client)
        if party != self.config.client or not hmac.compare_digest(
            str(claims.get("nonce", "")).encode(), nonce.encode()
        ):
            raise Unauthenticated("issuer-token-invalid")
        # Keycloak writes roles into the access token only; it came from the issuer with the other, for the same person.
        more = self._verify(access_token, audience=None) if self.has_issued(access_token) else {}
        sources = [claims] + ([more] if more.get("sub") == claims["sub"] else [])
        return IssuerSignIn(identify(self.config, *sources), id_token)

    def _verify(self, token: str, *, audience: str | None) -> Mapping[str, Any]:
        invalid = Unauthenticated("issuer-token-invalid")
        try:
            header = jwt.get_unverified_header(token)
            algorithm = header.get("alg")
            if algorithm not in ALGORITHMS:
                raise invalid
            claims: Mapping[str, Any] = jwt.decode(
                token,
                self._keys.find_key(header.get("kid"), algorithm),
                algorithms=[algorithm],
                audience=audience,
                issuer=self.config.url,
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": REQUIRED, "verify_aud": audience is not None},
            )
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("issuer-token-expired") from error
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise invalid from error
        return claims

    def _exchange(self, code: str, verifier: str, redirect_uri: str) -> Mapping[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        form |= {"code_verifier": verifier, "client_id": self.config.client}
        secret = self.config.secret_file.read_text(encoding="utf-8").strip() if self.config.secret_file else ""
        # RFC 6749, 2.3.1: both are encoded before they become a name and a password.
        proof = httpx.BasicAuth(quote(self.config.client, safe=""), quote(secret, safe="")) if secret else None
        try:
            response = self._http.post(
                self.get_metadata().token_endpoint, data=form, auth=proof or httpx.USE_CLIENT_DEFAULT
            )
            if response.status_code >= 500:
                response.raise_for_status()
            tokens = response.json() if response.is_success else None
        except (httpx.HTTPError, ValueError) as error:
            raise Overloaded("issuer-unreachable") from error
        if not isinstance(tokens, Mapping):
            log.warning("issuer refuses a code", extra={"status": response.status_code, "answer": response.text[:500]})
            raise Unauthenticated("issuer-refuses-code")
        return tokens
