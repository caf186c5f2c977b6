"""A run: every source has its result in its place, copies share one, and the journal knows it first."""

from dataclasses import replace
from pathlib import Path

import pytest

from sake_ray.batch.journal import ResultJournal
from sake_ray.batch.progress import ProgressTracker, RunProgress, ignore_run_progress
from sake_ray.batch.result import ClassificationResult
from sake_ray.batch.results import SourceResults, find_known
from sake_ray.data.sources import SourceFile
from sake_ray.domain.documents import Status
from sake_ray.errors import EmptyFile, ReadingStalled

PATHS = ["a.pdf", "b.pdf", "copy of a.pdf"]
DIGESTS = ["12ab", "34cd", "12ab"]
READ = ClassificationResult("", "12ab", Status.COMPLETED, label="facture", confidence=0.9)
FAILED = ClassificationResult("", "", Status.FAILED, error="The file is empty.")


@pytest.fixture
def progress() -> list[tuple[int, int]]:
    """What was reported."""
    return []


@pytest.fixture
def results(progress: list[tuple[int, int]]) -> SourceResults:
    """The results of three sources, two of which are copies; none is there yet."""
    sources = [SourceFile(path, path.encode()) for path in PATHS]
    tracker = ProgressTracker([1.0] * len(sources), lambda now: progress.append((now.documents, now.total)))
    return SourceResults(sources, "7", tracker)


def again_over(results: SourceResults) -> SourceResults:
    """The results of another run over the same sources; none is there yet."""
    tracker = ProgressTracker([1.0] * len(results.sources), ignore_run_progress)
    return SourceResults(results.sources, "7", tracker)


def journal(folder: Path) -> ResultJournal:
    return ResultJournal(folder / "out.csv.journal", model="m", recipe="r")


def test_copies_share_one_result_each_under_its_own_path(results: SourceResults) -> None:
    find_known(results, DIGESTS, None, retry_failed=False)
    assert results.waiting == {"12ab": [0, 2], "34cd": [1]}
    results.settle("12ab", READ, None)
    assert [(result.path, result.sha256, result.model_version) for result in results.all()] == [
        ("a.pdf", "12ab", "7"),
        ("copy of a.pdf", "12ab", "7"),
    ]
    assert results.waiting == {"34cd": [1]}


def test_results_are_in_the_order_of_the_sources(results: SourceResults, progress: list[tuple[int, int]]) -> None:
    find_known(results, DIGESTS, None, retry_failed=False)
    results.settle("34cd", READ, None)
    results.settle("12ab", READ, None)
    assert [result.path for result in results.all()] == PATHS
    assert progress == [(1, 3), (3, 3)]


def test_failed_source_keeps_the_digest_of_its_bytes_unless_they_could_not_be_read(results: SourceResults) -> None:
    find_known(results, ["", "34cd", ""], None, retry_failed=False)
    for digest in list(results.waiting):
        results.settle(digest, FAILED, None)
    assert [result.sha256 for result in results.all()] == ["", "34cd", ""]


def test_every_copy_is_known_from_the_journal_in_the_next_run(results: SourceResults, tmp_path: Path) -> None:
    with journal(tmp_path).open() as written:
        find_known(results, DIGESTS, written, retry_failed=False)
        results.settle("12ab", READ, written)
    again = again_over(results)
    with journal(tmp_path).open() as read:
        find_known(again, DIGESTS, read, retry_failed=False)
    assert again.all() == results.all()
    assert again.waiting == {"34cd": [1]}


def test_failed_source_waits_again_on_request(results: SourceResults, tmp_path: Path) -> None:
    with journal(tmp_path).open() as written:
        find_known(results, DIGESTS, written, retry_failed=False)
        results.settle("34cd", FAILED, written)
        again = again_over(results)
    with journal(tmp_path).open() as read:
        find_known(again, DIGESTS, read, retry_failed=True)
    assert "34cd" in again.waiting


def test_source_that_failed_through_no_fault_of_its_own_is_read_again_by_the_next_run(
    results: SourceResults, tmp_path: Path
) -> None:
    stalled = ReadingStalled("reading-stalled", page=1, seconds=600)
    with journal(tmp_path).open() as written:
        find_known(results, DIGESTS, written, retry_failed=False)
        results.settle("34cd", replace(FAILED, error=stalled.message), written)
        results.settle("12ab", replace(FAILED, error=EmptyFile("empty-file").message), written)
    again = again_over(results)
    with journal(tmp_path).open() as read:
        find_known(again, DIGESTS, read, retry_failed=False)
    assert again.waiting == {"34cd": [1]}


def test_copy_that_comes_after_the_result_shares_it(results: SourceResults, tmp_path: Path) -> None:
    with journal(tmp_path).open() as written:
        results.settle(results.identify(2, "12ab", written), READ, written)
        results.identify(0, "12ab", written)
        assert [result.path for result in results.all()] == ["a.pdf", "copy of a.pdf"]
        assert [index for index, _ in results.missing()] == [1]
    with journal(tmp_path).open() as read:
        assert read.list_digests(retry_failed=False) == {"a.pdf": {"12ab"}, "copy of a.pdf": {"12ab"}}


def test_second_result_for_the_same_bytes_changes_nothing(results: SourceResults) -> None:
    results.settle(results.identify(0, "12ab", None), READ, None)
    results.settle(results.identify(0, "12ab", None), replace(READ, label="resume"), None)
    assert [result.label for result in results.all()] == ["facture"]
    assert results.done == 1


def test_progress_counts_pages_and_weighs_work() -> None:
    seen: list[RunProgress] = []
    tracker = ProgressTracker([3.0, 1.0], seen.append)
    tracker.add_pages(0, 1, 3)
    tracker.add_pages(0, 2, 3)
    tracker.finish(0)
    tracker.finish(1)
    tracker.report()
    assert seen == [RunProgress(0, 2, 1, 0.25), RunProgress(0, 2, 3, 0.75), RunProgress(2, 2, 3, 1.0)]
