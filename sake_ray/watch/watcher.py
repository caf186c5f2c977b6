"""Look at a place again and again: hand in what has arrived, and record how the place fares."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sake_ray.domain.accounts import Account
from sake_ray.domain.documents import Batch
from sake_ray.domain.places import PlaceAddress
from sake_ray.errors import InputError, PlaceAway, SakeError
from sake_ray.serve.idempotency import StoredResponse
from sake_ray.serve.intake import Intake, Receipt, Refusal, Upload
from sake_ray.storage.records import Records, WatchedPlace
from sake_ray.tracing.spans import span
from sake_ray.watch.passing import MAX_REMEMBERED
from sake_ray.watch.places import Arrival, ArrivedFile, FailedFile, FileUnsettled, Place

log = logging.getLogger(__name__)

MAX_BROKEN = 3
"""After so many arrivals that could not be handed in, a look ends: the others would fare no better. One holds up none."""


@dataclass(frozen=True, slots=True)
class LookOutcome:
    """What came of one look: files handed in and failed, files left, and whether more can be handed in at once.

    `in_work` files are handed in and not read yet.
    """

    handed_in: int = 0
    failed: int = 0
    waiting: int = 0
    in_work: int = 0
    more: bool = False
    away: str = ""


class Watcher:
    """Hands in what arrives in one place, for one account."""

    def __init__(self, address: PlaceAddress, place: Place, intake: Intake, records: Records, account: Account) -> None:
        self.address, self.place, self.intake, self.records, self.account = address, place, intake, records, account
        self.id = address.id
        self._away = self._failing = ""
        self._new = self._bad = 0
        self._counted: set[tuple[str, str]] = set()

    def look(self) -> LookOutcome:
        """Look once. What goes wrong is logged, once as long as it stays the same; the next look tries again."""
        self._new = self._bad = 0
        away = failing = ""
        broken = 0
        arrivals = self.place.look(self.records.watched.find_outcomes)
        while broken < MAX_BROKEN:
            try:
                arrival = next(arrivals, None)
                if arrival is None:
                    break
                with span("hand in"):
                    self.hand_in(arrival)
            except PlaceAway as error:
                away, broken = str(error), broken + 1
            except SakeError as error:  # our own records or store; nothing was accepted that was not recorded
                failing, broken = str(error), broken + 1
        self._tell(away, failing)
        backlog = self.place.backlog
        more = backlog.more and not (away or failing)
        if backlog.failed and not away:
            log.info("files could not be read", extra={"place": self.place.name, "nb": backlog.failed})
            self._bad += backlog.failed
        outcome = LookOutcome(self._new, self._bad, backlog.waiting, backlog.in_work, more, away)
        self._record(outcome, backlog.oldest_at)
        return outcome

    def hand_in(self, arrival: Arrival) -> None:
        """Hand in the files of an arrival, and have them moved away. Raises SakeError."""
        files, known, failed = list(arrival.files), list[ArrivedFile](), list[FailedFile]()
        new: list[ArrivedFile] = []
        while files:
            unsettled: list[ArrivedFile] = []
            try:
                receipt = self._accept(arrival.reference, files, unsettled)
            except FileUnsettled:
                files = [file for file in files if file not in unsettled]
                continue
            except InputError as error:  # such as a reference that is too long
                failed += [FailedFile(file, error.message) for file in files]
                break
            if receipt.known:
                known += [file for position, file in enumerate(files) if position in receipt.known]
                files = [file for position, file in enumerate(files) if position not in receipt.known]
                continue
            refused = {refusal.position for refusal in receipt.refusals}
            failed += [FailedFile(files[refusal.position], refusal.error.message) for refusal in receipt.refusals]
            new = [file for position, file in enumerate(files) if position not in refused]
            break
        self._new += len(new)
        # From here on they are in the records: after a kill they are found there.
        self.place.conclude(arrival, [*known, *new], failed)
        # One that cannot be moved aside fails again and again.
        bad = {(arrival.message, one.file.origin.stamp) for one in failed}
        self._bad += len(bad - self._counted)
        self._counted = bad | (self._counted if len(self._counted) < MAX_REMEMBERED else set())
        if new or failed or known:
            facts = {"place": self.place.name, "nb": len(new), "failed": len(failed), "known": len(known)}
            log.info("files handed in", extra=facts)

    def _accept(self, reference: str, files: Sequence[ArrivedFile], unsettled: list[ArrivedFile]) -> Receipt:
        def reader(file: ArrivedFile) -> Callable[[], bytes]:
            def read() -> bytes:
                try:
                    return file.read()
                except FileUnsettled:
                    unsettled.append(file)
                    raise

            return read

        uploads = [Upload(file.name, file.size, reader(file), file.origin) for file in files]
        return self.intake.accept(
            self.account, reference, uploads, present=_present, now=self.intake.records.clock.now()
        )

    def _tell(self, away: str, failing: str) -> None:
        if away and away != self._away:
            log.warning("place away", extra={"place": self.place.name, "error": away})
        if self._away and not away:
            log.info("place back", extra={"place": self.place.name})
        if failing and failing != self._failing:
            log.error("handing in failed", extra={"place": self.place.name, "error": failing})
        self._away, self._failing = away, failing

    def _record(self, outcome: LookOutcome, oldest_at: datetime | None) -> None:
        state = WatchedPlace(
            self.id,
            self.place.name,
            self.account.team,
            datetime.now(UTC),
            outcome.handed_in,
            outcome.failed,
            outcome.waiting,
            oldest_at.astimezone(UTC) if oldest_at else None,
            outcome.away,
        )
        try:
            self.records.watched.record_look(state)
        except SakeError as error:
            log.warning("look not recorded", extra={"place": self.place.name, "error": error.message})


def _present(batch: Batch, nb: int, refusals: Sequence[Refusal]) -> StoredResponse:  # noqa: ARG001
    """What an upload is answered with, which nobody has asked for here."""
    return StoredResponse(202, batch.uuid)
