"""Decide what an import does: computed anew each time, from what people say and from what lies in the workspace."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sake_ray.domain.feedback import SKIP, Decision
from sake_ray.feedback.provenance import ANSWER, DECISION, AnswerSource, ImageOrigin, Step
from sake_ray.feedback.votes import AnsweredContent, label_of, vote_fingerprint


class WaitingReason(StrEnum):
    """Why answers wait for an admin."""

    PEOPLE_DIFFER = "people_differ"
    UNKNOWN_LABEL = "unknown_label"
    NEAR_DUPLICATE = "near_duplicate"
    PLACED_BY_HAND = "placed_by_hand"


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """An image of the workspace, or one that is about to be, that a document is nearly the same as."""

    sha256: str
    label: str


@dataclass(frozen=True, slots=True)
class ImageChange:
    """What an import does with one original: from which label to which (None: not there). From a label to the same one:
    only who said so is noted."""

    content: AnsweredContent
    before: str | None
    after: str | None
    sources: tuple[AnswerSource, ...]
    ours: bool = True
    """Whether it lay where an import had put it; a decision may also move what a hand has placed."""

    @property
    def step(self) -> Step:
        """The labels under which the image is ours while the change is not finished."""
        return (self.before, self.after) if self.ours else (self.after,)

    @property
    def kind(self) -> str:
        """add, move, remove, or keep when only who said so is noted."""
        if self.before == self.after:
            return "keep"
        return "add" if self.before is None else "remove" if self.after is None else "move"

    @property
    def origin(self) -> ImageOrigin | None:
        """What is noted of the image afterwards; None: nothing."""
        return ImageOrigin(self.after, self.sources) if self.sources else None


@dataclass(frozen=True, slots=True)
class PendingDecision:
    """What an admin has to decide: the label people ask for (None when they differ or ask for none), where the image lies now."""

    content: AnsweredContent
    why: WaitingReason
    label: str | None
    lies_under: str | None
    like: tuple[NearDuplicate, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkspaceImages:
    """What lies in the workspace: images by label, which of them came from answers, what an import was interrupted in."""

    labels: Mapping[str, str]
    origins: Mapping[str, ImageOrigin]
    unfinished: Mapping[str, Step]
    known: frozenset[str]
    """The labels of the corpus."""

    def is_ours(self, sha256: str) -> bool:
        """Whether no hand has touched an image: it lies where an import has put it, or is not there and never was."""
        label, origin = self.labels.get(sha256), self.origins.get(sha256)
        put = {origin.label if origin else None, *self.unfinished.get(sha256, ())}
        return label in put


FindLike = Callable[[AnsweredContent, str], tuple[NearDuplicate, ...]]
"""Finds what an original is nearly the same as; the label it is about to get lets it be found by those after it."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do, and what waits. `settled` are the originals that lie there and stay, with their label."""

    changes: tuple[ImageChange, ...]
    waiting: tuple[PendingDecision, ...]
    settled: tuple[tuple[AnsweredContent, str], ...]


def make_plan(
    contents: Mapping[str, AnsweredContent],
    lying: WorkspaceImages,
    decisions: Mapping[str, Decision],
    find_like: FindLike,
) -> ImportPlan:
    """Compare what people say with what lies there, in the order of the newest answers."""
    changes: list[ImageChange] = []
    waiting: list[PendingDecision] = []
    settled: list[tuple[AnsweredContent, str]] = []
    for content in sorted(contents.values(), key=_newest):
        decision = decisions.get(content.sha256)
        if decision and decision.votes != content.fingerprint:
            decision = None
        outcome = _plan_one(content, lying, decision, find_like)
        if isinstance(outcome, PendingDecision):
            waiting.append(outcome)
            outcome = _while_it_waits(content, lying)
        elif outcome is None and (there := lying.labels.get(content.sha256)):
            settled.append((content, there))
        if outcome := outcome or _note_unfinished(content, lying):
            changes.append(outcome)
    return ImportPlan(tuple(changes), tuple(waiting), tuple(settled))


def _plan_one(
    content: AnsweredContent, lying: WorkspaceImages, decision: Decision | None, find_like: FindLike
) -> ImageChange | PendingDecision | None:
    """What is to be done for one original; None: nothing."""
    if decision and decision.decision == SKIP:
        return None
    there, ours = lying.labels.get(content.sha256), lying.is_ours(content.sha256)
    wanted, why = _wanted(content, lying, decision)
    if why:
        return PendingDecision(content, why, wanted, there)
    if not ours and wanted == there:
        return None
    if not ours and not (decision and not _carried_out(content, lying, decision)):
        return None if decision or _known_to_hand(content, lying) else _by_hand(content, wanted, there)
    if there is None and wanted is not None and not decision and (like := find_like(content, wanted)):
        return PendingDecision(content, WaitingReason.NEAR_DUPLICATE, wanted, None, like)
    sources = _sources(content, decision) if wanted or decision else ()
    change = ImageChange(content, there, wanted, sources, ours)
    return None if wanted == there and lying.origins.get(content.sha256) == change.origin else change


def _wanted(
    content: AnsweredContent, lying: WorkspaceImages, decision: Decision | None
) -> tuple[str | None, WaitingReason | None]:
    """The label that people, or the admin, ask for, and why it cannot simply be given."""
    if decision:
        return label_of(decision.decision), None
    if not content.readable or not content.votes:
        return None, None
    if len(content.opinions) > 1:
        return None, WaitingReason.PEOPLE_DIFFER
    label = label_of(next(iter(content.opinions)))
    return label, None if label is None or label in lying.known else WaitingReason.UNKNOWN_LABEL


def _by_hand(content: AnsweredContent, wanted: str | None, there: str | None) -> PendingDecision | None:
    """Ask about an image that an admin has added, moved or removed, when people say something else; not when they say nothing."""
    return (
        PendingDecision(content, WaitingReason.PLACED_BY_HAND, wanted, there)
        if content.votes and content.readable
        else None
    )


def _known_to_hand(content: AnsweredContent, lying: WorkspaceImages) -> bool:
    """Whether people said the same when the image was imported: then the hand that touched it since knew it."""
    origin = lying.origins.get(content.sha256)
    if origin is None:
        return False
    before = vote_fingerprint((source.by, source.said) for source in origin.sources if source.how == ANSWER)
    return before == content.fingerprint


def _carried_out(content: AnsweredContent, lying: WorkspaceImages, decision: Decision) -> bool:
    """Whether a decision was carried out: then it does not undo what a hand did after it."""
    origin = lying.origins.get(content.sha256)
    done = {(source.by, source.at) for source in origin.sources if source.how == DECISION} if origin else set()
    return (decision.by, decision.at) in done


def _while_it_waits(content: AnsweredContent, lying: WorkspaceImages) -> ImageChange | None:
    """Take away an image under a label that nobody gives it any more; else it stays where it is."""
    there = lying.labels.get(content.sha256)
    if there is None or not lying.is_ours(content.sha256):
        return None
    return None if there in map(label_of, content.opinions) else ImageChange(content, there, None, ())


def _note_unfinished(content: AnsweredContent, lying: WorkspaceImages) -> ImageChange | None:
    """Note where an interrupted import has put an image for which nothing else is to be done any more."""
    there, origin = lying.labels.get(content.sha256), lying.origins.get(content.sha256)
    if content.sha256 not in lying.unfinished or there is None or not lying.is_ours(content.sha256):
        return None
    return None if origin and origin.label == there else ImageChange(content, there, there, _sources(content, None))


def _sources(content: AnsweredContent, decision: Decision | None) -> tuple[AnswerSource, ...]:
    answers = [vote.answer for vote in content.votes]
    sources = [AnswerSource(said.document, said.by, said.at, ANSWER, said.answer) for said in answers]
    if decision:
        sources.append(AnswerSource(decision.document, decision.by, decision.at, DECISION, decision.decision))
    return tuple(sources)


def _newest(content: AnsweredContent) -> tuple[int, str]:
    return max((vote.number for vote in content.votes), default=0), content.sha256
