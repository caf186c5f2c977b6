"""Turn what people answered into training images, and decide where that is not plain."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from sake_ray.errors import NotFound
from sake_ray.feedback import AnsweredContent, Feedback, ImageChange, ImportPreview, PendingDecision
from sake_ray.schemas.feedback import (
    DecisionIn,
    DecisionOut,
    FeedbackChange,
    FeedbackCounts,
    FeedbackFailure,
    FeedbackOut,
    FeedbackWaiting,
    ImportedOut,
    LikeOut,
    SaidOut,
)
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import Admin, Given, PageNumber, Services, told
from sake_ray.serve.routes.images import HOLD_SECONDS

router = APIRouter(prefix="/admin/feedback", tags=["admin: feedback"])

LOOK_SECONDS, IMPORT_SECONDS = 5.0, 20.0
"""How long new texts are looked at for near-duplicates; what is left over comes the next time."""


@router.get("", summary="What an import would do, and what waits for a decision", responses=told(401, 403, 422, 503))
def feedback(
    parts: Given,
    _: Admin,
    page: PageNumber = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> FeedbackOut:
    """List both, the oldest answers first; the counts are of all."""
    outlook, holder = _feedback(parts).look(seconds=LOOK_SECONDS), parts.workshop.workspace.find_holder()
    some = slice((page - 1) * page_size, page * page_size)
    return FeedbackOut(
        counts=_count(outlook),
        changes=[_show_change(change) for change in outlook.steps[some]],
        waiting=[_show_waiting(waiting) for waiting in outlook.waiting[some]],
        choices=list(outlook.choices),
        not_compared=outlook.not_compared,
        held_by=holder.owner if holder else None,
        page=page,
        page_size=page_size,
    )


@router.post("/import", summary="Make training images of the answers", responses=told(401, 403, 409, 503))
def import_feedback(parts: Given, account: Admin) -> ImportedOut:
    """Import each answer once, the newest counts; whatever waits for a decision is left out."""
    with parts.workshop.workspace.hold(f"answers imported by {account.name}", seconds=HOLD_SECONDS):
        done = _feedback(parts).take_in(now=utc_now(), seconds=IMPORT_SECONDS)
    failed = [FeedbackFailure(document=f.document, name=f.name, why=f.why) for f in done.failed]
    return ImportedOut(
        added=done.added,
        moved=done.moved,
        removed=done.removed,
        waiting=done.waiting,
        failed=failed,
        not_compared=done.not_compared,
    )


@router.post("/{document}", summary="Decide what a document trains", responses=told(400, 401, 403, 404, 413, 422, 503))
def decide(
    parts: Given, account: Admin, document: Annotated[str, Path(min_length=1, max_length=64)], wanted: DecisionIn
) -> DecisionOut:
    """Keep the decision; it counts until people say something else, and the next import carries it out."""
    if "\0" in document:
        raise NotFound("There is no such document.")
    kept = _feedback(parts).decide(document, wanted.decision, by=account.name, now=utc_now())
    return DecisionOut(document=kept.document, decision=kept.decision, by=kept.by, at=kept.at)


def _feedback(parts: Services) -> Feedback:
    return Feedback(parts.records, parts.store, parts.workshop.workspace, parts.workshop.recipe)


def _count(outlook: ImportPreview) -> FeedbackCounts:
    kinds = [change.kind for change in outlook.steps]
    counted = {kind: kinds.count(kind) for kind in ("add", "move", "remove")}
    return FeedbackCounts(**counted, waiting=len(outlook.waiting), in_place=len(outlook.settled))


def _show_change(change: ImageChange) -> FeedbackChange:
    content = change.content
    return FeedbackChange(
        document=content.document,
        name=content.name,
        sha256=content.sha256,
        kind=change.kind,
        before=change.before,
        after=change.after,
        said=_show_said(content),
    )


def _show_waiting(waiting: PendingDecision) -> FeedbackWaiting:
    content = waiting.content
    return FeedbackWaiting(
        document=content.document,
        documents=list(content.documents),
        name=content.name,
        sha256=content.sha256,
        why=waiting.why.value,
        label=waiting.label,
        lies_under=waiting.lies_under,
        like=[LikeOut(sha256=like.sha256, label=like.label) for like in waiting.like],
        said=_show_said(content),
    )


def _show_said(content: AnsweredContent) -> list[SaidOut]:
    answers = [vote.answer for vote in content.votes]
    return [SaidOut(document=said.document, answer=said.answer, by=said.by, at=said.at) for said in answers]
