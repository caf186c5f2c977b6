"""Documents: classify files, generate samples."""

import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sake_ray.batch.output import FORMATS, write_results
from sake_ray.batch.result import ClassificationResult
from sake_ray.cli.bootstrap import buckets_of, objects_of, policy_of, reading_of, registry_of
from sake_ray.data.sources import find_sources
from sake_ray.domain.documents import Status
from sake_ray.domain.verdicts import OTHER
from sake_ray.errors import InputError
from sake_ray.jobs.ray_connection import open_ray
from sake_ray.settings import Settings, read_settings

if TYPE_CHECKING:
    from sake_ray.batch.run import ClassificationContext

SOME_FAILED = 3
console = Console(stderr=True)


def classify(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, globs or s3://bucket/prefix.")],
    output: Annotated[
        Path | None, typer.Option(help="results.csv, .jsonl or .parquet; without it CSV on standard output.")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Read again what FAILED in an earlier run.")
    ] = False,
) -> None:
    """Classify documents: one row each, in the order named. Interrupted, the same command goes on where it was."""
    started = time.monotonic()
    if output and output.suffix not in FORMATS:
        raise InputError(f"{output} ends in none of {', '.join(FORMATS)}.")
    settings = read_settings()
    buckets = buckets_of(settings)
    found = find_sources(paths, buckets=buckets)
    if found.passed_over:
        _tell_passed_over([Path(path).name for path in found.passed_over])
    from sake_ray.batch.run import classify_files  # scikit-learn takes seconds to import

    journal_path = output.with_name(output.name + ".journal") if output else None
    with _progress() as progress:
        tell = partial(progress.console.print, markup=False)
        results = classify_files(
            found.sources,
            make_classification_context(settings, on_stage=tell),
            journal_path=journal_path,
            retry_failed=retry_failed,
            on_progress=_bar(progress),
            on_stage=tell,
        )
    write_results(results, output)
    _summarise(results, time.monotonic() - started, output)
    if any(result.status == Status.FAILED for result in results):
        raise typer.Exit(SOME_FAILED)


def make_classification_context(settings: Settings, *, on_stage: Callable[[str], None]) -> "ClassificationContext":
    """Load the champion, made first when there is none, and put together what a run works with."""
    from sake_ray.batch.run import ClassificationContext  # as above
    from sake_ray.data.reading import Reader
    from sake_ray.train.first_model.model import champion_classifier

    options, policy = reading_of(settings), policy_of(settings)
    with Reader(options) as reader:
        recipe = reader.recipe
    registry = registry_of(settings)
    version, classifier = champion_classifier(registry, settings.home, recipe=recipe, on_stage=on_stage)
    return ClassificationContext(
        model_version=str(version.number),
        model_sha256=version.sha256,
        classifier=classifier,
        policy=policy,
        options=options,
        recipe=recipe,
        store=objects_of(settings),
        buckets=buckets_of(settings),
        open_ray=lambda: open_ray(settings.home, address=settings.ray_address, cpus=settings.cpus),
    )


def samples(
    count: Annotated[int, typer.Option(min=1, help="How many documents.")] = 40,
    seed: Annotated[int, typer.Option(help="The same seed gives the same documents.")] = 7,
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("samples"),
) -> None:
    """Generate documents of every class, as scanners and phones would deliver them, with their true texts."""
    from sake_ray.synthetic.generate import write_samples  # Faker takes a second to import

    with _progress() as progress:
        truth = write_samples(count, seed=seed, out=out, on_progress=_bar(progress, "Generating"))
    print(truth)  # noqa: T201 - the result


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)


def _bar(progress: Progress, description: str = "Classifying"):  # type: ignore[no-untyped-def]
    task = progress.add_task(description, total=None)

    def show(done: int, total: int) -> None:
        progress.update(task, completed=done, total=total)

    return show


def _tell_passed_over(names: list[str]) -> None:
    many = "files that are no documents" if len(names) > 1 else "file that is no document"
    shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    console.print(f"Passed over {len(names)} {many}: {shown}", markup=False, highlight=False, soft_wrap=True)


def _summarise(results: list[ClassificationResult], seconds: float, output: Path | None) -> None:
    completed = [result for result in results if result.status == Status.COMPLETED]
    labels = Counter(result.label or "no text" for result in completed)
    review = sum(result.needs_review for result in completed)
    shown = ", ".join(
        f"{count} {'none of these' if label == OTHER else label}" for label, count in labels.most_common()
    )
    console.print(
        f"{len(results)} documents: {len(completed)} COMPLETED ({shown or '-'}), {len(results) - len(completed)} FAILED; "
        f"{review} for people to check; {seconds:.1f} s{f' → {output}' if output else ''}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    for result in results:
        if result.status == Status.FAILED:
            print(f"  {result.path}: {result.error}", file=sys.stderr)  # noqa: T201
