"""Watch a folder of a mailbox: the subject of a mail is the reference, its attachments are the documents."""

import email.policy
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from sake_ray.errors import FileTooLarge, Message, SakeError, UnreadableDocument
from sake_ray.serve.intake import Origin
from sake_ray.watch.imap import ImapFolder
from sake_ray.watch.mail import find_attachments, find_subject, identify_mail, parse_mail
from sake_ray.watch.places import (
    DONE,
    FAILED,
    Arrival,
    ArrivedFile,
    Backlog,
    FailedFile,
    FindOutcomes,
    make_reference,
)

log = logging.getLogger(__name__)

MAX_MAIL_BYTES = 50_000_000
"""A mail is held in memory while it is handed in."""
MAX_MAILS = 100
"""So many are handed in before other places have their turn."""


@dataclass(frozen=True, slots=True)
class MailInWork:
    """A mail that was handed in: its reference, the name and stamp of each document, and what could not be handed in."""

    reference: str
    documents: tuple[tuple[str, str], ...]
    refused: tuple[tuple[str, Message], ...] = ()


class WatchedMailbox:
    """A folder of a mailbox. A mail is known by its Message-ID, also after it was moved."""

    def __init__(self, folder: ImapFolder, *, moves: bool) -> None:
        """`moves` says whether a mail whose documents were read goes to the folder `done`, or stays and is marked."""
        self.folder, self.moves, self.name = folder, moves, folder.name
        self._validity = ""
        self._seen: dict[str, datetime] = {}
        self._in_work: dict[str, MailInWork] = {}
        self._settled: set[str] = set()
        self._more, self._failed = False, 0

    def look(self, find_outcomes: FindOutcomes) -> Iterator[Arrival]:
        """Yield the mails that are to be handed in now, and move away those that were read; raises PlaceAway."""
        now, self._failed = datetime.now().astimezone(), 0
        validity, ids = self.folder.list_mails(unmarked=not self.moves)
        if validity != self._validity:  # the server has numbered them anew
            self._validity, self._seen, self._in_work, self._settled = validity, {}, {}, set()
        self._in_work = {id: mail for id, mail in self._in_work.items() if id in ids}
        self._move_ended(find_outcomes)
        waiting = [id for id in ids if id not in self._settled and id not in self._in_work]
        self._seen = {id: self._seen.get(id, now) for id in waiting}
        self._more = len(waiting) > MAX_MAILS
        for id in waiting[:MAX_MAILS]:
            arrival = self._fetch(id, now)
            if arrival is None:
                self._seen.pop(id)
            elif len(find_outcomes(_stamps(arrival.files))) == len(arrival.files):
                self._take_note(arrival, arrival.files, ())
            else:
                yield arrival

    def conclude(self, arrival: Arrival, accepted: Sequence[ArrivedFile], failed: Sequence[FailedFile]) -> None:
        """Take note of a mail that was handed in; one of which nothing was is moved aside at once. Raises PlaceAway."""
        self._take_note(arrival, accepted, failed)
        if not accepted:
            self._finish(arrival.message, self._in_work[arrival.message], ())

    @property
    def backlog(self) -> Backlog:
        """What the last look has left in the place."""
        in_work = sum(len(mail.documents) for mail in self._in_work.values())
        return Backlog(len(self._seen), min(self._seen.values(), default=None), self._more, in_work, self._failed)

    def _take_note(self, arrival: Arrival, accepted: Sequence[ArrivedFile], failed: Sequence[FailedFile]) -> None:
        documents = tuple((file.name, file.origin.stamp) for file in accepted)
        refused = tuple((one.file.name, one.why) for one in failed)
        self._in_work[arrival.message] = MailInWork(arrival.reference, documents, refused)
        self._seen.pop(arrival.message, None)

    def _move_ended(self, find_outcomes: FindOutcomes) -> None:
        outcomes = find_outcomes([stamp for mail in self._in_work.values() for _, stamp in mail.documents])
        for id, mail in list(self._in_work.items()):
            found = [(name, outcomes.get(stamp)) for name, stamp in mail.documents]
            if all(outcome and outcome.has_ended for _, outcome in found):
                failed = tuple((name, outcome.error) for name, outcome in found if outcome and outcome.error)
                self._finish(id, mail, failed)
                self._failed += len(failed)

    def _finish(self, id: str, mail: MailInWork, failed: Sequence[tuple[str, Message]]) -> None:
        """Move a mail away, or mark it; one with failures gets a mail beside it that says them."""
        failures = [*mail.refused, *failed]
        if failures and self.folder.measure_size(id):
            self.folder.append(FAILED, _explain(mail, failures))
            self.folder.move(id, FAILED)
        elif self.moves:
            self.folder.move(id, DONE)
        else:
            self.folder.mark(id)
        self._settled.add(id)
        self._in_work.pop(id, None)

    def _fetch(self, id: str, now: datetime) -> Arrival | None:
        """Make the arrival of a mail; None when it is gone."""
        size = self.folder.measure_size(id)
        if size > MAX_MAIL_BYTES:
            error = FileTooLarge("mail-too-large", megabytes=size / 1e6, limit=MAX_MAIL_BYTES / 1e6)
            return Arrival(make_reference("", self.name, now), (_make_failing("mail", error),), id)
        raw = self.folder.fetch(id)
        if not raw:
            return None
        try:
            message = parse_mail(raw)
        except UnreadableDocument as error:
            return Arrival(make_reference("", self.name, now), (_make_failing("mail", error),), id)
        known = f"mail:{identify_mail(message, raw)}"
        files = tuple(
            ArrivedFile(one.name, one.name, len(one.data), Origin(f"{known}#{one.number}", ""), _reader(one.data))
            for one in find_attachments(message)
        )
        if not files:
            files = (_make_failing("mail", UnreadableDocument("mail-without-document")),)
        return Arrival(make_reference(find_subject(message), self.name, now), files, id)


def _reader(data: bytes) -> Callable[[], bytes]:
    return lambda: data


def _make_failing(name: str, error: SakeError) -> ArrivedFile:
    """A file that stands for a mail without any, and cannot be handed in."""

    def read() -> bytes:
        raise error

    return ArrivedFile(name, name, 0, Origin(name, ""), read)


def _stamps(files: Sequence[ArrivedFile]) -> list[str]:
    return [file.origin.stamp for file in files]


def _explain(mail: MailInWork, failures: Sequence[tuple[str, Message]]) -> bytes:
    """Write the mail that lies beside one with failures."""
    note = EmailMessage(policy=email.policy.SMTP)
    note["Subject"] = f"Could not be processed: {mail.reference}"
    note["From"] = "sake_ray <sake_ray@localhost>"
    note["Date"] = datetime.now().astimezone()
    lines = [f"{name}: {why}" for name, why in failures]
    bad = {name for name, _ in failures}
    if good := [name for name, _ in mail.documents if name not in bad]:
        lines.append(f"The others were accepted: {', '.join(good)}")
    note.set_content("\n\n".join(lines) + "\n")
    return bytes(note)
