"""Documents, and the batches that they are submitted in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.parts import ProposedPart, SplitMode
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import OTHER, Prediction, Verdict
from sake_ray.errors import NOTHING, Message

MAX_REFERENCE = 200
"""How many characters a reference may have."""
UUID = re.compile(r"\s*[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*", re.IGNORECASE)


def looks_like_uuid(reference: str) -> bool:
    """Tell whether a reference could be taken for the uuid of a batch."""
    return UUID.fullmatch(reference) is not None


class Status(StrEnum):
    """Where a document stands."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    NEEDS_OPS = "NEEDS_OPS"
    """It could not be processed through no fault of its own; no attempt is made until ops ask for it."""
    SPLIT = "SPLIT"
    """It was split into parts, which count in its place."""
    MERGED = "MERGED"
    """It was a part, until the split was undone or made at other pages."""
    BINNED = "BINNED"
    """Somebody deleted it; for some days it can be restored, then it is erased."""


ENDED = frozenset({Status.COMPLETED, Status.FAILED})
"""Nothing more is done with a document."""
SETTLED = ENDED | {Status.NEEDS_OPS}
"""Nothing more is done with a document unless somebody asks for it."""
SET_ASIDE = frozenset({Status.SPLIT, Status.MERGED, Status.BINNED})
"""Its pages count with other documents, or it is in the bin: it is in no list, count or export, and found by its id or by asking
for its status."""


@dataclass(frozen=True, slots=True)
class ReadingSummary:
    """The result of reading a document, without its words; `notes` are what people should know of it beside them.

    `words` is their number, None of documents that were read before it was noted.
    """

    pages: int
    language: str
    ocr_confidence: float | None
    recipe: Recipe
    notes: tuple[Message, ...] = ()
    words: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One file that a user submitted, or a part of one.

    `name` is the user's name for it and never a path, `original` the key of its bytes. A part names the document that was
    split (`parent`), and which pages of the file it has; sha256, size, original and media type are those of the whole file.
    """

    id: str
    batch: str
    reference: str
    team: str
    name: str
    media_type: str
    size: int
    sha256: str
    original: str
    submitted_at: datetime
    status: Status = Status.PENDING
    attempt: int = 0
    pages: int | None = None
    pages_done: int = 0
    error: Message = NOTHING
    ended_at: datetime | None = None
    reading: ReadingSummary | None = None
    prediction: Prediction | None = None
    answer: str | None = None
    split: SplitMode = SplitMode.PROPOSE
    parent: str | None = None
    page_range: PageRange | None = None
    binned_at: datetime | None = None
    trace_id: str = ""

    @property
    def verdict(self) -> Verdict | None:
        """The verdict of its prediction; None until it is classified."""
        return self.prediction.verdict if self.prediction else None

    @property
    def label(self) -> str | None:
        """The predicted label; None without a prediction or without text."""
        return self.verdict.label if self.verdict else None

    @property
    def confidence(self) -> float | None:
        """How sure the model is of its label, 0–1."""
        return self.verdict.confidence if self.verdict else None

    @property
    def probabilities(self) -> Mapping[str, float]:
        """The probability of each label; empty until it is classified."""
        return self.verdict.probabilities if self.verdict else {}

    @property
    def needs_review(self) -> bool | None:
        """Whether a person should look; None until it is classified."""
        return self.verdict.needs_review if self.verdict else None

    @property
    def margin(self) -> float | None:
        """How much likelier the best label is than the second, 0–1; None without a prediction or without text."""
        return self.verdict.margin if self.verdict else None

    @property
    def model_version(self) -> str | None:
        """The version of the model that classified it."""
        return self.prediction.model_version if self.prediction else None

    @property
    def model_hash(self) -> str | None:
        """The hash of the model that classified it."""
        return self.prediction.model_hash if self.prediction else None

    @property
    def policy_version(self) -> int | None:
        """The version of the policy that decided whether it needs review."""
        return self.prediction.policy_version if self.prediction else None

    @property
    def proposed_parts(self) -> tuple[ProposedPart, ...]:
        """The documents that it seems to hold; none when it seems to be one."""
        return self.verdict.parts if self.verdict else ()

    @property
    def root(self) -> str:
        """The id of the document that has the whole file: of its parent, or its own."""
        return self.parent or self.id

    @property
    def language(self) -> str | None:
        """The language of its text; None until it is read."""
        return self.reading.language if self.reading else None

    @property
    def ocr_confidence(self) -> float | None:
        """The mean confidence of its words read by OCR, 0–100; None without any."""
        return self.reading.ocr_confidence if self.reading else None

    @property
    def notes(self) -> tuple[Message, ...]:
        """What people should know of it beside its words, such as text that was ignored; empty until it is read."""
        return self.reading.notes if self.reading else ()

    @property
    def recipe(self) -> Recipe | None:
        """How its text was made; None until it is read."""
        return self.reading.recipe if self.reading else None

    @property
    def ended(self) -> bool:
        """Whether it is completed or failed: nothing more will be done with it."""
        return self.status in ENDED

    @property
    def counted(self) -> str | None:
        """The label that counts: the last answer of a person, else the prediction; None where there is none."""
        if self.answer is None:
            return self.label
        return {NONE_OF_THESE: OTHER, UNREADABLE: None}.get(self.answer, self.answer)


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents submitted together under one reference; `documents` in the order they came."""

    uuid: str
    reference: str
    team: str
    owner: str
    submitted_at: datetime
    documents: tuple[Document, ...] = field(default=())

    @property
    def n_files(self) -> int:
        """How many documents it has."""
        return len(self.documents)

    @property
    def status(self) -> Status:
        """COMPLETED when every document has ended, FAILED only when all failed; NEEDS_OPS when nothing but ops can go on."""
        statuses = {document.status for document in self.documents}
        if statuses <= SETTLED and Status.NEEDS_OPS in statuses:
            return Status.NEEDS_OPS
        if statuses <= ENDED:
            return Status.FAILED if statuses == {Status.FAILED} else Status.COMPLETED
        return Status.PENDING if statuses == {Status.PENDING} else Status.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at a document, held under a lease; its number is the fence: a write under an older one is refused."""

    document: Document
    attempt: int
    waiting_since: datetime | None = field(default=None, compare=False)
    """Since when it waited: from its upload on, or from the end of the attempt before."""
    lost_since: datetime | None = field(default=None, compare=False)
    """When the attempt before began, where whoever made it was killed and could tell nobody."""
    claimed_at: datetime | None = field(default=None, compare=False)
    """By the clock of the records, as the others are: whoever makes the attempt may have a clock that is wrong."""
