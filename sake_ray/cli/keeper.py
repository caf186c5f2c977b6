"""Export how the programs fare that this command keeps running: sidecars, MLflow's server, the gateway."""

import http.client
import ssl
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from sake_ray.cli.sidecars import SupervisedProcess
from sake_ray.gateway.request_log import RequestListener, count_request
from sake_ray.metrics import Exporter
from sake_ray.metrics.exposition import PrometheusInstruments, serve_metrics
from sake_ray.metrics.instruments import start_counters
from sake_ray.polling import polling
from sake_ray.settings import Settings

LOOK_SECONDS = 10.0
ANSWER_SECONDS = 5.0
ALIVE = "/-/alive"
"""What nginx answers by itself (cluster/gateway/locations.conf)."""
HEALTH = "/health"


@dataclass(frozen=True, slots=True)
class KeptPrograms:
    """What is kept running: its processes, the addresses of MLflow's server and of the gateway, and who hears of requests."""

    processes: Sequence[SupervisedProcess]
    mlflow: str = ""
    gateway: str = ""
    listener: RequestListener | None = None


@contextmanager
def export_kept(settings: Settings, kept: KeptPrograms, instruments: PrometheusInstruments) -> Iterator[None]:
    """Export the metrics for the duration of the block; raises SetupError when their port is taken."""
    if not settings.keeper_metrics_port:
        yield
        return
    with ExitStack() as stack:
        port, host = settings.keeper_metrics_port, settings.metrics_host
        stack.enter_context(serve_metrics(instruments, port, host=host, setting="KEEPER_METRICS_PORT"))
        if kept.listener:
            start_counters(instruments, Exporter.KEEPER)
            stack.enter_context(kept.listener.listen(lambda request: count_request(instruments, request)))
        stack.enter_context(
            polling(_Look(kept, instruments).take, seconds=LOOK_SECONDS, at_once=True, patience=ANSWER_SECONDS)
        )
        yield


class _Look:
    """Looks at what is kept, now and then."""

    def __init__(self, kept: KeptPrograms, instruments: PrometheusInstruments) -> None:
        self.kept, self.instruments = kept, instruments
        self._restarts: Counter[str] = Counter()

    def take(self) -> None:
        """Take a look."""
        for process in self.kept.processes:
            program = process.sidecar.name
            self.instruments.set("sidecar_up", process.is_running, program=program)
            restarts = process.restarts
            self.instruments.count("sidecar_restarts", restarts - self._restarts[program], program=program)
            self._restarts[program] = restarts
        if self.kept.gateway:
            answers = measure_answer(self.kept.gateway + ALIVE) is not None
            self.instruments.set("gateway_up", answers)
            if not answers:
                self.instruments.forget("gateway_connections")  # nginx tells them with each request, and only then
        if self.kept.mlflow:
            seconds = measure_answer(self.kept.mlflow + HEALTH)
            self.instruments.set("mlflow_up", seconds is not None)
            if seconds is None:
                self.instruments.forget("mlflow_answer_seconds")
            else:
                self.instruments.set("mlflow_answer_seconds", seconds)


def measure_answer(url: str) -> float | None:
    """Measure the seconds until a server answers with anything but a failure of its own; None when it does not.

    Its certificate is not checked: nothing is told to it, and our own may be self-signed.
    """
    parts, began = urlsplit(url), time.monotonic()
    host, port = parts.hostname or "", parts.port
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        trust = ssl._create_unverified_context()  # noqa: S323 - see above
        connection = http.client.HTTPSConnection(host, port, timeout=ANSWER_SECONDS, context=trust)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", parts.path)
        answered = connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return time.monotonic() - began if answered else None
