"""Documents: classify files, generate samples."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sake_ray.cli.bootstrap import (
    find_cpus,
    find_policy,
    load_settings,
    make_reading_options,
    make_s3_endpoint,
    open_objects,
    open_registry,
)
from sake_ray.cli.progress_display import describe_run, show_progress
from sake_ray.cli.terminal import report
from sake_ray.cli.umask import as_given
from sake_ray.domain.documents import Status
from sake_ray.domain.verdicts import OTHER
from sake_ray.errors import InputError

if TYPE_CHECKING:
    from sake_ray.batch.result import ClassificationResult
    from sake_ray.batch.run import ClassificationContext
    from sake_ray.classifier import Classifier
    from sake_ray.domain.texts import Recipe
    from sake_ray.settings import Settings

FIRST_MODEL = "first"
"""In place of a version: the model of the package, in a home where none is registered."""

SOME_FAILED = 3
MAX_NAMES = 3


def classify(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, globs or s3://bucket/prefix.")],
    output: Annotated[
        Path | None, typer.Option(help="File to write: .csv, .jsonl or .parquet. Without it: CSV on standard output.")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Read documents again that failed in an earlier run.")
    ] = False,
) -> None:
    """Classify documents: one row each, in the order given.

    If it is interrupted, run the same command again: it goes on where it stopped.
    """
    from sake_ray.batch.output import FORMATS, write_results

    started = time.monotonic()
    if output and output.suffix not in FORMATS:
        raise InputError("output-format-unknown", output=output, formats=FORMATS)
    from sake_ray.data.sources import find_sources

    settings = load_settings()
    found = find_sources(paths, buckets=make_s3_endpoint(settings))
    if found.skipped:
        report(describe_skipped([Path(path).name for path in found.skipped]))
    from sake_ray.batch.run import classify_files  # NumPy takes a while to import

    if output:
        with as_given():  # the journal, which is made first, makes its folder for this user alone
            output.parent.mkdir(parents=True, exist_ok=True)
    with (
        show_progress("Classifying") as display,
        make_classification_context(settings, on_stage=display.report) as context,
    ):
        results = classify_files(
            found.sources,
            context,
            journal_path=output.with_name(output.name + ".journal") if output else None,
            retry_failed=retry_failed,
            on_progress=lambda progress: display.show(describe_run(progress), progress.share),
            on_stage=display.report,
        )
    with as_given():
        write_results(results, output)
    failed = [result for result in results if result.status == Status.FAILED]
    report(f"{summarise(results)}; {time.monotonic() - started:.1f} s{f' → {output}' if output else ''}")
    for result in failed:
        report(f"  {result.path}: {result.error}")
    if failed:
        raise typer.Exit(SOME_FAILED)


@contextmanager
def make_classification_context(
    settings: "Settings", *, on_stage: Callable[[str], None]
) -> "Iterator[ClassificationContext]":
    """Put together what a run works with, and close its reader at the end."""
    from sake_ray.data.reading import Reader

    with Reader(make_reading_options(settings)) as reader, ThreadPoolExecutor(1) as thread:
        recipe = thread.submit(lambda: reader.recipe)  # its process starts while the model is loaded
        from sake_ray.batch.run import ClassificationContext
        from sake_ray.jobs.ray_connection import open_ray

        policy = find_policy(settings)
        version, classifier = load_classifier(settings, recipe=recipe.result(), on_stage=on_stage)
        yield ClassificationContext(
            model_version=version,
            model_sha256=classifier.sha256,
            classifier=classifier,
            policy=policy,
            reader=reader,
            store=open_objects(settings),
            buckets=make_s3_endpoint(settings),
            cpus=find_cpus(settings),
            local_seconds=settings.local_seconds,
            open_ray=lambda: open_ray(settings.home, address=settings.ray_address, cpus=settings.cpus),
        )


def load_classifier(
    settings: "Settings", *, recipe: "Recipe", on_stage: Callable[[str], None]
) -> "tuple[str, Classifier]":
    """Load the champion and its version.

    In a new home it is the model of the package, as it is: registering it would take longer than reading a few documents.
    """
    registry = open_registry(settings)
    if registry.is_new:
        from sake_ray.train.first_model.numbers import load_numbers

        if classifier := load_numbers(recipe):
            return FIRST_MODEL, classifier
    from sake_ray.train.first_model.model import load_champion

    version, classifier = load_champion(registry, settings.home, recipe=recipe, on_stage=on_stage)
    return str(version.number), classifier


def samples(
    count: Annotated[int, typer.Option(min=1, help="Number of documents.")] = 40,
    seed: Annotated[int, typer.Option(help="Random seed; the same seed gives the same documents.")] = 7,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("samples"),
) -> None:
    """Generate sample documents of every class, with their true texts.

    They look as scanners and phones deliver them.
    """
    from sake_ray.synthetic.generate import write_samples  # Faker takes a second to import

    with as_given(), show_progress("Generating") as bar:
        truth = write_samples(count, seed=seed, out=out, on_progress=bar.update)
    print(truth)  # noqa: T201 - the result


def describe_skipped(names: list[str]) -> str:
    """Say which files were skipped because they are no documents."""
    many = "files that are no documents" if len(names) > 1 else "file that is no document"
    return f"Skipped {len(names)} {many}: {', '.join(names[:MAX_NAMES])}{', …' if len(names) > MAX_NAMES else ''}"


def summarise(results: "list[ClassificationResult]") -> str:
    """Count the results by status and label."""
    completed = [result for result in results if result.status == Status.COMPLETED]
    labels = Counter(result.label or "no text" for result in completed)
    counts = ", ".join(
        f"{count} {'none of these' if label == OTHER else label}" for label, count in labels.most_common()
    )
    review = sum(result.needs_review for result in completed)
    return (
        f"{len(results)} document{'' if len(results) == 1 else 's'}: {len(completed)} COMPLETED ({counts or '-'}), "
        f"{len(results) - len(completed)} FAILED; {review} need{'s' if review == 1 else ''} review"
    )
