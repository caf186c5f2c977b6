"""The screens on a real service: the office of the gateway's tests, served over HTTP on a thread."""

from collections.abc import Iterator, Mapping

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from frontends import session
from frontends.site import Site, open_site
from tests.frontends.screens import Open, serving
from tests.serve.conftest import office, open_office, trained
from tests.served_office import PEERS, ServedOffice

SITE_ROLES = ("user", "reviewer", "admin")
BROWSER = "203.0.113.7"
"""Where the people at the screens are; the screens themselves are on 127.0.0.1."""

__all__ = ["office", "open_office", "trained"]


@pytest.fixture
def api(office: ServedOffice) -> Iterator[str]:
    """The address of the office."""
    with serving(office) as url:
        yield url


@pytest.fixture
def site(api: str) -> Site:
    """The application of those who hand documents in."""
    site = Site("user", api, SITE_ROLES, key=PEERS.screens_key, trusted_proxies=PEERS.trusted_proxies)
    open_site(site)
    return site


@pytest.fixture
def marie(office: ServedOffice) -> dict[str, str]:
    """An account, as the header that signs in as it."""
    return office.account("marie")


@pytest.fixture
def opened(site: Site, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as somebody who has signed in, in a language."""

    st.cache_data.clear()  # to Streamlit all tests are one session, which caches responses

    def open_page(sign: Mapping[str, str], page: str = "", *, language: str = "en", **query: str) -> AppTest:
        token = sign.get("Authorization", "").removeprefix("Bearer ")
        monkeypatch.setattr(session, "cookies", lambda: {site.cookie: token, session.LANGUAGE_COOKIE: language})
        monkeypatch.setattr(session, "address", lambda: BROWSER)
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
