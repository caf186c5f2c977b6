"""Build the Serve application, and run it on the Ray cluster that is connected."""

import logging
from typing import Any

import ray
from ray import serve
from ray.exceptions import RayError
from ray.serve.exceptions import RayServeException
from ray.serve.schema import ProxyStatus

from sake_ray.errors import SetupError
from sake_ray.serve.config import ServiceConfig
from sake_ray.serve.deployments.etl import Etl
from sake_ray.serve.deployments.gateway import Gateway
from sake_ray.serve.deployments.orchestrator import OrchestratorReplica
from sake_ray.serve.deployments.predictor import Predictor

NAME = "sake"
MAX_UPLOAD_SECONDS = 900
"""200 MB over a line of 2 Mbit/s; Serve cuts a request off after this."""
KEEP_ALIVE_SECONDS = 65
"""Longer than a proxy in front keeps its connections, so that it never meets one that we have closed."""


def deploy(config: ServiceConfig, *, host: str, port: int) -> None:
    """Start Serve on that address and the application on it; returns when its replicas run.

    Raises SetupError with what Serve says of a deployment that does not start.
    """
    logging_config: dict[str, Any] = {"encoding": "JSON", "log_level": "WARNING", "enable_access_log": False}
    if config.logs:
        logging_config["logs_dir"] = str(config.logs / "serve")
    logging.getLogger("ray.serve").setLevel(logging.WARNING)
    serve.start(
        proxy_location="HeadOnly",
        http_options={
            "host": host,
            "port": port,
            "request_timeout_s": MAX_UPLOAD_SECONDS,
            "keep_alive_timeout_s": KEEP_ALIVE_SECONDS,
        },
        logging_config=logging_config,
    )
    try:
        application = build_application(config, home_node=ray.get_runtime_context().get_node_id())
        serve.run(application, name=NAME, route_prefix="/", logging_config=logging_config)
    except RuntimeError as error:
        status = serve.status().applications[NAME]
        messages = [f"{name}: {part.message}" for name, part in status.deployments.items() if part.message]
        raise SetupError("service-start-failed", application=status.message, deployments=" ".join(messages)) from error


def is_running() -> bool:
    """Ask Serve's controller, which looks after processes, whether its proxy and a gateway run; it may take long to answer."""
    try:
        status = serve.status()
        gateway = status.applications[NAME].deployments["Gateway"]
    except (RayError, RayServeException, RuntimeError, KeyError):
        return False
    return ProxyStatus.HEALTHY in status.proxies.values() and gateway.replica_states.get("RUNNING", 0) > 0


def shut_down() -> None:
    """End the application and Serve; Ray goes on."""
    serve.shutdown()


def build_application(config: ServiceConfig, *, home_node: str | None) -> Any:
    """Build the application: Gateway → Orchestrator → Etl, Predictor.

    `home_node` is the id of the node with the home. Keys, workspace and models are there, so all but Etl are, too. Etl runs on
    any node, unless records or objects are files of the home: then nodes that join later get none of it. With None whoever
    deploys it says where, in Serve's configuration.
    """
    # A replica that is slow on a busy machine is still healthy.
    common: dict[str, Any] = {
        "health_check_period_s": 5,
        "health_check_timeout_s": 30,
        "graceful_shutdown_timeout_s": 5,
    }
    # As in data/ray_map.py, which imports Ray Data, and this process lives as long as the service.
    at_home = {"label_selector": {"ray.io/node-id": home_node}} if home_node else {}
    light = common | {
        "ray_actor_options": {"num_cpus": 0} | at_home,
        "max_ongoing_requests": 64,
        "max_queued_requests": 256,
    }
    # Without these two nothing is accepted or processed.
    essential = light | {"health_check_period_s": 2}
    etl = serve.deployment(
        Etl,
        name="Etl",
        ray_actor_options={"num_cpus": 1} | (at_home if config.needs_home_to_read else {}),
        max_ongoing_requests=1,
        max_queued_requests=-1,
        autoscaling_config={
            "min_replicas": 1,
            "max_replicas": config.readers,
            "initial_replicas": 1,
            "target_ongoing_requests": 1,
            "upscale_delay_s": 2,
            "downscale_delay_s": 60,
        },
        **common,
    ).bind(config)
    predictor = serve.deployment(Predictor, name="Predictor", **light).bind(config)
    orchestrator = serve.deployment(OrchestratorReplica, name="Orchestrator", **essential).bind(config, etl, predictor)
    for_many = essential | {"max_ongoing_requests": 256, "max_queued_requests": 1024}
    return serve.deployment(serve.ingress()(Gateway), name="Gateway", **for_many).bind(config, orchestrator, predictor)
