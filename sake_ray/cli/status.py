"""Show how the service is, without starting anything."""

from sake_ray.cli.bootstrap import load_settings
from sake_ray.errors import NotFound, Overloaded, SakeError


def status() -> None:
    """Show where the service runs, and whether it is ready to classify."""
    from sake_ray.cli.service_state import find_service

    settings = load_settings()
    service = find_service(settings.home)
    if service is None:
        raise NotFound("no-service-running", home=settings.home)
    from sake_ray.client import Client  # only where there is somebody to ask

    with Client(service["url"], patience=0) as client:
        try:
            ready = client.system.ready()
        except SakeError as error:
            raise Overloaded("service-not-ready", url=service["url"], pid=service["pid"], error=error) from error
    labels = ", ".join(ready.labels)
    print(f"{service['url']} is ready: model version {ready.model_version}, labels {labels}")  # noqa: T201 - the result
