"""Turn texts into the rows of the output."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sake_ray.batch.result import ClassificationResult
from sake_ray.classifier import Classifier
from sake_ray.data.portion_reader import OutcomeKind, SourceOutcome
from sake_ray.data.reading import to_document_text
from sake_ray.data.text_cache import fetch_pages
from sake_ray.domain.documents import Status
from sake_ray.domain.parts import ProposedPart
from sake_ray.domain.texts import DocumentText, Recipe
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import NOTHING, Message
from sake_ray.splitting.proposal import predict_documents
from sake_ray.storage.objects import ObjectStore

log = logging.getLogger(__name__)

TEXTS_PER_PREDICTION = 16


@dataclass(frozen=True, slots=True)
class ClassifiedSource:
    """What came of a source in one portion, without its text, and its result when it was read or failed."""

    outcome: SourceOutcome
    result: ClassificationResult | None


def classify_outcomes(
    outcomes: Sequence[SourceOutcome], classifier: Classifier, policy: Policy
) -> Iterator[ClassifiedSource]:
    """Classify what was read, all at once; in the order of the outcomes."""
    classified = classify_texts([outcome.text for outcome in outcomes if outcome.text], classifier, policy)
    for outcome in outcomes:
        result = None
        if outcome.text:
            result = next(classified)
        elif outcome.kind is OutcomeKind.FAILED:
            result = to_failed_result(outcome.error)
        yield ClassifiedSource(outcome.without_text(), result)


def to_failed_result(error: str) -> ClassificationResult:
    """Make the result of a document that could not be read; seconds are the caller's to add."""
    return ClassificationResult("", "", Status.FAILED, error=error)


def classify_texts(
    texts: Sequence[DocumentText], classifier: Classifier, policy: Policy
) -> Iterator[ClassificationResult]:
    """Classify each text; path, model and seconds are the caller's to add. One that raises is FAILED alone."""
    verdicts = predict_documents(classifier, texts, policy=policy)
    for text, verdict in zip(texts, verdicts, strict=True):
        if isinstance(verdict, Exception):
            log.error("text not classified", exc_info=verdict, extra={"sha256": text.sha256})
            yield to_failed_result(Message("attempt-unexpected"))
            continue
        yield ClassificationResult(
            "",
            text.sha256,
            Status.COMPLETED,
            media_type=text.media_type,
            pages=len(text.pages),
            error=verdict.remark or describe_parts(verdict.parts),
            notes=" ".join(text.notes),
            language=text.language,
            ocr_confidence=None if text.ocr_confidence is None else round(text.ocr_confidence, 1),
            label=verdict.label,
            confidence=verdict.confidence,
            probabilities=dict(verdict.probabilities),
            needs_review=verdict.needs_review,
            seconds=0.0,
        )


def describe_parts(parts: Sequence[ProposedPart]) -> Message:
    """Say which documents a file seems to hold; nothing of one that seems to be one."""
    if not parts:
        return NOTHING
    return Message("several-documents", documents=len(parts), first_pages=[part.pages.first for part in parts])


def classify_cached(
    digests: Sequence[str], classifier: Classifier, *, policy: Policy, store: ObjectStore, recipe: Recipe
) -> Iterator[tuple[int, ClassificationResult]]:
    """Classify the texts in the cache, giving (place among the digests, result)."""
    places: list[int] = []
    texts: list[DocumentText] = []
    for place, digest in enumerate(digests):
        if cached := fetch_pages(store, digest, recipe):
            places.append(place)
            texts.append(to_document_text(digest, *cached, recipe))
        if len(texts) == TEXTS_PER_PREDICTION or (texts and place == len(digests) - 1):
            yield from zip(places, classify_texts(texts, classifier, policy), strict=True)
            places, texts = [], []
