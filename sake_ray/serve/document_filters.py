"""Read from a request which documents are wanted; lists and search have the same criteria."""

from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import Depends, Query

from sake_ray.domain.documents import Status
from sake_ray.serve.dependencies import AccountDep
from sake_ray.storage.records import DocumentFilter


async def read_filter(
    account: AccountDep,
    status: Annotated[Status | None, Query()] = None,
    label: Annotated[str | None, Query(max_length=200, description="What a person said, else the class found.")] = None,
    needs_review: Annotated[bool | None, Query(description="Of those nobody has answered yet.")] = None,
    reference: Annotated[str | None, Query(max_length=200)] = None,
    language: Annotated[str | None, Query(max_length=20, description="fr, en or unknown.")] = None,
    since: Annotated[date | None, Query(description="Handed in on this day (UTC) or later.")] = None,
    until: Annotated[date | None, Query(description="Handed in on this day (UTC) or earlier.")] = None,
    mine: Annotated[bool, Query(description="Only what the caller handed in.")] = False,
) -> DocumentFilter | None:
    """Read the filter, bounded to the documents that the caller may see; None when no document can match."""
    if "\0" in f"{label}{reference}{language}":
        return None
    return DocumentFilter(
        account.visible_team,
        status,
        label,
        needs_review,
        reference,
        owner=account.name if mine else None,
        language=language,
        since=datetime.combine(since, time.min, UTC) if since else None,
        until=datetime.combine(until, time.max, UTC) if until else None,
    )


DocumentFilterDep = Annotated[DocumentFilter | None, Depends(read_filter)]
