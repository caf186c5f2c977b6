"""Measure what the gateway adds to a request, and to an upload.

    .venv/bin/python -m bench.gateway [--requests 400]

Starts `sake up --gateway` in a fresh home and sends the same requests to the API directly and through the gateway, in turns,
so that whatever else the machine does falls on both. Each way keeps one connection open.
"""

import argparse
import os
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import httpx

from bench.service import SAKE, make_scan, stop, wait_for

PORT, GATEWAY_PORT = 8795, 8799
UPLOADS = 20


@dataclass(frozen=True)
class Added:
    """Seconds a request took directly and through the gateway: median and 99th percentile."""

    direct: tuple[float, float]
    gateway: tuple[float, float]

    def __str__(self) -> str:
        (p50, p99), (gateway_p50, gateway_p99) = self.direct, self.gateway
        added = f"p50 {(gateway_p50 - p50) * 1e3:+.1f} ms, p99 {(gateway_p99 - p99) * 1e3:+.1f} ms"
        return f"directly p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms; the gateway adds {added}"


def main() -> None:
    """Run and print all measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, log = Path(folder) / "home", Path(folder) / "log"
        ports = {
            "SAKE_PORT": PORT, "SAKE_DASHBOARD_PORT": PORT + 1, "SAKE_METRICS_PORT": PORT + 5, "SAKE_USER_PORT": PORT + 2,
            "SAKE_ADMIN_PORT": PORT + 3, "SAKE_GATEWAY_PORT": GATEWAY_PORT, "SAKE_GATEWAY_HTTP_PORT": 0,
        }  # fmt: skip
        environment = os.environ | {"SAKE_HOME": str(home)} | {name: str(port) for name, port in ports.items()}
        command = [str(SAKE), "up", "--gateway"]
        service = subprocess.Popen(command, env=environment, stdout=log.open("w"), stderr=subprocess.STDOUT)
        wait_for(log, "Ctrl-C", service)
        trust = ssl.create_default_context(cafile=str(home / "tls" / "certificate.pem"))
        with (
            httpx.Client(base_url=f"http://127.0.0.1:{PORT}", trust_env=False, timeout=60) as direct,
            httpx.Client(base_url=f"https://localhost:{GATEWAY_PORT}/api/v1", verify=trust, timeout=60) as gateway,
        ):
            password = (home / "admin_password").read_text().strip()
            form = {"username": "admin", "password": password}
            token = direct.post("/auth/token", data=form).raise_for_status().json()["access_token"]
            headers = {"Authorization": f"Bearer {token}"}
            print(f"a look-up: {compare(direct, gateway, headers, requests=options.requests)}")
            name, data = make_scan(1, 5)
            uploads = compare(direct, gateway, headers, requests=UPLOADS, upload=(name, data))
            print(f"an upload of {len(data) / 1e3:.0f} kB: {uploads}")
        stop(service)


def compare(
    direct: httpx.Client,
    gateway: httpx.Client,
    headers: Mapping[str, str],
    *,
    requests: int,
    upload: tuple[str, bytes] | None = None,
) -> Added:
    """Send so many requests each way, in turns: look-ups of the own account, or uploads of a file."""
    seconds: tuple[list[float], list[float]] = [], []
    for number in range(requests + 1):
        for client, taken in zip((direct, gateway), seconds, strict=True):
            begun = time.perf_counter()
            if upload:
                sent = client.post("/predict", headers=headers, data={"reference": "bench"}, files=[("files", upload)])
            else:
                sent = client.get("/account", headers=headers)
            if sent.is_error:
                sys.exit(sent.text)
            if number:  # the first ones open the connections
                taken.append(time.perf_counter() - begun)
    return Added(_summarize(seconds[0]), _summarize(seconds[1]))


def _summarize(seconds: list[float]) -> tuple[float, float]:
    cuts = quantiles(seconds, n=100, method="inclusive")
    return cuts[49], cuts[98]


if __name__ == "__main__":
    main()
