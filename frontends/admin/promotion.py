"""Promote a model version, or roll back to the previous one, after a confirmation that shows the comparison."""

import streamlit as st

from frontends.admin.actions import act, show_error, store_error
from frontends.admin.comparison import ACCEPTABLE, fetch_comparison, verdict_html
from frontends.admin.slow_client import patient_client
from frontends.double_click import one_click
from frontends.i18n import Translations
from sake_ray.domain.promotions import ComparisonOutcome
from sake_ray.errors import InputError, ModelError, NotFound

MAX_REASON = 1000


def show_promotion(number: int, champion: int | None, words: Translations) -> None:
    """Ask before a version is promoted, the verdict first; one that may not be good enough takes a reason."""
    with st.container(border=True, key="promotion"):
        st.subheader(words("admin.models.promote", n=number), anchor=False)
        acceptable = champion is None or _show_verdict(number, champion, words)
        st.markdown(words("admin.models.promote_lead", n=number))
        key = f"why-{number}"
        st.text_input(
            words("admin.models.why" if acceptable else "admin.models.why_must"), max_chars=MAX_REASON, key=key
        )
        yes = words("admin.models.promote_yes" if acceptable else "admin.models.promote_force")
        with st.container(horizontal=True):
            st.button(
                yes,
                type="primary",
                key=f"yes-{key}",
                on_click=_promote,
                args=(number, champion, words),
                kwargs={"force": not acceptable},
            )
            st.page_link("views/models.py", label=words("admin.cancel"))
        if acceptable and champion is not None:
            link = {"a": str(champion), "b": str(number)}
            st.page_link("views/experiments.py", label=words("admin.models.details"), query_params=link)


def _show_verdict(number: int, champion: int, words: Translations) -> bool:
    try:
        found = fetch_comparison(str(champion), str(number), words)
    except (InputError, NotFound, ModelError) as error:
        st.warning(words("admin.compare.impossible"), icon=":material/help:")
        show_error(error, words)
        return False
    st.html(verdict_html(found, words))
    if found.verdict.standing not in ACCEPTABLE:
        worse = found.verdict.standing is ComparisonOutcome.WORSE
        st.markdown(words("admin.models.force_worse" if worse else "admin.models.force_lead"))
    return found.verdict.standing in ACCEPTABLE


def _promote(number: int, champion: int | None, words: Translations, *, force: bool) -> None:
    reason = (st.session_state.get(f"why-{number}") or "").strip()
    if force and not reason:
        store_error(InputError("reason-missing"))
        return

    def promote() -> None:
        with patient_client() as client, one_click("promote", number, champion, reason, force) as key:
            client.models.promote(number, why=reason, force=force, champion=champion, key=key)

    if act(promote, words("admin.models.promoted", n=number)):
        st.query_params.pop("promote", None)


def ask_rollback(number: int, champion: int | None, words: Translations) -> None:
    """Ask before rolling back from the champion to the previous version, `number`."""

    @st.dialog(words("admin.models.rollback", n=number))
    def ask() -> None:
        st.markdown(words("admin.models.rollback_lead", n=number))
        st.text_input(words("admin.models.why"), max_chars=MAX_REASON, key="why-back")
        with st.container(horizontal=True):
            yes = words("admin.models.rollback_yes")
            if st.button(yes, type="primary", key="yes-why-back", on_click=_rollback, args=(number, champion, words)):
                st.rerun()
            if st.button(words("admin.cancel"), key="no-why-back"):
                st.rerun()

    ask()


def _rollback(number: int, champion: int | None, words: Translations) -> None:
    reason = st.session_state.get("why-back") or ""

    def roll_back() -> None:
        with patient_client() as client, one_click("rollback", champion, reason) as key:
            client.models.rollback(why=reason, champion=champion, key=key)

    act(roll_back, words("admin.models.promoted", n=number))
