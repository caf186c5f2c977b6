"""What a gateway is made from, as plain values."""

from dataclasses import dataclass, field
from pathlib import Path

from sake_ray.domain.peers import Networks

TOOLS = ("grafana", "mlflow", "ray", "prometheus", "alertmanager")
"""What admin and ops reach through the gateway, each below its name."""
API_NAMES = (
    "account", "admin", "auth", "batches", "documents", "health", "labels", "predict", "ready", "references",
)  # fmt: skip
"""How addresses of the API begin that lead there without `/api/v1` as well; a test compares them with the contract."""
SCREEN_NAMES = ("search",)
"""How addresses of the API begin that are pages of the screens: these need `/api/v1`."""


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How long the body of a request may be, in bytes, as the API has it."""

    sign_in: int
    upload: int
    other: int
    file: int
    """One file handed to the screens."""


@dataclass(frozen=True, slots=True)
class GatewayLimits:
    """How much may be asked for, and how slowly. Rates are of one peer; a burst may come at once on top of its rate."""

    requests_a_second: int = 100
    burst: int = 600
    """An office is one peer. Streamlit's own files, sixty for each browser, are counted apart."""
    session_requests_a_second: int = 50
    session_burst: int = 200
    guesses_a_minute: int = 60
    guess_burst: int = 40
    connections: int = 400
    header_seconds: int = 10
    body_seconds: int = 20
    """The longest pause of a sender. The API also wants a number of bytes over time."""
    answer_seconds: int = 960
    """The longest pause of whoever answers; beyond what Serve lets a request take."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool behind the gateway: one of TOOLS, its address without a path, what is sent to it in the caller's place."""

    name: str
    url: str
    authorization: str = ""
    cookies: tuple[str, ...] = ()
    """The tool's own cookies; no others reach it."""
    at_top: bool = False
    """It lives at the top of its address, and does not see its name in a path."""
    changes: str | None = None
    """A pattern of addresses that take more than GET: None where all do, empty where none does."""


@dataclass(frozen=True, slots=True)
class GatewayConfig:
    """One gateway. Addresses are host:port; several of the same kind share the work."""

    host: str
    port: int
    http_port: int
    """It only leads to `port`; 0 for none."""
    api: tuple[str, ...]
    user_screens: tuple[str, ...]
    admin_screens: tuple[str, ...]
    proof: str
    """By which API and screens know the gateway, see `sign_peer`."""
    bodies: BodyLimits
    log: Path
    """Where requests are noted that failed or were refused for their number, without addresses."""
    tools: tuple[Tool, ...] = ()
    trusted_proxies: Networks = ()
    """In front of the gateway: only their X-Forwarded-For is believed."""
    limits: GatewayLimits = field(default_factory=GatewayLimits)
    workers: int = 2
    user: str = ""
    """Whom the workers run as when root starts them."""
    listener_port: int = 0
    """The UDP port of this machine that is told of each request, for the metrics; 0 for none."""
