"""Find out where each request comes from, before anything counts by it."""

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sake_ray.domain.peers import PEER_HEADER, Networks, current_peer, find_stated_peer


@dataclass(frozen=True, slots=True)
class PeerRules:
    """Who may state the address of somebody else: proxies by their address, the screens and the gateway by a key."""

    trusted_proxies: Networks = ()
    screens_key: str = ""

    def find(self, host: str, headers: Headers) -> str:
        """Find the peer of a request."""
        stated, forwarded = headers.get(PEER_HEADER, ""), headers.getlist("x-forwarded-for")
        return find_stated_peer(host, stated, forwarded, key=self.screens_key, trusted=self.trusted_proxies)


class PeerMiddleware:
    """ASGI middleware: the client of the request is its peer from here on."""

    def __init__(self, app: ASGIApp, *, rules: PeerRules) -> None:
        self.app, self.rules = app, rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its peer."""
        if scope["type"] in {"http", "websocket"}:
            client = scope.get("client")
            peer = self.rules.find(str(client[0]) if client else "", Headers(scope=scope))
            scope = dict(scope) | {"client": (peer, 0)}
            current_peer.set(peer)
        await self.app(scope, receive, send)
