"""Connect to an existing Ray, or to a local one, for the duration of a block."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from sake_ray.errors import AlreadyRunning, SetupError
from sake_ray.jobs.local_ray import LOOPBACK, RayPorts, ensure_token, start_ray
from sake_ray.jobs.ray_address import find_address, publish_address

INSIDE_A_JOB = "RAY_JOB_CONFIG_JSON_ENV_VAR"
SERVE_ENVIRONMENT = {
    # Serve kills a proxy that is not up after five seconds, and gives up: on a busy machine a process takes longer to start.
    "RAY_SERVE_PROXY_READY_CHECK_TIMEOUT_S": "60",
    "RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH": "sake_ray.serve.proxy.make_middlewares",
}
"""What Serve reads in its own processes, which inherit it from Ray's."""


@contextmanager
def open_ray(home: Path, *, address: str = "", cpus: int = 0) -> Iterator[None]:
    """Connect to Ray for the duration of the block: the cluster of that address, else that of `sake up`, else a local one.

    A local Ray is private: own token, own short temporary folder (socket paths are limited to 107 bytes), no dashboard. What
    an earlier one left behind after a kill is ended first. Raises SetupError when the cluster does not answer.
    """
    _set_environment()
    if not address and INSIDE_A_JOB not in os.environ:
        address = find_address(home)
    if address or INSIDE_A_JOB in os.environ:
        with _connect(address or "auto"):
            yield
        return
    with start_ray(home, cpus=cpus, ports=None):
        yield


@contextmanager
def share_ray(home: Path, *, address: str = "", cpus: int = 0) -> Iterator[str]:
    """Provide a Ray for commands that this process starts; yield the address they need, "" when they find it themselves.

    A local Ray is started only where there is none, for the duration of the block.
    """
    _set_environment()
    if address or INSIDE_A_JOB in os.environ or find_address(home):
        yield address
        return
    with start_ray(home, cpus=cpus, ports=None):
        import ray

        yield str(ray.get_runtime_context().gcs_address)


@contextmanager
def host_ray(home: Path, *, cpus: int, ports: RayPorts, address: str = "", setup_hook: str = "") -> Iterator[None]:
    """Run a Ray that others on this home can find, with its dashboard, for the duration of the block.

    With an address it is the cluster there, which goes on afterwards. Raises SetupError when that does not answer,
    AlreadyRunning when another home has a service there. What this process starts on a local Ray calls the setup hook first.
    """
    _set_environment()
    if address:
        with (
            _connect(address, SERVE_ENVIRONMENT),
            _claim_cluster(address),
            publish_address(home, os.environ.get("RAY_AUTH_TOKEN_PATH", "")),
        ):
            yield
        return
    # Ray's own defaults are fixed: a second Ray on this machine would silently have none.
    os.environ.update(
        AUTOSCALER_METRIC_PORT=str(ports.metrics + 1),
        DASHBOARD_METRIC_PORT=str(ports.metrics + 2),
        RAY_GRAFANA_HOST="DISABLED",
        # A worker started before there is work has no setup hook: nothing of the service can use it, and it is kept.
        RAY_prestart_worker_first_driver="0",
    )
    # Each thread of glibc may take an arena of its own; Ray's processes have dozens of threads and little to do in them.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.environ.update(SERVE_ENVIRONMENT)
    with (
        start_ray(home, cpus=cpus, ports=ports, setup_hook=setup_hook),
        publish_address(home, str(ensure_token(home / "run"))),
    ):
        yield


@contextmanager
def _claim_cluster(address: str) -> Iterator[None]:
    """Claim the cluster for the service of this process: by a named actor, which dies with its driver however that ends."""
    import ray

    class ClusterClaim:
        """Hold a name."""

        def ping(self) -> bool:
            """Answer."""
            return True

    try:
        claim = ray.remote(num_cpus=0)(ClusterClaim).options(name="sake-up", namespace="sake-up").remote()
        ray.get(claim.ping.remote(), timeout=60)
    except ValueError as error:
        raise AlreadyRunning("ray-cluster-taken", address=address) from error
    try:
        yield
    finally:
        with suppress(Exception):  # the cluster may be gone
            ray.kill(claim)


def measure_cluster() -> tuple[int, int]:
    """Count the nodes and CPUs of the connected Ray."""
    import ray

    nodes = [node for node in ray.nodes() if node["Alive"]]
    return len(nodes), int(sum(node["Resources"].get("CPU", 0) for node in nodes))


def _set_environment() -> None:
    """Set what Ray reads when it is imported."""
    os.environ.update(
        RAY_USAGE_STATS_ENABLED="0",
        OMP_THREAD_LIMIT="1",
        RAY_BACKEND_LOG_LEVEL="fatal",
        RAY_DATA_DISABLE_PROGRESS_BARS="1",
        # Serve's uvicorn believes whoever on this machine sends X-Forwarded-For; serve/peers.py reads it instead.
        FORWARDED_ALLOW_IPS="",
    )


@contextmanager
def _connect(address: str, environment: Mapping[str, str] | None = None) -> Iterator[None]:
    """Connect to that cluster; what this process starts there has the environment."""
    if address.rpartition(":")[0] in {"127.0.0.1", "localhost", "[::1]"}:
        os.environ.update(LOOPBACK)
    # Each attempt waits 40 seconds for a cluster to appear, and by default there are twenty: a quarter of an hour for a typo.
    os.environ.setdefault("RAY_NUM_REDIS_GET_RETRIES", "1")
    import ray  # after the environment is set: Ray reads it when it is imported

    try:
        runtime = {"env_vars": dict(environment)} if environment else None
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", runtime_env=runtime)
    except (ConnectionError, RuntimeError, ray.exceptions.RayError) as error:  # RayError: without a token, too
        raise SetupError("ray-cluster-unreachable", address=address) from error
    try:
        yield
    finally:
        ray.shutdown()
