"""Training: train, search, restore, run one stage."""

import json
import os
import shutil
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from sake_ray.cli.bootstrap import find_recipe, load_settings, make_reading_options, open_objects
from sake_ray.cli.progress_display import show_progress
from sake_ray.cli.terminal import report
from sake_ray.cli.umask import as_given
from sake_ray.domain.jobs import ACTIVE_STATES, Job
from sake_ray.errors import InputError

if TYPE_CHECKING:
    from sake_ray.settings import Settings

Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="With a running service: wait until the job ends.")]


def train(
    tune: Annotated[int, typer.Option(min=0, help="First search for hyperparameters, with this many trials.")] = 0,
    texts: Annotated[
        Path | None, typer.Option(help="Train on a CSV file (text, label[, part]) instead, apart from everything else.")
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option(help="With --texts: CSV file for the predicted test rows.")
    ] = None,
    wait: Wait = True,
) -> None:
    """Train a model on the images of the workspace.

    Only stages whose inputs changed run again. `sake register RUN` makes the model a version.
    """
    settings = load_settings()
    if texts:
        train_on_csv(settings, texts, predictions, tune)
        return
    if predictions:
        raise InputError("training-options-conflict")
    from sake_ray.cli.job_execution import launch_job

    print_outcome(launch_job(settings, "train", {"tune": tune}, wait=wait))


def tune(
    trials: Annotated[int, typer.Option(min=1, max=1000, help="Number of trials, each a set of hyperparameters.")] = 20,
    minutes: Annotated[float, typer.Option(min=0, help="Time limit in minutes; 0 for none.")] = 0,
    metric: Annotated[str, typer.Option(help="Metric to optimise: macro_f1, accuracy or log_loss.")] = "macro_f1",
    wait: Wait = True,
) -> None:
    """Search for better hyperparameters, and write the best to params.yaml.

    The next `sake train` runs only the stages that they affect.
    """
    from sake_ray.cli.job_execution import launch_job
    from sake_ray.train.search.journal import SearchRequest  # numpy

    request = SearchRequest(trials, minutes, metric)  # an impossible search becomes no job
    print_outcome(launch_job(load_settings(), "tune", asdict(request), wait=wait))


def restore(
    target: Annotated[str, typer.Argument(help="Run id of the training, see `sake runs`, or commit of the workspace.")],
    wait: Wait = True,
) -> None:
    """Restore an earlier training, with its images and its model, as a new commit.

    What is in the workspace now is committed first.
    """
    from sake_ray.cli.job_execution import launch_job

    print_outcome(launch_job(load_settings(), "restore", {"target": target}, wait=wait))


def stage(
    name: Annotated[str, typer.Argument(help="Stage: ingest, clean, preprocess, train or eval.")],
    trials: Annotated[int, typer.Option(min=1, hidden=True)] = 1,
    minutes: Annotated[float, typer.Option(min=0, hidden=True)] = 0,
    metric: Annotated[str, typer.Option(hidden=True)] = "macro_f1",
) -> None:
    """Run one stage of a training in the current workspace, as `dvc repro` does."""
    from sake_ray.jobs.ray_connection import open_ray
    from sake_ray.train.search.journal import SearchRequest
    from sake_ray.train.stages.run_stage import StageContext, run_search, run_stage
    from sake_ray.train.stages.stage_progress import reporting
    from sake_ray.workspace import LAYOUT

    folder = Path.cwd()
    if not (folder / LAYOUT.params).exists():
        raise InputError("not-a-workspace", folder=folder)
    # Called by hand through `dvc repro`, the home is the folder that the workspace is in.
    os.environ.setdefault("SAKE_HOME", str(folder.parent))
    settings = load_settings()
    context = StageContext(
        make_reading_options(settings),
        open_objects(settings),
        settings.policy,
        lambda: open_ray(settings.home, address=settings.ray_address, cpus=settings.cpus),
    )
    with reporting(name, folder) as on_progress:
        if name == "search":
            run_search(folder, context, SearchRequest(trials, minutes, metric))
        else:
            run_stage(name, folder, context, on_progress=on_progress)


def train_on_csv(settings: "Settings", texts: Path, predictions: Path | None, trials: int) -> None:
    """Train on texts that were read elsewhere, in a workspace of their own that is thrown away."""
    from sake_ray.jobs.ray_connection import open_ray
    from sake_ray.train.csv_training import train_on_texts
    from sake_ray.train.stages.run_stage import StageContext
    from sake_ray.workspace import LAYOUT

    settings.home.mkdir(parents=True, exist_ok=True)
    recipe = find_recipe(settings)
    # One Ray for all stages: each of them would start its own.
    with (
        TemporaryDirectory(dir=settings.home, prefix="texts-") as folder,
        open_ray(settings.home, address=settings.ray_address, cpus=settings.cpus),
        show_progress("Training") as bar,
    ):
        context = StageContext(make_reading_options(settings), open_objects(settings), settings.policy, nullcontext)
        workspace = Path(folder) / "workspace"
        scores = train_on_texts(texts, workspace, context, recipe=recipe, trials=trials, on_progress=bar.update)
        if predictions:
            with as_given():
                predictions.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(workspace / LAYOUT.predictions, predictions)
    print(json.dumps(scores, ensure_ascii=False))  # noqa: T201 - the result


def print_outcome(job: Job) -> None:
    """Print the result of a job as JSON, or only its number when nobody waited; remarks go to standard error."""
    if job.state in ACTIVE_STATES:
        print(json.dumps({"job": job.number}))  # noqa: T201 - the result
        return
    for remark in (job.result.get("doubt"), job.result.get("remark")):
        if remark:
            report(str(remark))
    print(json.dumps({"job": job.number, **job.result}, ensure_ascii=False))  # noqa: T201 - the result
