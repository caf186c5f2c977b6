"""One training, from the images to a run in MLflow: read this file for the whole story."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from typing import Protocol

from sake_ray.domain.progress import Progress
from sake_ray.domain.texts import Recipe
from sake_ray.errors import NOTHING, Message, RemoteUnavailable, TrainingFailed, WorkspaceError
from sake_ray.registry import Registry
from sake_ray.train.params import make_default_params, read_params, write_recipe
from sake_ray.train.search.journal import SearchRequest
from sake_ray.train.search.run import SearchOutcome, search
from sake_ray.train.stages.pipeline import make_pipeline
from sake_ray.train.stages.stage_progress import StageProgress, following, read_progress
from sake_ray.train.tracking import find_or_log_run, read_metrics
from sake_ray.workspace import LockHolder, Workspace

FOR_EVER = float("inf")
SEARCH = "search"
RAY_ADDRESS = "SAKE_RAY_ADDRESS"


class TrainingReporter(Protocol):
    """The job that a training reports its progress to."""

    def begin_stage(self, name: str) -> None:
        """Begin a stage."""

    def report_progress(self, done: int, total: int) -> None:
        """Report how much of the stage is done."""

    def report_waiting(self, reason: Message) -> None:
        """Report what the training waits for, "" when it goes on; raise when it was aborted."""

    def check_abort(self) -> None:
        """Raise when the training was aborted."""

    def note_process(self, pid: int, started: float) -> None:
        """Note the stage process."""

    def forget_process(self) -> None:
        """Forget the stage process, which has ended."""


def erase_nothing() -> None:
    """Erase nothing; the default of `TrainingContext.erase_pending`."""


def import_nothing(_: Progress) -> tuple[Message, ...]:
    """Import no answers; the default of `TrainingContext.import_answers`."""
    return ()


@dataclass(frozen=True, slots=True)
class TrainingContext:
    """What a training works with.

    `owner` is the name under which it holds the workspace. `share_ray` yields the address of a Ray for the stages, empty when
    they find it themselves. `erase_pending` removes from the held workspace what is to be erased and still there;
    `import_answers` imports people's answers into it and returns remarks.
    """

    workspace: Workspace
    registry: Registry
    recipe: Recipe
    share_ray: Callable[[], AbstractContextManager[str]]
    owner: str
    import_answers: Callable[[Progress], tuple[Message, ...]] = import_nothing
    erase_pending: Callable[[], None] = erase_nothing


def train(context: TrainingContext, job: TrainingReporter, *, trials: int = 0) -> Mapping[str, object]:
    """Train on what the workspace holds; return the run's id, its commit, its metrics, and a remark.

    With `trials`, a search tries so many sets of hyperparameters first. Waits for whoever holds the workspace. Only stages
    whose dependencies changed run; without any change the run of the last training is returned. Raises TrainingFailed with the
    message of the stage that failed.
    """
    workspace = context.workspace
    with hold_workspace(context, job) as import_remarks:
        result: dict[str, object] = {}
        with prepare_stages(context, job, with_search=trials > 0):
            if trials:
                result["search"] = asdict(run_search(context, job, SearchRequest(trials)))
            ran = reproduce(workspace)
        job.begin_stage("commit")
        commit = workspace.git.commit(make_message(workspace, context.owner))
        job.begin_stage("log")
        context.registry.prepare()
        run = find_or_log_run(workspace, context.registry, commit, by=context.owner)
        job.begin_stage("push")
        remarks = present_remarks(*import_remarks, push(workspace))
    return {
        "run": run,
        "commit": commit,
        "ran": list(ran),
        **remarks,
        **result,
        "metrics": read_metrics(workspace),
    }


def tune(context: TrainingContext, job: TrainingReporter, request: SearchRequest) -> Mapping[str, object]:
    """Search for better hyperparameters on what the workspace holds, and write them into params.yaml, for the next training.

    Waits for whoever holds the workspace. Raises TrainingFailed with the message of the stage that failed.
    """
    with hold_workspace(context, job), prepare_stages(context, job, with_search=True):
        outcome = run_search(context, job, request)
    return asdict(outcome) | present_remarks(outcome.remark)


@contextmanager
def hold_workspace(context: TrainingContext, job: TrainingReporter) -> Iterator[tuple[Message, ...]]:
    """Hold the workspace for the duration of the block, with everything that stages need; yields the remarks on answers."""
    workspace = context.workspace
    with workspace.hold(context.owner, seconds=FOR_EVER, on_wait=lambda holder: job.report_waiting(wait_for(holder))):
        job.report_waiting(NOTHING)
        job.begin_stage("images")
        workspace.prepare(pipeline=make_pipeline(), parameters=make_default_params(context.recipe))
        write_recipe(workspace.layout.params, context.recipe)
        context.erase_pending()
        import_remarks = import_answers(context, job)
        workspace.track_images()
        yield import_remarks


def import_answers(context: TrainingContext, job: TrainingReporter) -> tuple[Message, ...]:
    """Import people's answers, unless params.yaml says never; what waits for a decision is left out and reported."""
    if read_params(context.workspace.layout.params).answers != "auto":
        return ()
    job.begin_stage("answers")
    return context.import_answers(job.report_progress)


@contextmanager
def prepare_stages(context: TrainingContext, job: TrainingReporter, *, with_search: bool) -> Iterator[None]:
    """Give stages a Ray, if any has to run, and pass their reports on to the job, for the duration of the block."""
    if not with_search and not context.workspace.dvc.has_changes():
        yield
        return

    def on_report(report: StageProgress) -> None:
        job.note_process(report.pid, report.started)
        if report.stage != SEARCH:  # a search reports its trials, which say more
            job.begin_stage(report.stage)
            job.report_progress(report.done, report.total)

    job.begin_stage("Ray")
    with context.share_ray() as address, following(context.workspace.layout.stage_progress, on_report):
        try:
            with naming_ray(address):
                yield
        finally:
            job.forget_process()


@contextmanager
def naming_ray(address: str) -> Iterator[None]:
    """Name a Ray to the stages, which are processes, for the duration of the block; one that is named already stays."""
    before = os.environ.get(RAY_ADDRESS)
    if before or not address:
        yield
        return
    os.environ[RAY_ADDRESS] = address
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(RAY_ADDRESS, None)
        else:
            os.environ[RAY_ADDRESS] = before


def run_search(context: TrainingContext, job: TrainingReporter, request: SearchRequest) -> SearchOutcome:
    """Bring the search set up to date, then search."""
    reproduce(context.workspace, ("preprocess",))
    job.begin_stage(SEARCH)
    return search(
        context.workspace.folder,
        context.registry,
        request,
        by=context.owner,
        on_stage=job.begin_stage,
        on_progress=job.report_progress,
        check_abort=job.check_abort,
        find_failure=lambda: find_failure(context.workspace),
    )


def reproduce(workspace: Workspace, targets: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Run the stages whose dependencies changed; raises TrainingFailed with the message of the one that failed."""
    try:
        return workspace.dvc.reproduce(targets)
    except WorkspaceError as error:
        raise find_failure(workspace) or TrainingFailed("stage-failed-silently", error=error) from error


def find_failure(workspace: Workspace) -> TrainingFailed | None:
    """Find the failure that the last stage reported; None when it reported none."""
    report = read_progress(workspace.layout.stage_progress)
    if not (report and report.error):
        return None
    return TrainingFailed("stage-failed", stage=report.stage, error=report.error)


def push(workspace: Workspace) -> Message:
    """Push to the remotes; return a remark on one that is down, to which the next training pushes everything."""
    try:
        workspace.remotes.push()
    except RemoteUnavailable as error:
        return Message("push-postponed", error=error)
    return NOTHING


def present_remarks(*remarks: Message) -> dict[str, object]:
    """Present remarks in the result of a job: as one text, and each with its code; empty ones are left out."""
    present = [remark for remark in remarks if remark]
    return {"remark": " ".join(present), "remarks": [remark.to_json() for remark in present]}


def make_message(workspace: Workspace, owner: str) -> str:
    """Make the message of a training's commit."""
    counts = ", ".join(f"{count} {label}" for label, count in workspace.images.count_by_label().items())
    return f"Train on {counts or 'generated documents'}\n\nBy {owner}"


def wait_for(holder: LockHolder | None) -> Message:
    """Describe what a training waits for."""
    if holder is None:
        return Message("job-waits-for-workspace")
    return Message("job-waits-for-holder", holder=holder.owner, since=f"{holder.since:%H:%M}")
