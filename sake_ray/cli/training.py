"""Training: run one, run one of its stages, make the texts that the first model learns from."""

import json
import os
import shutil
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import objects_of, reading_of
from sake_ray.cli.documents import _bar, _progress, console
from sake_ray.cli.job_execution import OPEN, launch_job
from sake_ray.data.reading import Reader
from sake_ray.errors import InputError
from sake_ray.jobs.ray_connection import open_ray
from sake_ray.settings import Settings, read_settings
from sake_ray.train.first_model.corpus import CORPUS, CORPUS_COUNT, CORPUS_ENGINE, CORPUS_SEED, write_corpus


def train(
    tune: Annotated[int, typer.Option(min=0, help="Search first: try so many sets of hyperparameters.")] = 0,
    texts: Annotated[
        Path | None, typer.Option(help="Train on a CSV of text, label[, part] instead, beside everything else.")
    ] = None,
    predictions: Annotated[Path | None, typer.Option(help="With --texts: a line for each test row goes here.")] = None,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="With a running service: follow the job to its end.")
    ] = True,
) -> None:
    """Train on the images of the workspace; only what changed is done again. `sake register RUN` then makes it a version."""
    settings = read_settings()
    if texts:
        _train_on_texts(settings, texts, predictions, tune)
        return
    if predictions:
        raise InputError("--predictions goes with --texts; a training of images leaves them in its workspace.")
    ended = launch_job(settings, "train", {"tune": tune}, wait=wait)
    if ended.state in OPEN:
        print(json.dumps({"job": ended.number}))  # noqa: T201 - the result
        return
    if remark := ended.result["remark"]:
        console.print(str(remark), markup=False)
    print(json.dumps({"job": ended.number, **ended.result}, ensure_ascii=False))  # noqa: T201 - the result


def tune(
    trials: Annotated[int, typer.Option(min=1, max=1000, help="How many sets of hyperparameters to try.")] = 20,
    minutes: Annotated[float, typer.Option(min=0, help="How long at most; 0 for no limit.")] = 0,
    metric: Annotated[str, typer.Option(help="What is to be best: macro_f1, accuracy or log_loss.")] = "macro_f1",
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="With a running service: follow the job to its end.")
    ] = True,
) -> None:
    """Search for better hyperparameters and write them into params.yaml: `sake train` does again only what they touch."""
    from sake_ray.train.search.journal import SearchRequest  # numpy

    wish = SearchRequest(trials, minutes, metric)  # what is no search becomes no job
    ended = launch_job(read_settings(), "tune", asdict(wish), wait=wait)
    if remark := ended.result.get("remark"):
        console.print(str(remark), markup=False)
    print(json.dumps({"job": ended.number, **ended.result}, ensure_ascii=False))  # noqa: T201 - the result


def restore(
    target: Annotated[
        str, typer.Argument(help="The id of the training, see `sake runs`, or a commit of the workspace.")
    ],
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="With a running service: follow the job to its end.")
    ] = True,
) -> None:
    """Bring back a training, images, model and all, as a new commit; what is there now is committed first."""
    ended = launch_job(read_settings(), "restore", {"target": target}, wait=wait)
    if ended.state in OPEN:
        print(json.dumps({"job": ended.number}))  # noqa: T201 - the result
        return
    for told in (ended.result.get("doubt"), ended.result["remark"]):
        if told:
            console.print(str(told), markup=False)
    print(json.dumps({"job": ended.number, **ended.result}, ensure_ascii=False))  # noqa: T201 - the result


def _train_on_texts(settings: Settings, texts: Path, predictions: Path | None, trials: int) -> None:
    from sake_ray.train.csv_training import train_on_texts
    from sake_ray.train.stages.catalogue import StageContext

    settings.home.mkdir(parents=True, exist_ok=True)
    with Reader(reading_of(settings)) as reader:
        recipe = reader.recipe
    # One Ray for all stages: each of them would start its own.
    with (
        TemporaryDirectory(dir=settings.home, prefix="texts-") as folder,
        open_ray(settings.home, address=settings.ray_address, cpus=settings.cpus),
        _progress() as progress,
    ):
        means = StageContext(reading_of(settings), objects_of(settings), settings.policy, nullcontext)
        place = Path(folder) / "workspace"
        scores = train_on_texts(
            texts, place, means, recipe=recipe, trials=trials, on_progress=_bar(progress, "Training")
        )
        if predictions:
            predictions.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(place / "data" / "predictions.csv", predictions)
    print(json.dumps(scores, ensure_ascii=False))  # noqa: T201 - the result


def stage(
    name: Annotated[str, typer.Argument(help="ingest, clean, preprocess, train or eval.")],
    trials: Annotated[int, typer.Option(min=1, hidden=True)] = 1,
    minutes: Annotated[float, typer.Option(min=0, hidden=True)] = 0,
    metric: Annotated[str, typer.Option(hidden=True)] = "macro_f1",
) -> None:
    """Run one stage of a training in the current folder, a workspace: what `dvc repro` calls."""
    from sake_ray.train.search.journal import SearchRequest
    from sake_ray.train.search.run import FOLDER
    from sake_ray.train.stages.catalogue import StageContext, run_search, run_stage
    from sake_ray.train.stages.stage_progress import telling

    folder = Path.cwd()
    if not (folder / "params.yaml").exists():
        raise InputError(f"{folder} is no workspace: it has no params.yaml.")
    # Called by hand through `dvc repro`, the home is where the workspace lies.
    os.environ.setdefault("SAKE_HOME", str(folder.parent))
    settings = read_settings()
    means = StageContext(
        reading_of(settings),
        objects_of(settings),
        settings.policy,
        lambda: open_ray(settings.home, address=settings.ray_address, cpus=settings.cpus),
    )
    with telling(name, folder) as on_progress:
        if name == "search":
            run_search(folder, folder / FOLDER, means, SearchRequest(trials, minutes, metric))
        else:
            run_stage(name, folder, means, on_progress=on_progress)


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
