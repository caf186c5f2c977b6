"""Know where Ray is: the cluster that was named, the one that `sake up` runs, or a local one for the duration."""

import json
import os
import secrets
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from sake_ray.domain.jobs import Job
from sake_ray.errors import AlreadyRunning, SetupError
from sake_ray.processes import end_run, forget_run, lives, note_family, reap_runs, remember_run

if TYPE_CHECKING:
    from ray.job_submission import JobSubmissionClient

INSIDE_A_JOB = "RAY_JOB_CONFIG_JSON_ENV_VAR"
OBJECT_STORE_BYTES = 512 * 1024 * 1024
WHERE = "ray.json"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a Ray that stays shows itself: the dashboard, and metrics on this port and the two after it."""

    dashboard: int
    metrics: int


@contextmanager
def open_ray(home: Path, *, address: str = "", cpus: int = 0) -> Iterator[None]:
    """Connect to Ray for the duration of the block: the cluster of that address, else that of `sake up`, else a local one.

    A local Ray is private: own token, own short temporary folder (socket paths are limited to 107 bytes), no dashboard. What
    an earlier one left behind after a kill is ended first. Raises SetupError when the cluster does not answer.
    """
    _set_environment()
    if not address and INSIDE_A_JOB not in os.environ:
        address = _address_of_service(home)
    if address or INSIDE_A_JOB in os.environ:
        with _join(address or "auto"):
            yield
        return
    with _start(home, cpus=cpus, ports=None):
        yield


@contextmanager
def share_ray(home: Path, *, address: str = "", cpus: int = 0) -> Iterator[str]:
    """Make sure of a Ray for commands that this process starts; yields the address they need, empty when they find it themselves.

    Only where there is none a local one is started, for the duration of the block.
    """
    _set_environment()
    if address or INSIDE_A_JOB in os.environ or _address_of_service(home):
        yield address
        return
    with _start(home, cpus=cpus, ports=None):
        import ray

        yield str(ray.get_runtime_context().gcs_address)


@contextmanager
def host_ray(home: Path, *, cpus: int, ports: Ports, address: str = "") -> Iterator[None]:
    """Run a Ray that others on this home can find, with its dashboard, for the duration of the block.

    With an address it is the cluster there, which goes on afterwards. Raises SetupError when that does not answer, AlreadyRunning
    when another home has a service there.
    """
    _set_environment()
    if address:
        with _join(address), _alone_on_cluster(address), _where(home, os.environ.get("RAY_AUTH_TOKEN_PATH", "")):
            yield
        return
    # Ray's own defaults are fixed: a second Ray on this machine would silently have none.
    os.environ.update(
        AUTOSCALER_METRIC_PORT=str(ports.metrics + 1),
        DASHBOARD_METRIC_PORT=str(ports.metrics + 2),
        RAY_GRAFANA_HOST="DISABLED",
    )
    with _start(home, cpus=cpus, ports=ports), _where(home, str(_token(home / "run"))):
        yield


@contextmanager
def _alone_on_cluster(address: str) -> Iterator[None]:
    """Hold the cluster for the service of this process, however it ends: an actor that dies with its driver is the sign."""
    import ray

    class Sign:
        """Is there, and that is all."""

        def there(self) -> bool:
            """Answer."""
            return True

    try:
        sign = ray.remote(num_cpus=0)(Sign).options(name="sake-up", namespace="sake-up").remote()
        ray.get(sign.there.remote(), timeout=60)
    except ValueError as error:
        raise AlreadyRunning(f"Another `sake up` has its service on the Ray cluster at {address} already.") from error
    try:
        yield
    finally:
        with suppress(Exception):  # the cluster may be gone
            ray.kill(sign)


@contextmanager
def _where(home: Path, token: str) -> Iterator[None]:
    """Note where the connected Ray is, for the duration of the block."""
    import ray

    me, where = psutil.Process(), home / "run" / WHERE
    part = where.with_suffix(".part")
    address = ray.get_runtime_context().gcs_address
    note = {"address": address, "token_file": token, "pid": me.pid, "started": me.create_time()}
    part.write_text(json.dumps(note))
    part.replace(where)
    try:
        yield
    finally:
        where.unlink(missing_ok=True)


def cluster_size() -> tuple[int, int]:
    """How many nodes and CPUs the connected Ray has."""
    import ray

    nodes = [node for node in ray.nodes() if node["Alive"]]
    return len(nodes), int(sum(node["Resources"].get("CPU", 0) for node in nodes))


def submit_job(job: Job, *, entrypoint: str, dashboard: str, home: Path) -> None:
    """Let Ray run the entrypoint, a shell command to which the job's number and attempt are added.

    Only the home goes with it: the dashboard shows commands and runtime environments to whoever opens it, and everything else
    is inherited from the process that started Ray. Raises SetupError when Ray does not take it.
    """
    command = f"SAKE_HOME={shlex.quote(str(home.absolute()))} {entrypoint} {job.number} {job.attempt}"
    metadata = {"job": str(job.number), "kind": job.kind}
    with _job_server(dashboard) as client:
        client.submit_job(entrypoint=command, submission_id=job.submission, metadata=metadata)


def stop_submission(submission: str, *, dashboard: str) -> None:
    """Let Ray end a submission and what it started, if it still runs. Raises SetupError when Ray does not answer."""
    with _job_server(dashboard) as client:
        client.stop_job(submission)


def submission_lives(submission: str, *, dashboard: str) -> bool | None:
    """Tell whether a submission waits or runs; None when Ray does not answer or does not know it (yet)."""
    with suppress(SetupError), _job_server(dashboard) as client:
        return not client.get_job_status(submission).is_terminal()
    return None


@contextmanager
def _job_server(dashboard: str) -> Iterator["JobSubmissionClient"]:
    from ray.exceptions import AuthenticationError
    from ray.job_submission import JobSubmissionClient

    try:
        yield JobSubmissionClient(dashboard)
    except (ConnectionError, OSError, RuntimeError, AuthenticationError) as error:
        raise SetupError(f"Ray's job server at {dashboard} does not answer, or refuses.") from error


def _set_environment() -> None:
    """Set what Ray reads when it is imported."""
    os.environ.update(
        RAY_USAGE_STATS_ENABLED="0",
        OMP_THREAD_LIMIT="1",
        RAY_BACKEND_LOG_LEVEL="fatal",
        RAY_DATA_DISABLE_PROGRESS_BARS="1",
    )


def _address_of_service(home: Path) -> str:
    """Where the Ray of a running `sake up` on this home is; empty when none runs."""
    try:
        note = json.loads((home / "run" / WHERE).read_text())
        if lives(note["pid"], note["started"]):
            if note["token_file"]:
                os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN_PATH=note["token_file"])
            return str(note["address"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return ""


@contextmanager
def _join(address: str) -> Iterator[None]:
    import ray  # after the environment is set: Ray reads it when it is imported

    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, RuntimeError) as error:
        raise SetupError(f"The Ray cluster at {address} does not answer; see SAKE_RAY_ADDRESS.") from error
    try:
        yield
    finally:
        ray.shutdown()


@contextmanager
def _start(home: Path, *, cpus: int, ports: Ports | None) -> Iterator[None]:
    run = home / "run"
    reap_runs(run)
    # Ray opens its folder to everybody; the one around it stays ours.
    folder = tempfile.mkdtemp(prefix="sake-")
    mark = remember_run(run, scratch=Path(folder))
    os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN_PATH=str(_token(run)))
    import ray

    options: dict[str, object] = {"include_dashboard": False}
    if ports:
        options = {
            "include_dashboard": True,
            "dashboard_host": "127.0.0.1",
            "dashboard_port": ports.dashboard,
            "_metrics_export_port": ports.metrics,
        }
    # What the workers leave in the temporary folder when they are killed goes with it.
    own = os.environ.get("TMPDIR")
    scratch = Path(folder, "tmp")
    scratch.mkdir()
    os.environ["TMPDIR"] = str(scratch)
    try:
        with _any_agent_port():
            ray.init(
                address="local",
                num_cpus=cpus or None,
                log_to_driver=False,
                logging_level="ERROR",
                object_store_memory=OBJECT_STORE_BYTES,
                _temp_dir=f"{folder}/ray",
                **options,
            )
        note_family(run, mark)
        if own is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = own
        yield
    finally:
        with suppress(Exception):  # whatever Ray says of its end, what is left is ended below
            note_family(run, mark)
            ray.shutdown()
        end_run(run, mark)
        forget_run(run, mark)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _any_agent_port() -> Iterator[None]:
    """Let Ray choose the port of the agent that takes jobs, for the duration of the block.

    `ray.init` has no word for it and takes 52365, which a second Ray on this machine cannot have: nothing would be said, and its
    jobs would wait for ever (seen with Ray 2.60).
    """
    from ray._private.parameter import RayParams

    make: Any = RayParams.__init__
    known = make.__defaults__
    names = list(signature(make).parameters)[-len(known) :]
    make.__defaults__ = tuple(
        0 if name == "dashboard_agent_listen_port" else value for name, value in zip(names, known, strict=True)
    )
    try:
        yield
    finally:
        make.__defaults__ = known


def _token(run: Path) -> Path:
    """The file with the token of local clusters; only its owner can read it."""
    path = run / "ray_token"
    if not path.exists():
        part = run / f"ray_token.{os.getpid()}"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        part.rename(path)
    return path
