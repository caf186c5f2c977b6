"""Run the application on the Ray that is connected, until it is told to stop."""

import logging
from typing import Any

from ray import serve

from sake_ray.errors import SetupError
from sake_ray.serve.deployments import build
from sake_ray.serve.service import Service

NAME = "sake"
SLOWEST_UPLOAD_SECONDS = 900
"""200 MB over a line of 2 Mbit/s; Serve cuts a request off after this."""
KEEP_ALIVE_SECONDS = 65
"""Longer than a gateway in front keeps its connections, so that it is never the one to meet a closed one."""


def deploy(service: Service, *, host: str, port: int) -> None:
    """Start Serve on that address and the application on it; returns when its replicas run.

    Raises SetupError with what Serve says of a deployment that does not start.
    """
    quiet: dict[str, Any] = {"encoding": "JSON", "log_level": "WARNING", "enable_access_log": False}
    if service.logs:
        quiet["logs_dir"] = str(service.logs / "serve")
    logging.getLogger("ray.serve").setLevel(logging.WARNING)
    serve.start(
        proxy_location="HeadOnly",
        http_options={
            "host": host,
            "port": port,
            "request_timeout_s": SLOWEST_UPLOAD_SECONDS,
            "keep_alive_timeout_s": KEEP_ALIVE_SECONDS,
        },
        logging_config=quiet,
    )
    try:
        serve.run(build(service), name=NAME, route_prefix="/", logging_config=quiet)
    except RuntimeError as error:
        application = serve.status().applications[NAME]
        said = [f"{name}: {part.message}" for name, part in application.deployments.items() if part.message]
        raise SetupError(f"The service does not start. {application.message} {' '.join(said)}") from error
