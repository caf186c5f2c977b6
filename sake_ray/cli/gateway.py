"""Run the gateway beside the service: nginx with its files and its certificate, which is taken up anew when it changes."""

import grp
import os
import pwd
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from sake_ray.cli.bootstrap import find_cpus, find_screens_key
from sake_ray.cli.service_state import to_reachable_host
from sake_ray.cli.sidecars import Sidecar, SupervisedProcess
from sake_ray.cli.terminal import report
from sake_ray.errors import SakeError, SetupError
from sake_ray.gateway.certificates import (
    RENEWED_BEFORE,
    ensure_self_signed,
    find_days_left,
    install_certificate,
    list_own_names,
    utc_now,
)
from sake_ray.gateway.config import BodyLimits, GatewayConfig, Tool
from sake_ray.gateway.render import prove_gateway, write_gateway
from sake_ray.jobs.local_ray import ensure_token
from sake_ray.serve.middleware import MULTIPART_BYTES, OTHER_BYTES, SIGN_IN_BYTES
from sake_ray.serve.tokens import load_key
from sake_ray.settings import Settings

NAME = "Gateway"
TITLES = {"grafana": "Grafana", "mlflow": "MLflow", "ray": "Ray", "prometheus": "Prometheus"}
CHECK_SECONDS = 5.0
ADMIN_PLACES = "/usr/sbin:/sbin"
"""Where Debian has nginx, and the PATH of an ordinary user has not."""
MLFLOW_READS = "/(search|search-[a-z]+|graphql)$"
"""What MLflow's pages ask by POST and changes nothing. Models are promoted by the API, which notes who did it."""


@dataclass(frozen=True, slots=True)
class GatewayFiles:
    """Where the files of a gateway are: what nginx reads, and the certificate that people replace."""

    folder: Path
    certificate: Path
    key: Path

    @property
    def installed(self) -> Path:
        """The folder of the pair that nginx uses."""
        return self.folder / "tls"


@dataclass(frozen=True, slots=True)
class PreparedGateway:
    """A gateway that can be started: its program, its files, the names of the tools behind it."""

    sidecar: Sidecar
    files: GatewayFiles
    tools: tuple[str, ...]


def prepare_gateway(settings: Settings, *, mlflow: bool) -> PreparedGateway:
    """Write the files of the gateway, and have nginx check them.

    Raises SetupError when nginx is missing, or something of the settings cannot be used.
    """
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:{ADMIN_PLACES}")
    if nginx is None:
        raise SetupError("nginx-missing")
    files = _find_files(settings)
    _provide_certificate(settings, files)
    install_certificate(files.certificate, files.key, files.installed)
    config = make_gateway_config(settings, mlflow=mlflow)
    write_gateway(files.folder, config)
    command = (nginx, "-e", "stderr", "-p", str(files.folder), "-c", str(files.folder / "nginx.conf"))
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    if checked.returncode:
        lines = checked.stderr.strip().splitlines()
        raise SetupError("nginx-refuses", error=next((line for line in lines if "[emerg]" in line), lines[-1]))
    sidecar = Sidecar(NAME, find_gateway_url(settings), command, settings.home / "logs" / "nginx.log")
    return PreparedGateway(sidecar, files, tuple(TITLES[tool.name] for tool in config.tools))


def make_gateway_config(settings: Settings, *, mlflow: bool) -> GatewayConfig:
    """Say what the gateway stands in front of: the service and the screens of this machine, and the tools there are."""
    host = to_reachable_host(settings.host)
    screens = [settings.user_port, settings.admin_port] if settings.screens else []
    user, admin = ([f"{host}:{port}"] for port in screens) if screens else ([], [])
    return GatewayConfig(
        host=settings.gateway_host,
        port=settings.gateway_port,
        http_port=settings.gateway_http_port,
        api=(f"{host}:{settings.port}",),
        user_screens=tuple(user),
        admin_screens=tuple(admin),
        proof=prove_gateway(load_key(find_screens_key(settings))),
        bodies=BodyLimits(SIGN_IN_BYTES, MULTIPART_BYTES, OTHER_BYTES, settings.read_bytes),
        log=settings.home / "logs" / "nginx-failures.log",
        tools=tuple(_make_tools(settings, mlflow=mlflow)),
        trusted_proxies=settings.proxies,
        workers=min(find_cpus(settings), 4),
        user=find_worker_user(),
    )


def find_gateway_url(settings: Settings) -> str:
    """The address by which this machine reaches the gateway."""
    host = to_reachable_host(settings.gateway_host)
    return f"https://{'localhost' if host == '127.0.0.1' else host}:{settings.gateway_port}"


def end_left_gateway(settings: Settings) -> None:
    """End the nginx that a killed `sake up` left behind: it writes its own title, and is known by its folder."""
    folder = _find_files(settings).folder
    with suppress(OSError, ValueError, psutil.Error):
        process = psutil.Process(int((folder / "nginx.pid").read_text()))
        if str(folder) in " ".join(process.cmdline()):
            family = [process, *process.children(recursive=True)]
            for member in family:
                member.kill()
            psutil.wait_procs(family, timeout=5)


@contextmanager
def watch_certificate(
    settings: Settings, files: GatewayFiles, process: SupervisedProcess, *, on_days: Callable[[float], None]
) -> Iterator[None]:
    """Have nginx take up a certificate that changes, for the duration of the block; tell how many days it is good."""
    over = threading.Event()
    watch = _CertificateWatch(settings, files, process, on_days)

    def run() -> None:
        while not over.wait(CHECK_SECONDS):
            watch.look()

    thread = threading.Thread(target=run, name="certificate", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class _CertificateWatch:
    """Looks at the files now and then. A pair counts once it is the same at two looks: they are replaced one by one."""

    def __init__(
        self, settings: Settings, files: GatewayFiles, process: SupervisedProcess, on_days: Callable[[float], None]
    ) -> None:
        self.settings, self.files, self.process, self.on_days = settings, files, process, on_days
        self._used = self._seen = self._stamp()

    def look(self) -> None:
        """Take up what has changed, or say why not."""
        installed = self.files.installed / "certificate.pem"
        try:
            if find_days_left(installed, now=utc_now()) < RENEWED_BEFORE / timedelta(days=1):
                _provide_certificate(self.settings, self.files)
            stamp = self._stamp()
            if stamp == self._seen and stamp != self._used:
                self._used = stamp
                install_certificate(self.files.certificate, self.files.key, self.files.installed)
                self.process.send(signal.SIGHUP)
                report(f"The gateway uses the new certificate {self.files.certificate}.")
            self._seen = stamp
        except SakeError as error:
            report(f"{error} The gateway goes on with the one before.")
        except OSError as error:
            report(f"The certificate of the gateway cannot be looked after: {error}")
        self.on_days(find_days_left(installed, now=utc_now()))

    def _stamp(self) -> list[tuple[int, int, int] | None]:
        return [_stamp_of(path) for path in (self.files.certificate, self.files.key)]


def _stamp_of(path: Path) -> tuple[int, int, int] | None:
    with suppress(OSError):
        status = path.stat()  # of what a link leads to, as certbot and Kubernetes have it
        return status.st_ino, status.st_mtime_ns, status.st_size
    return None


def _find_files(settings: Settings) -> GatewayFiles:
    folder = settings.home / "run" / "gateway"
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        raise SetupError("certificate-half-set")
    if settings.tls_certificate:
        return GatewayFiles(folder, Path(settings.tls_certificate), Path(settings.tls_key))
    return GatewayFiles(folder, settings.home / "tls" / "certificate.pem", settings.home / "tls" / "key.pem")


def _provide_certificate(settings: Settings, files: GatewayFiles) -> None:
    if not settings.tls_certificate:
        names = list_own_names(settings.gateway_host)
        ensure_self_signed(files.certificate, files.key, names=names, now=utc_now())


def _make_tools(settings: Settings, *, mlflow: bool) -> Iterator[Tool]:
    if settings.grafana_url:
        yield Tool("grafana", _check_address("GRAFANA_URL", settings.grafana_url), cookies=("grafana_session",))
    if mlflow:
        yield Tool("mlflow", f"http://127.0.0.1:{settings.mlflow_port}", changes=MLFLOW_READS)
    if not settings.ray_address:
        token = ensure_token(settings.home / "run").read_text(encoding="utf-8").strip()
        yield Tool("ray", f"http://127.0.0.1:{settings.dashboard_port}", f"Bearer {token}", at_top=True, changes="")
    if settings.prometheus_url:
        yield Tool(
            "prometheus",
            _check_address("PROMETHEUS_URL", settings.prometheus_url),
            changes="/api/v1/(query|query_range|series)$",
        )


def _check_address(setting: str, url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query:
        raise SetupError("tool-address-invalid", setting=setting, url=url)
    return url


def find_worker_user() -> str:
    """Whom nginx's workers run as: as nobody where root starts it, else as ourselves, which needs no word."""
    if os.geteuid() != 0:
        return ""
    nobody = pwd.getpwnam("nobody")
    return f"{nobody.pw_name} {grp.getgrgid(nobody.pw_gid).gr_name}"
