"""One training, from the images to a run in MLflow: read this file for the whole story."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from sake_ray.domain.progress import Progress
from sake_ray.domain.texts import Recipe
from sake_ray.errors import RemoteUnavailable, TrainingFailed, WorkspaceError
from sake_ray.registry import Registry
from sake_ray.train.mlflow_runs import find_or_log, scores_of
from sake_ray.train.params import FILE, first_parameters, note_recipe, pipeline, read_params
from sake_ray.train.search.journal import SearchRequest
from sake_ray.train.search.run import SearchOutcome, search
from sake_ray.train.stages.stage_progress import StageProgress, following, read_report
from sake_ray.workspace import LockHolder, Workspace

FOR_EVER = float("inf")
SEARCH = "search"


class TrainingReporter(Protocol):
    """The job that a training reports its progress to."""

    def begin_stage(self, name: str) -> None:
        """Begin a stage."""

    def report_progress(self, done: int, total: int) -> None:
        """Report how much of the stage is done."""

    def report_waiting(self, reason: str) -> None:
        """Report what the training waits for, "" when it goes on; raise when it was aborted."""

    def check_abort(self) -> None:
        """Raise when the training was aborted."""

    def note_process(self, pid: int, started: float) -> None:
        """Note the stage process."""

    def forget_process(self) -> None:
        """Forget the stage process, which has ended."""


def take_nothing(_: Progress) -> str:
    """Import no answers; the default of `TrainingContext.take_answers`."""
    return ""


@dataclass(frozen=True, slots=True)
class TrainingContext:
    """What a training works with. `share_ray` gives the address of a Ray for the stages, empty when they find it themselves;
    `take_answers` imports what people answered into the workspace, which is held, and returns what there is to tell of it."""

    workspace: Workspace
    registry: Registry
    recipe: Recipe
    share_ray: Callable[[], AbstractContextManager[str]]
    who: str
    take_answers: Callable[[Progress], str] = take_nothing


def train(training: TrainingContext, job: TrainingReporter, *, trials: int = 0) -> Mapping[str, object]:
    """Train on what the workspace holds; return the run's id, its commit, its metrics, and what else there is to tell.

    With `trials` a search tries so many sets of hyperparameters first. Waits for whoever holds the workspace. What did not
    change since the last training is not done again; without any change the run of that training is returned. Raises
    TrainingFailed with the words of the stage that failed.
    """
    workspace = training.workspace
    with held(training, job) as told:
        found: dict[str, object] = {}
        with stages(training, job, searching=trials > 0):
            if trials:
                found["search"] = asdict(find_better(training, job, SearchRequest(trials)))
            ran = reproduce(workspace)
        job.begin_stage("commit")
        commit = workspace.git.commit(commit_message(workspace, training.who))
        job.begin_stage("log")
        training.registry.prepare()
        run = find_or_log(workspace, training.registry, commit, by=training.who)
        job.begin_stage("push")
        remark = " ".join(filter(None, (told, push(workspace))))
    return {"run": run, "commit": commit, "ran": list(ran), "remark": remark, **found, **scores_of(workspace)}


def tune(training: TrainingContext, job: TrainingReporter, wish: SearchRequest) -> Mapping[str, object]:
    """Search for better hyperparameters on what the workspace holds, and write them into params.yaml, for the next training.

    Waits for whoever holds the workspace. Raises TrainingFailed with the words of the stage that failed.
    """
    with held(training, job), stages(training, job, searching=True):
        return asdict(find_better(training, job, wish))


@contextmanager
def held(training: TrainingContext, job: TrainingReporter) -> Iterator[str]:
    """Hold the workspace for the duration of the block, with all in it that stages need; yields what to tell of answers."""
    workspace = training.workspace
    with workspace.hold(training.who, seconds=FOR_EVER, on_wait=lambda holder: job.report_waiting(wait_for(holder))):
        job.report_waiting("")
        job.begin_stage("images")
        workspace.prepare(pipeline=pipeline(), parameters=first_parameters(training.recipe))
        note_recipe(workspace.folder / FILE, training.recipe)
        told = take_answers(training, job)
        workspace.track_images()
        yield told


def find_better(training: TrainingContext, job: TrainingReporter, wish: SearchRequest) -> SearchOutcome:
    """Bring what a search looks at up to date, then search."""
    reproduce(training.workspace, ("preprocess",))
    job.begin_stage(SEARCH)
    return search(
        training.workspace.folder,
        training.registry,
        wish,
        who=training.who,
        on_stage=job.begin_stage,
        on_progress=job.report_progress,
        check=job.check_abort,
        words_of_stage=lambda: words_of_stage(training.workspace),
    )


def take_answers(training: TrainingContext, job: TrainingReporter) -> str:
    """Import what people answered, unless params.yaml says never; what waits for a decision is left out and told of."""
    if read_params(training.workspace.folder / FILE).answers != "auto":
        return ""
    job.begin_stage("answers")
    return training.take_answers(job.report_progress)


@contextmanager
def stages(training: TrainingContext, job: TrainingReporter, *, searching: bool) -> Iterator[None]:
    """Let stages run: with a Ray, when any has to, and with what they say handed on to the job."""
    if not searching and not training.workspace.dvc.has_changes():
        yield
        return

    def hear(said: StageProgress) -> None:
        job.note_process(said.pid, said.started)
        if said.stage != SEARCH:  # a search tells more than a stage does, by its trials
            job.begin_stage(said.stage)
            job.report_progress(said.done, said.total)

    job.begin_stage("Ray")
    with training.share_ray() as address, following(report_file(training.workspace), hear):
        before = os.environ.get("SAKE_RAY_ADDRESS")
        if address:
            os.environ["SAKE_RAY_ADDRESS"] = address
        try:
            yield
        finally:
            job.forget_process()
            if address and before is None:
                os.environ.pop("SAKE_RAY_ADDRESS", None)


def reproduce(workspace: Workspace, targets: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Run the stages that something changed for; raises TrainingFailed with the words of the one that failed."""
    try:
        return workspace.dvc.reproduce(targets)
    except WorkspaceError as error:
        raise TrainingFailed(words_of_stage(workspace) or f"{error} The log says more.") from error


def words_of_stage(workspace: Workspace) -> str:
    """What the last stage said of its failure; empty when it said nothing."""
    said = read_report(report_file(workspace))
    return f"The stage {said.stage} failed: {said.error}" if said and said.error else ""


def push(workspace: Workspace) -> str:
    """Push to the remotes; one that is down is told of, and the next training catches up."""
    try:
        workspace.remotes.push()
    except RemoteUnavailable as error:
        return f"{error} The next training pushes it again."
    return ""


def commit_message(workspace: Workspace, who: str) -> str:
    """What the history says of this training."""
    counts = ", ".join(f"{count} {label}" for label, count in workspace.images.count_by_label().items())
    return f"Train on {counts or 'generated documents'}\n\nBy {who}"


def wait_for(holder: LockHolder | None) -> str:
    """Say what a training waits for."""
    return f"waits for {holder.owner}, since {holder.since:%H:%M}" if holder else "waits for the workspace"


def report_file(workspace: Workspace) -> Path:
    """Where stages say how far they are."""
    return workspace.folder / ".sake" / "report.json"
