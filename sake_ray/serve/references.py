"""Check a candidate's file: which required documents are there, doubtful or missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sake_ray.domain.verdicts import OTHER
from sake_ray.errors import InputError
from sake_ray.schemas.references import GroupState
from sake_ray.storage.records.references import LabelShare, RequiredLabels


@dataclass(frozen=True, slots=True)
class ReferenceGroup:
    """The documents of a reference that count as one label; without a label those that wait, need ops, or have no text."""

    label: str | None
    state: GroupState
    required: bool
    documents: int


def group_by_label(shares: Sequence[LabelShare], required: Sequence[str]) -> list[ReferenceGroup]:
    """Group documents by the label that counts: the required ones first and in their order, then the others by name.

    A label is there when one of its documents is sure or was answered, doubtful when all of them still need review.
    """
    labels = {share.label for share in shares if share.label is not None} - set(required)
    groups = [_group_label(shares, label, required=True) for label in required]
    groups += [_group_label(shares, label, required=False) for label in sorted(labels)]
    for state in (GroupState.WAITING, GroupState.NEEDS_OPS, GroupState.UNREADABLE):
        count = sum(share.documents for share in shares if share.label is None and state_without_label(share) is state)
        groups += [ReferenceGroup(None, state, False, count)] if count else []
    return groups


def state_without_label(share: LabelShare) -> GroupState:
    """The state of documents that have no label."""
    if share.needs_ops:
        return GroupState.NEEDS_OPS
    return GroupState.UNREADABLE if share.ended else GroupState.WAITING


def check_required(labels: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Drop repeated labels; raises InputError for one that no document can have."""
    possible = default_required(known)
    for label in labels:
        if label not in possible:
            raise InputError("required-label-unknown", label=label[:100], labels=possible)
    return tuple(dict.fromkeys(labels))


def default_required(known: Sequence[str]) -> tuple[str, ...]:
    """List the labels of the model except the reserved one, which says only what a document is not."""
    return tuple(label for label in known if label != OTHER)


def choose_required(required: RequiredLabels | None, known: Sequence[str]) -> tuple[str, ...]:
    """Choose what is required: what the admin set, else every label."""
    return required.labels if required else default_required(known)


def _group_label(shares: Sequence[LabelShare], label: str, *, required: bool) -> ReferenceGroup:
    own = [share for share in shares if share.label == label]
    state = GroupState.DOUBTFUL if all(share.to_check for share in own) else GroupState.THERE
    return ReferenceGroup(label, state if own else GroupState.MISSING, required, sum(share.documents for share in own))
