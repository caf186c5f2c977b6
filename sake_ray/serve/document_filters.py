"""Read from a request which documents are wanted; the same criteria for lists and for the search."""

from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import Depends, Query

from sake_ray.domain.documents import Status
from sake_ray.serve.dependencies import SignedIn
from sake_ray.storage.records import DocumentFilter


def fitting(
    account: SignedIn,
    status: Annotated[Status | None, Query()] = None,
    label: Annotated[str | None, Query(max_length=200, description="What a person said, else the class found.")] = None,
    needs_review: Annotated[bool | None, Query(description="Of those nobody has answered yet.")] = None,
    reference: Annotated[str | None, Query(max_length=200)] = None,
    language: Annotated[str | None, Query(max_length=20, description="fr, en or unknown.")] = None,
    since: Annotated[date | None, Query(description="Handed in on this day (UTC) or later.")] = None,
    until: Annotated[date | None, Query(description="Handed in on this day (UTC) or earlier.")] = None,
    mine: Annotated[bool, Query(description="Only what the caller handed in.")] = False,
) -> DocumentFilter | None:
    """Which of the documents that the caller may see are wanted; None when none can be."""
    if "\0" in f"{label}{reference}{language}":
        return None
    return DocumentFilter(
        account.sees_team,
        status,
        label,
        needs_review,
        reference,
        owner=account.name if mine else None,
        language=language,
        since=datetime.combine(since, time.min, UTC) if since else None,
        until=datetime.combine(until, time.max, UTC) if until else None,
    )


Fitting = Annotated[DocumentFilter | None, Depends(fitting)]
