"""Turn people's answers into training images, and decide where they differ."""

from typing import Annotated

from fastapi import APIRouter, Path

from sake_ray.domain.audit import AuditAction
from sake_ray.domain.feedback import Decision
from sake_ray.errors import NotFound
from sake_ray.feedback import Feedback
from sake_ray.schemas.feedback import DecisionIn, DecisionOut, FeedbackList, ImportedOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import AdminDep, Services, ServicesDep
from sake_ray.serve.idempotency import StoredResponse, reply_to
from sake_ray.serve.idempotent_routes import AdminRoute, KeyedDep
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.paging import PageDep
from sake_ray.serve.presenters.feedback import list_preview, present_counts, present_item
from sake_ray.serve.routes.images import HOLD_SECONDS

router = APIRouter(prefix="/admin/feedback", tags=["admin: feedback"], route_class=AdminRoute)

LOOK_SECONDS, IMPORT_SECONDS = 5.0, 20.0
"""How long new texts are looked at for near-duplicates; what is left over comes the next time."""


@router.get(
    "",
    summary="What an import would do, and what waits for a decision",
    responses=problem_responses(401, 403, 422, 503),
)
def list_feedback(services: ServicesDep, _: AdminDep, page: PageDep) -> FeedbackList:
    """List what waits for a decision, then what an import would do, of each the oldest answers first; the counts are of all."""
    preview, holder = _make_feedback(services).preview(seconds=LOOK_SECONDS), services.admin.workspace.find_holder()
    return FeedbackList.from_domain(
        list_preview(preview, after=page.after, limit=page.limit).map(present_item),
        counts=present_counts(preview),
        choices=list(preview.choices),
        not_compared=preview.not_compared,
        held_by=holder.owner if holder else None,
    )


@router.post("/import", summary="Make training images of the answers", responses=problem_responses(401, 403, 409, 503))
def import_feedback(services: ServicesDep, account: AdminDep) -> ImportedOut:
    """Import each answer once, the newest counts; whatever waits for a decision is left out."""
    with services.admin.workspace.hold(f"answers imported by {account.name}", seconds=HOLD_SECONDS):
        done = _make_feedback(services).import_answers(now=utc_now(), seconds=IMPORT_SECONDS)
    imported = ImportedOut.model_validate(done)
    services.records.audit.add(AuditAction.ANSWERS_IMPORTED, by=account.name)
    return imported


@router.post(
    "/{document}",
    summary="Decide what a document trains",
    responses=problem_responses(400, 401, 403, 404, 413, 422, 503),
)
def decide_feedback(
    services: ServicesDep,
    account: AdminDep,
    document: Annotated[str, Path(min_length=1, max_length=64)],
    sent: DecisionIn,
    keyed: KeyedDep,
) -> DecisionOut:
    """Keep the decision; it counts until people say something else, and the next import carries it out."""
    if "\0" in document:
        raise NotFound("no-such-document")
    now = utc_now()
    reply = reply_to(keyed, _present_decision, now=now)
    recorded = _make_feedback(services).decide(document, sent.decision, by=account.name, now=now, reply=reply)
    return DecisionOut.model_validate(recorded)


def _present_decision(decided: Decision) -> StoredResponse:
    return StoredResponse.of_model(DecisionOut.model_validate(decided))


def _make_feedback(services: Services) -> Feedback:
    return Feedback(services.records, services.store, services.admin.workspace, services.admin.recipe)
