"""Classify texts, and say of each document what came of it."""

from collections.abc import Iterator, Sequence

from sake_ray.batch.journal import ClassificationResult
from sake_ray.classifier import Classifier
from sake_ray.data.reading import to_document_text
from sake_ray.data.text_cache import fetch_pages
from sake_ray.domain.documents import Status
from sake_ray.domain.texts import DocumentText, Recipe
from sake_ray.domain.verdicts import Policy
from sake_ray.storage.objects import ObjectStore

MAX_KNOWN = 500
"""So many texts are looked for one by one, cleaned and classified here, before a Ray would have started."""
TEXTS_AT_ONCE = 16


def failed(error: str, *, seconds: float) -> ClassificationResult:
    """A document that could not be read."""
    return ClassificationResult("", "", Status.FAILED, error=error, seconds=round(seconds, 3))


def classify_texts(
    texts: Sequence[DocumentText], classifier: Classifier, policy: Policy
) -> Iterator[ClassificationResult]:
    """A result for each text; path, model and seconds are the caller's to add."""
    for text, verdict in zip(texts, classifier.predict(list(texts), policy=policy), strict=True):
        yield ClassificationResult(
            "",
            text.sha256,
            Status.COMPLETED,
            media_type=text.media_type,
            pages=len(text.pages),
            error=verdict.remark,
            language=text.language,
            ocr_confidence=None if text.ocr_confidence is None else round(text.ocr_confidence, 1),
            label=verdict.label,
            confidence=verdict.confidence,
            probabilities=dict(verdict.probabilities),
            needs_review=verdict.needs_review,
            seconds=0.0,
        )


def classify_known(
    digests: Sequence[str], classifier: Classifier, *, policy: Policy, store: ObjectStore, recipe: Recipe
) -> Iterator[tuple[int, ClassificationResult]]:
    """Classify what was read before, giving (place among the digests, result): without Ray, whose start takes longer.

    Beyond 500 documents nothing is given: they are for Ray.
    """
    if len(digests) > MAX_KNOWN:
        return
    places: list[int] = []
    texts: list[DocumentText] = []
    for place, digest in enumerate(digests):
        if kept := fetch_pages(store, digest, recipe):
            places.append(place)
            texts.append(to_document_text(digest, *kept, recipe))
        if len(texts) == TEXTS_AT_ONCE or (texts and place == len(digests) - 1):
            yield from zip(places, classify_texts(texts, classifier, policy), strict=True)
            places, texts = [], []
