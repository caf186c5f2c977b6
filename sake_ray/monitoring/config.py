"""What the monitoring is made from, as plain values."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ScrapeTarget:
    """Whom Prometheus asks: a job of cluster/prometheus/prometheus.yml, host:port, the path."""

    job: str
    address: str
    path: str = "/metrics"


@dataclass(frozen=True, slots=True)
class RayFile:
    """The file in which a Ray of this machine lists its targets."""

    path: Path


@dataclass(frozen=True, slots=True)
class RayDashboard:
    """The dashboard that lists the targets of a cluster, `http://host:port`, and the file with the token that it wants."""

    url: str
    token: Path | None


@dataclass(frozen=True, slots=True)
class EmailReceiver:
    """Who gets mails about alerts, and by which server, host:port; a password needs a user."""

    to: str
    server: str
    sender: str
    user: str = ""
    password_file: Path | None = None
    tls: bool = True


@dataclass(frozen=True, slots=True)
class AlertReceivers:
    """Whom Alertmanager tells; nobody where nothing is set: then its page shows the alerts."""

    slack_file: Path | None = None
    """Holds the address of Slack's webhook, which is a secret."""
    slack_channel: str = ""
    email: EmailReceiver | None = None
    webhook_url: str = ""
    """Alertmanager shows it to who reads its status, unlike what is in files."""
    webhook_token_file: Path | None = None


@dataclass(frozen=True, slots=True)
class MonitoringConfig:
    """One Prometheus with its Alertmanager."""

    targets: tuple[ScrapeTarget, ...]
    ray: RayFile | RayDashboard
    alertmanager: str
    """host:port."""
    alertmanager_path: str = ""
    """Where it lives behind the gateway, such as /alertmanager; empty at the top of its address."""
    receivers: AlertReceivers = AlertReceivers()
    seconds: float = 10.0
    """Between two looks, at targets and at rules."""
    runbooks: str = ""
    """Where people find docs/runbooks.md, as an address; empty: as it is called in the checkout."""
