"""Files that hold several documents: show the parts, split with one click, and undo it."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape

import streamlit as st

from frontends import session, theme
from frontends.double_click import one_click
from frontends.i18n import Translations
from frontends.user.cards import fetch_picture
from frontends.user.document_state import label_name
from sake_ray.domain.documents import SET_ASIDE, Status
from sake_ray.domain.parts import SURE
from sake_ray.errors import SakeError
from sake_ray.schemas.documents import DocumentDetail, DocumentOut, PartOut, ProposedPartOut

LIKELY = 0.8
SHOWN = 6
"""Pictures of one part; of a longer one the first ones are enough to know it by."""

Pages = tuple[int, int]


def show_parts(document: DocumentDetail, words: Translations) -> None:
    """Show what the file was split into, or what it might be split into; nothing of a file that is one document."""
    if document.status is Status.SPLIT:
        show_split(document, words)
    elif document.parent and document.status is Status.MERGED:
        _show_file(document.parent, words)
    elif document.parent and document.status not in SET_ASIDE:
        show_family(document, words)
    if is_proposed(document):
        show_proposal(document, words)


def is_proposed(document: DocumentOut) -> bool:
    """Whether people are to be asked if this file holds several documents: until somebody has said what it is."""
    return bool(document.proposed_parts) and document.status is Status.COMPLETED and not document.answer


def describe_proposal(document: DocumentOut, words: Translations) -> str:
    """Say in a sentence how many documents a file seems to hold, and of which classes."""
    labels = dict.fromkeys(part.label for part in document.proposed_parts if part.label)
    count = len(document.proposed_parts)
    if len(labels) < 2:
        return words.count("parts.seems", count)
    return words.count("parts.seems_mixed", count, labels=", ".join(label_name(label, words) for label in labels))


def join_parts(parts: Sequence[ProposedPartOut], begins: Sequence[bool]) -> list[Pages]:
    """The pages of the documents that are left when some of the parts belong to the one before."""
    joined: list[Pages] = []
    for part, is_first in zip(parts, begins, strict=True):
        if joined and not is_first:
            joined[-1] = joined[-1][0], part.last_page
        else:
            joined.append((part.first_page, part.last_page))
    return joined


def show_proposal(document: DocumentDetail, words: Translations) -> None:
    """Show the proposed parts, and the button that splits the file there."""
    with st.container(border=True, key="proposal"):
        st.subheader(words("parts.title"), anchor=False)
        st.text(describe_proposal(document, words))
        begins = []
        for number, part in enumerate(document.proposed_parts):
            begins.append(number == 0 or _ask_whether_it_begins(document, part, words))
            st.html(_part_html(document.id, (part.first_page, part.last_page), part.label, words))
        joined = join_parts(document.proposed_parts, begins)
        if len(joined) > 1:
            st.button(
                words.count("parts.split", len(joined)),
                icon=":material/content_cut:",
                type="primary",
                on_click=_split,
                args=(document, joined),
                key="split",
            )
        st.caption(words("parts.hint"))


def show_split(document: DocumentDetail, words: Translations) -> None:
    """Show the parts of a file that was split, and the button that undoes it."""
    with st.container(border=True, key="parts"):
        st.subheader(words.count("parts.was_split", len(document.parts)), anchor=False)
        for part in document.parts:
            # The pictures are those of the file: a part has its own only when its turn has come.
            label = part.answer or part.label
            st.html(_part_html(document.id, (part.first_page, part.last_page), label, words))
            _link(part.id, _open_part(part, words))
        _show_undo(document, words)


def show_family(document: DocumentDetail, words: Translations) -> None:
    """Say of which pages of which file a part consists, with links to the other parts."""
    with st.container(border=True, key="parts"):
        st.text(words("parts.is_part", pages=_pages(document.first_page or 1, document.last_page or 1, words)))
        with st.container(horizontal=True):
            for part in document.parts:
                if part.id != document.id:
                    _link(part.id, _open_part(part, words))
        _show_undo(document, words)


def _ask_whether_it_begins(document: DocumentDetail, part: ProposedPartOut, words: Translations) -> bool:
    sure = "sure" if part.sureness >= SURE else "likely" if part.sureness >= LIKELY else "perhaps"
    reason = words.get(f"parts.reason.{part.reason}") or ""
    return st.checkbox(
        words("parts.begins", page=part.first_page),
        value=True,
        help=words(f"parts.{sure}", reason=reason),
        key=f"begins-{document.id}-{part.first_page}",
    )


def _part_html(id: str, pages: Pages, label: str | None, words: Translations) -> str:
    """The pictures of some pages of a file, which pages they are, and their class."""
    numbers = range(pages[0], min(pages[1], pages[0] + SHOWN - 1) + 1)
    badge = ""
    if label:
        colour, name = theme.label_colour(label), escape(label_name(label, words))
        badge = f'<span class="badge" style="background:{colour}">{name}</span>'
    return (
        f'<div class="document small"><div class="facts"><div class="name">{escape(_pages(*pages, words))}</div>{badge}</div>'
        f"{''.join(_picture(id, number) for number in numbers)}</div>"
    )


def _picture(id: str, number: int) -> str:
    try:
        data = b64encode(fetch_picture(session.client(), id, number, small=True)).decode()
    except SakeError:
        return '<div class="thumb" aria-hidden="true"></div>'
    return f'<div class="thumb"><img alt="" src="data:image/jpeg;base64,{data}"></div>'


def _pages(first: int, last: int, words: Translations) -> str:
    return words("parts.page", n=first) if first == last else words("parts.pages", first=first, last=last)


def _open_part(part: PartOut, words: Translations) -> str:
    return words("parts.open", pages=_pages(part.first_page, part.last_page, words))


def _link(id: str, label: str) -> None:
    st.page_link("views/document.py", label=label, icon=":material/description:", query_params={"id": id})


def _show_file(id: str, words: Translations) -> None:
    """Say of what was a part that its file is one document again, with a link to that."""
    with st.container(border=True, key="parts"):
        st.text(words("parts.was_part"))
        _link(id, words("parts.open_file"))


def _show_undo(document: DocumentDetail, words: Translations) -> None:
    st.button(
        words("parts.undo"),
        icon=":material/undo:",
        help=words("parts.undo_hint"),
        on_click=_undo,
        args=(document,),
        key="undo-split",
    )


def _split(document: DocumentDetail, parts: list[Pages]) -> None:
    # The proposal of a part counts from its own first page, the service from that of the file.
    before = (document.first_page or 1) - 1
    in_file = [(first + before, last + before) for first, last in parts]
    try:
        with one_click("split", document.id, tuple(in_file)) as key:
            root = session.client().documents.split(document.id, in_file, key=key).id
        st.query_params["id"] = root
    except SakeError as error:
        st.session_state["error"] = error


def _undo(document: DocumentDetail) -> None:
    try:
        with one_click("undo split", document.id) as key:
            root = session.client().documents.undo_split(document.id, key=key).id
        st.query_params["id"] = root
    except SakeError as error:
        st.session_state["error"] = error
