"""Choose where a document is split: where it was asked for, or where that was proposed."""

from collections.abc import Sequence

from sake_ray.domain.documents import Document
from sake_ray.domain.page_ranges import PageRange
from sake_ray.errors import InputError
from sake_ray.schemas.documents import PagesIn


def choose_ranges(document: Document, asked: Sequence[PagesIn] | None) -> tuple[PageRange, ...]:
    """Choose the pages of each part, as the file numbers them; raises InputError where nothing is asked for or proposed."""
    if asked is not None:
        return tuple(PageRange(one.first_page, one.last_page) for one in asked)
    if not document.proposed_parts:
        raise InputError("no-parts-proposed", document=document.id)
    # Those of a part are numbered within it.
    before = document.page_range.first - 1 if document.page_range else 0
    return tuple(PageRange(part.pages.first + before, part.pages.last + before) for part in document.proposed_parts)
