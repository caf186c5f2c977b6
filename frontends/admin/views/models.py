"""Models: the version in service, the previous one, the others, and who decided that."""

from html import escape

import streamlit as st

from frontends import session
from frontends.admin.actions import show_outcome
from frontends.admin.error_budget import show_policy
from frontends.admin.formatting import format_moment, table_html
from frontends.admin.promotion import ask_rollback, show_promotion
from frontends.i18n import Translations
from frontends.user.results import empty_html
from sake_ray.schemas.models import ModelOut, PromotionOut

MAX_DECISIONS = 20


def main() -> None:
    """Show all versions."""
    words = session.words()
    st.title(words("admin.models.title"), anchor=False)
    show_outcome(words)
    models = session.client().models.list().items
    if not models:
        st.html(empty_html(words("admin.models.none"), words("admin.models.none_hint")))
        return
    champion = next((model.number for model in models if model.role == "champion"), None)
    wanted = st.query_params.get("promote", "")
    if wanted.isdecimal() and len(wanted) <= 10 and any(model.number == int(wanted) != champion for model in models):
        show_promotion(int(wanted), champion, words)
    for role in ("champion", "previous"):
        for model in models:
            if model.role == role:
                _show_role(model, champion, words)
    others = [model for model in models if not model.role]
    if others:
        st.header(words("admin.models.others"), anchor=False, divider="gray")
    for model in others:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"model-{model.number}"):
            st.html(_line_html(model, words), width="stretch")
            st.button(
                words("admin.models.promote_short"),
                key=f"promote-{model.number}",
                on_click=_ask_promotion,
                args=(model.number,),
            )
    # The log is drawn first: the rule above it takes a while to calculate.
    rule = st.container()
    _show_log(session.client().models.promotions(page_size=MAX_DECISIONS).items, words)
    with rule:
        show_policy(champion, words)


def _ask_promotion(number: int) -> None:
    st.query_params["promote"] = str(number)


def _show_role(model: ModelOut, champion: int | None, words: Translations) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"role-{model.role}"):
        st.html(_line_html(model, words), width="stretch")
        if model.role == "previous" and st.button(
            words("admin.models.rollback_short"), icon=":material/undo:", key="rollback"
        ):
            ask_rollback(model.number, champion, words)


def _line_html(model: ModelOut, words: Translations) -> str:
    role = ""
    if model.role:
        tone = "sure" if model.role == "champion" else "wait"
        role = f'<span class="{tone}">{escape(words(f"admin.role.{model.role}"))}</span>'
    name = words("admin.models.version", n=model.number)
    created = words("admin.models.created", at=format_moment(model.created, words))
    if model.learned_from_erased:
        created += " · " + words("admin.models.from_erased")
    return (
        f'<div class="document"><div class="facts"><div class="name">{escape(name)}</div>{role}'
        f'<div class="meta">{escape(created)}</div></div></div>'
    )


def _show_log(log: list[PromotionOut], words: Translations) -> None:
    if not log:
        return
    st.header(words("admin.models.log"), anchor=False, divider="gray")
    heads = [words(f"admin.models.head.{name}") for name in ("at", "what", "by", "why")]
    rows = [
        (format_moment(one.at, words), _describe_decision(one, words), escape(one.by), escape(one.why)) for one in log
    ]
    st.html(table_html(heads, rows))


def _describe_decision(one: PromotionOut, words: Translations) -> str:
    text = words("admin.models.was_promoted", n=one.version)
    if one.outcome != "done":
        text += " – " + words("admin.models.superseded")
    if one.forced:
        text += " – " + words("admin.models.forced")
    return escape(text)


main()
