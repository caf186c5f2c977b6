"""Make, by the settings, what the files of Prometheus and Alertmanager are written from."""

import os
from pathlib import Path

from sake_ray.errors import SetupError
from sake_ray.monitoring.config import (
    AlertReceivers,
    EmailReceiver,
    MonitoringConfig,
    RayDashboard,
    RayFile,
    ScrapeTarget,
)
from sake_ray.settings import Settings

RAY_LINK = "ray.json"
"""The link, in the folder of the configuration, to the list of what Ray exports."""


def find_folder(settings: Settings) -> Path:
    """Find the folder of the configuration."""
    return settings.home / "run" / "monitoring"


def make_monitoring_config(settings: Settings, prometheus_path: str, alertmanager_path: str) -> MonitoringConfig:
    """Put together what a monitoring is made from. Raises SetupError when a file with a secret is missing."""
    here = "127.0.0.1"
    targets = [
        ScrapeTarget("prometheus", f"{here}:{settings.prometheus_port}", f"{prometheus_path}/metrics"),
        ScrapeTarget("alertmanager", f"{here}:{settings.alertmanager_port}", f"{alertmanager_path}/metrics"),
        ScrapeTarget("node", f"{here}:{settings.node_exporter_port}"),
    ]
    ports = {"keeper": settings.keeper_metrics_port}
    if settings.screens:
        ports |= {"screens-user": settings.user_metrics_port, "screens-admin": settings.admin_metrics_port}
    targets += [ScrapeTarget(job, f"{here}:{port}") for job, port in ports.items() if port]
    if settings.postgres_exporter:
        targets.append(ScrapeTarget("postgresql", settings.postgres_exporter))
    return MonitoringConfig(
        targets=tuple(targets),
        ray=_find_ray(settings),
        alertmanager=f"{here}:{settings.alertmanager_port}",
        alertmanager_path=alertmanager_path,
        receivers=find_receivers(settings),
        seconds=settings.scrape_seconds,
        runbooks=settings.alert_runbooks,
    )


def find_receivers(settings: Settings) -> AlertReceivers:
    """Find whom alerts are told to; raises SetupError for a file of a secret that cannot be read."""
    return AlertReceivers(
        slack_file=_find_secret(settings, "alert_slack_file"),
        slack_channel=settings.alert_slack_channel,
        email=_find_email(settings),
        webhook_url=settings.alert_webhook_url,
        webhook_token_file=_find_secret(settings, "alert_webhook_token_file"),
    )


def _find_email(settings: Settings) -> EmailReceiver | None:
    if not settings.alert_email:
        return None
    return EmailReceiver(
        settings.alert_email,
        settings.alert_smtp,
        settings.alert_smtp_from,
        settings.alert_smtp_user,
        _find_secret(settings, "alert_smtp_password_file"),
        settings.alert_smtp_tls,
    )


def _find_secret(settings: Settings, name: str) -> Path | None:
    """Alertmanager looks at these files only when it wants to tell somebody: too late to hear that one is missing."""
    given = getattr(settings, name)
    if not given:
        return None
    path = Path(given).expanduser().absolute()
    try:
        if path.read_text(encoding="utf-8").strip():
            return path
        reason = "it is empty"
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or "?") if isinstance(error, OSError) else "it is not text"
    raise SetupError("alert-secret-unreadable", setting=name.upper(), file=path, error=reason)


def _find_ray(settings: Settings) -> RayFile | RayDashboard:
    if not settings.ray_address:
        return RayFile(find_folder(settings) / RAY_LINK)
    token = Path(os.environ.get("RAY_AUTH_TOKEN_PATH") or "~/.ray/auth_token").expanduser().absolute()
    return RayDashboard(f"http://127.0.0.1:{settings.dashboard_port}", token if token.exists() else None)
