"""How long documents are kept: the rules, and a form that sets one."""

import streamlit as st

from frontends import session
from frontends.admin.actions import act
from frontends.admin.label_picker import fetch_known_labels
from frontends.i18n import Translations
from frontends.user.document_state import label_name
from sake_ray.schemas.retention import RetentionRuleOut

MAX_TEAM, MAX_MONTHS = 100, 1200


def show_retention(words: Translations) -> None:
    """Show the rules, each with a button that removes it, and the form for another."""
    st.header(words("admin.retention.title"), anchor=False, divider="gray")
    found = session.client().retention.get()
    default = words("admin.retention.for_ever")
    if found.default_months:
        default = words("admin.retention.months", n=found.default_months)
    st.caption(words("admin.retention.lead", time=default))
    for rule in found.rules:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(_describe(rule, words))
            st.button(
                words("admin.retention.withdraw"),
                key=f"withdraw-{rule.team}-{rule.label}",
                on_click=_withdraw,
                args=(rule.team, rule.label, words),
            )
    with st.expander(words("admin.retention.add"), icon=":material/schedule:"), st.form("retention", border=False):
        team = st.text_input(words("admin.retention.team"), max_chars=MAX_TEAM, key="retention-team")
        label = st.selectbox(
            words("admin.retention.label"),
            ["", *fetch_known_labels([rule.label for rule in found.rules if rule.label])],
            format_func=lambda one: label_name(one, words) if one else words("admin.retention.all_labels"),
            key="retention-label",
        )
        months = st.number_input(words("admin.retention.number"), 0, MAX_MONTHS, 24, key="retention-months")
        waiting = st.checkbox(words("admin.retention.with_waiting"), key="retention-waiting")
        if st.form_submit_button(words("admin.retention.yes"), type="primary"):
            _set((team or "").strip(), label or "", int(months), with_waiting=waiting, words=words)


def _describe(rule: RetentionRuleOut, words: Translations) -> str:
    team = rule.team or words("admin.retention.all_teams")
    label = label_name(rule.label, words) if rule.label else words("admin.retention.all_labels")
    time = words("admin.retention.months", n=rule.months) if rule.months else words("admin.retention.for_ever")
    facts = [team, label, time, *([words("admin.retention.also_waiting")] if rule.with_waiting else [])]
    return " · ".join(facts)


def _set(team: str, label: str, months: int, *, with_waiting: bool, words: Translations) -> None:
    calls = session.client().retention
    act(
        lambda: calls.set(team=team, label=label, months=months or None, with_waiting=with_waiting),
        words("admin.retention.done"),
    )
    st.rerun()


def _withdraw(team: str, label: str, words: Translations) -> None:
    act(lambda: session.client().retention.withdraw(team=team, label=label), words("admin.retention.done"))
