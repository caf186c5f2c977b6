"""nginx tells of each request; each is counted, none is named."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from sake_ray.gateway.config import GatewayLimits
from sake_ray.gateway.request_log import LoggedRequest, RequestListener, count_request, parse_line
from sake_ray.metrics.exposition import PrometheusInstruments
from sake_ray.metrics.metric import MORE
from tests.gateway.front import Front, make_config, make_echo, running, serving
from tests.metrics.scraped import read, scrape
from tests.waiting import wait_until

LINE = b"<190>Nov 28 10:00:00 sake: 502 api/v1 0.123 PASSED - 4 1 2 1"


@contextmanager
def counted(folder: Path, **changes: object) -> Iterator[tuple[Front, PrometheusInstruments]]:
    """A gateway whose requests are counted."""
    instruments, listener = PrometheusInstruments(), RequestListener()
    with (
        serving(make_echo()) as address,
        listener.listen(lambda request: count_request(instruments, request)),
        running(folder, replace(make_config(folder, address), listener_port=listener.port, **changes)) as front,  # type: ignore[arg-type]
    ):
        yield front, instruments


def test_requests_are_counted_by_how_they_end_and_where_they_led(tmp_path: Path) -> None:
    with counted(tmp_path) as (front, instruments), front.client() as client:
        client.get("/api/v1/documents")
        client.get("/references/Durand")
        client.get("/metrics")

        def seen() -> bool:
            return read(instruments, "sake_gateway_requests_total", status="4xx", place="other") == 1

        wait_until(seen, interval=0.05)
        assert read(instruments, "sake_gateway_requests_total", status="2xx", place="api/v1") == 1
        assert read(instruments, "sake_gateway_requests_total", status="2xx", place="other") == 1
        assert read(instruments, "sake_gateway_request_seconds_count", place="api/v1") == 1
        assert (read(instruments, "sake_gateway_connections", state="active") or 0) >= 1
        assert "Durand" not in str(scrape(instruments))


def test_what_cannot_be_passed_on_is_counted(tmp_path: Path) -> None:
    with counted(tmp_path, api=("127.0.0.1:1",)) as (front, instruments), front.client() as client:
        assert client.get("/api/v1/documents").status_code == 502
        wait_until(
            lambda: read(instruments, "sake_gateway_upstream_failures_total", place="api/v1") == 1, interval=0.05
        )
        assert '"place":"api/v1"' in (tmp_path / "failures.log").read_text()


def test_what_a_limit_refuses_is_counted(tmp_path: Path) -> None:
    limits = replace(GatewayLimits(), requests_a_second=1, burst=1)
    with counted(tmp_path, limits=limits) as (front, instruments), front.client() as client:
        statuses = [client.get("/api/v1/documents").status_code for _ in range(6)]
        refused = statuses.count(429)
        assert refused
        wait_until(lambda: read(instruments, "sake_gateway_refused_total", limit="requests") == refused, interval=0.05)


def test_the_question_whether_nginx_answers_counts_for_nothing_but_the_connections(tmp_path: Path) -> None:
    with counted(tmp_path) as (front, instruments), front.client() as client:
        assert client.get("/-/alive").status_code == 204
        wait_until(lambda: read(instruments, "sake_gateway_connections", state="active") is not None, interval=0.05)
        assert {series.partition("{")[0] for series in scrape(instruments)} == {"sake_gateway_connections"}


def test_without_a_listener_requests_are_answered(tmp_path: Path) -> None:
    listener = RequestListener()
    with listener.listen(lambda _: None):
        port = listener.port
    with (
        serving(make_echo()) as address,
        running(tmp_path, make_config(tmp_path, address, listener_port=port)) as front,
        front.client() as client,
    ):
        assert [client.get("/api/v1/documents").status_code for _ in range(3)] == [200] * 3


def test_a_line_says_how_a_request_ended() -> None:
    assert parse_line(LINE) == LoggedRequest(502, "api/v1", 0.123, "", (4, 1, 2, 1))
    refused = parse_line(LINE.replace(b"PASSED -", b"PASSED REJECTED"))
    assert refused
    assert refused.refused_by == "connections"


@pytest.mark.parametrize(
    "line", [b"", b"\xff\xfe", b"hello", LINE[:40], LINE + b" and more", LINE.replace(b"502", b"5x2")]
)
def test_what_others_write_to_the_port_is_ignored(line: bytes) -> None:
    assert parse_line(line) is None


def test_a_forged_line_does_not_end_the_listening() -> None:
    instruments, listener = PrometheusInstruments(), RequestListener()
    forged = (LINE.replace(b" 4 ", b" " + b"9" * 400 + b" "), LINE.replace(b"0.123", b"9" * 400 + b".000"))
    with (
        listener.listen(lambda request: count_request(instruments, request)),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        for line in (*forged, LINE.replace(b"502", b"902"), LINE):
            sender.sendto(line, ("127.0.0.1", listener.port))
        wait_until(
            lambda: read(instruments, "sake_gateway_requests_total", status="5xx", place="api/v1"), interval=0.02
        )
    assert read(instruments, "sake_gateway_requests_total", status=MORE, place="api/v1") == 1
    assert read(instruments, "sake_gateway_request_seconds_count", place="api/v1") == 2


def test_a_place_that_nginx_does_not_know_is_other() -> None:
    instruments = PrometheusInstruments()
    count_request(instruments, LoggedRequest(200, "made-up", 0.1, "", (1, 0, 1, 0)))
    assert read(instruments, "sake_gateway_requests_total", status="2xx", place="other") == 1


def test_the_connection_of_a_page_is_not_timed() -> None:
    instruments = PrometheusInstruments()
    count_request(instruments, LoggedRequest(101, "_stcore", 3600.0, "", (1, 0, 1, 0)))
    assert read(instruments, "sake_gateway_requests_total", status="1xx", place="_stcore") == 1
    assert not any("seconds" in series for series in scrape(instruments))


def test_the_listener_ends_with_its_block() -> None:
    before = threading.active_count()
    with RequestListener().listen(lambda _: None):
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
