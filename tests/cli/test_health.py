"""`sake up` ends when its service has long been silent, and only then."""

import threading

import pytest

from sake_ray.cli import health
from sake_ray.errors import Overloaded


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
