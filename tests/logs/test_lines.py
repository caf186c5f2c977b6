"""Logs tell where something went wrong and of what kind it was, and quote nothing."""

import json
import logging
import sys
from io import StringIO
from pathlib import Path

import pytest

from sake_ray.errors import NotFound
from sake_ray.logs import JsonFormatter, WithoutWords, set_up_logs

NAME = "Ravaillac"


def fail() -> None:
    try:
        try:
            raise KeyError(NAME)
        except KeyError as error:
            raise NotFound("reference-not-found", reference=NAME) from error
    except NotFound:
        raise ExceptionGroup(NAME, [ValueError(NAME), TypeError(NAME)])  # noqa: B904


def log_failure(formatter: JsonFormatter) -> dict[str, str]:
    try:
        fail()
    except ExceptionGroup:
        record = logging.LogRecord("sake_ray.x", logging.ERROR, "x.py", 1, "request failed", (), sys.exc_info())
    line: dict[str, str] = json.loads(formatter.format(record))
    return line


def test_traceback_quotes_nothing_of_what_exceptions_say() -> None:
    assert NAME not in log_failure(JsonFormatter("gateway"))["traceback"]


def test_traceback_names_places_kinds_and_codes_with_the_first_cause_first() -> None:
    told = log_failure(JsonFormatter("gateway"))["traceback"]
    kinds = [line for line in told.splitlines() if not line.startswith((" ", "Traceback", "which led to"))]
    code = "reference-not-found"
    assert kinds == ["KeyError", f"sake_ray.errors.NotFound ({code})", "ExceptionGroup", "ValueError", "TypeError"]
    assert f'File "{__file__}"' in told
    assert "in fail" in told


def test_debugging_shows_what_exceptions_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", StringIO())
    for level, quoted in (("DEBUG", True), ("INFO", False)):
        set_up_logs("test", folder=tmp_path / level, level=level)
        try:
            int(NAME + level)
        except ValueError:
            logging.getLogger("sake_ray.test").exception("failed")
        assert (f"{NAME}{level}" in (tmp_path / level / "test.log").read_text()) == quoted
    ours = logging.getLogger("sake_ray")
    ours.handlers.clear()
    ours.propagate = True


@pytest.mark.parametrize("name", ["ray.serve", "streamlit.error_util"])
def test_loggers_of_others_quote_nothing_either(name: str) -> None:
    told = StringIO()
    logger, handler = logging.getLogger(name), logging.StreamHandler(told)
    handler.setFormatter(logging.Formatter("%(message)s"))
    withheld = WithoutWords()
    logger.addHandler(handler)
    logger.addFilter(withheld)
    try:
        fail()
    except ExceptionGroup:
        logger.exception("Uncaught")
    finally:
        logger.removeHandler(handler)
        logger.removeFilter(withheld)
    assert "ExceptionGroup" in told.getvalue()
    assert NAME not in told.getvalue()
