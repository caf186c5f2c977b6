"""Let a model version serve, or the one before again: asked first, with what speaks for and against it."""

import streamlit as st

from frontends import session
from frontends.admin.acting import act
from frontends.words import Words

MOST_REASON = 1000


def ask_promotion(number: int, words: Words) -> None:
    """Ask before a version is let to serve."""

    @st.dialog(words("admin.models.promote", n=number))
    def ask() -> None:
        st.markdown(words("admin.models.promote_lead", n=number))
        _show_end(f"why-{number}", words("admin.models.promote_yes"), number, words)

    ask()


def ask_rollback(number: int, words: Words) -> None:
    """Ask before the version that served before serves again."""

    @st.dialog(words("admin.models.rollback", n=number))
    def ask() -> None:
        st.markdown(words("admin.models.rollback_lead", n=number))
        _show_end("why-back", words("admin.models.rollback_yes"), number, words)

    ask()


def _show_end(key: str, yes: str, number: int, words: Words) -> None:
    st.text_input(words("admin.models.why"), max_chars=MOST_REASON, key=key)
    if key != "why-back":
        st.checkbox(words("admin.models.force"), key=f"force-{key}")
    with st.container(horizontal=True):
        if st.button(yes, type="primary", key=f"yes-{key}", on_click=_do, args=(key, number, words)):
            st.rerun()
        if st.button(words("admin.keep"), key=f"no-{key}"):
            st.rerun()


def _do(key: str, number: int, words: Words) -> None:
    client, why = session.client(), st.session_state.get(key) or ""
    force = bool(st.session_state.get(f"force-{key}"))

    def doing() -> object:
        return client.rollback(why=why) if key == "why-back" else client.promote(number, why=why, force=force)

    act(doing, words("admin.models.promoted", n=number))
