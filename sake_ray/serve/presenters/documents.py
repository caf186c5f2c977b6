"""Present documents with what is not part of their record."""

from collections.abc import Sequence

from sake_ray.domain.documents import Document
from sake_ray.domain.texts import DocumentText
from sake_ray.schemas.documents import DocumentDetail, DocumentRow, PartOut
from sake_ray.schemas.search import HitOut, SnippetPart
from sake_ray.serve.exports import join_tokens
from sake_ray.serve.search import SearchHit, cut_snippet
from sake_ray.serve.texts import differs


def present_detail(
    document: Document, text: DocumentText | None, *, parts: Sequence[Document] = (), pending: bool = False
) -> DocumentDetail:
    """Present a document with its text, if it has one; `pending` when that is being made again."""
    return DocumentDetail.from_domain(
        document,
        text=text.text if text else None,
        cleaned_text=join_tokens(text) if text else None,
        parts=[PartOut.model_validate(part) for part in parts],
        text_pending=pending,
        recipe_differs=text is not None and differs(document, text),
    )


def present_hit(hit: SearchHit) -> HitOut:
    """Present a document that was found, with a snippet of it."""
    return HitOut(
        document=DocumentRow.model_validate(hit.document),
        snippet=[SnippetPart(text=text, match=match) for text, match in cut_snippet(hit.words, hit.matches)],
        words=list(hit.matches),
    )
