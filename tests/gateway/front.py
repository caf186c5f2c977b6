"""A real nginx with the gateway's files, and something small behind it."""

import asyncio
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sake_ray.cli.gateway import find_worker_user
from sake_ray.gateway.certificates import install_certificate, make_self_signed, utc_now
from sake_ray.gateway.config import BodyLimits, GatewayConfig
from sake_ray.gateway.render import prove_gateway, write_gateway
from sake_ray.serve.middleware import MULTIPART_BYTES, OTHER_BYTES, SIGN_IN_BYTES
from tests.ports import free_ports
from tests.serving import serve_app
from tests.waiting import PATIENCE, wait_until

KEY = "5" * 64
BODIES = BodyLimits(SIGN_IN_BYTES, MULTIPART_BYTES, OTHER_BYTES, 3_000_000)
NAMES = ("localhost", "127.0.0.1")
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "nginx"


@dataclass
class Front:
    """A gateway that runs."""

    folder: Path
    port: int
    http_port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def certificate(self) -> Path:
        return self.folder / "made/certificate.pem"

    def client(self, **options: Any) -> httpx.Client:
        """A client that trusts its certificate."""
        trust = ssl.create_default_context(cafile=str(self.certificate))
        return httpx.Client(base_url=self.url, verify=trust, timeout=PATIENCE, trust_env=False, **options)

    def connect(self) -> ssl.SSLSocket:
        """A connection with TLS, to send anything over."""
        trust = ssl.create_default_context(cafile=str(self.certificate))
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        return trust.wrap_socket(plain, server_hostname="localhost")

    def install(self) -> None:
        """Give it another certificate of its own."""
        key = self.folder / "made/key.pem"
        make_self_signed(self.certificate, key, names=NAMES, now=utc_now())
        install_certificate(self.certificate, key, self.folder / "tls")


def make_config(folder: Path, api: str, **changes: Any) -> GatewayConfig:
    """A gateway in front of an address; the screens are there as well unless others are named."""
    port, http_port = free_ports(2)
    config = GatewayConfig(
        "127.0.0.1", port, http_port, (api,), (api,), (api,), prove_gateway(KEY), BODIES, folder / "failures.log",
        user=find_worker_user(),
    )  # fmt: skip
    return replace(config, **changes)


@contextmanager
def running(folder: Path, config: GatewayConfig) -> Iterator[Front]:
    """Run it for the duration of a block."""
    write_gateway(folder, config)
    command = [NGINX, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with (folder / "stderr.log").open("wb") as out:
        front = Front(folder, config.port, config.http_port, None)  # type: ignore[arg-type]
        front.install()
        front.process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    try:
        said = (folder / "stderr.log").read_text
        wait_until(lambda: listens(config.port), interval=0.02, process=front.process, log=said)
        yield front
    finally:
        front.process.terminate()
        front.process.wait(30)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def serving(app: ASGIApp, *, port: int = 0) -> Iterator[str]:
    """Serve an application for the duration of a block; its address."""
    with serve_app(app, port=port, timeout_keep_alive=65) as port:
        yield f"127.0.0.1:{port}"


def make_echo(name: str = "", *, on_bytes: Callable[[int], None] = lambda received: None) -> ASGIApp:
    """Says what reaches it: the path as it was sent, the headers, the length of the body. `/documents/slow?n=` takes its time."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        if scope["path"] == "/documents/slow":
            await StreamingResponse(_drip(int(request.query_params["n"])), media_type="text/plain")(
                scope, receive, send
            )
        elif scope["path"] == "/documents/hang":
            await asyncio.sleep(PATIENCE)
        else:
            received = 0
            async for part in request.stream():
                received += len(part)
                on_bytes(received)
            path, headers = scope["raw_path"].decode(), dict(request.headers)
            said = {"name": name, "path": path, "headers": headers, "bytes": received}
            more = {"Location": "/predict/7"} if scope["method"] == "POST" else {}
            await JSONResponse(said, headers=more)(scope, receive, send)

    return answer


async def _drip(drops: int) -> AsyncIterator[bytes]:
    for _ in range(drops):
        await asyncio.sleep(0.1)
        yield b"."
