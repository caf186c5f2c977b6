"""How far a classification is, in words."""

import io

import pytest

from sake_ray.batch.progress import RunProgress
from sake_ray.cli.run_display import RunDisplay, TimeLeft, describe_duration, describe_progress, show_run
from tests.waiting import wait_until


def test_progress_names_documents_pages_and_what_is_left() -> None:
    assert (
        describe_progress(RunProgress(3, 40, 12, 0.3), 130.0)
        == "3 of 40 documents, 12 pages read; about 2 minutes left"
    )
    assert describe_progress(RunProgress(0, 1, 0, 0.0), None) == "0 of 1 documents"
    assert describe_progress(RunProgress(1, 1, 1, 1.0), 0.0) == "1 of 1 documents, 1 page read"


def test_time_left_goes_by_the_work_done_since_the_first_report() -> None:
    left = TimeLeft()
    assert left.estimate(0.5, now=100.0) is None  # known from an earlier run, at no cost
    assert left.estimate(0.51, now=110.0) is None
    assert left.estimate(0.75, now=150.0) == pytest.approx(50.0)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (3, "about 10 seconds"),
        (44, "about 40 seconds"),
        (60, "about 1 minute"),
        (600, "about 10 minutes"),
        (9000, "about 2 hours"),
    ],
)
def test_a_duration_is_said_roughly(seconds: float, said: str) -> None:
    assert describe_duration(seconds) == said


def test_a_line_is_written_when_something_moved() -> None:
    lines: list[str] = []
    display = RunDisplay(None, lines.append)
    display.update(RunProgress(1, 2, 1, 0.5))
    display.write_line()
    display.write_line()
    display.update(RunProgress(1, 2, 2, 0.7))
    display.write_line()
    assert lines[0] == "Classifying: 1 of 2 documents, 1 page read"
    assert len(lines) == 2


def test_a_file_gets_lines_again_and_again(capsys: pytest.CaptureFixture[str]) -> None:
    said = ""

    def written() -> str:
        nonlocal said
        said += capsys.readouterr().err
        return said

    with show_run(io.StringIO(), line_seconds=0.01) as display:
        for pages in (1, 2):
            display.update(RunProgress(0, 2, pages, 0.0))
            wait_until(lambda pages=pages: f"0 of 2 documents, {pages} page" in written())  # type: ignore[misc]
