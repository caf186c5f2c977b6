"""Hold connections open against a service while people work: what fails for those who are signed in?

    .venv/bin/python -m bench.connections [--idle 1000] [--trickling 200] [--seconds 120] [--rate 20]

Starts `sake up` in a fresh home. The idle connections send nothing, half of their headers, or headers that promise a body; the
trickling ones send a byte a second of a header, a sign-in or an upload, none with a token. What the service closes is opened
again. Meanwhile uploads and look-ups are sent at a steady rate, and none of them is tried a second time.
"""

import argparse
import asyncio
import itertools
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx

SAKE = Path(sys.executable).with_name("sake")
PORT = 8790
HEADER = b"Host: test\r\nContent-Type: multipart/form-data; boundary=b\r\n"
PROMISES = (
    b"",
    b"POST /predict HTTP/1.1\r\nHost: te",
    b"POST /predict HTTP/1.1\r\nContent-Length: 100000\r\n" + HEADER + b"\r\n",
    b"POST /documents/x/answers HTTP/1.1\r\nContent-Length: 100000\r\nHost: test\r\nContent-Type: application/json\r\n\r\n",
    b"POST /auth/token HTTP/1.1\r\nContent-Length: 1000\r\n" + HEADER + b"\r\n",
)
"""What an idle connection has sent before it falls silent; a trickling one goes on from there, byte by byte."""
PAUSE_SECONDS = 1.0
ANSWER_SECONDS = 60.0


@dataclass
class Outcome:
    """What became of the requests of those who are signed in: seconds, and what failed."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    opened: int = 0
    """Connections that were opened by those who are not."""

    def __str__(self) -> str:
        p50, p99 = (quantiles(self.seconds, n=100)[place] for place in (49, 98))
        figures = f"p50 {p50:.2f} s, p99 {p99:.2f} s, longest {max(self.seconds):.2f} s"
        lines = (
            f"{len(self.seconds)} requests, {len(self.failures)} failed, {figures}",
            f"{self.opened} connections were opened",
        )
        return "\n".join([*lines, *sorted(set(self.failures))[:10]])


async def measure(
    port: int, sign: dict[str, str], scan: tuple[str, bytes], *, idle: int, trickling: int, requests: int, rate: float
) -> Outcome:
    """Send so many requests, half of them uploads, so many a second, while the others hold their connections."""
    outcome = Outcome()
    promises = itertools.cycle(PROMISES)
    async with hold_all(
        [hold(port, next(promises), outcome, trickle=place < trickling) for place in range(idle + trickling)]
    ):
        while outcome.opened < idle + trickling:
            await asyncio.sleep(0.05)
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", headers=sign, timeout=ANSWER_SECONDS, limits=limits
        ) as http:
            tasks = []
            for number in range(requests):
                work = upload(http, scan) if number % 2 else http.get("/batches")
                tasks.append(asyncio.create_task(send(work, outcome)))
                await asyncio.sleep(1 / rate)
            await asyncio.gather(*tasks)
    return outcome


async def send(work: Coroutine[Any, Any, httpx.Response], outcome: Outcome) -> None:
    """Send one request, and note what became of it."""
    began = time.monotonic()
    try:
        answer = await work
        if not answer.is_success:
            outcome.failures.append(f"{answer.status_code} {answer.text[:200]}")
    except httpx.HTTPError as error:
        outcome.failures.append(f"{type(error).__name__} {error}")
    outcome.seconds.append(time.monotonic() - began)


async def upload(http: httpx.AsyncClient, scan: tuple[str, bytes]) -> httpx.Response:
    """Hand in a document."""
    return await http.post("/predict", data={"reference": "connections"}, files={"files": scan})


async def hold(port: int, promise: bytes, outcome: Outcome, *, trickle: bool) -> None:
    """Hold a connection for ever, and open it again when it is closed."""
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            outcome.opened += 1
            reading = asyncio.create_task(_read_to_end(reader))  # the other side closes
            try:
                writer.write(promise)
                await writer.drain()
                while not reading.done():
                    await asyncio.wait([reading], timeout=PAUSE_SECONDS)
                    if trickle:
                        writer.write(b"x")
                        await writer.drain()
            finally:
                reading.cancel()
                writer.close()
        await asyncio.sleep(PAUSE_SECONDS)


async def _read_to_end(reader: asyncio.StreamReader) -> None:
    with suppress(OSError):  # the other side may also cut it off
        await reader.read()


@asynccontextmanager
async def hold_all(connections: list[Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Hold them for the duration of the block."""
    tasks = [asyncio.create_task(connection) for connection in connections]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def main() -> None:
    """Run and print the figures."""
    from sake_ray.client import Client
    from sake_ray.synthetic.generate import generate_one

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--idle", type=int, default=1000)
    parser.add_argument("--trickling", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--rate", type=float, default=20.0)
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder:
        home, log = Path(folder) / "home", Path(folder) / "log"
        ports = {
            "SAKE_PORT": PORT,
            "SAKE_DASHBOARD_PORT": PORT + 1,
            "SAKE_METRICS_PORT": PORT + 2,
            "SAKE_KEEPER_METRICS_PORT": 0,
        }
        environment = os.environ | {"SAKE_HOME": str(home), "SAKE_SCREENS": "false"}
        environment |= {name: str(port) for name, port in ports.items()}
        service = subprocess.Popen([str(SAKE), "up"], env=environment, stdout=log.open("w"), stderr=subprocess.STDOUT)
        while "Ctrl-C" not in log.read_text():
            if service.poll() is not None:
                sys.exit(log.read_text())
            time.sleep(0.2)
        with Client(f"http://127.0.0.1:{PORT}") as client:
            client.accounts.sign_in("admin", (home / "admin_password").read_text().strip())
            sign = {"Authorization": client.connection.http.headers["Authorization"]}
        scan = generate_one(5, seed=5)
        requests = round(options.seconds * options.rate)
        work = measure(
            PORT, sign, (scan.name, scan.data), idle=options.idle, trickling=options.trickling, requests=requests,
            rate=options.rate,
        )  # fmt: skip
        print(asyncio.run(work))
        print(f"the service {'runs on' if service.poll() is None else 'has ended'}")
        service.send_signal(signal.SIGINT)
        service.wait()


if __name__ == "__main__":
    main()
