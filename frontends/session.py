"""Who looks at this page: the token in the cookie, the language, the client that speaks for them."""

from collections.abc import Mapping
from urllib.parse import quote

import streamlit as st

from frontends.i18n import Translations, choose_language
from frontends.site import current_site
from sake_ray.client import Client

PATIENCE_SECONDS = 3.0
"""How long a page sends again what was refused, before it says so and goes on by itself."""
ANSWER_SECONDS = 15.0
LANGUAGE_COOKIE = "sake_language"


def cookies() -> Mapping[str, str]:
    """The browser's cookies; tests put others in this place."""
    return st.context.cookies


def token() -> str:
    """The token of who signed in, empty when nobody did. It goes into the client and nowhere else."""
    return str(cookies().get(current_site().cookie, ""))


def words() -> Translations:
    """The words in the language chosen on the page, or else the browser's."""
    return Translations(choose_language(cookies().get(LANGUAGE_COOKIE, ""), st.context.locale or ""))


def client(*, patience: float = PATIENCE_SECONDS) -> Client:
    """The client of this session; connections are kept from view to view."""
    mine, kept = token(), st.session_state.get("client")
    if kept is None or kept[0] != mine:
        kept = st.session_state["client"] = (mine, Client(current_site().api, mine, timeout=ANSWER_SECONDS))
    found: Client = kept[1]
    found.connection.patience = patience
    return found


def here() -> str:
    """This page with its query, as a sign-in page can bring us back to it."""
    path = (st.context.url or "").rstrip("/").rpartition("/")[2] if st.context.url else ""
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in st.query_params.items())
    return f"{quote(path) if ':' not in path else ''}{'?' + query if query else ''}"
