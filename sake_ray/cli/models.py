"""Models: list versions and trainings, register, promote, roll back."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import (
    find_recipe,
    find_user_name,
    load_settings,
    make_comparison_context,
    open_records,
    open_registry,
)
from sake_ray.cli.terminal import report
from sake_ray.domain.promotions import Promotion

Reason = Annotated[str, typer.Option(help="Reason, for the log.")]


def models() -> None:
    """List model versions, newest first, and the latest promotions."""
    settings = load_settings()
    registry = open_registry(settings)
    roles, versions = registry.champion.find_roles(), registry.versions.all()
    if not versions:
        report("No model is registered here yet: `sake up` registers the first one, `sake train` makes others.")
    for version in versions:
        role = roles.get(version.number, "")
        note = "\tlearned from erased documents" if version.learned_from_erased else ""
        print(f"{version.number}\t{version.created:%Y-%m-%d %H:%M}\t{version.sha256[:12]}\t{role}{note}")  # noqa: T201
    for entry in open_records(settings).promotions.list(limit=10).items:
        before = f"instead of {entry.before} " if entry.before else ""
        print(  # noqa: T201 - the result
            f"{entry.at:%Y-%m-%d %H:%M}\tversion {entry.version} {before}by {entry.by}: "
            f"{entry.why or '-'} ({entry.outcome or 'unfinished'}{describe_verdict(entry)})"
        )


def describe_verdict(entry: Promotion) -> str:
    """Say what the comparison said of a promotion, and whether it was forced."""
    standing = f", {entry.standing.value.replace('_', ' ')}" if entry.standing else ""
    return standing + (", forced" if entry.forced else "")


def runs(
    most: Annotated[int, typer.Option("--most", min=1, help="Number of trainings to list.")] = 20,
    searches: Annotated[bool, typer.Option("--searches", help="List searches and their trials as well.")] = False,
) -> None:
    """List trainings, newest first: run id, time, name, status, metrics, model version."""
    settings = load_settings()
    registry = open_registry(settings)
    registry.prepare()
    for run in registry.runs.list(limit=most, searches=searches):
        metrics = " ".join(f"{name}={value:.4g}" for name, value in sorted(run.metrics.items()))
        version = f"version {run.version}" if run.version else ""
        print(f"{run.id}\t{run.started:%Y-%m-%d %H:%M}\t{run.name}\t{run.status}\t{metrics}\t{version}")  # noqa: T201


def register(run: Annotated[str, typer.Argument(help="Run id of the training, see `sake runs`.")]) -> None:
    """Register the model of a training as the next version.

    It serves once it is promoted, see `sake promote`.
    """
    from sake_ray import promotion

    settings = load_settings()
    registry = open_registry(settings)
    registry.prepare()
    version = promotion.register(registry, open_records(settings), run, now=datetime.now(UTC))
    print(f"Version {version.number}; `sake promote {version.number}` lets it serve.")  # noqa: T201 - the result


def promote(
    version: Annotated[int, typer.Argument(help="Version number, see `sake models`.")],
    why: Reason = "",
    force: Annotated[bool, typer.Option("--force", help="Promote even a worse or unknown model; needs --why.")] = False,
) -> None:
    """Make a model version the champion, unless it is worse.

    A running service loads it within ten seconds.
    """
    from sake_ray import promotion
    from sake_ray.comparison.compare import compare_with_champion  # what classifies takes seconds to import

    settings = load_settings()
    context, records = make_comparison_context(settings), open_records(settings)
    verdict = compare_with_champion(context, version)
    chosen = promotion.promote(
        context.registry,
        records,
        version,
        recipe=context.recipe,
        verdict=verdict,
        force=force,
        by=find_user_name(),
        why=why,
        now=datetime.now(UTC),
    )
    print(f"Version {chosen.number} is the champion.")  # noqa: T201 - the result


def rollback(why: Reason = "") -> None:
    """Make the previous champion the champion again."""
    from sake_ray import promotion

    settings = load_settings()
    registry = open_registry(settings)
    registry.prepare()
    chosen = promotion.rollback(
        registry,
        open_records(settings),
        recipe=find_recipe(settings),
        by=find_user_name(),
        why=why,
        now=datetime.now(UTC),
    )
    print(f"Version {chosen.number} is the champion again.")  # noqa: T201 - the result
