"""Have documents tried again that were left to ops."""

from typing import Annotated

import typer

from sake_ray.cli.bootstrap import find_user_name, load_settings, open_records
from sake_ray.cli.terminal import report
from sake_ray.domain.documents import Status

MOST = 1000


def retry(
    documents: Annotated[list[str] | None, typer.Argument(help="Ids of documents.", show_default=False)] = None,
    everything: Annotated[bool, typer.Option("--all", help="Try all documents again that need ops.")] = False,
) -> None:
    """Try documents again that could not be processed and need ops.

    Without documents, list them: id, time, team, reference, name, reason.
    """
    from sake_ray.storage.records.document_query import DocumentFilter  # SQLAlchemy takes a while to import

    records = open_records(load_settings())
    if documents and everything:
        raise typer.BadParameter("name documents or give --all, not both")
    if not documents and not everything:
        found = records.documents.list(DocumentFilter(status=Status.NEEDS_OPS), limit=MOST)
        for one in found.items:
            columns = (one.id, f"{one.submitted_at:%Y-%m-%d %H:%M}", one.team, one.reference, one.name, one.error)
            print("\t".join(" ".join(str(column).split()) for column in columns))  # noqa: T201 - the result
        total = f"{found.total}" if found.is_total_exact else f"More than {found.total}"
        report(f"{total} {'document needs' if found.total == 1 else 'documents need'} ops.")
        return
    for one in [records.documents.get(id, team=None) for id in documents or ()]:
        if one.status is not Status.NEEDS_OPS:
            report(f"{one.id} is {one.status.value}; it stays as it is.")
    count = records.queue.retry(documents or None, by=find_user_name(), now=records.clock.now())
    report(f"{count} {'document is' if count == 1 else 'documents are'} tried again.")
