"""The browser session: the token in the cookie, the language, the client of the service."""

from collections.abc import Mapping
from functools import partial
from urllib.parse import quote, urlsplit

import streamlit as st

from frontends.i18n import Translations, choose_language
from frontends.site import current_site
from sake_ray.client import Client

PATIENCE_SECONDS = 3.0
"""How long a page retries before it shows the error and waits for the service."""
ANSWER_SECONDS = 15.0
LANGUAGE_COOKIE = "sake_language"


def cookies() -> Mapping[str, str]:
    """The browser's cookies; tests replace this."""
    return st.context.cookies


def address() -> str:
    """The browser's address; Streamlit names none of this machine. Tests replace this."""
    return st.context.ip_address or "127.0.0.1"


def peer() -> str:
    """State to the service where the person at the browser is."""
    return current_site().state_peer(address())


def token() -> str:
    """The token from signing in, or empty. It goes into the client and nowhere else."""
    return str(cookies().get(current_site().cookie, ""))


def words() -> Translations:
    """The texts in the language chosen on the page, or else the browser's."""
    return Translations(choose_language(cookies().get(LANGUAGE_COOKIE, ""), st.context.locale or ""))


def client(*, patience: float = PATIENCE_SECONDS) -> Client:
    """The client of this session; its connections stay open from view to view."""
    own, stored = token(), st.session_state.get("client")
    if stored is None or stored[0] != own:
        made = Client(current_site().api, own, timeout=ANSWER_SECONDS, peer=peer())
        made.connection.on_answer = partial(current_site().instruments.observe, "screens_api_seconds")
        stored = st.session_state["client"] = (own, made)
    found: Client = stored[1]
    found.connection.patience = patience
    return found


def here() -> str:
    """This page with its query, for the sign-in form to come back to."""
    path = (current_site().find_inner_path(urlsplit(st.context.url or "").path) or "").rpartition("/")[2]
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in st.query_params.items())
    return f"{quote(path)}{'?' + query if query else ''}"
