"""What a command or a job logs for people quotes no exception: standard error may be a file, and that of a job is one."""

import logging
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from sake_ray.cli import job_execution
from sake_ray.cli.terminal import make_log_handler
from sake_ray.domain.jobs import Job
from sake_ray.jobs.runner import JobContext, Work
from sake_ray.settings import Settings
from sake_ray.storage.records import Records

NAME = "Ravaillac"


@pytest.fixture(autouse=True)
def _ours() -> Iterator[None]:
    ours = logging.getLogger("sake_ray")
    yield
    ours.handlers.clear()
    ours.propagate = True


def log_failure() -> None:
    try:
        int(NAME)
    except ValueError:
        logging.getLogger("sake_ray.test").exception("it failed")


@pytest.mark.parametrize(("level", "quoted"), [("WARNING", False), ("INFO", False), ("DEBUG", True)])
def test_only_debugging_shows_people_what_exceptions_say(
    level: str, quoted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", StringIO())
    handler, ours = make_log_handler(level), logging.getLogger("sake_ray")
    ours.addHandler(handler)
    log_failure()
    told = handler.stream.getvalue()  # type: ignore[attr-defined]
    assert told.startswith("ERROR sake_ray.test: it failed\nTraceback")
    assert "ValueError" in told
    assert (NAME in told) == quoted


def test_what_another_handler_has_quoted_is_not_shown() -> None:
    told = StringIO()
    handler, ours = make_log_handler("WARNING"), logging.getLogger("sake_ray")
    handler.setStream(told)  # type: ignore[attr-defined]
    ours.addHandler(logging.StreamHandler(StringIO()))
    ours.addHandler(handler)
    log_failure()
    assert "ValueError" in told.getvalue()
    assert NAME not in told.getvalue()


@pytest.mark.parametrize(("level", "quoted"), [("WARNING", False), ("DEBUG", True)])
def test_the_logs_of_a_job_quote_exceptions_when_debugging_only(
    tmp_path: Path, level: str, quoted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make_work(settings: Settings, job: Job) -> Work:
        def work(context: JobContext) -> Mapping[str, object]:
            log_failure()
            return {}

        return work

    monkeypatch.setattr(job_execution, "WORK_BY_KIND", {"train": make_work})
    settings = Settings(home=tmp_path, log_level=level)
    records = Records(f"sqlite:///{tmp_path / 'records.db'}")
    records.database.migrate()
    job = records.jobs.add("train", {}, by="ann", now=datetime.now(UTC))
    with open(2, "w", closefd=False) as stderr:  # which the job copies
        monkeypatch.setattr(sys, "stderr", stderr)
        job_execution.run_in_process(settings, records, job, attempt=None)
    records.database.close()
    for log in (tmp_path / "jobs/1.log", tmp_path / "logs/jobs.log"):
        told = log.read_text()
        assert ("it failed" in told, NAME in told) == (True, quoted), log
