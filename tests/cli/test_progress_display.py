"""How far something slow is, in words."""

import io

import pytest

from sake_ray.batch.progress import RunProgress
from sake_ray.cli.progress_display import ProgressDisplay, TimeLeft, describe_duration, describe_run, show_progress
from tests.waiting import wait_until


def test_a_classification_is_told_by_documents_and_pages() -> None:
    assert describe_run(RunProgress(3, 40, 12, 0.3)) == "3 of 40 documents, 12 pages read"
    assert describe_run(RunProgress(0, 1, 0, 0.0)) == "0 of 1 documents"
    assert describe_run(RunProgress(1, 1, 1, 1.0)) == "1 of 1 documents, 1 page read"


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
    display = ProgressDisplay("Reading", None, lines.append)
    display.update(0, 8)
    display.write_line()
    display.write_line()
    display.update(4, 8)
    display.write_line()
    assert lines[0] == "Reading: 0 of 8"
    assert lines[1].startswith("Reading: 4 of 8; about ")
    assert lines[1].endswith(" left")
    assert len(lines) == 2


def test_nothing_is_left_at_the_end() -> None:
    lines: list[str] = []
    display = ProgressDisplay("Reading", None, lines.append)
    for done in (0, 4, 8):
        display.update(done, 8)
    display.write_line()
    assert lines == ["Reading: 8 of 8"]


def test_a_file_gets_lines_again_and_again(capsys: pytest.CaptureFixture[str]) -> None:
    said = ""

    def written() -> str:
        nonlocal said
        said += capsys.readouterr().err
        return said

    with show_progress("Reading", stream=io.StringIO(), line_seconds=0.01) as display:
        for done in (1, 2):
            display.update(done, 400)
            wait_until(lambda done=done: f"{done} of 400" in written())  # type: ignore[misc]
