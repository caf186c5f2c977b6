"""What Prometheus has measured, for admin and ops: from a real one, and from servers that are none."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sake_ray.client import Client
from sake_ray.domain.accounts import Role
from sake_ray.schemas.measurements import MeasurementsOut
from sake_ray.serve.measurements import Measuring
from sake_ray.serve.prometheus import MAX_BYTES, Prometheus
from tests.live_prometheus import RULES, has_measured, run_prometheus
from tests.ports import free_port
from tests.small_service import SmallService
from tests.waiting import wait_until


def ask(small: SmallService, url: str) -> Callable[[], MeasurementsOut]:
    """A service with that Prometheus; returns what asks it anew as ops do."""
    client = Client("http://testserver", patience=0)
    client.connection.http = small.http
    small.http.headers.update(small.sign("otto", Role.OPS))

    def fetch() -> MeasurementsOut:
        small.app.state.services = replace(small.app.state.services, measuring=Measuring(Prometheus(url)))
        return client.system.measurements()

    return fetch


@pytest.mark.parametrize("path", ["", "/prometheus"])
def test_ops_see_what_fires_what_answers_and_how_figures_went(small: SmallService, tmp_path: Path, path: str) -> None:
    gone = f"127.0.0.1:{free_port()}"
    with run_prometheus(tmp_path / "prometheus", targets={"gateway": [gone]}, rules=RULES, path=path) as url:
        fetch = ask(small, url)
        seen = wait_until(lambda: found if has_measured(found := fetch()) else None, interval=0.3)
    assert seen.state == "reached"
    firing, pending = seen.alerts
    assert (firing.name, firing.severity, firing.summary) == ("DocumentsNeedOps", "critical", "Two documents need ops.")
    assert (firing.is_firing, firing.runbook) == (True, "docs/runbooks.md#needs-ops")
    assert (pending.name, pending.is_firing) == ("Later", False)
    assert [(part.name, part.answering, part.addresses) for part in seen.parts] == [("gateway", 0, 1)]
    courses = {course.name: course for course in seen.courses}
    assert {point.value for point in courses["waiting"].points} == {3.0}
    assert courses["oldest"].points == []  # what is no number is left out


def test_without_a_prometheus_there_is_nothing_to_see(small: SmallService) -> None:
    answer = small.http.get("/admin/measurements", headers=small.sign("anna", Role.ADMIN))
    assert answer.json() == {"state": "none", "at": None, "alerts": [], "parts": [], "courses": []}


@contextmanager
def serving(body: bytes, status: int = 200, *, trickle: threading.Event | None = None) -> Iterator[str]:
    """A server that answers everything so; with an event it sends byte after byte until that is set."""
    asked.clear()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()
            while trickle and not trickle.wait(0.02):
                try:
                    self.wfile.write(b" ")
                except OSError:
                    return
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    if trickle:
        trickle.set()
    server.shutdown()
    server.server_close()


asked: list[str] = []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"no such page", 404),
        (b"<html>a page", 200),
        (b'{"status": "error", "errorType": "timeout"}', 503),
        (b"[1]", 200),
        (b'{"status": "success", "data": {"alerts": [{"labels": {}}]}}', 200),
        (b'{"status": "success", "data": {"alerts": [], "result": 7}}', 200),
        (b" " * (MAX_BYTES + 1), 200),
    ],
)
def test_what_is_no_prometheus_is_said_to_be_unreachable(small: SmallService, body: bytes, status: int) -> None:
    with serving(body, status) as url:
        seen = ask(small, url)()
    assert (seen.state, seen.courses) == ("unreachable", [])


def test_nobody_there_is_said_to_be_unreachable(small: SmallService) -> None:
    assert ask(small, f"http://127.0.0.1:{free_port()}")().state == "unreachable"


def test_one_that_trickles_is_given_up(small: SmallService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sake_ray.serve.measurements.TOTAL_SECONDS", 0.2)
    with serving(b"", trickle=threading.Event()) as url:
        assert ask(small, url)().state == "unreachable"


def test_many_who_look_ask_once_in_half_a_minute_also_when_it_fails() -> None:
    now = [0.0]
    with serving(b"no such page", 404) as url:
        measuring = Measuring(Prometheus(url, clock=lambda: now[0]))
        first = measuring.get()
        calls = len(asked)
        now[0] = 29.0
        assert measuring.get() is first
        assert len(asked) == calls
        now[0] = 31.0
        assert measuring.get() is not first
        assert len(asked) > calls


def test_whoever_looks_while_another_asks_sees_what_was_known() -> None:
    go, now = threading.Event(), [0.0]
    with serving(b"no such page", 404) as url:
        prometheus = Prometheus(url, clock=lambda: now[0])
        measuring = Measuring(prometheus)
        first = measuring.get()
    with serving(b"", trickle=go) as url:
        prometheus._http.base_url = url
        now[0] = 31.0
        asking = threading.Thread(target=measuring.get)
        asking.start()
        wait_until(lambda: asked)
        assert measuring.get() is first
        go.set()
        asking.join()
    assert measuring.get() is not first
