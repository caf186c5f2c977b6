"""The words of the program, as plain values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

OTHER = "other"
"""The reserved label: documents of no class, shown as "none of these" and always to check."""

Progress = Callable[[int, int], None]
"""Called with (done, total)."""


def ignore_progress(done: int, total: int) -> None:
    """Drop the progress; the default of every `on_progress`."""


class Status(StrEnum):
    """Where a document stands."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class JobState(StrEnum):
    """Where a job stands; the last three are its ends."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"


class TrialState(StrEnum):
    """Where a trial of a search stands; stopped early, stopped with its search or failed, it was killed."""

    RUNNING = "running"
    FINISHED = "finished"
    KILLED = "killed"


class WordSource(StrEnum):
    """Where the words of a page come from."""

    TEXT_LAYER = "text_layer"
    OCR = "ocr"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may cost; checked before decoding wherever that can be."""

    max_bytes: int = 20_000_000
    max_pages: int = 50
    max_pixels: int = 40_000_000
    page_seconds: float = 60.0
    document_seconds: float = 300.0
    memory_mb: int = 3072


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the upright page image; each side 0–1, the origin at the top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a page; confidence 0–100 (100 from a text layer), line counted from 0 on its page."""

    text: str
    box: Box
    confidence: float
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """One upright page: its number from 1, the size of its image in pixels, its words in reading order.

    `colour` is the share of clearly coloured pixels, 0–1.
    """

    number: int
    width: int
    height: int
    words: tuple[Word, ...]
    source: WordSource
    colour: float = 0.0

    @property
    def text(self) -> str:
        """The words, one line of the page a line."""
        lines: list[str] = []
        last = None
        for word in self.words:
            if lines and word.line == last:
                lines[-1] += " " + word.text
            else:
                lines.append(word.text)
            last = word.line
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a text was made; part of every cache key and of every model."""

    engine: str
    engine_version: str
    languages: str
    reading_version: int
    cleaning_version: int

    @property
    def reading(self) -> str:
        """The part that decides the words, fit to be part of an object key."""
        return f"{self.engine}-{self.engine_version}-{self.languages}-r{self.reading_version}"

    @property
    def name(self) -> str:
        """The whole recipe in one word."""
        return f"{self.reading}-c{self.cleaning_version}"


@dataclass(frozen=True, slots=True)
class Token:
    """A cleaned word, and the index of its source word counted over all pages."""

    text: str
    word: int


@dataclass(frozen=True, slots=True)
class DocumentText:
    """All that was read of a document; the only input of the classifier.

    `language` is "fr", "en" or "unknown".
    """

    sha256: str
    media_type: str
    pages: tuple[Page, ...]
    tokens: tuple[Token, ...]
    language: str
    recipe: Recipe

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all pages, in order; what `Token.word` counts."""
        return tuple(word for page in self.pages for word in page.words)

    @property
    def text(self) -> str:
        """The plain text; pages are parted by a form feed."""
        return "\f".join(page.text for page in self.pages)

    @property
    def ocr_confidence(self) -> float | None:
        """The mean confidence of the words read by OCR, 0–100, each weighted by its length; None without any."""
        read = [w for page in self.pages if page.source is WordSource.OCR for w in page.words]
        letters = sum(len(word.text) for word in read)
        return sum(word.confidence * len(word.text) for word in read) / letters if letters else None


@dataclass(frozen=True, slots=True)
class Policy:
    """When a verdict goes to a person: below the threshold, or with fewer tokens than `min_tokens`.

    `thresholds` are those of single labels; None sends every document of the label to people. They keep a promise where there
    is one: at most one wrong in `wrong_in` accepted, by the model of that hash.
    """

    version: int = 1
    threshold: float = 0.7
    min_tokens: int = 3
    thresholds: Mapping[str, float | None] = field(default_factory=dict, hash=False)
    wrong_in: int | None = None
    model_hash: str = ""
    since: datetime | None = field(default=None, compare=False)

    def wants_person(self, label: str | None, confidence: float | None, *, scant: bool) -> bool:
        """Whether a person should look; `scant`: there is too little text to trust any confidence."""
        if label is None or confidence is None or label == OTHER or scant:
            return True
        # What nothing was promised of is not accepted under a promise.
        least = self.thresholds.get(label, None if self.wrong_in else self.threshold)
        return least is None or confidence < least


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the classifier says: a probability for each label, and whether a person should look.

    A document without any text has neither label nor confidence; `remark` then says so. `scant`: there is too little text to
    trust any confidence.
    """

    label: str | None
    confidence: float | None
    probabilities: Mapping[str, float]
    needs_review: bool
    remark: str = ""
    scant: bool = False

    @property
    def margin(self) -> float | None:
        """How much likelier the best label is than the second, 0–1; None without text."""
        best = [*sorted(self.probabilities.values(), reverse=True)[:2], 0.0]
        return best[0] - best[1] if self.probabilities else None


@dataclass(frozen=True, slots=True)
class WordWeight:
    """What one source word adds to the score of a label; positive speaks for it."""

    word: int
    text: str
    weight: float


NONE_OF_THESE, UNREADABLE, WITHDRAWN = "none_of_these", "unreadable", "withdrawn"
"""The answers that are no labels: of no class (trains `other`), not to be read (trains nothing), and the undoing of an answer."""

MAX_REFERENCE = 200
"""The characters a reference may have."""


class Role(StrEnum):
    """What an account may do: hand in and correct the own team's documents, everything, or watch everything."""

    USER = "user"
    ADMIN = "admin"
    OPS = "ops"


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in. `tokens_since` rises whenever older tokens must end: tokens carry the number they were made under."""

    name: str
    role: Role
    team: str
    disabled: bool = False
    tokens_since: int = 1

    @property
    def sees_all_teams(self) -> bool:
        """Admin and ops see the documents of every team, a user those of the own."""
        return self.role is not Role.USER

    @property
    def sees_team(self) -> str | None:
        """The one team whose documents it sees; None for all."""
        return None if self.sees_all_teams else self.team


@dataclass(frozen=True, slots=True)
class Prediction:
    """A verdict recorded for a document, by which model under which policy."""

    verdict: Verdict
    model_version: str
    model_hash: str
    policy_version: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reading of a document came to, without its words."""

    pages: int
    language: str
    ocr_confidence: float | None
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class Document:
    """One file a user handed in; `name` is the user's label for it and never a path, `original` the key of its bytes."""

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
    error: str = ""
    ended_at: datetime | None = None
    reading: Reading | None = None
    prediction: Prediction | None = None
    answer: str | None = None

    @property
    def ended(self) -> bool:
        """Nothing more will be done with it."""
        return self.status in {Status.COMPLETED, Status.FAILED}

    @property
    def counted(self) -> str | None:
        """The label that counts: what a person said last, else the prediction; None where there is none."""
        if self.answer is None:
            return self.prediction.verdict.label if self.prediction else None
        return {NONE_OF_THESE: OTHER, UNREADABLE: None}.get(self.answer, self.answer)


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents handed in together under one reference; `documents` in the order they came."""

    uuid: str
    reference: str
    team: str
    owner: str
    submitted_at: datetime
    documents: tuple[Document, ...] = field(default=())

    @property
    def status(self) -> Status:
        """COMPLETED when every document has ended, FAILED only when all failed."""
        statuses = {document.status for document in self.documents}
        if statuses <= {Status.COMPLETED, Status.FAILED}:
            return Status.FAILED if statuses == {Status.FAILED} else Status.COMPLETED
        return Status.PENDING if statuses == {Status.PENDING} else Status.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at a document, held under a lease; its number is the fence: a write under an older one is refused."""

    document: Document
    attempt: int


class Standing(StrEnum):
    """How a model stands against another on the same documents; UNKNOWN when the two cannot be compared at all."""

    BETTER = "better"
    NOT_WORSE = "not_worse"
    WORSE = "worse"
    TOO_FEW = "too_few"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Promotion:
    """Who let which model version serve, instead of which, when and why; `outcome` is "done" or what came between.

    `standing` is how it stood against the one before, None where nobody asked; `forced` that this spoke against it.
    """

    number: int
    version: int
    before: int | None
    by: str
    why: str
    at: datetime
    outcome: str | None
    standing: Standing | None = None
    forced: bool = False


@dataclass(frozen=True, slots=True)
class ModelVerdict:
    """How a model stands against another: on so many documents it corrects some and breaks others.

    `chance` is how likely a split as uneven as that is between equals, `at_worst` how much more or less of all documents it gets
    right in the worst case that is credible (-1 to 1). `remark` says why nothing is known, `against` names the version it stands
    against.
    """

    standing: Standing
    documents: int = 0
    corrected: int = 0
    broken: int = 0
    chance: float = 1.0
    at_worst: float = -1.0
    remark: str = ""
    against: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says of a document: a label, `none_of_these`, `unreadable` or `withdrawn`; the newest counts."""

    document: str
    answer: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """An answer with its number among all, and what an import needs of its document; `recipe` is None until it is read."""

    number: int
    answer: Answer
    name: str
    sha256: str
    original: str
    status: Status
    recipe: Recipe | None


SKIP = "skip"
"""The decision to leave everything as it is."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an admin decided of the answers for some bytes: a label, `unreadable` or `skip`.

    `votes` is what people said when it was decided; as soon as they say something else it counts no more.
    """

    sha256: str
    document: str
    decision: str
    votes: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """Something slow: what it does, for whom, how far it is.

    `why` tells why it is queued or waits, or why it failed. `submission` is the Ray submission id of the newest attempt,
    empty when it runs without Ray Jobs; `seen_at` is when its process last gave a sign of life.
    """

    number: int
    kind: str
    options: Mapping[str, object]
    by: str
    state: JobState
    why: str
    stage: str
    done: int
    total: int
    attempt: int
    submission: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    seen_at: datetime | None
    stop_asked: bool
    result: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Trial:
    """One set of hyperparameters that a search tried: what each fold measured so far, and why it was killed."""

    number: int
    parameters: Mapping[str, object]
    folds: tuple[Mapping[str, float], ...] = ()
    state: TrialState = TrialState.RUNNING
    why: str = ""
