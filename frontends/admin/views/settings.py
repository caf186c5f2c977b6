"""Settings: what a candidate's file must contain, the accounts, and the API keys."""

import streamlit as st

from frontends import paging, session
from frontends.admin import api_keys
from frontends.admin.actions import act, show_outcome, store_error
from frontends.admin.formatting import format_moment
from frontends.admin.label_picker import fetch_known_labels
from frontends.admin.retention import show_retention
from frontends.double_click import one_click
from frontends.i18n import Translations, literal
from frontends.user.document_state import label_name
from sake_ray.domain.accounts import Role
from sake_ray.domain.verdicts import OTHER
from sake_ray.errors import SakeError
from sake_ray.schemas.accounts import UserOut

PAGE_SIZE = 50
MAX_LENGTH = 100


def main() -> None:
    """Show the settings."""
    words = session.words()
    st.title(words("admin.settings.title"), anchor=False)
    show_outcome(words)
    _show_required(words)
    show_retention(words)
    st.header(words("admin.settings.users"), anchor=False, divider="gray")
    _show_password(words)
    _show_new(words)
    found = session.client().accounts.list(cursor=paging.current_cursor("users"), page_size=PAGE_SIZE)
    own = session.client().accounts.me().name
    for user in found.items:
        _show_user(user, words, own=user.name == own)
    paging.show_pages("users", found, words)
    api_keys.show(words)


def _show_required(words: Translations) -> None:
    st.header(words("admin.settings.required"), anchor=False, divider="gray")
    required = session.client().references.required_labels()
    known = [label for label in fetch_known_labels(required.labels) if label != OTHER]
    key = f"required-{required.at}"
    st.pills(
        words("admin.settings.required_hint"),
        known,
        selection_mode="multi",
        default=[label for label in required.labels if label in known],
        format_func=lambda label: label_name(label, words),
        wrap=True,
        key=key,
        on_change=_set_required,
        args=(key, words),
    )
    if required.by and required.at:
        st.caption(words("admin.settings.required_by", name=literal(required.by), at=format_moment(required.at, words)))


def _set_required(key: str, words: Translations) -> None:
    labels = st.session_state.get(key) or []
    act(lambda: session.client().references.require_labels(labels), words("admin.settings.required_done"))


def _show_password(words: Translations) -> None:
    """Show a generated password, once."""
    created: tuple[str, str] | None = st.session_state.pop("made", None)
    if created:
        st.success(words("admin.settings.created", name=literal(created[0])), icon=":material/key:")
        st.code(created[1], language=None)


def _show_new(words: Translations) -> None:
    with (
        st.expander(words("admin.settings.add"), icon=":material/person_add:"),
        st.form("new-user", border=False, clear_on_submit=True),
    ):
        name = st.text_input(words("sign_in.name"), max_chars=MAX_LENGTH, key="new-name")
        team = st.text_input(words("admin.settings.team"), value="office", max_chars=MAX_LENGTH, key="new-team")
        role: Role | None = st.radio(
            words("admin.settings.role"),
            list(Role),
            format_func=lambda one: words(f"admin.account.{one.value}"),
            captions=[words(f"admin.account_hint.{one.value}") for one in Role],
            key="new-role",
        )
        if st.form_submit_button(words("admin.settings.add_yes"), type="primary"):
            _add((name or "").strip(), (team or "").strip(), role or Role.USER)


def _add(name: str, team: str, role: Role) -> None:
    try:
        with one_click("add", name, role, team) as key:
            created = session.client().accounts.add(name, role=role, team=team, key=key)
        st.session_state["made"] = (created.name, created.password or "")
    except SakeError as error:
        store_error(error)
    st.rerun()


def _show_user(user: UserOut, words: Translations, *, own: bool) -> None:
    facts = [f"**{literal(user.name)}**", literal(user.team), words(f"admin.account.{user.role.value}")]
    facts += [words("admin.settings.closed")] if user.disabled else []
    facts += [words("admin.settings.you")] if own else []
    title = " · ".join(facts)
    with st.expander(title, key=f"user-{user.name}"), st.container(horizontal=True, vertical_alignment="bottom"):
        role: Role | None = st.selectbox(
            words("admin.settings.role"),
            list(Role),
            index=list(Role).index(user.role),
            format_func=lambda one: words(f"admin.account.{one.value}"),
            key=f"role-{user.name}",
            disabled=own,
            width=240,
        )
        team = st.text_input(
            words("admin.settings.team"), user.team, max_chars=MAX_LENGTH, key=f"team-{user.name}", width=240
        )
        changes: dict[str, object] = {"role": role} if role != user.role else {}
        changes |= {"team": team.strip()} if team and team.strip() != user.team else {}
        if role is Role.OPS:
            sees = st.checkbox(words("admin.settings.sees_documents"), user.sees_documents, key=f"sees-{user.name}")
            changes |= {"sees_documents": sees} if sees != user.sees_documents else {}
        st.button(
            words("admin.settings.save"),
            key=f"save-{user.name}",
            disabled=not changes,
            on_click=_change,
            args=(user.name, changes, words),
        )
        st.button(
            words("admin.settings.open" if user.disabled else "admin.settings.close"),
            key=f"close-{user.name}",
            icon=":material/lock_open:" if user.disabled else ":material/lock:",
            disabled=own,
            on_click=_change,
            args=(user.name, {"disabled": not user.disabled}, words),
        )


def _change(name: str, changes: dict[str, object], words: Translations) -> None:
    act(lambda: session.client().accounts.change(name, **changes), words("admin.settings.changed", name=name))


main()
