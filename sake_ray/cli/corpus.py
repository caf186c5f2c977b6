"""The first model, and the texts that it learns from."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import load_settings, make_reading_options
from sake_ray.cli.progress_display import show_progress
from sake_ray.cli.terminal import report
from sake_ray.cli.umask import as_given
from sake_ray.train.first_model import CORPUS, CORPUS_COUNT, CORPUS_ENGINE, CORPUS_SECOND_ENGINE, CORPUS_SEED, NUMBERS


def corpus(
    count: Annotated[int, typer.Option(min=8, help="Number of documents to generate.")] = CORPUS_COUNT,
    seed: Annotated[int, typer.Option(help="Random seed; the same seed gives the same documents.")] = CORPUS_SEED,
    out: Annotated[
        Path, typer.Option(help="Folder for the texts and the model.", show_default="the package's own")
    ] = CORPUS.parent,
    model_only: Annotated[
        bool, typer.Option("--model-only", help="Fit the model anew on the texts that are there: half a minute.")
    ] = False,
) -> None:
    """Generate and read the documents that the first model learns from, and fit it.

    This takes about half an hour.
    """
    from sake_ray.train.first_model.corpus import write_corpus
    from sake_ray.train.first_model.numbers import write_numbers

    settings, texts, numbers = load_settings(), out / CORPUS.name, out / NUMBERS.name
    with as_given():  # generated documents are nobody's secret
        if not model_only:
            with show_progress("Reading") as bar:
                write_corpus(
                    texts,
                    count=count,
                    seed=seed,
                    options=replace(
                        make_reading_options(settings), engine=CORPUS_ENGINE, second_engine=CORPUS_SECOND_ENGINE
                    ),
                    cpus=settings.cpus,
                    on_progress=bar.update,
                )
        report("Fitting the model…")
        write_numbers(numbers, corpus=texts)
    print(f"{texts}\n{numbers}")  # noqa: T201 - the result
