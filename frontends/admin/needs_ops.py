"""Documents that could not be processed: why, and a button that has them tried again."""

from collections.abc import Sequence

import streamlit as st

from frontends import session
from frontends.admin.actions import act, show_outcome
from frontends.admin.formatting import format_moment
from frontends.i18n import Translations, literal
from sake_ray.errors import Message
from sake_ray.schemas.documents import DocumentRow

AT_ONCE = 20


def show(words: Translations, *, any_left: bool) -> None:
    """Show the newest documents that need ops, and the outcome of the last click."""
    show_outcome(words)
    if not any_left:
        return
    st.header(words("admin.needs_ops.title"), anchor=False, divider="gray")
    st.caption(words("admin.needs_ops.lead"))
    found = session.client().documents.list(status="NEEDS_OPS", page_size=AT_ONCE).items
    for row in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"ops-{row.id}"):
            st.markdown(_describe(row, words), width="stretch")
            st.button(words("admin.needs_ops.again"), key=f"again-{row.id}", on_click=_retry, args=([row.id],))
    if len(found) > 1:
        ids = [row.id for row in found]
        st.button(words("admin.needs_ops.all"), key="again-all", icon=":material/replay:", on_click=_retry, args=(ids,))


def _describe(row: DocumentRow, words: Translations) -> str:
    why = words.translate(Message.restore(row.error, row.error_code, row.error_params))
    facts = f"{literal(row.reference)} · {literal(format_moment(row.submitted_at, words))} · `{row.id}`"
    return f"**{literal(row.name)}**  \n{literal(why)}  \n{facts}"


def _retry(ids: Sequence[str]) -> None:
    client = session.client()
    done = session.words().count("admin.needs_ops.done", len(ids))
    act(lambda: [client.documents.retry(id) for id in ids], done)
