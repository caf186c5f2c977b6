"""Erase: what there is of a person, shown first, then removed for good; and the erasures so far."""

from html import escape

import streamlit as st

from frontends import paging, session
from frontends.admin.actions import act, show_outcome, store_error
from frontends.admin.formatting import format_moment, table_html
from frontends.i18n import Translations, literal
from frontends.user.results import empty_html
from sake_ray.errors import SakeError
from sake_ray.schemas.erasures import ErasureOut, ErasurePlanOut

PAGE_SIZE = 50
MAX_REFERENCE, MAX_TEAM = 200, 100
# What people can picture; the report over HTTP has every place.
SHOWN = ("documents", "answers", "training_images", "kept_for_others")
COLUMNS = ("number", "at", "by", "documents", "models", "state")


def main() -> None:
    """Ask for a reference, show what there is of it, and erase it when asked again."""
    words = session.words()
    st.title(words("admin.erasures.title"), anchor=False)
    st.caption(words("admin.erasures.lead"))
    show_outcome(words)
    with st.form("erase", border=True):
        # Kept in the session, not in the address: it names a person.
        reference = st.text_input(words("admin.erasures.reference"), key="erase-reference", max_chars=MAX_REFERENCE)
        team = st.text_input(words("admin.erasures.team"), key="erase-team", max_chars=MAX_TEAM)
        if st.form_submit_button(words("admin.erasures.show")):
            _look(reference or "", (team or "").strip())
    shown: tuple[str, str, ErasurePlanOut] | None = st.session_state.get("erase-plan")
    if shown:
        reference, team, plan = shown
        _show_plan(reference, team, plan, words)
    _show_erasures(words)


def _look(reference: str, team: str) -> None:
    st.session_state.pop("erase-plan", None)
    try:
        plan = session.client().erasures.plan(reference, team=team or None)
    except SakeError as error:
        store_error(error)
        st.rerun()
    st.session_state["erase-plan"] = (reference, team, plan)


def _show_plan(reference: str, team: str, plan: ErasurePlanOut, words: Translations) -> None:
    with st.container(border=True, key="erase-shown"):
        st.markdown(words("admin.erasures.found", name=literal(reference), teams=literal(", ".join(plan.teams))))
        found = [(words(f"admin.erasures.place.{name}"), str(plan.counts.get(name, 0))) for name in SHOWN]
        st.html(table_html([words("admin.erasures.what"), words("admin.erasures.many")], found))
        # A person may ask for their data as well, or first.
        if st.button(words("admin.erasures.data"), key="erase-data", icon=":material/folder_zip:"):
            content = session.client().references.data(reference, team=team or None)
            st.download_button(
                words("admin.erasures.data_save"), content, "data.zip", "application/zip", on_click="ignore"
            )
        sure = st.checkbox(words("admin.erasures.sure"), key="erase-sure")
        st.button(
            words("admin.erasures.yes"),
            key="erase-yes",
            type="primary",
            icon=":material/delete_forever:",
            disabled=not sure,
            on_click=_erase,
            args=(reference, team, plan.token, words),
        )


def _erase(reference: str, team: str, token: str, words: Translations) -> None:
    calls = session.client().erasures
    act(lambda: calls.erase(reference, confirm=token, team=team or None), words("admin.erasures.done"))
    for key in ("erase-plan", "erase-sure", "erase-reference", "erase-team"):
        st.session_state.pop(key, None)


def _show_erasures(words: Translations) -> None:
    st.header(words("admin.erasures.so_far"), anchor=False, divider="gray")
    found = session.client().erasures.list(cursor=paging.current_cursor("erasures"), page_size=PAGE_SIZE)
    if not found.items:
        st.html(empty_html(words("admin.erasures.none"), words("admin.erasures.none_hint")))
    else:
        heads = [words(f"admin.erasures.head.{name}") for name in COLUMNS]
        st.html(table_html(heads, [_row(one, words) for one in found.items]))
    paging.show_pages("erasures", found, words)


def _row(one: ErasureOut, words: Translations) -> list[str]:
    state = words("admin.erasures.erased") if one.erased_at else words("admin.erasures.going_on")
    if one.error:
        state += f" – {one.error}"
    at, models = format_moment(one.asked_at, words), ", ".join(map(str, one.models)) or "–"
    cells = (str(one.number), at, one.by, str(one.counts.get("documents", 0)), models, state)
    return [escape(cell) for cell in cells]


main()
