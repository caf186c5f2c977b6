"""Where a request comes from: the address of the peer, and who may state it for somebody else."""

import hmac
from collections.abc import Sequence
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Networks = tuple[IPv4Network | IPv6Network, ...]

PEER_HEADER = "X-Sake-Peer"
"""States the peer of the screens to the service, signed with a key that both have."""

GATEWAY = "gateway"
"""What the gateway states in place of a peer: that is in the X-Forwarded-For, where it is the only address."""

current_peer: ContextVar[str] = ContextVar("current_peer", default="")
"""The peer of the request in work; empty for a command at a terminal."""


def parse_networks(text: str) -> Networks:
    """Parse addresses and networks, separated by commas; raises ValueError naming the one that is neither."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def find_peer(host: str, forwarded: Sequence[str], trusted: Networks) -> str:
    """Find who is behind trusted proxies, from the values of `X-Forwarded-For`; `host` is who has connected.

    Each proxy appends whom it was called by. So the list is read from its end, as far as those who wrote it are trusted: anybody
    can send a beginning.
    """
    peer = host
    for entry in reversed([entry for value in forwarded for entry in value.split(",")]):
        address = _parse_address(peer)
        if address is None or not any(address in network for network in trusted):
            break
        stated = _parse_address(entry)
        if stated is None:
            break
        peer = str(stated)
    address = _parse_address(peer)
    return str(address) if address else peer


def find_stated_peer(host: str, stated: str, forwarded: Sequence[str], *, key: str, trusted: Networks) -> str:
    """Find the peer by all that a request says: `stated` is its PEER_HEADER, which counts when it was made with the key."""
    peer = read_signed_peer(stated, key)
    if peer is None:
        return find_peer(host, forwarded, trusted)
    if peer != GATEWAY:
        return peer
    address = _parse_address(forwarded[-1]) if forwarded else None
    return str(address) if address else host


def find_subscriber(peer: str) -> str:
    """The part of an address that one subscriber has: of IPv6 a network of 64 bits, whose addresses cost nothing."""
    address = _parse_address(peer)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return peer


def sign_peer(peer: str, key: str) -> str:
    """State a peer in a way that only the owners of the key can."""
    return f"{peer};{_sign(peer, key)}"


def read_signed_peer(stated: str, key: str) -> str | None:
    """Read a peer that was stated with the key; None when it was not."""
    peer, _, signature = stated.rpartition(";")
    return peer if key and hmac.compare_digest(signature.encode(), _sign(peer, key).encode()) else None


def _sign(peer: str, key: str) -> str:
    return hmac.digest(key.encode(), peer.encode(), "sha256").hex()


def _parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """Parse an address, with or without a port; of an IPv4 address written as IPv6, the former."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
