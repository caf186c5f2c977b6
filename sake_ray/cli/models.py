"""Models: the versions there are, which one serves, and who changed that."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from sake_ray import promotion
from sake_ray.cli.bootstrap import bench_of, recipe_of, records_of, registry_of, who
from sake_ray.domain.promotions import Promotion
from sake_ray.settings import read_settings

Why = Annotated[str, typer.Option(help="A word on the reason, for the log.")]


def models() -> None:
    """List the model versions, newest first, and the last promotions."""
    settings = read_settings()
    registry = registry_of(settings)
    registry.prepare()
    champion, previous = registry.champion.get(), registry.champion.previous()
    for version in registry.versions.all():
        role = "champion" if version == champion else "previous" if version == previous else ""
        print(f"{version.number}\t{version.created:%Y-%m-%d %H:%M}\t{version.sha256[:12]}\t{role}")  # noqa: T201
    for entry in records_of(settings).promotions.log(limit=10):
        before = f"instead of {entry.before} " if entry.before else ""
        print(  # noqa: T201 - the result
            f"{entry.at:%Y-%m-%d %H:%M}\tversion {entry.version} {before}by {entry.by}: "
            f"{entry.why or '-'} ({entry.outcome or 'unfinished'}{told_by(entry)})"
        )


def told_by(entry: Promotion) -> str:
    """What the verdict said of a promotion."""
    standing = f", {entry.standing.value.replace('_', ' ')}" if entry.standing else ""
    return standing + (", forced" if entry.forced else "")


def runs(
    most: Annotated[int, typer.Option("--most", min=1, help="How many to list.")] = 20,
    searches: Annotated[bool, typer.Option("--searches", help="List searches and their trials as well.")] = False,
) -> None:
    """List the trainings, newest first: their id, when, how they ended, what they measured, and the version made of them."""
    settings = read_settings()
    registry = registry_of(settings)
    registry.prepare()
    for run in registry.runs.list(limit=most, searches=searches):
        measured = " ".join(f"{name}={value:.4g}" for name, value in sorted(run.metrics.items()))
        version = f"version {run.version}" if run.version else ""
        print(f"{run.id}\t{run.started:%Y-%m-%d %H:%M}\t{run.name}\t{run.status}\t{measured}\t{version}")  # noqa: T201


def register(run: Annotated[str, typer.Argument(help="The id of the training, see `sake runs`.")]) -> None:
    """Make the model of a training the next version; it serves once it is promoted."""
    settings = read_settings()
    registry = registry_of(settings)
    registry.prepare()
    version = promotion.register(registry, records_of(settings), run, now=datetime.now(UTC))
    print(f"Version {version.number}; `sake promote {version.number}` lets it serve.")  # noqa: T201 - the result


def promote(
    version: Annotated[int, typer.Argument(help="The number of the version, see `sake models`.")],
    why: Why = "",
    force: Annotated[
        bool, typer.Option("--force", help="Also when it is worse, or nobody knows; needs --why.")
    ] = False,
) -> None:
    """Let a model version serve that is not worse than the champion; the service takes it up within ten seconds."""
    from sake_ray.comparison.compare import compare_with_champion  # what classifies takes seconds to import

    settings = read_settings()
    bench, records = bench_of(settings), records_of(settings)
    verdict = compare_with_champion(bench, version)
    chosen = promotion.promote(
        bench.registry,
        records,
        version,
        recipe=bench.recipe,
        verdict=verdict,
        force=force,
        by=who(),
        why=why,
        now=datetime.now(UTC),
    )
    print(f"Version {chosen.number} is the champion.")  # noqa: T201 - the result


def rollback(why: Why = "") -> None:
    """Let the version that served before serve again."""
    settings = read_settings()
    registry = registry_of(settings)
    registry.prepare()
    chosen = promotion.rollback(
        registry, records_of(settings), recipe=recipe_of(settings), by=who(), why=why, now=datetime.now(UTC)
    )
    print(f"Version {chosen.number} is the champion again.")  # noqa: T201 - the result
