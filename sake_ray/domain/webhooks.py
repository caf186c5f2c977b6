"""Webhooks: which events other programs are told of, where these may be, and when a delivery is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address

from sake_ray.domain.peers import Networks, parse_networks
from sake_ray.errors import NOTHING, Message

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 60, 300, 1800, 7200, 18_000, 36_000, 86_400))
"""After each attempt that failed, so long until the next; after the last of them the delivery is dead: 42 hours in all."""
JITTER = 0.2
"""Each pause is up to this share longer or shorter, so that what failed together does not come back together."""


class WebhookEvent(StrEnum):
    """What a webhook can be told of."""

    BATCH_COMPLETED = "batch.completed"
    DOCUMENT_NEEDS_REVIEW = "document.needs_review"
    MODEL_PROMOTED = "model.promoted"


class DeliveryStatus(StrEnum):
    """Whether a delivery waits for an attempt, has reached its receiver, or is no longer tried."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    DEAD = "DEAD"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of events: those of a team, or of all teams (None). A promotion concerns every team."""

    id: str
    url: str
    team: str | None
    events: tuple[WebhookEvent, ...]
    by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook. The id stays the same over all attempts, so that a receiver can tell what it has.

    `response` is the HTTP status of the last attempt, None when there was none; `error` says why it failed.
    """

    id: str
    webhook: str
    event: WebhookEvent
    occurred_at: datetime
    batch: str | None = None
    document: str | None = None
    version: int | None = None
    status: DeliveryStatus = DeliveryStatus.PENDING
    attempts: int = 0
    not_before: datetime | None = None
    attempted_at: datetime | None = None
    response: int | None = None
    error: Message = NOTHING


@dataclass(frozen=True, slots=True)
class WebhookRules:
    """Where webhooks may lead beside public addresses over https: plain http, and named hosts and networks."""

    allows_http: bool = False
    hosts: frozenset[str] = frozenset()
    networks: Networks = ()

    def permits(self, host: str, address: IPv4Address | IPv6Address) -> bool:
        """Tell whether that address, which the host has, may be connected to."""
        return host.lower() in self.hosts or is_within(address, self.networks) or is_public(address)


def parse_allowed(text: str) -> tuple[frozenset[str], Networks]:
    """Parse host names, addresses and networks, separated by commas; what is no address or network is a host name."""
    hosts, networks = set(), list[str]()
    for part in (part.strip() for part in text.split(",")):
        try:
            parse_networks(part)
        except ValueError:
            if not part.replace("-", "").replace(".", "").replace("_", "").isalnum():
                raise
            hosts.add(part.lower())
        else:
            networks.append(part)
    return frozenset(hosts), parse_networks(",".join(networks))


def is_within(address: IPv4Address | IPv6Address, networks: Networks) -> bool:
    """Tell whether an address is of one of the networks, also written as IPv6."""
    inner = find_inner(address) or address
    return any(inner in network or address in network for network in networks)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is one of the internet: not private, loopback, link-local, multicast, reserved or unspecified.

    The metadata services of clouds are link-local or private. An IPv6 address that carries an IPv4 one counts as that.
    """
    inner = find_inner(address)
    if inner is not None:
        return is_public(inner)
    special = address.is_multicast or address.is_reserved or address.is_loopback or address.is_link_local
    # The last is what private networks had in IPv6 before 2004; the registry of addresses says nothing of it any more.
    return address.is_global and not special and not (isinstance(address, IPv6Address) and address.is_site_local)


def find_inner(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """Find the IPv4 address that an IPv6 one stands for (mapped, or by 6to4); None without one."""
    return (address.ipv4_mapped or address.sixtofour) if isinstance(address, IPv6Address) else None


def find_pause(attempts: int, chance: float) -> timedelta | None:
    """Find how long to wait after so many attempts (from 1) that failed; None when there were enough.

    `chance` is a random number, 0–1.
    """
    if attempts > len(PAUSES):
        return None
    return PAUSES[attempts - 1] * (1 + JITTER * (2 * chance - 1))
