"""Turn what people say of documents into images of the training workspace: each once, the newest answer counts.

An import is a plan computed anew from the answers, the decisions and what lies in the workspace, then carried out: noted as
unfinished → images added, moved, removed → provenance.csv → the records → the note removed. Killed between any two of these,
the next import computes what is left to do.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256 as hash_sha256

from sake_ray.data.pages.media import ENDINGS, detect_media_type
from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE
from sake_ray.domain.feedback import SKIP, Decision
from sake_ray.domain.progress import Progress, ignore_progress
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import OTHER
from sake_ray.errors import InputError, NotFound, ObjectMissing, UnreadableDocument
from sake_ray.feedback.corpus import known_labels
from sake_ray.feedback.import_plan import (
    ImageChange,
    NearDuplicate,
    PendingDecision,
    WaitingReason,
    WorkspaceImages,
    make_plan,
)
from sake_ray.feedback.near_duplicates import NearDuplicateIndex
from sake_ray.feedback.provenance import (
    provenance_file,
    read_origins,
    read_unfinished,
    unfinished_file,
    write_origins,
    write_unfinished,
)
from sake_ray.feedback.votes import AnsweredContent, gather_votes, label_of
from sake_ray.files import sync_folder
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import Records
from sake_ray.workspace import Workspace

__all__ = [
    "AnsweredContent",
    "Feedback",
    "ImageChange",
    "ImportFailure",
    "ImportPreview",
    "ImportResult",
    "NearDuplicate",
    "PendingDecision",
    "WaitingReason",
]


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do, what waits for a decision and can be decided, what lies there already (with its label), and how
    many images could not be compared with the new ones."""

    changes: tuple[ImageChange, ...]
    waiting: tuple[PendingDecision, ...]
    settled: tuple[tuple[AnsweredContent, str], ...]
    choices: tuple[str, ...]
    not_compared: int

    @property
    def steps(self) -> tuple[ImageChange, ...]:
        """The changes that add, move or remove an image."""
        return tuple(change for change in self.changes if change.before != change.after)


@dataclass(frozen=True, slots=True)
class ImportFailure:
    """An original that could not be imported, and why; the next import tries it again."""

    document: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import came to."""

    added: int
    moved: int
    removed: int
    waiting: int
    failed: tuple[ImportFailure, ...]
    not_compared: int


class Feedback:
    """The answers on one side, the workspace on the other."""

    def __init__(self, records: Records, store: ObjectStore, workspace: Workspace, recipe: Recipe) -> None:
        self.records, self.store, self.workspace, self.recipe = records, store, workspace, recipe

    def look(self, *, seconds: float | None = None) -> ImportPreview:
        """Tell what an import would do; looks at new texts for at most so many seconds. Needs nobody to hold the workspace."""
        contents, lying = gather_votes(self.records.answers.list()), self._lying()
        cache = self.workspace.layout.near_duplicates
        neighbours = NearDuplicateIndex(self.store, self.recipe, cache, seconds=seconds)
        plan = make_plan(contents, lying, self.records.decisions.find_newest(), _Finder(neighbours, lying.labels))
        neighbours.save()
        return ImportPreview(plan.changes, plan.waiting, plan.settled, _choices(lying.known), neighbours.not_compared)

    def take_in(
        self, *, now: datetime, seconds: float | None = None, on_progress: Progress = ignore_progress
    ) -> ImportResult:
        """Carry out what `look` tells, while the caller holds the workspace.

        Whatever cannot be imported is told of and left out. Raises StorageUnavailable; what was done until then stays.
        """
        outlook = self.look(seconds=seconds)
        folder = self.workspace.folder
        unfinished = unfinished_file(folder)
        failed: list[ImportFailure] = []
        done: list[ImageChange] = []
        if outlook.changes:
            write_unfinished(unfinished, {one.content.sha256: one.step for one in outlook.changes})
        for number, change in enumerate(outlook.changes, start=1):
            try:
                self._carry_out(change)
                done.append(change)
            except (ObjectMissing, UnreadableDocument, InputError, NotFound) as error:
                failed.append(ImportFailure(change.content.document, change.content.name, str(error)))
            on_progress(number, len(outlook.changes))
        if done:
            self._note(done)
        self.records.answers.mark_imported(_counting(outlook, done), now=now)
        unfinished.unlink(missing_ok=True)
        kinds = [
            (change.before is not None, change.after is not None) for change in done if change.before != change.after
        ]
        return ImportResult(
            added=kinds.count((False, True)),
            moved=kinds.count((True, True)),
            removed=kinds.count((True, False)),
            waiting=len(outlook.waiting),
            failed=tuple(failed),
            not_compared=outlook.not_compared,
        )

    def decide(self, document: str, decision: str, *, by: str, now: datetime) -> Decision:
        """Keep what an admin decides of the answers for a document: a label, `unreadable` (trains nothing) or `skip` (stays
        as it is). It counts until people say something else, and takes effect with the next import.

        Raises NotFound for a document that nobody answered, InputError for a label that nobody knows.
        """
        contents = gather_votes(self.records.answers.list())
        content = next((one for one in contents.values() if document in one.documents), None)
        if content is None or not content.votes:
            raise NotFound(f"There is no answer for a document {document!r} to decide about.")
        chosen = NONE_OF_THESE if decision == OTHER else decision
        possible = {*_choices(self._lying().known), *content.opinions}
        if chosen not in possible:
            raise InputError(
                f"{decision!r} cannot be decided: it is no label of the workspace, and nobody said it. "
                f"Say one of {', '.join(sorted(possible))}."
            )
        kept = Decision(content.sha256, document, chosen, content.fingerprint, by, now)
        self.records.decisions.add(kept)
        return kept

    def _lying(self) -> WorkspaceImages:
        folder = self.workspace.folder
        labels = {image.sha256: image.label for image in self.workspace.images.list()}
        origins = read_origins(provenance_file(folder))
        known = known_labels(folder, labels=set(labels.values()), images=labels, origins=origins)
        return WorkspaceImages(labels, origins, read_unfinished(unfinished_file(folder)), known)

    def _carry_out(self, change: ImageChange) -> None:
        """Add, move or remove one image; each is one rename."""
        digest, before, after = change.content.sha256, change.before, change.after
        if before == after:
            return
        if before is None and after is not None:
            data = self.store.get(change.content.original)
            if hash_sha256(data).hexdigest() != digest:
                raise UnreadableDocument("The stored original is not what was handed in.")
            self.workspace.images.add(after, data, ending=ENDINGS[detect_media_type(data)])
        elif after is not None:
            self.workspace.images.move(digest, after)
        else:
            self.workspace.images.remove(digest)

    def _note(self, done: list[ImageChange]) -> None:
        """Write down which images came from whom, when all of them are sure to stay."""
        for label in {change.after for change in done if change.after is not None}:
            sync_folder(self.workspace.layout.images / label)
        path = provenance_file(self.workspace.folder)
        origins = read_origins(path)
        for change in done:
            origins.pop(change.content.sha256, None)
            if change.origin:
                origins[change.content.sha256] = change.origin
        write_origins(path, origins)


class _Finder:
    """Finds near-duplicates; the images are looked at when the first is asked for, since mostly none is."""

    def __init__(self, neighbours: NearDuplicateIndex, labels: Mapping[str, str]) -> None:
        self.neighbours, self.labels = neighbours, dict(labels)
        self.asked = False

    def __call__(self, content: AnsweredContent, label: str) -> tuple[NearDuplicate, ...]:
        """What an original is nearly the same as; when it is like nothing, it is found by those that come after it."""
        if not self.asked:
            self.neighbours.take_in(self.labels)
            self.asked = True
        if content.recipe is None:
            return ()
        like = self.neighbours.find(content.sha256, content.recipe)
        if not like:
            self.labels[content.sha256] = label
        return tuple(NearDuplicate(sha256, self.labels[sha256]) for sha256 in like)


def _choices(known: Collection[str]) -> tuple[str, ...]:
    """What can be decided: the labels of the corpus, of which the reserved one has a word of its own, and what is no label."""
    return *sorted(set(known) - {OTHER}), NONE_OF_THESE, UNREADABLE, SKIP


def _counting(outlook: ImportPreview, done: list[ImageChange]) -> list[int]:
    """The numbers of the answers that give an image the label it has now."""
    placed = [(change.content, change.after) for change in done if change.after is not None]
    placed += outlook.settled
    return [v.number for content, label in placed for v in content.votes if label_of(v.answer.answer) == label]
