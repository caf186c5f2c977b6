"""Present what an import of answers would do, and what waits for a decision."""

from sake_ray.domain.listing import Listing, list_sorted
from sake_ray.feedback import AnsweredContent, ImageChange, ImportPreview, PendingDecision
from sake_ray.schemas.feedback import FeedbackChange, FeedbackCounts, FeedbackWaiting, LikeOut, SaidOut

KINDS = ("add", "move", "remove")


def present_counts(preview: ImportPreview) -> FeedbackCounts:
    """Count what an import would do."""
    kinds = [change.kind for change in preview.steps]
    counts = {kind: kinds.count(kind) for kind in KINDS}
    return FeedbackCounts(**counts, waiting=len(preview.waiting), in_place=len(preview.unchanged))


def list_preview(preview: ImportPreview, *, after: str | None, limit: int) -> Listing[PendingDecision | ImageChange]:
    """List what waits for a decision, then what an import would do."""
    items: list[PendingDecision | ImageChange] = [*preview.waiting, *preview.steps]
    return list_sorted("feedback", items, _key, (int, int, str), after=after, limit=limit)


def _key(item: PendingDecision | ImageChange) -> tuple[int, int, str]:
    return int(isinstance(item, ImageChange)), *item.content.key


def present_item(item: PendingDecision | ImageChange) -> FeedbackChange | FeedbackWaiting:
    """Present one of them."""
    return present_change(item) if isinstance(item, ImageChange) else present_waiting(item)


def present_change(change: ImageChange) -> FeedbackChange:
    """Present what an import would do with one original."""
    return FeedbackChange.from_domain(
        change.content,
        kind=change.kind,
        before=change.before,
        after=change.after,
        said=present_votes(change.content),
    )


def present_waiting(waiting: PendingDecision) -> FeedbackWaiting:
    """Present an original that waits for a decision."""
    content = waiting.content
    return FeedbackWaiting(
        document=content.document,
        documents=list(content.documents),
        name=content.name,
        sha256=content.sha256,
        why=waiting.why.value,
        label=waiting.label,
        lies_under=waiting.current_label,
        like=[LikeOut.model_validate(like) for like in waiting.like],
        said=present_votes(content),
    )


def present_votes(content: AnsweredContent) -> list[SaidOut]:
    """Present the answers that count."""
    return [SaidOut.model_validate(vote.answer) for vote in content.votes]
