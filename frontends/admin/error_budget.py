"""Show which documents need review, and set the error budget."""

from html import escape

import streamlit as st

from frontends import session
from frontends.admin.actions import act, show_error
from frontends.admin.curve import show_curve
from frontends.admin.formatting import badge_html, format_percent, table_html
from frontends.admin.slow_client import patient_client
from frontends.i18n import Translations
from sake_ray.errors import InputError, ModelError, NotFound
from sake_ray.schemas.policy import PolicyOut, PromiseOut, ProposalOut

CHOICES = (20, 50, 100, 200, 500, 1000)


def show_policy(champion: int | None, words: Translations) -> None:
    """Show the present rule, what moving it does, and on demand what an error budget would take."""
    policy = session.client().policy.get()
    st.header(words("admin.policy.title"), anchor=False, divider="gray")
    _show_now(policy, words)
    chosen = st.select_slider(
        words("admin.policy.budget"),
        [0, *CHOICES],
        value=policy.wrong_in if policy.wrong_in in CHOICES else 0,
        format_func=lambda one: words("admin.policy.one_in", n=one) if one else words("admin.policy.none"),
        key="error-budget",
    )
    new = chosen if chosen and chosen != policy.wrong_in else None
    if policy.wrong_in and not chosen:
        st.button(words("admin.policy.remove"), key="error-budget-remove", on_click=_apply, args=(None, words))
    try:
        with st.spinner(words("admin.policy.counting")):
            found = _fetch_policy(new, policy.version, champion)
    except (InputError, NotFound, ModelError) as error:
        show_error(error, words)
        return
    if found.curve:
        show_curve(found.curve, new or policy.wrong_in, words)
    if found.proposal:
        _show_proposal(found.proposal, words)


def _show_now(policy: PolicyOut, words: Translations) -> None:
    if policy.outdated_documents:
        left, n = policy.outdated_documents, policy.open_documents or 0
        st.info(words("admin.policy.applying", left=left, n=n), icon=":material/hourglass_top:")
    if policy.wrong_in is None:
        st.markdown(words("admin.policy.plain", share=format_percent(policy.threshold, words)))
        return
    st.markdown(words("admin.policy.guaranteed", n=policy.wrong_in))
    if not policy.holds:
        st.warning(words("admin.policy.stale"), icon=":material/warning:")


def _show_proposal(found: ProposalOut, words: Translations) -> None:
    heads = [words(f"admin.policy.head.{name}") for name in ("class", "from", "documents", "accepted", "wrong")]
    st.html(table_html(heads, [_row(one, words) for one in found.promises], numbers=4))
    if found.documents:
        share = format_percent(1 - found.to_people / found.documents, words)
        st.markdown(words("admin.policy.costs", n=found.documents, share=share))
    if found.open_documents:
        now, then = found.open_to_people_now, found.open_to_people
        st.markdown(words("admin.policy.open", n=found.open_documents, now=now, then=then))
    possible = any(one.threshold is not None for one in found.promises)
    if not possible:
        st.warning(words("admin.policy.impossible"), icon=":material/data_thresholding:")
    st.button(
        words("admin.policy.apply", n=found.wrong_in),
        type="primary",
        disabled=not possible,
        key="error-budget-apply",
        on_click=_apply,
        args=(found.wrong_in, words),
    )


def _row(one: PromiseOut, words: Translations) -> list[str]:
    start = escape(_explain_none(one, words)) if one.threshold is None else format_percent(one.threshold, words)
    return [badge_html(one.label, words), start, str(one.documents), str(one.accepted), str(one.wrong)]


def _explain_none(one: PromiseOut, words: Translations) -> str:
    """Explain why nothing of a class passes: too few checked documents, or too many errors among them."""
    if one.documents >= one.needed:
        return words("admin.policy.too_wrong")
    return words("admin.policy.not_yet", documents=one.documents, n=one.needed)


@st.cache_data(ttl=120, max_entries=20, show_spinner=False, scope="session")
def _fetch_policy(wrong_in: int | None, version: int, champion: int | None) -> PolicyOut:  # noqa: ARG001
    """Fetch what the rule does and what an error budget would take; both change with the rule's `version` and the champion."""
    with patient_client() as client:
        return client.policy.get(wrong_in=wrong_in, curve=True)


def _apply(wrong_in: int | None, words: Translations) -> None:
    def put() -> None:
        with patient_client() as client:
            client.policy.set(wrong_in)

    done = words("admin.policy.applied", n=wrong_in) if wrong_in else words("admin.policy.removed")
    act(put, done)
