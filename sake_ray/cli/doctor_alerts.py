"""Look whether those can be reached whom alerts are told."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from sake_ray.cli.doctor_findings import Finding, ok, problem
from sake_ray.cli.doctor_http import reach
from sake_ray.settings import Settings


def check_alerts(settings: Settings) -> Iterator[Finding]:
    """Look whether those answer whom alerts are told; nothing is sent to them."""
    places = []
    if url := settings.alert_webhook_url:
        places.append(("The webhook of alerts", urlsplit(url).netloc, "ALERT_WEBHOOK_URL"))
    if settings.alert_email:
        places.append(("The mail server for alerts", settings.alert_smtp, "ALERT_SMTP"))
    if settings.alert_slack_file:
        with suppress(OSError, ValueError):  # of which the check of secrets speaks
            address = Path(settings.alert_slack_file).expanduser().read_text(encoding="utf-8").strip()
            places.append(("Slack", urlsplit(address).netloc, "ALERT_SLACK_FILE"))
    ports = {"ALERT_SMTP": 25, "ALERT_WEBHOOK_URL": 80 if settings.alert_webhook_url.startswith("http:") else 443}
    for name, address, setting in places:
        try:
            parts = urlsplit(f"//{address}")
            host, port = parts.hostname or "", parts.port or ports.get(setting, 443)
        except ValueError:
            mend = "Write it host:port, such as mail.example.org:25; an address of IPv6 in [brackets]."
            yield problem("alerts", f"SAKE_{setting} has no host, or no port that is a number.", mend)
            continue
        if why := reach(host, port):
            yield problem(
                "alerts",
                f"{name} at {host}:{port} cannot be told anything: {why}.",
                f"See to it, or correct SAKE_{setting}.",
            )
        else:
            yield ok("alerts", f"{name} answers at {host}:{port}.")
