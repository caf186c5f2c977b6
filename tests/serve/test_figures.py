"""What the metrics say of the records: gathered in one place, from real records."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sake_ray.classifier import Classifier
from sake_ray.classifier.manifest import MANIFEST_FILE
from sake_ray.domain.answers import Answer
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import ReadingSummary
from sake_ray.domain.drift import Traits, count_traits
from sake_ray.domain.jobs import JobState
from sake_ray.domain.verdicts import Policy, Prediction, Verdict
from sake_ray.metrics import METRICS
from sake_ray.metrics.exposition import PrometheusInstruments
from sake_ray.metrics.metric import MORE
from sake_ray.registry.versions import ModelVersion
from sake_ray.serve.figures import FigureGatherer, Places, describe_verified
from sake_ray.serve.service_metrics import ServiceMetrics
from sake_ray.storage.records import Records
from sake_ray.storage.records.figures import VerifiedCount
from tests.metrics.scraped import read, scrape
from tests.storage.example_records import NOW, RECIPE, claim, completed, hand_in

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Values = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def records(tmp_path: Path, tables: Path) -> Records:
    records = Records(f"sqlite:///{shutil.copyfile(tables, tmp_path / 'records.db')}")
    records.policies.apply_settings(Policy(), now=NOW - 40 * DAY)
    return records


def gather(records: Records, places: Places = Places(), *, at: datetime = NOW) -> Values:  # noqa: B008 - frozen
    """The figures, by name and labels."""
    found = FigureGatherer(records, places).gather(at)
    values = {(figure.name, tuple(sorted(figure.labels.items()))): float(figure.value) for figure in found}
    assert len(values) == len(found)
    return values


def value(values: Values, name: str, **labels: str) -> float | None:
    return values.get((name, tuple(sorted(labels.items()))))


def classify(records: Records, number: int, label: str, *, at: datetime, words: int = 120, model: str = "m1") -> None:
    """Have so many documents classified at a time."""
    hand_in(records, *["scan.pdf"] * number, at=at - HOUR)
    verdict = Verdict(label, 0.8, {label: 0.8, "other": 0.2}, False)
    for held in claim(records, limit=number, now=at):
        reading = ReadingSummary(1, "fr", 91.0, RECIPE, words=words)
        records.queue.complete(held, reading, Prediction(verdict, "1", model, 1), now=at)


def test_all_figures_are_gauges_of_the_table_with_their_labels(records: Records, tmp_path: Path) -> None:
    completed(records)
    for name, labels in gather(records, Places({"home": tmp_path / "not/there/yet"})):
        assert METRICS[name].kind == "gauge"
        assert set(dict(labels)) == set(METRICS[name].labels)


def test_an_empty_installation_has_figures_and_no_shares(records: Records) -> None:
    values = gather(records)
    for name in ("documents_lost", "leases_expired_now", "documents_awaiting_review", "answers_unreadable"):
        assert value(values, name) == 0
    assert value(values, "accuracy_documents", review="all", window="30d") == 0
    assert value(values, "accuracy_ratio", review="all", window="30d") is None
    assert value(values, "review_share_ratio", window="7d") is None
    assert value(values, "jobs", kind="train", state="queued") == 0
    assert value(values, "job_last_failed", kind="train") == 0
    assert value(values, "promotion_timestamp_seconds") is None
    assert value(values, "drift_baseline") is None
    assert value(values, "policy_version") == 1


def test_accuracy_is_that_of_the_verified_in_each_window(records: Records) -> None:
    names = [completed(records, at=NOW - 40 * DAY).documents[0].id for _ in range(4)]
    said = (("invoice", HOUR), ("letter", 2 * HOUR), ("invoice", 20 * DAY), ("invoice", 35 * DAY))
    for name, (answer, ago) in zip(names, said, strict=True):
        records.answers.add(Answer(name, answer, "ann", NOW - ago))
    values = gather(records)
    assert value(values, "accuracy_ratio", review="all", window="7d") == 0.5
    assert value(values, "accuracy_ratio", review="passed", window="30d") == pytest.approx(2 / 3)
    assert value(values, "accuracy_documents", review="asked", window="30d") == 0
    assert value(values, "verified_documents", label="invoice", review="passed", outcome="wrong") == 1
    assert value(values, "corrections", **{"from": "invoice", "to": "letter"}) == 1


def test_corrections_beyond_the_most_frequent_are_one_and_so_are_labels() -> None:
    instruments = PrometheusInstruments()
    counts = [VerifiedCount(f"l{number % 30}", f"x{number}", True, False, number + 1) for number in range(53)]
    ServiceMetrics(instruments).set_figures(tuple(describe_verified(counts)))
    series = scrape(instruments)
    corrections = {name: value for name, value in series.items() if name.startswith("sake_corrections")}
    assert len(corrections) == 51
    assert read(instruments, "sake_corrections", **{"from": "l22", "to": "x52"}) == 53
    assert read(instruments, "sake_corrections", **{"from": MORE, "to": MORE}) == 1 + 2 + 3
    verified = [value for name, value in series.items() if name.startswith("sake_verified")]
    assert (len(verified), sum(verified), sum(corrections.values())) == (26, 53 * 54 / 2, 53 * 54 / 2)


def test_the_last_training_that_succeeded_and_one_that_failed_after_it_are_told(records: Records) -> None:
    for state, at in ((JobState.SUCCEEDED, NOW - 3 * DAY), (JobState.FAILED, NOW - DAY)):
        job = records.jobs.add("train", {}, by="ann", now=at)
        begun = records.jobs.start(job.number, attempt=None, now=at)
        records.jobs.finish(job.number, begun.attempt, state, now=at)
    values = gather(records)
    assert value(values, "job_success_timestamp_seconds", kind="train") == (NOW - 3 * DAY).timestamp()
    assert value(values, "job_last_failed", kind="train") == 1
    assert value(values, "job_last_failed", kind="tune") == 0


def test_disks_are_measured_where_the_folder_will_be_and_the_workspace_while_it_is_held(
    records: Records, tmp_path: Path
) -> None:
    values = gather(records, Places({"home": tmp_path / "new"}, find_held_since=lambda: NOW - HOUR))
    free, size = (value(values, f"disk_{kind}_bytes", place="home") for kind in ("free", "size"))
    assert free is not None
    assert size is not None
    assert 0 < free <= size
    assert value(values, "workspace_held_seconds") == 3600


def model_folder(folder: Path, name: str, classifier: Classifier) -> Path:
    classifier.save(folder / name, created=datetime(2026, 1, 1, tzinfo=UTC))
    return folder


def test_documents_like_those_of_the_training_do_not_drift_and_others_do(
    records: Records, tmp_path: Path, trained: tuple[ModelVersion, Classifier]
) -> None:
    learnt = count_traits([Traits("cv", "fr", 1, 120, 91.0)] * 200)
    models = model_folder(tmp_path / "models", "m1", replace(trained[1], profile=learnt))
    classify(records, 150, "cv", at=NOW - DAY)
    values = gather(records, Places(models=models))
    assert value(values, "drift_baseline") == 1
    assert value(values, "drift_psi", feature="words", source="all", against="training") == pytest.approx(0, abs=0.01)
    assert value(values, "drift_documents", source="ocr") == 150
    assert value(values, "drift_psi", feature="label", source="text_layer", against="training") is None
    assert value(values, "drift_psi", feature="label", source="all", against="before") is None
    classify(records, 300, "id", at=NOW - HOUR, words=5)
    values = gather(records, Places(models=models))
    assert (value(values, "drift_psi", feature="words", source="ocr", against="training") or 0) > 0.25
    assert (value(values, "drift_psi", feature="label", source="all", against="training") or 0) > 0.25
    assert value(values, "drift_psi", feature="language", source="all", against="training") == pytest.approx(
        0, abs=0.01
    )


def test_the_last_days_are_compared_with_those_before(records: Records) -> None:
    classify(records, 120, "cv", at=NOW - 20 * DAY)
    classify(records, 120, "id", at=NOW - DAY)
    values = gather(records)
    assert (value(values, "drift_psi", feature="label", source="all", against="before") or 0) > 0.25
    assert value(values, "drift_psi", feature="pages", source="all", against="before") == pytest.approx(0, abs=0.01)


def test_a_model_from_before_there_were_profiles_has_no_baseline(
    records: Records, tmp_path: Path, trained: tuple[ModelVersion, Classifier]
) -> None:
    models = model_folder(tmp_path / "models", "m1", replace(trained[1], profile={}))
    classify(records, 120, "cv", at=NOW - DAY)
    for places in (Places(models=models), Places(models=tmp_path / "gone"), Places()):
        values = gather(records, places)
        assert value(values, "drift_baseline") == 0
        assert not any(dict(labels).get("against") == "training" for _, labels in values)
    (models / "m1" / MANIFEST_FILE).write_text("damaged")
    assert value(gather(records, Places(models=models)), "drift_baseline") == 0


def test_drift_is_measured_every_ten_minutes_only(records: Records) -> None:
    gatherer = FigureGatherer(records, Places())
    gatherer.gather(NOW)
    classify(records, 10, "cv", at=NOW - HOUR)
    documents = [figure.value for figure in gatherer.gather(NOW + 9 * HOUR / 60) if figure.name == "drift_documents"]
    assert documents == [0, 0, 0]
    documents = [figure.value for figure in gatherer.gather(NOW + HOUR) if figure.name == "drift_documents"]
    assert documents == [10, 0, 10]


def test_age_of_the_last_backup_is_told_where_backups_are_made(records: Records) -> None:
    made, later, where = NOW - 5 * HOUR, NOW - 2 * HOUR, Places(backs_up=True)
    assert value(gather(records), "backup_age_seconds") is None
    # Before the first one, since the records were begun.
    assert value(gather(records, where), "backup_age_seconds") == 40 * DAY.total_seconds()
    for at in (later, made):  # the clock was set back between the two
        records.audit.add(AuditAction.BACKUP_MADE, by="root", at=at, subject="backup:1")
    assert value(gather(records, where), "backup_age_seconds") == 5 * HOUR.total_seconds()
