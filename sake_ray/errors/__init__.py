"""Everything that can go wrong, as a tree.

SakeError
├── UnreadableDocument          the file cannot be opened
│   ├── EmptyFile
│   ├── UnsupportedType
│   ├── PasswordNeeded
│   └── ReadingCrashed          its decoding crashed every time
├── LimitExceeded               the file is sound but beyond a limit
│   ├── FileTooLarge
│   ├── TooManyPages
│   ├── TooManyPixels
│   ├── MemoryExceeded
│   └── ReadingTimeout
├── InputError                  what the caller asked for makes no sense
│   ├── NothingAccepted         every file of an upload was refused
│   ├── IdempotencyKeyReused    an Idempotency-Key came again with other content
│   ├── ErasureOutdated         what is to be erased is not what was shown
│   └── PromotionRefused        the model is worse than the champion, or nobody knows
├── NotFound
├── Unauthenticated             no token, or one that no longer counts
├── PermissionDenied            the role does not permit it
├── StillRunning                the same request is being worked on
├── TooManyAttempts
├── Overloaded
│   └── TextPending             a text that was deleted is being made again
├── ReadingStalled              the machine was too busy to read a document
├── LeaseLost                   the document or job was given to another attempt
├── JobStopped                  somebody asked a job to stop
├── JobFailed
├── SetupError                  a setting, or a program this machine lacks
│   └── AlreadyRunning
├── StorageError
│   ├── ObjectMissing
│   ├── AuditDamaged            somebody has changed the audit log
│   ├── OriginalDamaged         a stored original is not what was uploaded
│   ├── BackupDamaged           a part of a backup is missing or was changed
│   └── StorageUnavailable
│       └── PlaceAway           a watched place cannot be looked at now
├── TrainingFailed              a stage of a training failed
├── WorkspaceLocked             another writer holds the training workspace
├── WorkspaceError              git or DVC failed in the workspace
│   └── RemoteUnavailable       what was trained could not be pushed
└── ModelError
    ├── NoChampion
    └── ModelRefused            damaged, foreign, or of another recipe
"""

from collections.abc import Mapping

from sake_ray.errors.messages import NOTHING, Message, MessageFormatter, Param, find_class_name, read_templates

__all__ = ["NOTHING", "Message", "MessageFormatter", "Param", "read_templates"]


class SakeError(Exception):
    """A failure with one sentence a person can act on, known by its code; the class carries its HTTP status and exit code.

    `raise TooManyPages("too-many-pages", pages=60, limit=50)` says the sentence that `messages.toml` has for the code.
    """

    status_code = 500
    exit_code = 1

    def __init__(self, code: str, /, **params: object) -> None:
        """Name a code and what its sentence speaks of; or hand in a Message that was made elsewhere."""
        # The message is the one argument, so that the error is the same after pickling.
        super().__init__(code if isinstance(code, Message) and not params else Message(code, **params))

    @property
    def message(self) -> Message:
        """The sentence with its code and params."""
        content: Message | SakeError = self.args[0]
        # What Ray raises is of both classes, and its argument is the error itself.
        return content.message if isinstance(content, SakeError) else content

    @property
    def code(self) -> str:
        """What the error is known by, in every language; empty for one from before there were codes."""
        return self.message.code

    @property
    def params(self) -> Mapping[str, Param]:
        """What the sentence speaks of."""
        return self.message.params


class UnreadableDocument(SakeError):
    """The file cannot be opened as what its content says it is."""

    status_code = 422
    exit_code = 4


class EmptyFile(UnreadableDocument):
    """The file has no bytes."""


class UnsupportedType(UnreadableDocument):
    """The content is of no type that is read here."""

    status_code = 415


class PasswordNeeded(UnreadableDocument):
    """The PDF opens with a password only."""


class ReadingCrashed(UnreadableDocument):
    """Decoding the document crashed the reading process every time it was tried."""


class LimitExceeded(SakeError):
    """The document is beyond a limit; the sentence names the limit and the figure."""

    status_code = 422
    exit_code = 4


class FileTooLarge(LimitExceeded):
    """More bytes than allowed."""

    status_code = 413


class TooManyPages(LimitExceeded):
    """More pages than allowed."""


class TooManyPixels(LimitExceeded):
    """A page larger than allowed, in a format that cannot be scaled down while decoding."""


class MemoryExceeded(LimitExceeded):
    """Decoding asked for more memory than the reading process may have."""


class ReadingTimeout(LimitExceeded):
    """A page or the whole document took more CPU time than allowed."""


DOCUMENT_FAULTS = (UnreadableDocument, LimitExceeded)
"""What is a document's own fault: it is not read again. Every other error is not the document's."""


class InputError(SakeError):
    """The command or request asks for something that makes no sense."""

    status_code = 422
    exit_code = 2


class NothingAccepted(InputError):
    """Every file of an upload was refused."""


class IdempotencyKeyReused(InputError):
    """The Idempotency-Key was used before, with other content."""


class ErasureOutdated(InputError):
    """What would be erased is not what was shown: look again."""

    status_code = 409


class PromotionRefused(InputError):
    """The model is worse than the one that serves, or nobody knows; it takes force and a reason."""


class NotFound(SakeError):
    """There is no such thing, or the caller may not see it."""

    status_code = 404
    exit_code = 2


class Unauthenticated(SakeError):
    """The request carries no token, or one that no longer counts."""

    status_code = 401
    exit_code = 8


class PermissionDenied(SakeError):
    """The role of the account does not permit this."""

    status_code = 403
    exit_code = 8


class StillRunning(SakeError):
    """A request with the same Idempotency-Key is being worked on."""

    status_code = 409


class TooManyAttempts(SakeError):
    """Too many failed sign-ins; wait."""

    status_code = 429


class Overloaded(SakeError):
    """More requests at once than are taken; come again in a moment."""

    status_code = 503


class TextPending(Overloaded):
    """The text or the page images of the document were deleted and are being made again."""


class ReadingStalled(SakeError):
    """Reading got too little of the machine, by the clock; that is no fault of the document, and it may be read again."""

    status_code = 503


class LeaseLost(SakeError):
    """A write for a document or job that another attempt has taken over; nothing was written."""

    status_code = 409


class JobStopped(SakeError):
    """Somebody asked the job to stop."""

    status_code = 409
    exit_code = 10


class JobFailed(SakeError):
    """The job did not reach its end."""

    status_code = 409
    exit_code = 10


class SetupError(SakeError):
    """A setting is wrong, or this machine lacks a program."""

    exit_code = 5


class AlreadyRunning(SetupError):
    """Another process holds what this one needs for itself alone."""

    status_code = 409


class StorageError(SakeError):
    """Objects could not be stored or fetched."""

    exit_code = 6


class ObjectMissing(StorageError):
    """There is no object under that key."""

    status_code = 404


class AuditDamaged(StorageError):
    """Entries of the audit log were changed, removed or inserted."""


class OriginalDamaged(StorageError):
    """The original under that key is not what was uploaded."""

    status_code = 404


class BackupDamaged(StorageError):
    """A part of a backup is missing or not what it was."""


class StorageUnavailable(StorageError):
    """The store does not answer, or refuses us."""

    status_code = 503


class PlaceAway(StorageUnavailable):
    """A watched place cannot be looked at: unmounted, unreachable, or it refuses us."""


PASSING_FAULTS = (ReadingStalled, StorageUnavailable, SetupError)
"""What keeps a sound document from being read; another time it may be read."""


class TrainingFailed(SakeError):
    """A stage of a training failed; the sentence is the stage's own."""

    exit_code = 9


class WorkspaceLocked(SakeError):
    """Another writer holds the training workspace."""

    status_code = 409


class WorkspaceError(SakeError):
    """Git or DVC failed in the training workspace."""

    exit_code = 9


class RemoteUnavailable(WorkspaceError):
    """A remote of the workspace does not answer; nothing is lost here."""

    status_code = 503


class ModelError(SakeError):
    """No model can answer."""

    status_code = 503
    exit_code = 7


class NoChampion(ModelError):
    """No model version carries the alias champion."""


class ModelRefused(ModelError):
    """The model file is damaged, foreign, of another format version or of another recipe."""


def to_error(message: Message, otherwise: type[SakeError] = SakeError) -> SakeError:
    """The error that says a message: of the class of its code, or of another where the code is not known here."""
    kind = globals().get(find_class_name(message.code) or "", otherwise)
    return kind(message) if isinstance(kind, type) and issubclass(kind, SakeError) else otherwise(message)
