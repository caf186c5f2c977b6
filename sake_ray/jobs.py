"""Know where Ray is: the cluster that was named, the one this job runs in, or a local one for the duration."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sake_ray.errors import SetupError
from sake_ray.processes import forget_run, note_family, reap_runs, remember_run

INSIDE_A_JOB = "RAY_JOB_CONFIG_JSON_ENV_VAR"
OBJECT_STORE_BYTES = 512 * 1024 * 1024


@contextmanager
def open_ray(home: Path, *, address: str = "", cpus: int = 0) -> Iterator[None]:
    """Connect to Ray for the duration of the block.

    A local Ray is private: own token, own short temporary folder (socket paths are limited to 107 bytes), no dashboard. What
    an earlier one left behind after a kill is ended first. Raises SetupError when the cluster does not answer.
    """
    os.environ.update(
        RAY_USAGE_STATS_ENABLED="0",
        OMP_THREAD_LIMIT="1",
        RAY_BACKEND_LOG_LEVEL="fatal",
        RAY_DATA_DISABLE_PROGRESS_BARS="1",
    )
    if address or INSIDE_A_JOB in os.environ:
        import ray  # after the environment is set: Ray reads it when it is imported

        try:
            ray.init(address=address or "auto", log_to_driver=False, logging_level="ERROR")
        except (ConnectionError, RuntimeError) as error:
            raise SetupError(
                f"The Ray cluster at {address or 'auto'} does not answer; see SAKE_RAY_ADDRESS."
            ) from error
        try:
            yield
        finally:
            ray.shutdown()
        return
    run = home / "run"
    reap_runs(run)
    # Ray opens its folder to everybody; the one around it stays ours.
    folder = tempfile.mkdtemp(prefix="sake-")
    mark = remember_run(run, scratch=Path(folder))
    os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN_PATH=str(_token(run)))
    import ray

    try:
        ray.init(
            address="local",
            num_cpus=cpus or None,
            include_dashboard=False,
            log_to_driver=False,
            logging_level="ERROR",
            object_store_memory=OBJECT_STORE_BYTES,
            _temp_dir=f"{folder}/ray",
        )
        note_family(run, mark)
        yield
    finally:
        ray.shutdown()
        forget_run(run, mark)
        shutil.rmtree(folder, ignore_errors=True)


def _token(run: Path) -> Path:
    """The file with the token of local clusters; only its owner can read it."""
    path = run / "ray_token"
    if not path.exists():
        part = run / f"ray_token.{os.getpid()}"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        part.rename(path)
    return path
