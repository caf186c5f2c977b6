"""Erase what documents have left outside of the records: in the store, the search index, the trainings and the registry.

The rows are gone when an erasure is recorded, in one transaction. What is left to do is recorded with it, so that whatever is
killed goes on: every step may be done twice.
"""

import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sake_ray.domain.erasures import AT_ONCE, Erasure, ErasureCause, ErasurePlace, ErasurePlan, ErasureStep
from sake_ray.erasure.objects import erase_objects
from sake_ray.erasure.trainings import erase_from_workspace, select_trained
from sake_ray.errors import SakeError
from sake_ray.registry import Registry
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import Records
from sake_ray.storage.records.remnants import clear_files, forget_entries
from sake_ray.workspace import Workspace
from sake_ray.workspace.images import list_images

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
"""Longer than a step takes; after it another goes on with an erasure that was killed."""
RETRY_AFTER = timedelta(minutes=1)
HOLD_SECONDS = 5.0
NEXT = {
    ErasureStep.OBJECTS: ErasureStep.DATABASE,
    # Last, since a training may hold the workspace for long.
    ErasureStep.DATABASE: ErasureStep.TRAININGS,
    ErasureStep.TRAININGS: ErasureStep.SWEEP,
    ErasureStep.SWEEP: ErasureStep.DONE,
}
PSEUDONYM_LETTERS = 32


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What a step removed, by place, and the model versions that it flagged."""

    counts: Mapping[ErasurePlace, int]
    models: tuple[int, ...] = ()


class Eraser:
    """Carries erasures out; any number of processes may."""

    def __init__(
        self,
        records: Records,
        store: ObjectStore,
        workspace: Workspace,
        registry: Registry,
        *,
        note: Callable[[Erasure], None] | None = None,
        workspace_here: bool = True,
    ) -> None:
        """`note` is told of each erasure before anything but rows goes; while it raises StorageUnavailable, nothing else goes.

        Where the workspace of trainings is in another home, its step is left to the eraser there.
        """
        self.records, self.store, self.workspace, self.registry = records, store, workspace, registry
        self.note, self.workspace_here = note, workspace_here

    def plan(self, reference: str, *, team: str | None) -> ErasurePlan:
        """Count what erasing a reference would remove from records and training images; raises NotFound without any."""
        plan = self.records.erasures.plan(reference, team=team)
        roots = self.workspace.images.folder, self.workspace.images.removed
        images = sum(image.sha256 in plan.digests for root in roots for image in list_images(root))
        return replace(plan, counts={**plan.counts, ErasurePlace.IMAGES: images})

    def begin(
        self, reference: str, *, team: str | None, token: str | None, secret: str, by: str, lease: timedelta = LEASE
    ) -> Erasure:
        """Delete the rows of a reference; `carry_out` does the rest. Raises NotFound, ErasureOutdated."""
        subject, now = make_pseudonym(secret, reference), self.records.clock.now()
        begun = self.records.erasures.begin(
            reference, team=team, token=token, subject=subject, by=by, now=now, lease=lease
        )
        log.info("erasure begun", extra={"erasure": begun.number, "nb": begun.counts[ErasurePlace.DOCUMENTS]})
        return begun

    def empty_bin(self, days: timedelta, *, now: datetime) -> int:
        """Delete the rows of some documents that are in the bin for longer; `run_next` does the rest. Return how many."""
        begun = self.records.erasures.begin_expired(before=now - days, limit=AT_ONCE, now=now)
        return begun.counts[ErasurePlace.DOCUMENTS] if begun else 0

    def run_next(self, *, now: datetime, number: int | None = None) -> Erasure | None:
        """Go on with the erasure that has waited longest, or with this one; None when none has to go on."""
        erasure = self.records.erasures.claim(lease=LEASE, now=now, number=number, with_trainings=self.workspace_here)
        return self.carry_out(erasure) if erasure else None

    def carry_out(self, erasure: Erasure) -> Erasure:
        """Carry out an erasure that is claimed, as far as possible; what keeps it from going on is recorded with it."""
        try:
            while erasure.step is not ErasureStep.DONE:
                step = NEXT[erasure.step]
                is_others = step is ErasureStep.TRAININGS and not self.workspace_here
                outcome = self._do_step(erasure)
                now = self.records.clock.now()
                erasure = self.records.erasures.advance(
                    erasure,
                    step,
                    found=outcome.counts,
                    models=outcome.models,
                    now=now,
                    lease=timedelta() if is_others else LEASE,
                )
                if is_others:
                    break
                if step is ErasureStep.SWEEP:
                    log.info("erasure done", extra={"erasure": erasure.number})
                    break
        except SakeError as error:
            log.warning("erasure postponed", extra={"erasure": erasure.number, "error": error.message})
            return self.records.erasures.postpone(erasure, error.message, until=self.records.clock.now() + RETRY_AFTER)
        return erasure

    def clear_held_workspace(self) -> None:
        """Erase from the workspace, which the caller holds, what unfinished erasures have not come to: for who trains next.

        Raises what `note` does: then nobody trains.
        """
        for erasure in self.records.erasures.list_unfinished():
            if self.note and erasure.step is ErasureStep.OBJECTS:  # after it, it is noted
                self.note(erasure)
            outcome = self._erase_trainings(erasure)
            now = self.records.clock.now()
            found, models = outcome.counts, outcome.models
            self.records.erasures.advance(erasure, None, found=found, models=models, now=now, lease=timedelta())

    def _do_step(self, erasure: Erasure) -> StepOutcome:
        targets = erasure.targets
        assert targets
        match erasure.step:
            case ErasureStep.OBJECTS:
                if self.note:
                    self.note(erasure)
                held = self.records.erasures.find_held(targets.digests)
                return StepOutcome(erase_objects(self.store, targets, held))
            case ErasureStep.DATABASE:
                forget_entries(self.records.database, targets.index_numbers)
                # When a person asks, also what was deleted before the program overwrote what it deletes.
                clear_files(self.records.database, rewrite=erasure.cause is ErasureCause.REFERENCE)
                return StepOutcome({ErasurePlace.INDEX: len(targets.index_numbers)})
            case ErasureStep.TRAININGS:
                with self.workspace.hold(f"erasure {erasure.number}", seconds=HOLD_SECONDS):
                    return self._erase_trainings(erasure)
            case _:
                return self._sweep(erasure)

    def _erase_trainings(self, erasure: Erasure) -> StepOutcome:
        """Erase from the workspace, which is held, and flag what learned from it."""
        targets = erasure.targets
        assert targets
        held = {sha256 for sha256, _ in self.records.erasures.find_held(targets.digests)}
        trained = select_trained(self.workspace.folder, targets, held)
        erased = erase_from_workspace(self.workspace, targets, trained)
        flagged = self.registry.erased_trainings.flag(erased.commits, now=datetime.now(UTC))
        counts = {
            ErasurePlace.IMAGES: erased.images,
            ErasurePlace.DATA: erased.objects,
            ErasurePlace.REMOTE_DATA: erased.remote_objects,
            ErasurePlace.TRAININGS: len(flagged.runs),
        }
        return StepOutcome(counts, flagged.versions)

    def _sweep(self, erasure: Erasure) -> StepOutcome:
        """Remove what was under way when it was erased, and the replies of that day."""
        targets = erasure.targets
        assert targets
        self.records.erasures.delete_replies(before=erasure.asked_at)
        found = erase_objects(self.store, targets, self.records.erasures.find_held(targets.digests))
        found.pop(ErasurePlace.SHARED, None)
        clear_files(self.records.database, rewrite=False)
        return StepOutcome(found)


def make_pseudonym(secret: str, reference: str) -> str:
    """Make what stands for an erased reference: who has the secret of this installation can tell it, and nobody else."""
    digest = hmac.digest(secret.encode(), b"erasure\n" + reference.encode("utf-8", "surrogatepass"), "sha256")
    return digest.hex()[:PSEUDONYM_LETTERS]
