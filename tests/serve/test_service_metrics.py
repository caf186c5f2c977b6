"""What the deployments tell the metrics, as Prometheus would read it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sake_ray.domain.documents import Batch, Document, Status
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.parts import SplitMode
from sake_ray.domain.texts import Box, DocumentText, Page, ReadingSource, Recipe, Word, WordSource
from sake_ray.domain.verdicts import Policy, Prediction, Verdict
from sake_ray.errors import Message, NoChampion, StorageUnavailable
from sake_ray.metrics.exposition import PrometheusInstruments
from sake_ray.metrics.metric import MORE
from sake_ray.registry.champion import CHAMPION
from sake_ray.serve.attempts import AttemptRunner, ReadingEvent, ReadingFailure, ReadingResult
from sake_ray.serve.champion import Champion
from sake_ray.serve.figures import Places
from sake_ray.serve.orchestrator import Orchestrator
from sake_ray.serve.service_metrics import ServiceMetrics, count_page, set_confinement, set_model
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import QueueDepth, Records, WatchedPlace
from tests.metrics.scraped import read, scrape
from tests.serve.test_champion import FolderRegistry, Trained

RECIPE = Recipe("tesseract", "5", "fra+eng", 1, 1)
WORD = Word("bonjour", Box(0, 0, 1, 1), 92.0, 0)
PAGE = Page(1, 10, 10, (WORD,), WordSource.OCR, notes=(Message("hidden-text-ignored", words=9),))
TEXT = DocumentText("0" * 64, "image/png", (PAGE,), (), "fr", RECIPE)
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
VERDICT = Verdict("cv", 0.72, {"cv": 0.72, "other": 0.28}, True)


@pytest.fixture
def records(tmp_path: Path, tables: Path) -> Records:
    records = Records(f"sqlite:///{shutil.copyfile(tables, tmp_path / 'records.db')}")
    records.policies.apply_settings(Policy(), now=datetime.now(UTC))
    return records


@pytest.fixture
def instruments() -> PrometheusInstruments:
    return PrometheusInstruments()


def attempt(records: Records, instruments: PrometheusInstruments, event: ReadingEvent | Exception) -> None:
    """Hand a document in five seconds ago, and make one attempt at it."""
    now = datetime.now(UTC)
    batch = Batch("batch", "R", "paris", "marie", now - timedelta(seconds=5))
    document = Document("a", "batch", "R", "paris", "a.png", "image/png", 1, "0" * 64, "a.png", batch.submitted_at)
    records.documents.accept(batch, [document])

    async def read_it(document: Document) -> AsyncIterator[ReadingEvent]:
        if isinstance(event, Exception):
            raise event
        yield event

    async def classify(text: DocumentText, split: SplitMode) -> Prediction:
        return Prediction(VERDICT, "1", "hash", 1)

    (held,) = records.queue.claim("w", limit=1, lease=timedelta(minutes=1), now=now)
    runner = AttemptRunner(records, read=read_it, classify=classify, observer=ServiceMetrics(instruments))
    asyncio.run(runner.run(held))


def test_a_classified_document_is_counted_with_all_that_is_known_of_it(
    records: Records, instruments: PrometheusInstruments
) -> None:
    attempt(records, instruments, ReadingResult(TEXT, ReadingSource.NEURAL))
    ended = {"status": "COMPLETED", "label": "cv", "source": "neural"}
    assert read(instruments, "sake_documents_ended_total", **ended) == 1
    assert read(instruments, "sake_documents_to_review_total", label="cv") == 1
    assert read(instruments, "sake_documents_noted_total", note="hidden-text-ignored") == 1
    assert read(instruments, "sake_prediction_confidence_bucket", label="cv", le="0.8") == 1
    assert read(instruments, "sake_prediction_confidence_bucket", label="cv", le="0.7") == 0
    assert read(instruments, "sake_ocr_confidence_sum") == 92
    assert read(instruments, "sake_document_seconds_bucket", pages="1", le="2.0") == 0
    assert read(instruments, "sake_document_seconds_count", pages="1") == 1
    for stage in ("wait", "read", "classify", "whole"):
        assert read(instruments, "sake_stage_seconds_count", stage=stage) == 1
    found = records.documents.get("a", team=None).reading
    assert found
    assert found.words == 1


def test_a_part_does_not_count_the_time_before_its_file_was_split(instruments: PrometheusInstruments) -> None:
    now = datetime.now(UTC)
    part = Document("b", "batch", "R", "paris", "a.png", "image/png", 1, "0" * 64, "a.png", now, parent="a")
    part = replace(part, page_range=PageRange(1, 1))
    ServiceMetrics(instruments).count_completed(part, TEXT, VERDICT, ReadingSource.CACHE, 9e9)
    assert read(instruments, "sake_document_seconds_count", pages="1") is None


def test_a_document_at_fault_is_counted_with_its_reason(records: Records, instruments: PrometheusInstruments) -> None:
    attempt(records, instruments, ReadingFailure(Message("image-damaged")))
    assert read(instruments, "sake_documents_ended_total", status="FAILED", label="", source="none") == 1
    assert read(instruments, "sake_documents_unreadable_total", reason="image-damaged") == 1


def test_a_document_without_legible_text_counts_as_unreadable(instruments: PrometheusInstruments) -> None:
    document = Document("a", "batch", "R", "paris", "a", "image/png", 1, "0" * 64, "a", datetime.now(UTC))
    verdict = Verdict(None, None, {}, True, Message("no-text"), scant=True)
    ServiceMetrics(instruments).count_completed(document, TEXT, verdict, ReadingSource.BLANK, 1.0)
    assert read(instruments, "sake_documents_unreadable_total", reason="no-text") == 1
    assert read(instruments, "sake_documents_ended_total", status="COMPLETED", label="", source="blank") == 1


def test_an_attempt_that_was_put_back_and_the_next_one_are_counted(
    records: Records, instruments: PrometheusInstruments
) -> None:
    attempt(records, instruments, StorageUnavailable("store-not-a-folder", folder="/x"))
    assert read(instruments, "sake_attempts_put_back_total", cause="SERVICE") == 1
    assert read(instruments, "sake_attempts_repeated_total") is None
    later = datetime.now(UTC) + timedelta(hours=1)
    (held,) = records.queue.claim("w", limit=1, lease=timedelta(minutes=1), now=later)
    runner = AttemptRunner(records, read=None, classify=None, observer=ServiceMetrics(instruments))  # type: ignore[arg-type]
    asyncio.run(runner.run(held))
    assert read(instruments, "sake_attempts_repeated_total") == 1
    assert read(instruments, "sake_attempts_put_back_total", cause="UNEXPECTED") == 1


def orchestrate(records: Records, tmp_path: Path, instruments: PrometheusInstruments) -> Orchestrator:
    parts = {"read": None, "classify": None, "max_in_work": 1}
    return Orchestrator(records, FolderStore(tmp_path), observer=ServiceMetrics(instruments), **parts)  # type: ignore[arg-type]


def test_figures_are_set_anew_with_each_measurement_until_they_are_old(
    records: Records, tmp_path: Path, instruments: PrometheusInstruments
) -> None:
    worker = orchestrate(records, tmp_path, instruments)
    worker.measure()
    assert read(instruments, "sake_documents_lost") is None
    assert read(instruments, "sake_queue_depth") == 0
    worker.gather_figures()
    worker.measure()
    assert read(instruments, "sake_documents_lost") == 0
    instruments.forget("documents_lost")  # as Ray does with a gauge that is not set again
    worker.measure()
    assert read(instruments, "sake_documents_lost") == 0
    instruments.forget("documents_lost")
    worker._figures_at -= 1_000
    worker.measure()
    assert read(instruments, "sake_documents_lost") is None


def test_a_figure_that_cannot_be_gathered_stops_nothing(
    records: Records, tmp_path: Path, instruments: PrometheusInstruments
) -> None:
    def fail() -> datetime | None:
        raise OSError("no such device")

    worker = Orchestrator(
        records, FolderStore(tmp_path), read=None, classify=None, max_in_work=1,  # type: ignore[arg-type]
        observer=ServiceMetrics(instruments), places=Places(find_held_since=fail),
    )  # fmt: skip
    worker.gather_figures()
    worker.measure()
    assert read(instruments, "sake_queue_depth") == 0
    assert read(instruments, "sake_documents_lost") is None


def test_every_status_is_there_from_the_beginning(
    records: Records, tmp_path: Path, instruments: PrometheusInstruments
) -> None:
    orchestrate(records, tmp_path, instruments).measure()
    statuses = [series for series in scrape(instruments) if series.startswith("sake_documents{")]
    assert len(statuses) == 8


def test_of_labels_beyond_the_bound_the_documents_are_added_up(instruments: PrometheusInstruments) -> None:
    counts = [(Status.COMPLETED, f"label {number}", number + 1) for number in range(30)]
    metrics = ServiceMetrics(instruments)
    for _ in range(2):
        metrics.set_depth(QueueDepth(tuple(counts), 0, None), NOW)
        found = {series: value for series, value in scrape(instruments).items() if series.startswith("sake_documents{")}
        assert sum(found.values()) == 30 * 31 / 2
        assert read(instruments, "sake_documents", status="COMPLETED", label="label 29") == 30
        assert read(instruments, "sake_documents", status="COMPLETED", label=MORE) == sum(range(1, 7))
    metrics.set_depth(QueueDepth(tuple(counts[:-1]), 0, None), NOW)
    assert read(instruments, "sake_documents", status="COMPLETED", label="label 29") == 0


@pytest.mark.parametrize("away", [0, 29, 30, 39])
def test_an_away_place_is_told_however_many_there_are(instruments: PrometheusInstruments, away: int) -> None:
    def place(number: int) -> WatchedPlace:
        is_away = number == away
        return WatchedPlace(
            str(number), f"place {number}", "paris", NOW - timedelta(hours=is_away), 5, 2, 1,
            NOW - timedelta(days=is_away), "gone" if is_away else "",
        )  # fmt: skip

    ServiceMetrics(instruments).set_watched([place(number) for number in range(40)], NOW)
    told = f"place {away}" if away < 30 else MORE
    labels = {"place": told, "team": "paris" if away < 30 else MORE}
    assert read(instruments, "sake_watch_away", **labels) == 1
    assert read(instruments, "sake_watch_oldest_seconds", **labels) == 24 * 3600
    assert read(instruments, "sake_watch_looked_at_seconds", **labels) == NOW.timestamp() - 3600
    for name, each in {"away": None, "handed_in": 5, "failed": 2, "waiting": 1}.items():
        found = [value for series, value in scrape(instruments).items() if series.startswith(f"sake_watch_{name}{{")]
        assert (len(found), sum(found)) == (31, 40 * each if each else 1)


def test_of_two_places_of_one_name_the_one_that_is_away_is_told(instruments: PrometheusInstruments) -> None:
    first, second = (WatchedPlace(name, "scans", "paris", NOW, away=away) for name, away in (("a", "gone"), ("b", "")))
    ServiceMetrics(instruments).set_watched([first, second], NOW)
    assert read(instruments, "sake_watch_away", place="scans", team="paris") == 1


def test_that_no_document_has_failed_is_told_from_the_beginning(instruments: PrometheusInstruments) -> None:
    metrics = ServiceMetrics(instruments)
    for status in ("FAILED", "NEEDS_OPS"):
        assert read(instruments, "sake_documents_ended_total", status=status, label="", source="none") == 0
    metrics.count_left_to_ops()
    assert read(instruments, "sake_documents_ended_total", status="NEEDS_OPS", label="", source="none") == 1


def test_pages_are_counted_and_only_those_that_were_read_are_timed(instruments: PrometheusInstruments) -> None:
    count_page(instruments, ReadingSource.TESSERACT, 2.0)
    count_page(instruments, ReadingSource.CACHE, 0.0)
    count_page(instruments, ReadingSource.NONE, 5.0)
    assert read(instruments, "sake_pages_read_total", source="cache") == 1
    assert read(instruments, "sake_page_seconds_sum", source="tesseract") == 2
    assert read(instruments, "sake_pages_read_total", source=MORE) == 1
    assert read(instruments, "sake_page_seconds_count", source="cache") is None
    assert sum("seconds_sum" in series for series in scrape(instruments)) == 1


def test_layers_of_the_confinement_are_told(instruments: PrometheusInstruments) -> None:
    set_confinement(instruments, {"network": "no namespaces"})
    assert read(instruments, "sake_reader_confined", layer="network") == 0
    assert read(instruments, "sake_reader_confined", layer="files") == 1


@pytest.fixture
def registry(tmp_path: Path) -> FolderRegistry:
    return FolderRegistry(tmp_path / "registry")


def follow(registry: FolderRegistry, tmp_path: Path, recipe: Recipe, failures: list[str]) -> Champion:
    """A champion that notes why versions could not be loaded."""
    return Champion(
        registry, tmp_path / "models", recipe, lambda _: None, on_refused=lambda error: failures.append(error.code)
    )


def test_the_model_that_serves_is_told_and_whether_the_policy_was_made_for_it(
    registry: FolderRegistry, tmp_path: Path, trained: Trained, instruments: PrometheusInstruments
) -> None:
    champion = follow(registry, tmp_path, trained[1].recipe, [])
    version = registry.add(trained[1], 1)
    registry.aliases[CHAMPION] = version.sha256
    champion.follow()
    set_model(instruments, champion, Policy(3, wrong_in=100, model_hash="other"))
    names = {"version": "1", "hash": version.sha256[:12], "role": "champion"}
    assert read(instruments, "sake_model_info", **names) == 1
    for name, value in {
        "model_serves": 1, "champion_refused": 0, "registry_reachable": 1, "policy_holds": 0, "policy_served_version": 3
    }.items():  # fmt: skip
        assert read(instruments, f"sake_{name}") == value, name
    assert read(instruments, "sake_model_created_timestamp_seconds") == pytest.approx(version.created.timestamp())
    set_model(instruments, champion, Policy(4, wrong_in=100, model_hash=version.sha256))
    assert read(instruments, "sake_policy_holds") == 1


def test_each_version_that_serves_is_told_by_its_number_and_the_one_before_no_more(
    registry: FolderRegistry, tmp_path: Path, trained: Trained, instruments: PrometheusInstruments
) -> None:
    champion = follow(registry, tmp_path, trained[1].recipe, [])
    version = registry.add(trained[1], 1)
    registry.aliases[CHAMPION] = version.sha256
    champion.follow()
    assert champion.served
    for number in range(1, 8):
        named = replace(version, number=number, sha256=f"{number}" * 64)
        champion.served = replace(champion.served, version=named)
        set_model(instruments, champion, Policy())
        told = [series for series in scrape(instruments) if series.startswith("sake_model_info")]
        assert told == [f'sake_model_info{{hash="{f"{number}" * 12}",role="champion",version="{number}"}}']


def test_a_champion_that_cannot_be_loaded_is_told_while_the_one_before_serves(
    registry: FolderRegistry, tmp_path: Path, trained: Trained, instruments: PrometheusInstruments
) -> None:
    failures: list[str] = []
    champion = follow(registry, tmp_path, trained[1].recipe, failures)
    registry.aliases[CHAMPION] = registry.add(trained[1], 1).sha256
    champion.follow()
    registry.aliases[CHAMPION] = registry.add(trained[1], 2, damaged=True).sha256
    champion.follow()
    set_model(instruments, champion, Policy())
    assert (read(instruments, "sake_champion_refused"), read(instruments, "sake_model_serves")) == (1, 1)
    assert len(failures) == 1
    registry.down = True
    champion.follow()
    set_model(instruments, champion, Policy())
    assert read(instruments, "sake_registry_reachable") == 0


def test_a_champion_that_cannot_be_loaded_at_the_start_is_told(
    registry: FolderRegistry, tmp_path: Path, trained: Trained, instruments: PrometheusInstruments
) -> None:
    failures: list[str] = []
    champion = follow(registry, tmp_path, trained[1].recipe, failures)
    registry.aliases[CHAMPION] = registry.add(trained[1], 1, damaged=True).sha256
    with pytest.raises(NoChampion):
        champion.follow()
    set_model(instruments, champion, Policy())
    assert (read(instruments, "sake_champion_refused"), read(instruments, "sake_model_serves")) == (1, 0)
    assert len(failures) == 1


def test_before_the_first_model_none_serves_and_none_is_refused(
    registry: FolderRegistry, tmp_path: Path, instruments: PrometheusInstruments
) -> None:
    set_model(instruments, follow(registry, tmp_path, RECIPE, []), Policy())
    assert (read(instruments, "sake_champion_refused"), read(instruments, "sake_model_serves")) == (0, 0)
    assert "sake_policy_holds" not in scrape(instruments)
