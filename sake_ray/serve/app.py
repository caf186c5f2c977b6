"""Put the application together, and run it on the Ray that is connected."""

import logging
from typing import Any

from ray import serve

from sake_ray.data.ray_map import here
from sake_ray.errors import SetupError
from sake_ray.serve.config import ServiceConfig
from sake_ray.serve.deployments import Etl, Gateway, OrchestratorReplica, Predictor

NAME = "sake"
SLOWEST_UPLOAD_SECONDS = 900
"""200 MB over a line of 2 Mbit/s; Serve cuts a request off after this."""
KEEP_ALIVE_SECONDS = 65
"""Longer than a gateway in front keeps its connections, so that it is never the one to meet a closed one."""


def deploy(service: ServiceConfig, *, host: str, port: int) -> None:
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


def withdraw() -> None:
    """End the application and Serve; Ray goes on."""
    serve.shutdown()


def build(service: ServiceConfig) -> Any:
    """Put the application together: Gateway → Orchestrator → Etl, Predictor."""
    # Being slow on a busy machine is no sickness.
    common: dict[str, Any] = {
        "health_check_period_s": 5,
        "health_check_timeout_s": 30,
        "graceful_shutdown_timeout_s": 5,
    }
    # Keys, workspace and models lie on the disk of this node; only the reading is spread over the others.
    at_home = {"num_cpus": 0, "label_selector": here()}
    light = common | {"ray_actor_options": at_home, "max_ongoing_requests": 64, "max_queued_requests": 256}
    # Without these two nothing is accepted or worked off.
    watched = light | {"health_check_period_s": 2}
    etl = serve.deployment(
        Etl,
        name="Etl",
        ray_actor_options={"num_cpus": 1},
        max_ongoing_requests=1,
        max_queued_requests=-1,
        autoscaling_config={
            "min_replicas": 1,
            "max_replicas": service.readers,
            "initial_replicas": 1,
            "target_ongoing_requests": 1,
            "upscale_delay_s": 2,
            "downscale_delay_s": 60,
        },
        **common,
    ).bind(service)
    predictor = serve.deployment(Predictor, name="Predictor", **light).bind(service)
    orchestrator = serve.deployment(OrchestratorReplica, name="Orchestrator", **watched).bind(service, etl, predictor)
    roomy = watched | {"max_ongoing_requests": 256, "max_queued_requests": 1024}
    return serve.deployment(serve.ingress()(Gateway), name="Gateway", **roomy).bind(service, orchestrator, predictor)
