"""Audit log: who did what, when, from where."""

from html import escape

import streamlit as st

from frontends import paging, session
from frontends.admin.formatting import format_moment, table_html
from frontends.i18n import Translations
from frontends.user.results import empty_html
from sake_ray.domain.audit import AuditAction
from sake_ray.schemas.audit import AuditEntryOut

PAGE_SIZE = 50
COLUMNS = ("at", "by", "peer", "what", "subject", "details")


def main() -> None:
    """Show the newest entries that fit, and lead to older ones."""
    words = session.words()
    st.title(words("admin.audit.title"), anchor=False)
    st.caption(words("admin.audit.lead"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.text_input(words("admin.audit.by"), key="audit-by", max_chars=100, width=240)
        action: AuditAction | None = st.selectbox(
            words("admin.audit.what"),
            list(AuditAction),
            index=None,
            placeholder=words("admin.audit.all"),
            format_func=lambda one: words(f"admin.audit.action.{one.value}"),
            key="audit-action",
            width=320,
        )
    wanted = ((by or "").strip(), action.value if action else "")
    cursor = paging.current_cursor("audit", wanted)
    found = session.client().audit.list(by=wanted[0], action=wanted[1], cursor=cursor, page_size=PAGE_SIZE)
    if not found.items:
        st.html(empty_html(words("admin.audit.none"), words("admin.audit.none_hint")))
    else:
        heads = [words(f"admin.audit.head.{name}") for name in COLUMNS]
        st.html(table_html(heads, [_row(entry, words) for entry in found.items]))
    paging.show_pages("audit", found, words)


def _row(entry: AuditEntryOut, words: Translations) -> list[str]:
    details = ", ".join(
        f"{name}: {value}" for name, value in entry.details.items() if value is not None and name != "trace_id"
    )
    peer = entry.peer or words("admin.audit.terminal")
    what = words.get(f"admin.audit.action.{entry.action}") or entry.action
    return [escape(cell) for cell in (format_moment(entry.at, words), entry.by, peer, what, entry.subject, details)]


main()
