"""Look whether the servers answer that the settings name: service, MLflow, Ray, gateway, issuer, tools."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil

from sake_ray.cli.doctor_findings import Finding, ok, problem, warning
from sake_ray.cli.doctor_http import HttpAnswer, ask, describe_clock, hide_secrets, reach
from sake_ray.cli.service_state import find_service
from sake_ray.jobs.local_ray import LOOPBACK
from sake_ray.settings import Settings

RAY_SECONDS = 60
DAYS_LEFT = 14


def check_service(settings: Settings) -> Iterator[Finding]:
    """Ask the service of this home whether it is ready, if it runs."""
    service = find_service(settings.home)
    if service is None:
        yield ok("service", "No service runs on this home.")
        return
    answer = ask(f"{service['url']}/ready")
    if isinstance(answer, HttpAnswer) and answer.status == 200:
        yield ok("service", f"The service at {service['url']} is ready.")
    else:
        why = f"it answers {answer.status}" if isinstance(answer, HttpAnswer) else answer
        sentence = f"The service at {service['url']} (pid {service['pid']}) is not ready: {why}."
        yield problem("service", sentence, "Wait a minute; then see `sake status`, and `logs/` in the home.")


def check_mlflow(settings: Settings) -> Iterator[Finding]:
    """Ask the MLflow server, or look for the file."""
    if settings.mlflow_url:
        yield from _check_http("mlflow", "MLflow", settings.mlflow_url, "/health", "SAKE_MLFLOW_URL")
        return
    file = settings.home / "mlflow.db"
    yield ok("mlflow", f"MLflow keeps its records in {file}{'' if file.exists() else ', which is not made yet'}.")


def check_ray(settings: Settings) -> Iterator[Finding]:
    """Ask the control store of Ray, with the token that we have."""
    from sake_ray.jobs.ray_address import find_address

    address = settings.ray_address or find_address(settings.home)
    if not address:
        yield ok("ray", "`sake up` starts a Ray of its own.")
        return
    host, _, port = address.rpartition(":")
    why = reach(host.strip("[]"), int(port)) if port.isdigit() else ""
    if why := why or _find_fault_of_ray(address):
        mend = "Look at `ray status` on its head, or correct SAKE_RAY_ADDRESS and RAY_AUTH_TOKEN_PATH."
        yield problem("ray", f"Ray cannot be used at {address}: {why}.", mend)
    else:
        yield ok("ray", f"Ray answers at {address}.")


def _find_fault_of_ray(address: str) -> str:
    """Have Ray's own command ask; empty when all is well."""
    command = [str(Path(sys.executable).with_name("ray")), "health-check"]
    command += [] if address == "auto" else ["--address", address]
    # Otherwise it takes 127.0.0.1 for the address of the network card, where a Ray of `sake up` does not listen.
    environment = os.environ | (LOOPBACK if address.startswith(("127.", "localhost:")) else {})
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=RAY_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"it does not answer within {RAY_SECONDS} s"
    if not done.returncode:
        return ""
    said = (done.stdout + done.stderr).lower()
    return (
        "it refuses our token" if "token" in said or "unauthenticated" in said else "its control store is not healthy"
    )


def check_gateway(settings: Settings) -> Iterator[Finding]:
    """Ask the gateway, if it runs here, and look when its certificate ends."""
    from sake_ray.cli.certificate import find_files
    from sake_ray.cli.gateway import find_gateway_url
    from sake_ray.gateway.certificates import find_days_left

    files = find_files(settings)
    if files.certificate.exists():
        try:
            days = find_days_left(files.certificate, now=datetime.now(UTC))
        except ValueError:
            named = "SAKE_TLS_CERTIFICATE names" if settings.tls_certificate else "The gateway has"
            sentence = f"{named} {files.certificate}, which is not a whole certificate in PEM form."
            mend = "Put it there again." if settings.tls_certificate else "Delete it; the gateway makes another."
            yield problem("gateway", sentence, mend)
            days = DAYS_LEFT
        if days < DAYS_LEFT:
            sentence = f"The gateway's certificate {files.certificate} is good for {max(0, days):.0f} more days."
            make = problem if days < 0 else warning
            yield make("gateway", sentence, "Renew it in its place; the gateway takes it up by itself.")
    elif settings.tls_certificate:
        yield problem(
            "gateway",
            f"SAKE_TLS_CERTIFICATE names {files.certificate}, which is not there.",
            "Put the certificate there.",
        )
    if not _is_running(files.folder):
        yield ok("gateway", "No gateway runs for this home.")
        return
    # Its certificate may be self-signed, and nothing is told to it.
    answer = ask(f"{find_gateway_url(settings)}/-/alive", verify=False)
    if isinstance(answer, HttpAnswer) and answer.status < 500:
        yield ok("gateway", f"The gateway answers at {find_gateway_url(settings)}.")
    else:
        why = f"it answers {answer.status}" if isinstance(answer, HttpAnswer) else answer
        yield problem("gateway", f"The gateway runs and does not answer: {why}.", "See `logs/nginx.log` in the home.")


def check_issuer(settings: Settings) -> Iterator[Finding]:
    """Ask the OpenID Connect issuer for what it publishes, under the name that its tokens have."""
    issuer = settings.issuer
    if issuer is None:
        return
    answer = ask(f"{issuer.url.rstrip('/')}/.well-known/openid-configuration")
    mend = "Correct SAKE_OIDC_ISSUER, or see to the issuer; local accounts sign in meanwhile."
    if isinstance(answer, str):
        yield problem("issuer", f"The issuer {issuer.url} does not answer: {answer}.", mend)
        return
    name = None
    with suppress(ValueError, AttributeError):
        name = json.loads(answer.text).get("issuer")
    if name == issuer.url:
        yield ok("issuer", f"The issuer {issuer.url} answers.")
    else:
        yield problem(
            "issuer", f"What answers at {issuer.url} is no issuer of that name (status {answer.status}).", mend
        )
    if answer.seconds_ahead is not None:
        yield describe_clock("the issuer", answer.seconds_ahead)


def check_tools(settings: Settings) -> Iterator[Finding]:
    """Ask the other servers that settings name."""
    named = {"Grafana": "GRAFANA_URL", "Prometheus": "PROMETHEUS_URL", "The collector of traces": "OTLP_ENDPOINT"}
    for name, setting in named.items():
        if url := getattr(settings, setting.lower()):
            yield from _check_http("tools", name, url, "", f"SAKE_{setting}")


def _check_http(check: str, name: str, url: str, path: str, setting: str) -> Iterator[Finding]:
    answer, shown = ask(url.rstrip("/") + path), hide_secrets(url)
    if isinstance(answer, HttpAnswer) and answer.status < 500:
        yield ok(check, f"{name} answers at {shown}.")
        if answer.seconds_ahead is not None:
            yield describe_clock(name, answer.seconds_ahead)
        return
    why = f"it answers {answer.status}" if isinstance(answer, HttpAnswer) else answer
    yield problem(check, f"{name} at {shown} cannot be used: {why}.", f"See to it, or correct {setting}.")


def _is_running(folder: Path) -> bool:
    """Whether nginx runs with the files in that folder."""
    with suppress(OSError, ValueError, psutil.Error):
        return str(folder) in " ".join(psutil.Process(int((folder / "nginx.pid").read_text())).cmdline())
    return False
