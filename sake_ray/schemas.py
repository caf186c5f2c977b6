"""What travels over HTTP; docs/openapi.json is made from it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sake_ray.domain import MAX_REFERENCE, JobState, Role, Standing, Status

Reference = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_REFERENCE),
    Field(description="The user's own name for a candidate's file: any text.", examples=["Durand, Marie / 2026-118"]),
]


class Sent(BaseModel):
    """What we send."""

    model_config = ConfigDict(frozen=True)


class Received(BaseModel):
    """What we are sent: nothing that we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TokenOut(Sent):
    """A token to send as `Authorization: Bearer …`."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105
    expires_in: int = Field(description="Seconds.", examples=[28800])
    role: Role


class AccountOut(Sent):
    """Who is signed in, as what, for which team."""

    name: str = Field(examples=["marie"])
    role: Role
    team: str = Field(examples=["office"])


class PasswordIn(Received):
    """A new password, and the old one."""

    old: str = Field(min_length=1, max_length=1000)
    new: str = Field(min_length=10, max_length=1000)


class UserOut(AccountOut):
    """An account as the admin sees it."""

    disabled: bool = Field(description="It cannot sign in.")


class UsersOut(Sent):
    """One page of accounts, by name."""

    users: list[UserOut]
    page: int
    page_size: int
    total: int


class UserIn(Received):
    """An account to make."""

    name: str = Field(min_length=1, max_length=100, examples=["marie"])
    role: Role = Role.USER
    team: str = Field("office", min_length=1, max_length=100, description="The agency whose documents a user sees.")
    password: str | None = Field(None, min_length=10, max_length=1000, description="One is generated without it.")


class UserMade(UserOut):
    """The account that was made."""

    password: str | None = Field(description="The generated password, shown this once; null when one was sent.")


class UserChange(Received):
    """What to change of an account; what is left out stays."""

    role: Role | None = None
    team: str | None = Field(None, min_length=1, max_length=100)
    disabled: bool | None = None
    password: str | None = Field(None, min_length=10, max_length=1000)


class FileIn(Received):
    """A file inside JSON."""

    name: str = Field(max_length=1000, examples=["facture.pdf"])
    content: str = Field(description="The bytes in base64.", examples=["JVBERi0xLjQK"])


class PredictIn(Received):
    """Documents to classify, as JSON."""

    reference: Reference
    files: list[FileIn] = Field(min_length=1, max_length=100)
    uuid: str | None = Field(None, description="An own open batch to add to.", max_length=64)


class Refused(Sent):
    """A file that was not accepted, and why."""

    name: str
    title: str = Field(examples=["Unsupported type"])
    detail: str = Field(examples=["This is an Office document or a ZIP archive; save it as PDF and send that."])


class PredictOut(Sent):
    """What was accepted: it is stored, and will be classified whatever happens."""

    message: str = Field(examples=["3 documents accepted"])
    reference: str
    uuid: str = Field(description="The batch: where to look for the results.")
    nb: int = Field(description="How many documents this request brought in.", examples=[3])
    time: datetime
    refused: list[Refused]


class DocumentOut(Sent):
    """A document: where it stands, and what was found."""

    id: str
    name: str
    status: Status
    pages: int | None
    pages_done: int
    error: str = Field(description="Why it failed, or what to do about it; empty when all is well.")
    label: str | None = Field(description="The class; none when nothing could be read.", examples=["facture"])
    confidence: float | None = Field(examples=[0.97])
    probabilities: dict[str, float] = Field(examples=[{"facture": 0.97, "other": 0.02, "resume": 0.01}])
    needs_review: bool | None = Field(description="A person should look; null until the document is classified.")
    language: str | None = Field(description="fr, en or unknown.")
    ocr_confidence: float | None = Field(description="0-100; null when the file brought its own text.")
    model_version: str | None
    model_hash: str | None
    policy_version: int | None = Field(description="The policy that decided whether a person should look.")
    answer: str | None = Field(description="What a person said of it last.")


class DocumentRow(DocumentOut):
    """A document in a list."""

    uuid: str = Field(description="Its batch.")
    reference: str
    submitted_at: datetime


class DocumentsOut(Sent):
    """One page of documents, newest first."""

    documents: list[DocumentRow]
    page: int
    page_size: int
    total: int


class RecipeOut(Sent):
    """How a text was made."""

    engine: str
    engine_version: str
    languages: str
    reading_version: int
    cleaning_version: int


class DocumentDetail(DocumentRow):
    """A document with its text."""

    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str
    text: str | None = Field(description="Pages are parted by a form feed; null until it is read.")
    cleaned_text: str | None
    recipe: RecipeOut | None


class BatchOut(Sent):
    """Documents handed in together."""

    uuid: str
    reference: str
    status: Status = Field(description="COMPLETED when every document has ended, FAILED only when all failed.")
    submitted_at: datetime
    n_files: int
    documents: list[DocumentOut]


class BatchRow(Sent):
    """A batch in a list: how far it is, without its documents."""

    uuid: str
    reference: str
    owner: str = Field(description="Who handed it in.")
    status: Status = Field(description="COMPLETED when every document has ended, FAILED only when all failed.")
    submitted_at: datetime
    n_files: int
    n_ended: int = Field(description="COMPLETED or FAILED.")
    n_failed: int
    n_review: int = Field(description="To be checked by a person, and not answered yet.")


class BatchesOut(Sent):
    """One page of batches, newest first."""

    batches: list[BatchRow]
    page: int
    page_size: int
    total: int


class GroupState(StrEnum):
    """How sure it is that a candidate's file has a document; the last two are of documents without a label."""

    THERE = "there"
    DOUBTFUL = "doubtful"
    MISSING = "missing"
    WAITING = "waiting"
    UNREADABLE = "unreadable"


class GroupOut(Sent):
    """The documents of a reference that count as one label."""

    label: str | None = Field(description="null: documents that wait, failed, or that nothing could be read of.")
    state: GroupState = Field(description="doubtful: all of them are still to be checked by a person.")
    required: bool
    n_documents: int
    documents: list[DocumentRow] = Field(description="Those of this page, newest first.")


class ReferenceOut(Sent):
    """A candidate's file over all its batches: what a person said counts over what was found."""

    reference: str
    teams: list[str] = Field(description="Whose documents these are; more than one only for admin and ops.")
    complete: bool = Field(description="Every required label is there.")
    there: list[str] = Field(description="Required labels with a document that is sure.")
    doubtful: list[str] = Field(description="Required labels whose documents are all still to be checked.")
    missing: list[str] = Field(description="Required labels without any document.")
    groups: list[GroupOut] = Field(description="Required labels first, then others, then documents without a label.")
    n_ended: int
    page: int
    page_size: int
    total: int = Field(description="Documents on all pages.")


class RequiredIn(Received):
    """The labels a candidate's file must have."""

    labels: list[Annotated[str, StringConstraints(min_length=1, max_length=200)]] = Field(
        max_length=100, examples=[["id_pieces", "resume"]]
    )


class RequiredOut(Sent):
    """The labels a candidate's file must have."""

    labels: list[str]
    by: str | None = Field(description="Who set them; null as long as they are all labels of the model.")
    at: datetime | None


class WordOut(Sent):
    """A word; the box is 0-1 on the upright page image: left, top, right, bottom."""

    text: str
    box: tuple[float, float, float, float]
    confidence: float = Field(description="0-100")


class PageOut(Sent):
    """A page of words."""

    number: int
    width: int
    height: int
    source: str = Field(description="text_layer or ocr")
    words: list[WordOut]


class WordsOut(Sent):
    """The words of a document."""

    pages: list[PageOut]


class WeightOut(Sent):
    """What one word adds to the score of the label; `word` counts the words of all pages from 0."""

    word: int
    text: str
    weight: float


class ExplanationOut(Sent):
    """The words that decided, strongest first."""

    label: str | None
    model_version: str
    score: float = Field(description="The sum of all weights, before it becomes a probability.")
    words: list[WeightOut]
    other_words: float = Field(description="What all other words add.")
    cues: dict[str, float] = Field(description="What the look of the page adds.")
    bias: float


class SnippetPart(Sent):
    """A stretch of a document's text as it was read: plain text, never HTML."""

    text: str
    match: bool


class HitOut(Sent):
    """A document that was found, and where."""

    document: DocumentRow
    snippet: list[SnippetPart] = Field(description="Empty when its text is gone; without a match its beginning.")
    words: list[int] = Field(description="The words that match, counted over all pages from 0; at most 1,000.")


class FoundOut(Sent):
    """One page of what was found, best first."""

    hits: list[HitOut]
    page: int
    page_size: int
    total: int


class MatchesOut(Sent):
    """The words of a document that match, counted over all pages from 0; at most 1,000."""

    words: list[int]


class AnswerIn(Received):
    """What a person says of a document."""

    answer: str = Field(
        min_length=1,
        max_length=200,
        description="A label of GET /labels, none_of_these, unreadable, or withdrawn to undo.",
        examples=["facture"],
    )


class AnswerOut(Sent):
    """The answer as it was kept."""

    document: str
    answer: str
    by: str
    at: datetime


class LabelsOut(Sent):
    """What a document can be, and what can be answered."""

    labels: list[str] = Field(examples=[["facture", "id_pieces", "other", "resume"]])
    answers: list[str] = Field(
        examples=[["facture", "id_pieces", "resume", "none_of_these", "unreadable", "withdrawn"]]
    )


class ImageOut(Sent):
    """An image that models are trained on."""

    sha256: str
    label: str
    size: int = Field(description="Bytes.")
    added: datetime


class ImagesOut(Sent):
    """One page of images, by label, the newest of each first."""

    labels: dict[str, int] = Field(description="Every label with the number of its images.")
    images: list[ImageOut]
    removed: list[ImageOut] = Field(description="Removed since the last training: these can be put back.")
    held_by: str | None = Field(description="Who is changing the images or training just now; others have to wait.")
    page: int
    page_size: int
    total: int


class ImagesAdded(Sent):
    """What came of an upload of images."""

    images: list[ImageOut]
    refused: list[Refused]


class MoveIn(Received):
    """Another label for an image."""

    label: str = Field(min_length=1, max_length=200, examples=["facture"])


class JobIn(Received):
    """Something slow to do."""

    kind: str = Field(
        max_length=50,
        examples=["train"],
        description="What to do: train; see docs/operations.md for all kinds and their options.",
    )
    options: dict[str, int | float | str | bool] = Field({}, max_length=20, examples=[{"tune": 0}])


class JobOut(Sent):
    """Something slow: how far it is, how it ended."""

    number: int
    kind: str
    options: dict[str, Any]
    by: str
    state: JobState
    why: str = Field(description="What it waits for, or why it failed.")
    stage: str
    done: int
    total: int
    attempt: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    stop_asked: bool
    result: dict[str, Any]


class JobsOut(Sent):
    """One page of jobs, newest first."""

    jobs: list[JobOut]
    page: int
    page_size: int
    total: int


class LogOut(Sent):
    """A piece of a job's log."""

    text: str
    offset: int = Field(description="Ask for the next piece with this.")
    ended: bool = Field(description="The job has ended, and this is all of its log.")


class RunOut(Sent):
    """A training as it was logged."""

    id: str
    name: str
    started: datetime
    status: str
    parameters: dict[str, str]
    metrics: dict[str, float]
    tags: dict[str, str]
    version: int | None = Field(description="The model version made of it.")


class ModelOut(Sent):
    """A model version."""

    number: int
    created: datetime
    sha256: str
    run_id: str
    role: str = Field(description="champion, previous, or empty.")


class ModelsOut(Sent):
    """All model versions, newest first."""

    models: list[ModelOut]


class RollbackIn(Received):
    """Let the version before serve again."""

    why: str = Field("", max_length=1000, description="A word on the reason, for the log.")


class PromoteIn(RollbackIn):
    """Let a model version serve."""

    force: bool = Field(False, description="Also when it is worse than the champion, or nobody knows; needs a reason.")


class PromotionOut(Sent):
    """Who let which model version serve."""

    version: int
    before: int | None
    by: str
    why: str
    at: datetime
    outcome: str | None = Field(description="done, what came between, or null while it is being done.")
    standing: Standing | None = Field(description="How it stood against the one before; null where nobody asked.")
    forced: bool = Field(description="The verdict spoke against it, or there was none.")


class ReviewRow(DocumentRow):
    """A document that waits for an answer."""

    margin: float | None = Field(description="How much likelier the best label is than the second, 0-1.")
    random: bool = Field(description="Drawn at random, not because the model is unsure.")


class ReviewOut(Sent):
    """Unanswered documents of all teams, those that teach most first."""

    documents: list[ReviewRow]
    left: int = Field(description="How many documents nobody has answered.")


class SaidOut(Sent):
    """What a person said of a document."""

    document: str
    answer: str
    by: str
    at: datetime


class FeedbackChange(Sent):
    """What an import would do with one original."""

    document: str
    name: str
    sha256: str
    kind: str = Field(description="add, move or remove.")
    before: str | None = Field(description="The label it has in the training images; null when it is not there.")
    after: str | None = Field(description="The label it gets; null when it goes away.")
    said: list[SaidOut]


class LikeOut(Sent):
    """A training image that a document is nearly the same as."""

    sha256: str
    label: str


class FeedbackWaiting(Sent):
    """What an admin has to decide before it is imported."""

    document: str
    documents: list[str] = Field(description="All documents with the same bytes that were answered.")
    name: str
    sha256: str
    why: str = Field(
        description="people_differ, unknown_label, near_duplicate, or placed_by_hand: an admin put it elsewhere.",
        examples=["people_differ"],
    )
    label: str | None = Field(description="The label people ask for; null when they differ.")
    lies_under: str | None = Field(description="The label it has in the training images; null when it is not there.")
    like: list[LikeOut]
    said: list[SaidOut]


class FeedbackCounts(Sent):
    """How many originals an import would add, move and remove, how many wait, how many lie where people want them."""

    add: int
    move: int
    remove: int
    waiting: int
    in_place: int


class FeedbackOut(Sent):
    """What an import would do, and what waits for a decision; one page of each."""

    counts: FeedbackCounts
    changes: list[FeedbackChange]
    waiting: list[FeedbackWaiting]
    choices: list[str] = Field(
        description="What can be decided, besides what people said.",
        examples=[["facture", "id_pieces", "resume", "none_of_these", "unreadable", "skip"]],
    )
    not_compared: int = Field(
        description="Images that were not compared with the others: never read, or not looked at in the time there was."
    )
    held_by: str | None = Field(description="Who is changing the images or training just now; an import has to wait.")
    page: int
    page_size: int


class FeedbackFailure(Sent):
    """What could not be imported; the next import tries it again."""

    document: str
    name: str
    why: str


class ImportedOut(Sent):
    """What an import came to."""

    added: int
    moved: int
    removed: int
    waiting: int
    failed: list[FeedbackFailure]
    not_compared: int


class DecisionIn(Received):
    """What a document is to train."""

    decision: str = Field(
        min_length=1,
        max_length=200,
        description="One of the choices, or what somebody said; unreadable trains nothing, skip leaves everything as it is.",
        examples=["facture"],
    )


class DecisionOut(Sent):
    """The decision as it was kept: it counts until people say something else, and the next import carries it out."""

    document: str
    decision: str
    by: str
    at: datetime


class WorkOut(Sent):
    """Is anything lost? Every document that was accepted stands somewhere."""

    accepted: int = Field(description="All documents there ever were.")
    completed: int
    failed: int = Field(description="Through their own fault: damaged, or beyond a limit.")
    in_work: int
    waiting: int
    lost: int = Field(description="Accepted, and neither ended nor waiting nor in work: never anything but 0.")
    leases_expired: int = Field(description="In work by somebody who was killed; they go on within seconds.")
    oldest_waits_since: datetime | None
    oldest_waits_seconds: float | None


class ServingOut(Sent):
    """Which model answers."""

    version: str | None = Field(description="null: none does.")
    since: datetime | None = Field(description="Since when; null when the newest promotion has not taken effect.")


class PolicyChangeOut(Sent):
    """Thresholds that were set."""

    version: int
    threshold: float
    at: datetime


class HourOut(Sent):
    """How many documents ended in an hour."""

    since: datetime
    ended: int


class ToCheckOut(Sent):
    """How much of the last seven days was for a person to check."""

    classified: int
    to_check: int
    share: float | None = Field(description="0-1; null without any.")


class CorrectionsOut(Sent):
    """A week (from Monday, UTC): documents that people answered, and those they gave another label.

    Mostly documents that were to be checked are answered: the share is higher than that of all wrong predictions.
    """

    since: datetime
    answered: int
    corrected: int
    share: float | None = Field(description="0-1; null without any.")


class AttemptsOut(Sent):
    """Attempts of the last 24 hours that failed through no fault of the document; each was made again."""

    lost: int = Field(description="Whoever worked was killed.")
    put_back: int = Field(description="Storage or model failed.")


class JobCountsOut(Sent):
    """Jobs by state; of those that ended only the ones of the last seven days."""

    queued: int
    running: int
    succeeded: int
    failed: int
    stopped: int


class MonitoringOut(Sent):
    """How it goes."""

    at: datetime
    work: WorkOut
    model: ServingOut
    promotions: list[PromotionOut] = Field(description="The last ten, newest first.")
    policies: list[PolicyChangeOut] = Field(description="The last ten, newest first.")
    ended_by_hour: list[HourOut] = Field(description="The last 24 hours, oldest first.")
    to_check: ToCheckOut
    corrections: list[CorrectionsOut] = Field(description="The last eight weeks, oldest first.")
    attempts: AttemptsOut
    jobs: JobCountsOut


class CandidateOut(Sent):
    """A model that is compared."""

    name: str = Field(examples=["version 3"])
    run: str
    version: int | None = Field(description="None while its run is not registered.")
    started: datetime
    commit: str | None = Field(description="The commit of the workspace; none for the first model.")
    labels: list[str]


class VerdictOut(Sent):
    """How the second model stands against the first, for a client to put into words."""

    standing: Standing
    documents: int = Field(description="How many documents judged both.")
    corrected: int = Field(description="Documents that only the second gets right.")
    broken: int = Field(description="Documents that only the first gets right.")
    chance: float = Field(
        description="How likely so uneven a split is between equals: McNemar's exact test, two-sided."
    )
    at_worst: float = Field(
        description="The lower end of what the difference of the accuracies may be, 95 %, one-sided.", examples=[-0.012]
    )
    remark: str = Field(description="Why nothing is known; empty otherwise.")
    against: int | None = Field(description="The version it stands against, where that is the champion.")


class MeasureOut(Sent):
    """A measure of both; the interval is that of the difference (95 %, paired bootstrap), where there is one."""

    before: float
    after: float
    difference: float
    low: float | None
    high: float | None


class LabelScoreOut(Sent):
    """How one label is told by a model, 0-1."""

    precision: float
    recall: float
    f1: float
    documents: int


class LabelChangeOut(Sent):
    """One label under both."""

    before: LabelScoreOut
    after: LabelScoreOut
    corrected: int
    broken: int


class OpinionOut(Sent):
    """What one model said of a document: its label, how sure it was, how likely it held the true label."""

    label: str
    confidence: float
    truth: float


class ChangedOut(Sent):
    """A document that only one of the two gets right."""

    id: str = Field(description="The sha256 of the image.")
    truth: str
    corrected: bool
    before: OpinionOut
    after: OpinionOut


class DataChangeOut(Sent):
    """How the documents that the two learned from differ."""

    before: int
    after: int
    added: int
    removed: int
    relabelled: int


class ConfusionOut(Sent):
    """How often a document of one label was called another, by both: a row for what it is, a column for what it was called."""

    labels: list[str]
    before: list[list[int]]
    after: list[list[int]]


class ComparisonOut(Sent):
    """Two models on the same documents, which neither has learned from."""

    before: CandidateOut
    after: CandidateOut
    verdict: VerdictOut
    measures: dict[str, MeasureOut] = Field(description="Empty when no document may judge both.")
    labels: dict[str, LabelChangeOut]
    confusion: ConfusionOut | None = Field(description="None when no document may judge both.")
    changed: list[ChangedOut] = Field(description="Documents that changed sides, broken ones first; 500 at most.")
    left_out: dict[str, int] = Field(description="Documents of the test part that may not judge, by reason.")
    parameters: dict[str, tuple[str | None, str | None]] = Field(description="Hyperparameters that differ.")
    data: DataChangeOut | None = Field(description="None where one of them learned from generated documents only.")


class PromiseOut(Sent):
    """What can be promised of a label."""

    label: str
    threshold: float | None = Field(description="Null: too few documents to promise this; all of them go to people.")
    documents: int = Field(description="Verified documents that the model gives this label.")
    accepted: int = Field(description="Those at or above the threshold.")
    wrong: int = Field(description="Those of the accepted that are something else.")
    at_most: float = Field(description="The upper end of the share that may be wrong (Clopper-Pearson).")
    needed: int = Field(description="How many documents, all of them right, this promise takes at least.")


class ProposalOut(Sent):
    """The thresholds that keep a promise, and what they would cost."""

    wrong_in: int
    promises: list[PromiseOut]
    documents: int = Field(description="Verified documents that the champion has not learned from.")
    to_people: int = Field(description="Those of them that would go to people.")
    open_documents: int = Field(description="Classified documents that nobody answered.")
    open_to_people: int = Field(description="Those of them that would go to people.")
    open_to_people_now: int = Field(description="Those of them that do now.")


class PolicyOut(Sent):
    """When a document goes to a person."""

    version: int
    since: datetime | None
    threshold: float = Field(description="For every label without a threshold of its own.")
    min_tokens: int = Field(description="Fewer words than this always go to people.")
    thresholds: dict[str, float | None] = Field(description="By label; null sends all documents of it to people.")
    wrong_in: int | None = Field(description="The promise: at most one wrong in so many accepted; null without one.")
    holds: bool = Field(description="False when another model serves than the one the promise was made for.")
    proposal: ProposalOut | None = Field(description="What a promise would be and cost, when asked for.")


class PolicyIn(Received):
    """A promise to keep from now on; null goes back to one threshold for all labels."""

    wrong_in: int | None = Field(ge=2, le=100_000, examples=[200])


class HealthOut(Sent):
    """The gateway answers."""

    status: str = "ok"


class ReadyOut(Sent):
    """Documents are being classified."""

    status: str = "ready"
    model_version: str
    labels: list[str]


class Problem(Sent):
    """What went wrong, by RFC 9457."""

    type: str = Field("about:blank", examples=["https://sake-ray.invalid/errors#NotFound"])
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no document 'x'."])
    instance: str = Field(description="The path that was asked for.", examples=["/documents/x"])
    request_id: str = Field(description="Find it in the logs.")
    errors: list[dict[str, Any]] | None = Field(None, description="What is wrong in the request, part by part.")
    refused: list[Refused] | None = Field(None, description="The files of an upload of which none was accepted.")
