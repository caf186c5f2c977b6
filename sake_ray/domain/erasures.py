"""Erasures: what was removed for good because a person, or a rule of the office, wanted it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sake_ray.errors import NOTHING, Message

AT_ONCE = 500
"""Documents that one erasure of the bin or of old ones takes. Each goes through the whole search index, so few are better."""
SWEPT_AFTER = timedelta(hours=25)
"""When an erasure looks again: what was under way has arrived by then, and replies are stored for a day only."""


class ErasureCause(StrEnum):
    """Why something is erased."""

    REFERENCE = "reference"
    """An admin asked for all of a reference."""
    BIN = "bin"
    """It was deleted, and its days in the bin are over."""
    RETENTION = "retention"
    """It is older than its team keeps documents."""


class ErasureStep(StrEnum):
    """What an erasure does next; its rows are gone when it is recorded."""

    OBJECTS = "objects"
    DATABASE = "database"
    TRAININGS = "trainings"
    SWEEP = "sweep"
    """All of it is erased; after SWEPT_AFTER it is looked at once more."""
    DONE = "done"


class ErasurePlace(StrEnum):
    """Where something was; each is a line of the report."""

    DOCUMENTS = "documents"
    BATCHES = "batches"
    ATTEMPTS = "attempts"
    PREDICTIONS = "predictions"
    ANSWERS = "answers"
    DECISIONS = "decisions"
    REPLIES = "replies"
    UPLOADS = "uploads"
    FAULTS = "faults"
    INDEX = "index_entries"
    ORIGINALS = "originals"
    TEXTS = "texts"
    PAGES = "page_images"
    READINGS = "reading_notes"
    PREVIEWS = "previews"
    EXPORTS = "exports"
    IMAGES = "training_images"
    DATA = "dvc_objects"
    REMOTE_DATA = "dvc_remote_objects"
    TRAININGS = "trainings_flagged"
    SHARED = "kept_for_others"
    """Not removed: texts and pages of bytes that documents of others have, too."""


@dataclass(frozen=True, slots=True)
class ErasedDocument:
    """What must be known of a document to remove what it left; nothing of it says whose it was."""

    id: str
    batch: str
    team: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ErasureTargets:
    """What is to be removed outside of the rows: documents, batches of which nothing is left, and entries of the index."""

    documents: tuple[ErasedDocument, ...]
    batches: tuple[str, ...]
    index_numbers: tuple[int, ...]

    @property
    def digests(self) -> frozenset[str]:
        """The sha256 of all bytes."""
        return frozenset(document.sha256 for document in self.documents)


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What an erasure would remove, counted by place, and its sha256; `token` differs when it would remove something else."""

    counts: Mapping[ErasurePlace, int]
    teams: tuple[str, ...]
    token: str
    digests: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure: what it was asked for, how far it is, and what it removed.

    `subject` is a keyed hash of the reference: who knows reference and key can tell that it was erased, and nobody else what
    it was. `team` is empty for all teams. `error` says what keeps it from going on. `models` are the versions that learned from
    it. `targets` is None when nothing is left to do.
    """

    number: int
    cause: ErasureCause
    subject: str
    team: str
    by: str
    asked_at: datetime
    step: ErasureStep = ErasureStep.OBJECTS
    error: Message = NOTHING
    counts: Mapping[ErasurePlace, int] = field(default_factory=dict)
    models: tuple[int, ...] = ()
    erased_at: datetime | None = None
    swept_at: datetime | None = None
    targets: ErasureTargets | None = None

    @property
    def is_erased(self) -> bool:
        """Whether all of it is gone."""
        return self.erased_at is not None
