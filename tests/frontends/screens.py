"""The screens over a real office: served on a thread, read as a person would."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from streamlit.testing.v1 import AppTest

from sake_ray.domain.accounts import Role
from tests.ports import free_port
from tests.served_office import ServedOffice
from tests.small_service import SmallService
from tests.waiting import wait_until

Open = Callable[..., AppTest]


@contextmanager
def serving(office: ServedOffice | SmallService, port: int = 0) -> Iterator[str]:
    """Serve an office over HTTP for the duration of a block; its address."""
    port = port or free_port()
    server = uvicorn.Server(
        uvicorn.Config(office.http.app, host="127.0.0.1", port=port, log_level="error", proxy_headers=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started, interval=0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def shown(test: AppTest) -> str:
    """All that can be read on a page."""
    kinds = (
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "html",
        "warning",
        "error",
        "text",
        "success",
        "info",
    )
    return "\n".join(
        str(element.value if kind != "html" else element.proto.body) for kind in kinds for element in test.get(kind)
    )


def colleague(office: ServedOffice, role: Role) -> dict[str, str]:
    """Another account."""
    return office.account(f"{role}-colleague", role)
