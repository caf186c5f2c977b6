"""The screens on a real service: the office of the gateway's tests, served over HTTP on a thread."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest
import uvicorn
from streamlit.testing.v1 import AppTest

from frontends import session
from frontends.site import Site, open_site
from sake_ray.domain.accounts import Role
from tests.ports import free_port
from tests.serve.conftest import Office, office, open_office, trained
from tests.waiting import wait_until

__all__ = ["office", "open_office", "trained"]
SITE_ROLES = ("user", "admin")


@pytest.fixture
def api(office: Office) -> Iterator[str]:
    """The address of the office."""
    with serving(office) as url:
        yield url


@contextmanager
def serving(office: Office, port: int = 0) -> Iterator[str]:
    """Serve an office over HTTP for the duration of a block; its address."""
    port = port or free_port()
    server = uvicorn.Server(uvicorn.Config(office.http.app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started, interval=0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def site(api: str) -> Site:
    """The application of those who hand documents in."""
    site = Site("user", api, SITE_ROLES)
    open_site(site)
    return site


@pytest.fixture
def marie(office: Office) -> dict[str, str]:
    """An account, as the header that signs in as it."""
    return office.account("marie")


Open = Callable[..., AppTest]


@pytest.fixture
def opened(site: Site, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as somebody who has signed in, in a language."""

    def open_page(sign: Mapping[str, str], page: str = "", *, language: str = "en", **query: str) -> AppTest:
        token = sign.get("Authorization", "").removeprefix("Bearer ")
        monkeypatch.setattr(session, "cookies", lambda: {site.cookie: token, session.LANGUAGE_COOKIE: language})
        test = AppTest.from_file(str(site.script), default_timeout=200)
        if page:
            test.run()
            test.switch_page(f"views/{page}.py")
        for name, value in query.items():
            test.query_params[name] = value
        test.run()
        assert not test.exception
        return test

    return open_page


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


def colleague(office: Office, role: Role) -> dict[str, str]:
    """Another account."""
    return office.account(f"{role}-colleague", role)
