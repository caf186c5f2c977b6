"""Present documents with what is not part of their record."""

from sake_ray.classifier import Explanation
from sake_ray.domain.documents import Document
from sake_ray.domain.texts import DocumentText
from sake_ray.schemas.documents import DocumentDetail, DocumentRow, RecipeOut
from sake_ray.schemas.review import ReviewRow
from sake_ray.schemas.search import HitOut, SnippetPart
from sake_ray.schemas.words import ExplanationOut, WeightOut
from sake_ray.serve.exports import join_tokens
from sake_ray.serve.search import SearchHit, cut_snippet


def present_detail(document: Document, text: DocumentText | None) -> DocumentDetail:
    """Present a document with its text, if it has one."""
    return DocumentDetail(
        **dict(DocumentRow.model_validate(document)),
        media_type=document.media_type,
        size=document.size,
        sha256=document.sha256,
        text=text.text if text else None,
        cleaned_text=join_tokens(text) if text else None,
        recipe=RecipeOut.model_validate(document.recipe) if document.recipe else None,
    )


def present_review(document: Document, *, random: bool) -> ReviewRow:
    """Present a document that waits for an answer; `random`: it was drawn, not chosen."""
    return ReviewRow(**dict(DocumentRow.model_validate(document)), margin=document.margin, random=random)


def present_explanation(explanation: Explanation, *, model_version: str) -> ExplanationOut:
    """Present an explanation by a version of the model."""
    return ExplanationOut(
        label=explanation.label,
        model_version=model_version,
        score=explanation.score,
        words=[WeightOut.model_validate(word) for word in explanation.words],
        other_words=explanation.other_words,
        cues=dict(explanation.cues),
        bias=explanation.bias,
    )


def present_hit(hit: SearchHit) -> HitOut:
    """Present a document that was found, with a snippet of it."""
    return HitOut(
        document=DocumentRow.model_validate(hit.document),
        snippet=[SnippetPart(text=text, match=match) for text, match in cut_snippet(hit.words, hit.matches)],
        words=list(hit.matches),
    )
