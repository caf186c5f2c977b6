"""Propose the parts of a file that seems to hold several documents; it is never accepted as one."""

from collections.abc import Sequence
from dataclasses import replace

from sake_ray.classifier import Classifier
from sake_ray.classifier.isolation import predict_each
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.parts import PROPOSED, ProposedPart, SplitMode, differ_in_class
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.verdicts import Policy, Verdict
from sake_ray.splitting import find_boundaries


def predict_documents(
    classifier: Classifier,
    texts: Sequence[DocumentText],
    *,
    policy: Policy,
    modes: Sequence[SplitMode] | None = None,
) -> list[Verdict | Exception]:
    """Classify the texts as `predict_each` does, and propose the parts of those that seem to be several documents.

    `modes` say for each text what becomes of such a file, by default PROPOSE.
    """
    verdicts = predict_each(classifier, texts, policy=policy) if texts else []
    asked = zip(texts, verdicts, modes or [SplitMode.PROPOSE] * len(texts), strict=True)
    return [_with_parts(text, verdict, classifier, mode) for text, verdict, mode in asked]


def propose_parts(text: DocumentText, classifier: Classifier) -> tuple[ProposedPart, ...]:
    """Propose the parts of a file; nothing when it seems to be one document."""
    starts = [found for found in find_boundaries(text, classifier) if found.sureness >= PROPOSED]
    if not starts:
        return ()
    firsts = [1, *(found.page for found in starts)]
    ranges = [
        PageRange(first, last - 1) for first, last in zip(firsts, [*firsts[1:], len(text.pages) + 1], strict=True)
    ]
    verdicts = classifier.predict([text.select_pages(one.first, one.last) for one in ranges], policy=Policy())
    sureness = [1.0, *(round(found.sureness, 4) for found in starts)]
    reasons = ["", *(found.reason for found in starts)]
    return tuple(
        ProposedPart(pages, verdict.label, verdict.confidence, sure, reason)
        for pages, verdict, sure, reason in zip(ranges, verdicts, sureness, reasons, strict=True)
    )


def apply_mode(verdict: Verdict, parts: Sequence[ProposedPart], mode: SplitMode) -> Verdict:
    """Note in a verdict what a file seems to hold; one that stays whole goes to people only where the classes differ."""
    if mode is SplitMode.NEVER:
        return replace(verdict, several=True, needs_review=True) if differ_in_class(parts) else verdict
    return replace(verdict, parts=tuple(parts), several=True, needs_review=True) if parts else verdict


def _with_parts(
    text: DocumentText, verdict: Verdict | Exception, classifier: Classifier, mode: SplitMode
) -> Verdict | Exception:
    if isinstance(verdict, Exception) or len(text.pages) == 1:
        return verdict
    try:
        return apply_mode(verdict, propose_parts(text, classifier), mode)
    except Exception as error:  # as in predict_each: whatever it is, only this text provoked it
        return error
