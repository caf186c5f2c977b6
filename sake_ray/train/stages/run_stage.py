"""Run one stage of a training in a workspace, or the search between two stages: what `sake stage NAME` does."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sake_ray.classifier import load
from sake_ray.classifier.vectorized_corpus import MAX_AUGMENTED
from sake_ray.data.reading import ReadingOptions
from sake_ray.domain.progress import Progress
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import InputError
from sake_ray.feedback.corpus import includes_generated
from sake_ray.feedback.provenance import read_origins
from sake_ray.storage.objects import ObjectStore
from sake_ray.train.params import TrainingParams, read_params, to_logged_params
from sake_ray.train.search.journal import SearchRequest, TrialJournal
from sake_ray.train.search.search_set import read_search_set
from sake_ray.train.stages.clean import clean
from sake_ray.train.stages.corpus_blocks import read_corpus_facts
from sake_ray.train.stages.evaluate import evaluate_model, write_evaluation
from sake_ray.train.stages.ingest import OpenRay, find_images, ingest
from sake_ray.train.stages.pipeline import STAGES
from sake_ray.train.stages.preprocess import preprocess
from sake_ray.train.stages.profile import profile_corpus
from sake_ray.workspace import LAYOUT, Workspace, WorkspaceLayout


@dataclass(frozen=True, slots=True)
class StageContext:
    """What stages work with."""

    reading: ReadingOptions
    store: ObjectStore
    policy: Policy
    open_ray: OpenRay


def run_stage(name: str, folder: Path, context: StageContext, *, on_progress: Progress) -> None:
    """Run one stage in the workspace of that folder; a stage that raises a SakeError leaves its former outputs as they were."""
    stages = {
        "ingest": run_ingest, "clean": run_clean, "preprocess": run_preprocess, "train": run_train, "eval": run_eval,
    }  # fmt: skip
    if name not in stages:
        raise InputError("stage-unknown", stage=name, stages=STAGES)
    layout = LAYOUT.at(folder)
    stages[name](layout, read_params(layout.params), context, on_progress)


def run_ingest(layout: WorkspaceLayout, params: TrainingParams, context: StageContext, on_progress: Progress) -> None:
    """Make the texts of the images."""
    images = find_images(layout.images)
    origins = read_origins(layout.provenance)
    result = ingest(
        images,
        layout.texts,
        generated=includes_generated(params.generated, [image.sha256 for image in images], origins),
        recipe=params.recipe,
        options=context.reading,
        store=context.store,
        open_ray=context.open_ray,
        on_progress=on_progress,
    )
    write_metrics(layout.ingest_metrics, asdict(result))


def run_clean(layout: WorkspaceLayout, params: TrainingParams, context: StageContext, on_progress: Progress) -> None:
    """Make the cleaned table of the texts."""
    clean(layout.texts, layout.cleaned, recipe=params.recipe, open_ray=context.open_ray, on_progress=on_progress)


def run_preprocess(
    layout: WorkspaceLayout, params: TrainingParams, context: StageContext, on_progress: Progress
) -> None:
    """Make the split, the vectorized corpus and the search set of the cleaned table."""
    metrics = preprocess(
        layout.cleaned,
        layout.vectorized,
        split_file=layout.split,
        members_file=layout.members,
        search_set=layout.search_set,
        params=params,
        open_ray=context.open_ray,
        on_progress=on_progress,
    )
    write_metrics(layout.split_metrics, metrics)


def run_train(layout: WorkspaceLayout, params: TrainingParams, context: StageContext, on_progress: Progress) -> None:
    """Make the model of the vectorized corpus."""
    with context.open_ray():
        from sake_ray.train.stages.fit import fit_on_ray  # Ray reads its environment when it is imported

        classifier = fit_on_ray(
            layout.vectorized,
            params.hyperparameters,
            seed=params.seed,
            scratch=layout.checkpoints,
            on_progress=on_progress,
        )
    profile = profile_corpus(layout.texts, layout.cleaned, layout.members)
    replace(classifier, profile=profile).save(layout.model, created=datetime.now(UTC))


def run_eval(layout: WorkspaceLayout, params: TrainingParams, context: StageContext, on_progress: Progress) -> None:
    """Make the predictions and the metrics of the model."""
    classifier = load(layout.model, recipe=params.recipe)
    result = evaluate_model(
        classifier,
        layout.cleaned,
        layout.members,
        layout.predictions,
        policy=context.policy,
        on_progress=on_progress,
    )
    created = datetime.now(UTC)
    facts = {
        "name": f"training {created:%Y-%m-%d %H:%M}",
        "created": created.isoformat(timespec="seconds"),
        "data": Workspace(layout.folder).dvc.outputs.read_data_fingerprint(),
        "parameters": to_logged_params(params),
    }
    write_evaluation(result, layout, classifier, facts=facts)


def run_search(folder: Path, context: StageContext, request: SearchRequest) -> None:
    """Run the trials of a search on the search set, into the journal."""
    layout = LAYOUT.at(folder)
    params = read_params(layout.params)
    search_set, hyperparameters = read_search_set(layout.search_set), params.hyperparameters
    if sum(read_corpus_facts(layout.vectorized).sizes) > MAX_AUGMENTED:
        # The whole corpus is not augmented, so neither is its part.
        hyperparameters = replace(hyperparameters, augmentations=0)
    with context.open_ray():
        from sake_ray.train.search.tune import search_on_ray  # as above

        search_on_ray(search_set, hyperparameters, request, seed=params.seed, journal=TrialJournal(layout.search))


def write_metrics(path: Path, metrics: Mapping[str, object]) -> None:
    """Write a file of metrics that goes into git."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(metrics, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
