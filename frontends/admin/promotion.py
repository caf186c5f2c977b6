"""Let a model version serve, or the one before again: asked first, with what speaks for and against it."""

import streamlit as st

from frontends.admin.actions import act, keep_trouble, show_trouble
from frontends.admin.comparison import FIT, fetch_comparison, verdict_html
from frontends.admin.slow_client import patient_client
from frontends.i18n import Translations
from sake_ray.domain.promotions import ComparisonOutcome
from sake_ray.errors import InputError, ModelError, NotFound

MAX_REASON = 1000


def show_promotion(number: int, champion: int | None, words: Translations) -> None:
    """Ask before a version is let to serve, the verdict first; one that is not known to be good enough takes a reason."""
    with st.container(border=True, key="promotion"):
        st.subheader(words("admin.models.promote", n=number), anchor=False)
        fit = champion is None or _show_verdict(number, champion, words)
        st.markdown(words("admin.models.promote_lead", n=number))
        key = f"why-{number}"
        st.text_input(words("admin.models.why" if fit else "admin.models.why_must"), max_chars=MAX_REASON, key=key)
        yes = words("admin.models.promote_yes" if fit else "admin.models.promote_force")
        with st.container(horizontal=True):
            st.button(
                yes,
                type="primary",
                key=f"yes-{key}",
                on_click=_promote,
                args=(number, words),
                kwargs={"force": not fit},
            )
            st.page_link("views/models.py", label=words("admin.keep"))
        if fit and champion is not None:
            link = {"a": str(champion), "b": str(number)}
            st.page_link("views/experiments.py", label=words("admin.models.details"), query_params=link)


def _show_verdict(number: int, champion: int, words: Translations) -> bool:
    try:
        found = fetch_comparison(str(champion), str(number), words)
    except (InputError, NotFound, ModelError) as error:
        st.warning(words("admin.compare.impossible"), icon=":material/help:")
        show_trouble(error, words)
        return False
    st.html(verdict_html(found, words))
    if found.verdict.standing not in FIT:
        worse = found.verdict.standing is ComparisonOutcome.WORSE
        st.markdown(words("admin.models.force_worse" if worse else "admin.models.force_lead"))
    return found.verdict.standing in FIT


def _promote(number: int, words: Translations, *, force: bool) -> None:
    why = (st.session_state.get(f"why-{number}") or "").strip()
    if force and not why:
        keep_trouble(InputError("reason-missing"))
        return

    def promote() -> None:
        with patient_client() as client:
            client.models.promote(number, why=why, force=force)

    if act(promote, words("admin.models.promoted", n=number)):
        st.query_params.pop("promote", None)


def ask_rollback(number: int, words: Translations) -> None:
    """Ask before the version that served before serves again."""

    @st.dialog(words("admin.models.rollback", n=number))
    def ask() -> None:
        st.markdown(words("admin.models.rollback_lead", n=number))
        st.text_input(words("admin.models.why"), max_chars=MAX_REASON, key="why-back")
        with st.container(horizontal=True):
            yes = words("admin.models.rollback_yes")
            if st.button(yes, type="primary", key="yes-why-back", on_click=_rollback, args=(number, words)):
                st.rerun()
            if st.button(words("admin.keep"), key="no-why-back"):
                st.rerun()

    ask()


def _rollback(number: int, words: Translations) -> None:
    why = st.session_state.get("why-back") or ""

    def roll_back() -> None:
        with patient_client() as client:
            client.models.rollback(why=why)

    act(roll_back, words("admin.models.promoted", n=number))
