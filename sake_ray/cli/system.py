"""The system: bring it up, ask how it is."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console

from sake_ray.cli.service_state import alone, check_ports, noted, reachable, read_note
from sake_ray.cli.sidecars import Sidecar, accompanied_by, mlflow_pages
from sake_ray.errors import NotFound, Overloaded, SakeError
from sake_ray.jobs.processes import reap_runs
from sake_ray.settings import Settings, read_settings

if TYPE_CHECKING:
    from sake_ray.client import Client
    from sake_ray.serve.config import ServiceConfig

PROOF_SEED = 20
PROOF_SECONDS = 120.0
CHECK_SECONDS = 5.0
READY_SECONDS, SILENCE_SECONDS = 90.0, 240.0
Made = TypeVar("Made")
console = Console(stderr=True, highlight=False, soft_wrap=True)


def up(
    mlflow: Annotated[
        bool, typer.Option("--mlflow", help="Show the experiments in MLflow's own pages as well.")
    ] = False,
) -> None:
    """Run the service: accept documents over HTTP, read and classify them. Ctrl-C ends it."""
    settings, stop = read_settings(), threading.Event()
    tell = _stages()
    (settings.home / "run").mkdir(parents=True, exist_ok=True)
    _stop_on_signals(stop)
    with alone(settings.home / "run"):
        from sake_ray.cli.job_admission import prepare_for_jobs
        from sake_ray.cli.startup import ending_service, fit_to_cluster, make_model, make_service
        from sake_ray.jobs.local_ray import RayPorts
        from sake_ray.jobs.ray_connection import host_ray

        # What an earlier run left behind after a kill may still hold the ports.
        reap_runs(settings.home / "run")
        check_ports(settings)
        prepare_for_jobs(settings)
        tell("the program is loaded")
        # Ray, Serve and the first model take half a minute each on two cores: they start beside each other.
        parts = _beside(lambda: make_service(settings))
        model = _beside(lambda: make_model(parts.result(), on_stage=tell))
        ports = RayPorts(settings.dashboard_port, settings.metrics_port)
        with host_ray(settings.home, cpus=settings.cpus, ports=ports, address=settings.ray_address):
            _stop_on_signals(stop)  # again: Ray has put its own handler there
            tell("Ray runs")
            if service := _wait_for(parts, stop):
                service = fit_to_cluster(settings, service)
                beside = (mlflow_pages(settings),) if mlflow else ()
                with ending_service(settings):
                    _serve(settings, service, model, stop, tell, beside)
            console.print("Stopping…")


def status() -> None:
    """Say whether the service runs, where, and whether it classifies."""
    from sake_ray.client import Client

    settings = read_settings()
    note = read_note(settings.home)
    if note is None:
        raise NotFound(f"No service runs on {settings.home}; start it with `sake up`.")
    with Client(note["url"], patience=0) as client:
        try:
            ready = client.system.ready()
        except SakeError as error:
            raise Overloaded(f"{note['url']} runs (process {note['pid']}) but is not ready: {error}") from error
    print(f"{note['url']} is ready: model version {ready.model_version}, labels {', '.join(ready.labels)}")  # noqa: T201


def _serve(
    settings: Settings,
    service: "ServiceConfig",
    model: Future[None],
    stop: threading.Event,
    tell: Callable[[str], None],
    beside: Sequence[Sidecar],
) -> None:
    from sake_ray.cli.job_admission import admit_jobs
    from sake_ray.cli.screens import screens
    from sake_ray.client import Client
    from sake_ray.serve.app import deploy

    _wait_for(_beside(lambda: deploy(service, host=settings.host, port=settings.port)), stop)
    if stop.is_set():
        return
    tell("the service is deployed")
    _wait_for(model, stop)
    url = f"http://{reachable(settings.host)}:{settings.port}"
    prover = _prover_token(service)
    beside = (*screens(settings, url, beside), *beside)
    with (
        noted(settings.home, url),
        accompanied_by(beside),
        Client(url, prover, patience=CHECK_SECONDS) as client,
    ):
        _wait_until_ready(client, stop)
        tell("it is ready; a generated scan as proof:")
        try:
            with Client(url, prover, patience=PROOF_SECONDS) as patient:
                _prove(patient, stop)
        except SakeError as error:
            # What was killed may be coming back, and others may be using the service already.
            console.print(f"The proof failed: {error}", markup=False)
        _tell_addresses(settings, url, beside)
        max_running = max(1, service.cpus - service.readers)
        with admit_jobs(settings, service.records, max_running=max_running):
            _watch(client, stop)


def _prover_token(service: "ServiceConfig") -> str:
    from sake_ray.serve.accounts import PROBE_ACCOUNT
    from sake_ray.serve.auth import load_key, make_token, utc_now

    found = service.records.accounts.find(PROBE_ACCOUNT)
    return make_token(found[0], load_key(service.token_key), now=utc_now()) if found else ""


def _stop_on_signals(stop: threading.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())


def _beside(work: Callable[[], Made]) -> Future[Made]:
    """Do the work in a thread that does not keep us from ending: whatever it makes can be cut off at any point."""
    made: Future[Made] = Future()

    def run() -> None:
        try:
            made.set_result(work())
        except BaseException as error:
            made.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return made


def _wait_for(made: Future[Made], stop: threading.Event) -> Made | None:
    while not stop.is_set():
        if made.done():
            return made.result()
        stop.wait(0.1)
    return None


def _wait_until_ready(client: "Client", stop: threading.Event) -> None:
    end = time.monotonic() + READY_SECONDS
    while not stop.is_set():
        try:
            client.system.ready()
            return
        except SakeError as error:
            if time.monotonic() > end:
                raise Overloaded(f"The service does not get ready: {error}") from error
        stop.wait(0.2)


def _prove(client: "Client", stop: threading.Event) -> None:
    """Classify a generated scan as a user would, and print what came of it."""
    from sake_ray.synthetic.generate import generate_one

    scan = generate_one(PROOF_SEED, seed=PROOF_SEED)
    started = time.monotonic()
    accepted = client.batches.submit("sake up", [(scan.name, scan.data)])
    while not stop.is_set():
        (batch,) = client.batches.find(accepted.uuid)
        (document,) = batch.documents
        if document.status in {"COMPLETED", "FAILED"}:
            seconds = time.monotonic() - started
            print(  # noqa: T201 - the result
                f"{document.name} → {document.label or document.error}, confidence {document.confidence or 0:.2f}, "
                f"{seconds:.1f} s",
                flush=True,
            )
            return
        if time.monotonic() - started > PROOF_SECONDS:
            raise Overloaded(f"The proof is still {document.status} after {PROOF_SECONDS:g} s; see the logs.")
        stop.wait(0.2)


def _tell_addresses(settings: Settings, url: str, beside: Sequence[Sidecar]) -> None:
    from sake_ray.cli.startup import password_file

    for companion in beside:
        console.print(f"{companion.name:<15} {companion.url}", markup=False)
    console.print(f"Service         {url}  (try {url}/docs)", markup=False)
    console.print(
        f"Dashboard       http://127.0.0.1:{settings.dashboard_port}  (token in {settings.home / 'run/ray_token'})"
    )
    path = password_file(settings)
    if path.exists():
        shown = f"  password {path.read_text().strip()}" if not (settings.home / "run" / "told").exists() else ""
        console.print(
            f"Sign in         admin{shown}  (kept in {path}; change it with `sake user passwd admin`)", markup=False
        )
        (settings.home / "run" / "told").touch()
    console.print("Ctrl-C ends it.")


def _watch(client: "Client", stop: threading.Event) -> None:
    """Stay until told to stop; raises Overloaded when the service has been silent for long."""
    heard = time.monotonic()
    while not stop.wait(CHECK_SECONDS):
        with suppress(SakeError):
            client.system.health()
            heard = time.monotonic()
        if time.monotonic() - heard > SILENCE_SECONDS:
            raise Overloaded(
                f"The service has not answered for {SILENCE_SECONDS:g} seconds; start it again, nothing accepted is lost."
            )


def _stages() -> Callable[[str], None]:
    """Tell each step with the seconds since the start."""
    started = time.monotonic()
    return lambda text: console.print(f"{time.monotonic() - started:5.1f} s  {text}", markup=False)
