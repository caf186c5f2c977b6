"""`sake up` ends when its service has long been silent, and only then."""

import sys
import threading
from pathlib import Path

import pytest

from sake_ray.cli import health
from sake_ray.data.pages.media import ENDINGS, detect_media_type
from sake_ray.errors import Overloaded
from tests.cli.loaded import HEAVY


def test_a_service_that_is_never_said_to_run_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.01)
    with pytest.raises(Overloaded, match="has not answered"):
        health.watch(lambda: False, threading.Event(), max_silence=0.1)


def test_a_service_whose_controller_never_answers_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.01)
    release = threading.Event()
    try:
        with pytest.raises(Overloaded):
            health.watch(release.wait, threading.Event(), max_silence=0.1)
    finally:
        release.set()


def test_a_service_that_is_said_to_run_goes_on_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.01)
    stop, asked = threading.Event(), 0

    def is_running() -> bool:
        nonlocal asked
        asked += 1
        if asked == 20:
            stop.set()
        return True

    health.watch(is_running, stop, max_silence=60)
    assert asked >= 20


def test_the_test_document_is_drawn_by_a_process_that_ends() -> None:
    loaded = {name for name in HEAVY if name in sys.modules}
    name, data = health.generate_test_document()
    assert ENDINGS[detect_media_type(data)] == Path(name).suffix
    assert {name for name in HEAVY if name in sys.modules} == loaded
    assert health.generate_test_document() == (name, data)
