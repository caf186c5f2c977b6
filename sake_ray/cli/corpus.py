"""The texts that the first model learns from."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import load_settings, make_reading_options
from sake_ray.cli.terminal import show_progress
from sake_ray.cli.umask import as_given
from sake_ray.train.first_model import CORPUS, CORPUS_COUNT, CORPUS_ENGINE, CORPUS_SEED


def corpus(
    count: Annotated[int, typer.Option(min=8, help="Number of documents to generate.")] = CORPUS_COUNT,
    seed: Annotated[int, typer.Option(help="Random seed; the same seed gives the same documents.")] = CORPUS_SEED,
    out: Annotated[Path, typer.Option(help="File to write.", show_default="the package's own")] = CORPUS,
) -> None:
    """Generate and read the documents that the first model learns from.

    This takes about half an hour.
    """
    from sake_ray.train.first_model.corpus import write_corpus

    settings = load_settings()
    with as_given(), show_progress("Reading") as bar:  # generated documents are nobody's secret
        write_corpus(
            out,
            count=count,
            seed=seed,
            options=replace(make_reading_options(settings), engine=CORPUS_ENGINE),
            cpus=settings.cpus,
            on_progress=bar.update,
        )
    print(out)  # noqa: T201 - the result
