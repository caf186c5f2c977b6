"""An OpenID Connect issuer on a port of this machine: it publishes its keys, and signs whatever a test wants signed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import time
from typing import Any
from urllib.parse import parse_qsl

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from sake_ray.domain.issuers import IssuerConfig, parse_roles
from tests.ports import free_port

AUDIENCE, CLIENT = "sake-api", "sake-web"
ROLES = parse_roles("sake-user=user,sake-reviewer=reviewer,sake-admin=admin,sake-ops=ops")


class SigningIssuer:
    """Publishes metadata and keys while it is `open`."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.keys: dict[str, Any] = {}
        self.fetches = 0
        self.tokens: dict[str, str] = {}
        """What it gives for the next code."""
        self.forms: list[dict[str, str]] = []
        """What it was sent with each code."""
        self._server: ThreadingHTTPServer | None = None
        self.rotate("first")

    def rotate(self, id: str, *, curve: bool = False) -> None:
        """Replace the keys by a new one."""
        made = ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, 2048)
        self.keys = {id: made}

    def config(self, **settings: Any) -> IssuerConfig:
        """How the service trusts it."""
        return IssuerConfig(self.url, CLIENT, **{"audience": AUDIENCE, "roles": ROLES} | settings)

    def claims(self, **claims: Any) -> dict[str, Any]:
        """The claims of an access token of Keycloak's shape; None leaves one out."""
        now = int(time())
        usual = {"iss": self.url, "sub": "7f3a", "aud": [AUDIENCE, "account"], "iat": now, "exp": now + 300}
        usual |= {
            "typ": "Bearer",
            "azp": CLIENT,
            "preferred_username": "marie",
            "realm_access": {"roles": ["sake-user"]},
        }
        return {name: value for name, value in (usual | claims).items() if value is not None}

    def sign(self, key: Any = None, id: str | None = None, algorithm: str = "", **claims: Any) -> str:
        """Sign an access token with the newest key, or another."""
        name, newest = next(iter(self.keys.items()))
        private = key if key is not None else newest
        chosen = algorithm or ("ES256" if isinstance(private, ec.EllipticCurvePrivateKey) else "RS256")
        return jwt.encode(self.claims(**claims), private, algorithm=chosen, headers={"kid": id or name})

    def start(self) -> None:
        """Answer from now on."""
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(200, issuer._publish(self.path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                issuer.forms.append(dict(parse_qsl(body)))
                self._answer(200 if issuer.tokens else 400, issuer.tokens)

            def _answer(self, status: int, content: Any) -> None:
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _publish(self, path: str) -> Any:
        if path == "/.well-known/openid-configuration":
            self.fetches += 1
            places = {name: f"{self.url}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
            return places | {"issuer": self.url}
        return {"keys": [self._publish_key(id, key) for id, key in self.keys.items()]}

    def _publish_key(self, id: str, key: Any) -> dict[str, Any]:
        kind = (
            jwt.algorithms.ECAlgorithm if isinstance(key, ec.EllipticCurvePrivateKey) else jwt.algorithms.RSAAlgorithm
        )
        return {"kid": id, "use": "sig"} | kind.to_jwk(key.public_key(), as_dict=True)


@contextmanager
def publishing() -> Iterator[SigningIssuer]:
    """An issuer that answers."""
    issuer = SigningIssuer()
    issuer.start()
    try:
        yield issuer
    finally:
        issuer.stop()
