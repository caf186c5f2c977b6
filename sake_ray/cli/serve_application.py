"""The application as Serve's own tools take it, by its import path: `serve build sake_ray.cli.serve_application:application`.

KubeRay has Serve build it so on a node of its cluster. `sake up` does not come here: it hands its application to Serve itself.
`application` is built when somebody asks for it: importing this module does nothing, and `serve build` takes no function that
builds one.
"""

from typing import Any

from sake_ray.cli.bootstrap import load_settings
from sake_ray.cli.startup import check_storage_for_serve, make_service_config
from sake_ray.serve.app import build_application


def __getattr__(name: str) -> Any:
    """Build the application from the settings in the environment; raises SetupError when one is wrong.

    Also when records or objects would be on a disk: Serve's tools cannot keep the readers on the node that has it.
    On which nodes its light deployments run is said in the Serve configuration, by `label_selector`: they need the home.
    """
    if name != "application":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    settings = load_settings()
    # First: on a SQLite file, what follows would end the leases of a service that runs on it.
    check_storage_for_serve(settings)
    return build_application(make_service_config(settings), home_node=None)
