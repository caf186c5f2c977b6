"""Plan an import, each time anew, from what people answered and from the images of the workspace."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sake_ray.domain.feedback import SKIP, Decision
from sake_ray.feedback.provenance import ANSWER, DECISION, AnswerSource, ExpectedLabels, ImageOrigin
from sake_ray.feedback.votes import AnsweredContent, to_label, vote_fingerprint


class WaitingReason(StrEnum):
    """Why answers wait for a decision of an admin."""

    PEOPLE_DIFFER = "people_differ"
    UNKNOWN_LABEL = "unknown_label"
    NEAR_DUPLICATE = "near_duplicate"
    PLACED_BY_HAND = "placed_by_hand"


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """An image of the workspace, or one about to be added, that a document is nearly the same as."""

    sha256: str
    label: str


@dataclass(frozen=True, slots=True)
class ImageChange:
    """What an import does with one original: from which label to which (None: no image). From a label to the same one:
    only who said so is recorded."""

    content: AnsweredContent
    before: str | None
    after: str | None
    sources: tuple[AnswerSource, ...]
    untouched: bool = True
    """Whether it was where an import had put it; a decision may also move an image that was placed by hand."""

    @property
    def expected_labels(self) -> ExpectedLabels:
        """The labels that the image may have through this change alone while it is unfinished."""
        if self.untouched:
            return self.before, self.after
        return (self.after,) if self.before != self.after else ()

    @property
    def kind(self) -> str:
        """add, move, remove, or keep when only who said so is recorded."""
        if self.before == self.after:
            return "keep"
        return "add" if self.before is None else "remove" if self.after is None else "move"

    @property
    def origin(self) -> ImageOrigin | None:
        """What is recorded about the image afterwards; None: nothing."""
        return ImageOrigin(self.after, self.sources) if self.sources else None


@dataclass(frozen=True, slots=True)
class PendingDecision:
    """What an admin has to decide: the label people ask for (None when they differ or ask for none), and the label it has now."""

    content: AnsweredContent
    why: WaitingReason
    label: str | None
    current_label: str | None
    like: tuple[NearDuplicate, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkspaceImages:
    """The images of a workspace: their labels, which of them came from answers, and what an unfinished import was doing."""

    labels: Mapping[str, str]
    origins: Mapping[str, ImageOrigin]
    unfinished: Mapping[str, ExpectedLabels]
    known: frozenset[str]
    """The labels of the corpus."""

    def is_untouched(self, sha256: str) -> bool:
        """Whether nobody has placed or moved an image by hand: it is where an import has put it, or there never was one."""
        label, origin = self.labels.get(sha256), self.origins.get(sha256)
        put = {origin.label if origin else None, *self.unfinished.get(sha256, ())}
        return label in put


FindNearDuplicates = Callable[[AnsweredContent, str], tuple[NearDuplicate, ...]]
"""Finds what an original is nearly the same as. With the label it is about to get, later originals find it too."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do, and what waits. `unchanged` are the originals whose image stays as it is, with their label."""

    changes: tuple[ImageChange, ...]
    waiting: tuple[PendingDecision, ...]
    unchanged: tuple[tuple[AnsweredContent, str], ...]


def plan_import(
    contents: Mapping[str, AnsweredContent],
    images: WorkspaceImages,
    decisions: Mapping[str, Decision],
    find_near_duplicates: FindNearDuplicates,
) -> ImportPlan:
    """Compare what people answered with the images, in the order of the newest answers."""
    changes: list[ImageChange] = []
    waiting: list[PendingDecision] = []
    unchanged: list[tuple[AnsweredContent, str]] = []
    for content in sorted(contents.values(), key=lambda content: content.key):
        decision = decisions.get(content.sha256)
        if decision and decision.votes != content.fingerprint:
            decision = None
        outcome = _plan_content(content, images, decision, find_near_duplicates)
        if isinstance(outcome, PendingDecision):
            waiting.append(outcome)
            outcome = _remove_while_waiting(content, images)
        elif outcome is None and (current := images.labels.get(content.sha256)):
            unchanged.append((content, current))
        if outcome := outcome or _plan_unfinished(content, images):
            changes.append(outcome)
    return ImportPlan(tuple(changes), tuple(waiting), tuple(unchanged))


def _plan_content(
    content: AnsweredContent,
    images: WorkspaceImages,
    decision: Decision | None,
    find_near_duplicates: FindNearDuplicates,
) -> ImageChange | PendingDecision | None:
    """Plan what to do for one original; None: nothing."""
    if decision and decision.decision == SKIP:
        return None
    current, untouched = images.labels.get(content.sha256), images.is_untouched(content.sha256)
    wanted, why = _find_wanted(content, images, decision)
    if why:
        return PendingDecision(content, why, wanted, current)
    # A decision for the label that a hand has given already is recorded as carried out, or a later hand would be undone.
    if not untouched and (decision is None or _is_carried_out(content, images, decision)):
        settled = decision or wanted == current or _was_known_to_hand(content, images)
        return None if settled else _ask_about_hand(content, wanted, current)
    if current is None and wanted is not None and not decision and (like := find_near_duplicates(content, wanted)):
        return PendingDecision(content, WaitingReason.NEAR_DUPLICATE, wanted, None, like)
    sources = _collect_sources(content, decision) if wanted or decision else ()
    change = ImageChange(content, current, wanted, sources, untouched)
    return None if wanted == current and images.origins.get(content.sha256) == change.origin else change


def _find_wanted(
    content: AnsweredContent, images: WorkspaceImages, decision: Decision | None
) -> tuple[str | None, WaitingReason | None]:
    """Find the label that people, or the admin, ask for, and why it cannot simply be given."""
    if decision:
        return to_label(decision.decision), None
    if not content.readable or not content.votes:
        return None, None
    if len(content.opinions) > 1:
        return None, WaitingReason.PEOPLE_DIFFER
    label = to_label(next(iter(content.opinions)))
    return label, None if label is None or label in images.known else WaitingReason.UNKNOWN_LABEL


def _ask_about_hand(content: AnsweredContent, wanted: str | None, current: str | None) -> PendingDecision | None:
    """Ask about an image that was added, moved or removed by hand, when people answered something else."""
    return (
        PendingDecision(content, WaitingReason.PLACED_BY_HAND, wanted, current)
        if content.votes and content.readable
        else None
    )


def _was_known_to_hand(content: AnsweredContent, images: WorkspaceImages) -> bool:
    """Whether people had answered the same when the image was imported: whoever moved it by hand since then knew it."""
    origin = images.origins.get(content.sha256)
    if origin is None:
        return False
    before = vote_fingerprint((source.by, source.answer) for source in origin.sources if source.how == ANSWER)
    return before == content.fingerprint


def _is_carried_out(content: AnsweredContent, images: WorkspaceImages, decision: Decision) -> bool:
    """Whether a decision was carried out: then it does not undo what was done by hand after it."""
    origin = images.origins.get(content.sha256)
    decisions = {(source.by, source.at) for source in origin.sources if source.how == DECISION} if origin else set()
    return (decision.by, decision.at) in decisions


def _remove_while_waiting(content: AnsweredContent, images: WorkspaceImages) -> ImageChange | None:
    """Remove an image under a label that nobody gives it any more; otherwise it stays where it is."""
    current = images.labels.get(content.sha256)
    if current is None or not images.is_untouched(content.sha256):
        return None
    return None if current in map(to_label, content.opinions) else ImageChange(content, current, None, ())


def _plan_unfinished(content: AnsweredContent, images: WorkspaceImages) -> ImageChange | None:
    """Record what an unfinished import has done to an image for which nothing else is to be done."""
    current, origin = images.labels.get(content.sha256), images.origins.get(content.sha256)
    if content.sha256 not in images.unfinished or not images.is_untouched(content.sha256):
        return None
    if current == (origin.label if origin else None):
        return None
    return ImageChange(content, current, current, _collect_sources(content, None) if current else ())


def _collect_sources(content: AnsweredContent, decision: Decision | None) -> tuple[AnswerSource, ...]:
    answers = [vote.answer for vote in content.votes]
    sources = [AnswerSource(answer.document, answer.by, answer.at, ANSWER, answer.answer) for answer in answers]
    if decision:
        sources.append(AnswerSource(decision.document, decision.by, decision.at, DECISION, decision.decision))
    return tuple(sources)
