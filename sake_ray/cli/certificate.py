"""The certificate of the gateway: where it is, and that nginx takes up another one."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sake_ray.cli.sidecars import SupervisedProcess
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
from sake_ray.polling import polling
from sake_ray.settings import Settings

CHECK_SECONDS = 5.0


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


def find_files(settings: Settings) -> GatewayFiles:
    """Find where they are; raises SetupError when only one of the two settings is made."""
    folder = settings.home / "run" / "gateway"
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        raise SetupError("certificate-half-set")
    if settings.tls_certificate:
        return GatewayFiles(folder, Path(settings.tls_certificate), Path(settings.tls_key))
    return GatewayFiles(folder, settings.home / "tls" / "certificate.pem", settings.home / "tls" / "key.pem")


def provide_certificate(settings: Settings, files: GatewayFiles) -> None:
    """Make a self-signed certificate, or renew it, unless another is named."""
    if not settings.tls_certificate:
        names = list_own_names(settings.gateway_host)
        ensure_self_signed(files.certificate, files.key, names=names, now=utc_now())


@contextmanager
def watch_certificate(
    settings: Settings, files: GatewayFiles, process: SupervisedProcess, *, on_days: Callable[[float], None]
) -> Iterator[None]:
    """Have nginx take up a certificate that changes, for the duration of the block; tell how many days it is good."""
    with polling(_CertificateWatch(settings, files, process, on_days).look, seconds=CHECK_SECONDS):
        yield


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
            left = find_days_left(installed, now=utc_now())
            self.on_days(left)
            if left < RENEWED_BEFORE / timedelta(days=1):
                provide_certificate(self.settings, self.files)
            stamp = self._stamp()
            if stamp == self._seen and stamp != self._used:
                self._used = stamp
                install_certificate(self.files.certificate, self.files.key, self.files.installed)
                self.process.send(signal.SIGHUP)
                report(f"The gateway uses the new certificate {self.files.certificate}.")
            self._seen = stamp
        except SakeError as error:
            report(f"{error} The gateway goes on with the one before.")
        except (OSError, ValueError) as error:  # gone for a moment, or damaged: the next look may find it
            report(f"The certificate of the gateway cannot be looked after: {error}")

    def _stamp(self) -> list[tuple[int, int, int] | None]:
        return [_stamp_of(path) for path in (self.files.certificate, self.files.key)]


def _stamp_of(path: Path) -> tuple[int, int, int] | None:
    with suppress(OSError):
        status = path.stat()  # of what a link leads to, as certbot and Kubernetes have it
        return status.st_ino, status.st_mtime_ns, status.st_size
    return None
