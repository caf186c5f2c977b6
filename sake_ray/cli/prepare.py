"""Make a home ready for the service, without starting it."""

from sake_ray.cli.bootstrap import load_settings
from sake_ray.cli.terminal import report


def prepare() -> None:
    """Make everything ready that the service needs, without starting it: tables, accounts, keys, the first model.

    `sake up` does it at its start; on a cluster or in a container it can be done before. What is there already stays as it is.
    """
    from sake_ray.cli.first_model import ensure_model
    from sake_ray.cli.private_home import close_home
    from sake_ray.cli.service_state import lock_home
    from sake_ray.cli.startup import find_password_file, make_service_config

    settings = load_settings()
    run = settings.home / "run"
    run.mkdir(parents=True, exist_ok=True)
    with lock_home(run):
        close_home(settings)
        service = make_service_config(settings)
        ensure_model(settings, service.registry, service.records, service.recipe, on_stage=report)
    if find_password_file(settings).exists():
        report(f"The password of admin is in {find_password_file(settings)}.")
    print(f"The home {settings.home} is ready.")  # noqa: T201 - the result
