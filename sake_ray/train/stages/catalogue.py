"""The five stages of a training, each of which takes files of the workspace and makes others."""

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
from sake_ray.feedback.provenance import provenance_file, read_origins
from sake_ray.storage.objects import ObjectStore
from sake_ray.train.params import FILE, LESSONS, TrainingParams, parameters_of, read_params
from sake_ray.train.search.journal import SearchRequest, TrialJournal
from sake_ray.train.search.search_set import read_lessons
from sake_ray.train.stages.clean import clean
from sake_ray.train.stages.evaluate import evaluate_model, write_evaluation
from sake_ray.train.stages.ingest import OpenRay, find_scans, ingest
from sake_ray.train.stages.prepared import MEMBERS_FILE, read_corpus_facts
from sake_ray.train.stages.preprocess import preprocess
from sake_ray.workspace import Workspace

NAMES = ("ingest", "clean", "preprocess", "train", "eval")


@dataclass(frozen=True, slots=True)
class StageContext:
    """What stages work with."""

    options: ReadingOptions
    store: ObjectStore
    policy: Policy
    open_ray: OpenRay


def run_stage(name: str, folder: Path, means: StageContext, *, on_progress: Progress) -> None:
    """Run one stage in a workspace; raises a SakeError with what is wrong, and leaves what it made before as it was."""
    stages = {
        "ingest": run_ingest, "clean": run_clean, "preprocess": run_preprocess, "train": run_train, "eval": run_eval,
    }  # fmt: skip
    if name not in stages:
        raise InputError(f"There is no stage {name!r}; there are {', '.join(NAMES)}.")
    stages[name](folder, read_params(folder / FILE), means, on_progress)


def run_ingest(folder: Path, plan: TrainingParams, means: StageContext, on_progress: Progress) -> None:
    """data/raw, data/provenance.csv → data/texts.parquet"""
    scans = find_scans(folder / "data" / "raw")
    origins = read_origins(provenance_file(folder))
    ingested = ingest(
        scans,
        folder / "data" / "texts.parquet",
        generated=includes_generated(plan.generated, [scan.sha256 for scan in scans], origins),
        recipe=plan.recipe,
        options=means.options,
        store=means.store,
        open_ray=means.open_ray,
        on_progress=on_progress,
    )
    write_metrics(folder, "ingest", asdict(ingested))


def run_clean(folder: Path, plan: TrainingParams, means: StageContext, on_progress: Progress) -> None:
    """data/texts.parquet → data/cleaned.parquet"""
    texts, cleaned = folder / "data" / "texts.parquet", folder / "data" / "cleaned.parquet"
    clean(texts, cleaned, recipe=plan.recipe, open_ray=means.open_ray, on_progress=on_progress)


def run_preprocess(folder: Path, plan: TrainingParams, means: StageContext, on_progress: Progress) -> None:
    """data/cleaned.parquet → split.csv, data/prepared, data/lessons.parquet"""
    told = preprocess(
        folder / "data" / "cleaned.parquet",
        folder / "data" / "prepared",
        lessons=folder / LESSONS,
        split_file=folder / "split.csv",
        plan=plan,
        open_ray=means.open_ray,
        on_progress=on_progress,
    )
    write_metrics(folder, "split", told)


def run_train(folder: Path, plan: TrainingParams, means: StageContext, on_progress: Progress) -> None:
    """data/prepared → model"""
    with means.open_ray():
        from sake_ray.train.stages.fit import fit_on_ray  # Ray reads its environment when it is imported

        prepared, scratch = folder / "data" / "prepared", folder / ".sake" / "steps"
        classifier = fit_on_ray(prepared, plan.classifier, seed=plan.seed, scratch=scratch, on_progress=on_progress)
    classifier.save(folder / "model", created=datetime.now(UTC))


def run_search(folder: Path, journal: Path, means: StageContext, wish: SearchRequest) -> None:
    """data/lessons.parquet → trials in the journal; between two stages, and none itself."""
    plan = read_params(folder / FILE)
    lessons, parameters = read_lessons(folder / LESSONS), plan.classifier
    if sum(read_corpus_facts(folder / "data" / "prepared").sizes) > MAX_AUGMENTED:
        # The whole corpus has no copies, so the part of it has none.
        parameters = replace(parameters, augmentations=0)
    with means.open_ray():
        from sake_ray.train.search.tune import search_on_ray  # as above

        search_on_ray(lessons, parameters, wish, seed=plan.seed, journal=TrialJournal(journal))


def run_eval(folder: Path, plan: TrainingParams, means: StageContext, on_progress: Progress) -> None:
    """model, data/cleaned.parquet → metrics, data/predictions.csv"""
    classifier = load(folder / "model", recipe=plan.recipe)
    members, data = folder / "data" / "prepared" / MEMBERS_FILE, folder / "data"
    judgement = evaluate_model(
        classifier,
        data / "cleaned.parquet",
        members,
        data / "predictions.csv",
        policy=means.policy,
        on_progress=on_progress,
    )
    created = datetime.now(UTC)
    about = {
        "name": f"training {created:%Y-%m-%d %H:%M}",
        "created": created.isoformat(timespec="seconds"),
        "data": Workspace(folder).dvc.outputs.read_data_fingerprint(),
        "parameters": parameters_of(plan),
    }
    write_evaluation(judgement, folder / "metrics", classifier, members=members, about=about)


def write_metrics(folder: Path, name: str, content: Mapping[str, object]) -> None:
    """Write a file of figures that goes into git."""
    path = folder / "metrics" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
