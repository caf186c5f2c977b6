"""Format moments, figures and pictures for the reader."""

from base64 import b64encode
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from frontends import session, theme
from frontends.i18n import Translations
from frontends.user.document_state import label_name
from sake_ray.client import Client
from sake_ray.errors import LimitExceeded, SakeError, UnreadableDocument

AT_ONCE, MAX_CACHED = 4, 400


def format_moment(moment: datetime | None, words: Translations) -> str:
    """A moment in the reader's own time; nothing for none."""
    return _here(moment).strftime(words("frame.moment")) if moment else ""


def format_day(moment: datetime, words: Translations) -> str:
    """The day of a moment in the reader's own time."""
    return _here(moment).strftime(words("admin.day"))


def format_percent(share: float | None, words: Translations) -> str:
    """A share as a percentage with one decimal; a dash for none."""
    return "–" if share is None else format_decimal(100 * share, words, 1) + " %"


def format_decimal(number: float, words: Translations, places: int, *, sign: bool = False) -> str:
    """A number with so many decimals, and the decimal mark of the reader's language."""
    text = f"{number:+.{places}f}" if sign else f"{number:.{places}f}"
    return text.replace(".", words("admin.point"))


def format_duration(seconds: float, words: Translations) -> str:
    """A duration in the largest unit that fits."""
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return words(f"admin.span.{unit}", n=round(seconds / size))
    return words("admin.span.seconds", n=round(seconds))


def badge_html(label: str, words: Translations) -> str:
    """A label in its colour."""
    return (
        f'<span class="badge" style="background:{theme.label_colour(label)}">{escape(label_name(label, words))}</span>'
    )


def table_html(heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int = 0) -> str:
    """A table that scrolls sideways on a phone; the cells are HTML, the last `numbers` columns are right-aligned."""
    first = len(heads) - numbers
    kinds = ["" if place < first else ' class="number"' for place in range(len(heads))]
    head = "".join(f"<th{kind}>{escape(text)}</th>" for kind, text in zip(kinds, heads, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<div class="wide"><table class="plain"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def picture_html(picture: bytes | None) -> str:
    """A thumbnail, or an empty frame in its place."""
    if picture is None:
        return '<div class="picture" aria-hidden="true">?</div>'
    return f'<div class="picture"><img alt="" src="data:image/jpeg;base64,{b64encode(picture).decode()}"></div>'


def fetch_thumbnails(images: Sequence[str]) -> dict[str, bytes | None]:
    """Fetch thumbnails of training images, by sha256; None where there is none.

    The session keeps them. New ones are fetched a few at a time, since the service makes some of them only now.
    """
    cached: dict[str, bytes] = st.session_state.setdefault("thumbnails", {})
    client, missing = session.client(), [image for image in dict.fromkeys(images) if image not in cached]
    if len(cached) + len(missing) > MAX_CACHED:
        cached.clear()
        missing = list(dict.fromkeys(images))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        fetched = pool.map(lambda image: _try_thumbnail(client, image), missing)
        cached.update((image, picture) for image, picture in zip(missing, fetched, strict=True) if picture is not None)
    return {image: cached.get(image) or None for image in images}


def fetch_first_page(document: str) -> bytes | None:
    """Fetch the thumbnail of an uploaded document; None where there is none."""
    try:
        return _fetch_page(session.client(), document)
    except SakeError:
        return None


def _here(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(st.context.timezone)) if st.context.timezone else moment.astimezone()


def _try_thumbnail(client: Client, sha256: str) -> bytes | None:
    """Fetch a thumbnail: empty when there can be none, None when it failed and is to be tried again."""
    try:
        return client.images.thumbnail(sha256)
    except (UnreadableDocument, LimitExceeded):
        return b""
    except SakeError:
        return None


@st.cache_data(ttl=3600, max_entries=400, show_spinner=False, scope="session")
def _fetch_page(_client: Client, document: str) -> bytes:
    return _client.documents.page_image(document, 1, small=True)
