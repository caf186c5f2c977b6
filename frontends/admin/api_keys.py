"""The API keys of programs, on the page of the settings."""

from datetime import UTC, datetime

import streamlit as st

from frontends import paging, session
from frontends.admin.actions import act, store_error
from frontends.admin.formatting import format_day, format_moment
from frontends.double_click import one_click
from frontends.i18n import Translations, literal
from sake_ray.domain.api_keys import Scope
from sake_ray.errors import SakeError
from sake_ray.schemas.api_keys import ApiKeyOut

PAGE_SIZE = 50
MAX_NAME, MAX_TEAM, MAX_DAYS = 63, 100, 3650
DEFAULT_DAYS = 365
USUAL = (Scope.DOCUMENTS_READ, Scope.DOCUMENTS_WRITE)


def show(words: Translations) -> None:
    """Show the keys, and what makes and revokes them."""
    st.header(words("admin.keys.title"), anchor=False, divider="gray")
    st.caption(words("admin.keys.lead"))
    _show_secret(words)
    _show_new(words)
    found = session.client().api_keys.list(cursor=paging.current_cursor("keys"), page_size=PAGE_SIZE)
    if not found.total:
        st.caption(words("admin.keys.none"))
    now = datetime.now(UTC)
    for key in found.items:
        _show_key(key, words, now)
    paging.show_pages("keys", found, words)


def _show_secret(words: Translations) -> None:
    """Show the secret of a new key, once."""
    created: tuple[str, str] | None = st.session_state.pop("made-key", None)
    if created:
        st.success(words("admin.keys.created", name=literal(created[0])), icon=":material/key:")
        st.code(created[1], language=None)


def _show_new(words: Translations) -> None:
    with (
        st.expander(words("admin.keys.add"), icon=":material/vpn_key:"),
        st.form("new-key", border=False, clear_on_submit=True),
    ):
        name = st.text_input(words("admin.keys.name"), max_chars=MAX_NAME, key="key-name")
        team = st.text_input(words("admin.keys.team"), value="office", max_chars=MAX_TEAM, key="key-team")
        st.markdown(words("admin.keys.may"))
        scopes = [
            scope
            for scope in Scope
            if st.checkbox(words(f"admin.keys.scope.{scope.value}"), scope in USUAL, key=f"scope-{scope.value}")
        ]
        days = st.number_input(words("admin.keys.days"), 1, MAX_DAYS, DEFAULT_DAYS, key="key-days")
        if st.form_submit_button(words("admin.keys.add_yes"), type="primary"):
            _add((name or "").strip(), (team or "").strip(), scopes, int(days))


def _add(name: str, team: str, scopes: list[Scope], days: int) -> None:
    try:
        with one_click("add-key", name, team, *scopes, days) as key:
            made = session.client().api_keys.add(name, scopes=scopes, team=team, days=days, key=key)
        st.session_state["made-key"] = (made.name, made.key)
    except SakeError as error:
        store_error(error)
    st.rerun()


def _show_key(key: ApiKeyOut, words: Translations, now: datetime) -> None:
    state = "revoked" if key.revoked_at else "expired" if key.expires_at <= now else ""
    facts = [f"**{literal(key.name)}**", literal(key.team), *([words(f"admin.keys.{state}")] if state else [])]
    with st.expander(" · ".join(facts), key=f"api-key-{key.name}"):
        seen = words("admin.keys.seen", at=format_moment(key.seen_at, words)) if key.seen_at else None
        st.caption(
            words(
                "admin.keys.facts",
                by=literal(key.created_by),
                at=format_moment(key.created_at, words),
                until=format_day(key.expires_at, words),
                seen=seen or words("admin.keys.never"),
            )
        )
        st.markdown("\n".join(f"- {words(f'admin.keys.scope.{scope.value}')}" for scope in key.scopes))
        if not key.revoked_at:
            st.button(
                words("admin.keys.revoke"),
                key=f"revoke-{key.name}",
                icon=":material/block:",
                on_click=_revoke,
                args=(key.name, words),
            )


def _revoke(name: str, words: Translations) -> None:
    act(lambda: session.client().api_keys.revoke(name), words("admin.keys.done", name=name))
