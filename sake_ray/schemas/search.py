"""Documents that were found, and the matches in them."""

from pydantic import Field

from sake_ray.schemas.base import ResponseModel
from sake_ray.schemas.documents import DocumentRow
from sake_ray.schemas.listing import ListOut


class SnippetPart(ResponseModel):
    """A stretch of a document's text as it was read: plain text, never HTML."""

    text: str
    match: bool


class HitOut(ResponseModel):
    """A document that was found, and where."""

    document: DocumentRow
    snippet: list[SnippetPart] = Field(description="Empty when its text is gone; without a match its beginning.")
    words: list[int] = Field(description="The words that match, counted over all pages from 0; at most 1,000.")


class HitList(ListOut[HitOut]):
    """What was found."""

    ranked: bool = Field(
        description="The best come first; otherwise the newest, since there are too many to rank them."
    )


class MatchesOut(ResponseModel):
    """The words of a document that match, counted over all pages from 0; at most 1,000."""

    words: list[int]
