"""Present a candidate's file."""

from collections.abc import Sequence

from sake_ray.domain.documents import Document, Status
from sake_ray.schemas.documents import DocumentRow
from sake_ray.schemas.references import GroupOut, GroupState, ReferenceOut
from sake_ray.serve.references import ReferenceGroup
from sake_ray.storage.records.references import LabelShare


def present_reference(
    reference: str,
    shares: Sequence[LabelShare],
    groups: Sequence[ReferenceGroup],
    documents: Sequence[Document],
    *,
    page: int,
    page_size: int,
    total: int,
) -> ReferenceOut:
    """Present a candidate's file with one page of its documents, by group."""
    required = [group for group in groups if group.required]

    def list_labels(state: GroupState) -> list[str]:
        return [str(group.label) for group in required if group.state is state]

    return ReferenceOut(
        reference=reference,
        teams=sorted({share.team for share in shares}),
        complete=all(group.state is GroupState.THERE for group in required),
        there=list_labels(GroupState.THERE),
        doubtful=list_labels(GroupState.DOUBTFUL),
        missing=list_labels(GroupState.MISSING),
        groups=[present_group(group, documents) for group in groups],
        n_ended=sum(share.documents for share in shares if share.ended),
        n_needs_ops=sum(share.documents for share in shares if share.needs_ops),
        page=page,
        page_size=page_size,
        total=total,
    )


def present_group(group: ReferenceGroup, documents: Sequence[Document]) -> GroupOut:
    """Present a group with those of the documents that belong to it."""
    return GroupOut.from_domain(
        group,
        n_documents=group.documents,
        documents=[DocumentRow.model_validate(document) for document in documents if belongs_to(document, group)],
    )


def belongs_to(document: Document, group: ReferenceGroup) -> bool:
    """Tell whether a document belongs to a group: by the label that counts, else by where it stands."""
    if document.counted is not None or group.label is not None:
        return document.counted == group.label
    if document.status is Status.NEEDS_OPS:
        return group.state is GroupState.NEEDS_OPS
    return group.state is (GroupState.UNREADABLE if document.ended else GroupState.WAITING)
