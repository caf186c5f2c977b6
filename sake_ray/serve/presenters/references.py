"""Present a candidate's file."""

from collections.abc import Sequence

from sake_ray.domain.documents import Document
from sake_ray.domain.listing import Listing
from sake_ray.schemas.references import GroupOut, GroupState, ReferenceOut
from sake_ray.serve.references import ReferenceGroup
from sake_ray.storage.records.references import LabelShare


def present_reference(
    reference: str, shares: Sequence[LabelShare], groups: Sequence[ReferenceGroup], documents: Listing[Document]
) -> ReferenceOut:
    """Present a candidate's file with one page of its documents."""
    required = [group for group in groups if group.required]

    def list_labels(state: GroupState) -> list[str]:
        return [str(group.label) for group in required if group.state is state]

    return ReferenceOut.from_domain(
        documents,
        reference=reference,
        teams=sorted({share.team for share in shares}),
        complete=all(group.state is GroupState.THERE for group in required),
        there=list_labels(GroupState.THERE),
        doubtful=list_labels(GroupState.DOUBTFUL),
        missing=list_labels(GroupState.MISSING),
        groups=[GroupOut.from_domain(group, n_documents=group.documents) for group in groups],
        n_ended=sum(share.documents for share in shares if share.ended),
        n_needs_ops=sum(share.documents for share in shares if share.needs_ops),
    )
