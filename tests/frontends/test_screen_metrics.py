"""What happens in the screens is counted."""

import logging

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from frontends.screen_metrics import ErrorCount, ScreenMetricsMiddleware
from sake_ray.client import Client
from sake_ray.errors import Overloaded
from sake_ray.metrics import Exporter
from sake_ray.metrics.exposition import PrometheusInstruments
from sake_ray.metrics.instruments import start_counters
from tests.metrics.scraped import read
from tests.ports import free_port


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.receive_text()
    await socket.close()


APP = Starlette(routes=[Route("/", lambda _: PlainTextResponse("here")), WebSocketRoute("/_stcore/stream", talk)])


def test_requests_and_open_pages_are_counted() -> None:
    instruments = PrometheusInstruments()
    http = TestClient(ScreenMetricsMiddleware(APP, instruments=instruments))
    http.get("/")
    http.get("/nowhere")
    with http.websocket_connect("/_stcore/stream") as page:
        assert read(instruments, "sake_screens_sessions") == 1
        page.send_text("bye")
        page.receive()
    assert read(instruments, "sake_screens_sessions") == 0
    assert read(instruments, "sake_screens_requests_total", status="2xx") == 1
    assert read(instruments, "sake_screens_requests_total", status="4xx") == 1


def test_pages_that_fail_are_counted_and_other_lines_are_not() -> None:
    instruments, logger = PrometheusInstruments(), logging.Logger("streamlit.error_util")
    logger.addFilter(ErrorCount(instruments))
    start_counters(instruments, Exporter.SCREENS)
    assert read(instruments, "sake_screens_errors_total") == 0
    logger.warning("something else")
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        logger.exception("Uncaught app execution")
    assert read(instruments, "sake_screens_errors_total") == 1


def test_a_client_tells_how_long_answers_took_also_those_that_never_came() -> None:
    took: list[float] = []
    with Client(f"http://127.0.0.1:{free_port()}", patience=0) as client:
        client.connection.on_answer = took.append
        with pytest.raises(Overloaded):
            client.system.ready()
    assert len(took) == 1
