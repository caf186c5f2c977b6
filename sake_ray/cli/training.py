"""Training: for now the texts that the first model learns from."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sake_ray.cli.assembly import reading_of
from sake_ray.cli.documents import _bar, _progress
from sake_ray.settings import read_settings
from sake_ray.train.first_corpus import CORPUS, CORPUS_COUNT, CORPUS_ENGINE, CORPUS_SEED, write_corpus


def corpus(
    count: Annotated[int, typer.Option(min=8, help="How many generated documents.")] = CORPUS_COUNT,
    seed: Annotated[int, typer.Option(help="The same seed gives the same documents.")] = CORPUS_SEED,
    out: Annotated[Path, typer.Option(help="The file of texts to write.")] = CORPUS,
) -> None:
    """Generate documents and read them, as the texts the first model learns from (about half an hour)."""
    settings = read_settings()
    with _progress() as progress:
        write_corpus(
            out,
            count=count,
            seed=seed,
            options=replace(reading_of(settings), engine=CORPUS_ENGINE),
            cpus=settings.cpus,
            on_progress=_bar(progress, "Reading"),
        )
    print(out)  # noqa: T201 - the result
