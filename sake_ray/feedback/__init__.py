"""Turn answers into images of the training workspace: each once, the newest answer counts.

An import is a plan computed anew from the answers, the decisions and the images of the workspace. It is then carried out:
recorded as unfinished → images added, moved, removed → provenance.csv → the records → the import file removed. Killed between
any two of these, the next import computes what is left to do.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sake_ray.data.originals import fetch_original
from sake_ray.data.pages.media import ENDINGS, detect_media_type
from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE
from sake_ray.domain.feedback import SKIP, Decision
from sake_ray.domain.progress import Progress, ignore_progress
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import OTHER
from sake_ray.errors import InputError, Message, NotFound, ObjectMissing, OriginalDamaged, UnreadableDocument
from sake_ray.feedback.corpus import find_known_labels
from sake_ray.feedback.import_plan import (
    ImageChange,
    NearDuplicate,
    PendingDecision,
    WaitingReason,
    WorkspaceImages,
    plan_import,
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
from sake_ray.feedback.votes import AnsweredContent, gather_votes, to_label
from sake_ray.files import sync_folder
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import PendingReply, Records
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
    """What an import would do, what waits for a decision and can be decided, which images stay as they are (with their label),
    and how many images could not be compared with the new ones."""

    changes: tuple[ImageChange, ...]
    waiting: tuple[PendingDecision, ...]
    unchanged: tuple[tuple[AnsweredContent, str], ...]
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
    why: Message


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did."""

    added: int
    moved: int
    removed: int
    waiting: int
    failed: tuple[ImportFailure, ...]
    not_compared: int


class Feedback:
    """Imports the answers in the records into the workspace."""

    def __init__(self, records: Records, store: ObjectStore, workspace: Workspace, recipe: Recipe) -> None:
        self.records, self.store, self.workspace, self.recipe = records, store, workspace, recipe

    def preview(self, *, seconds: float | None = None) -> ImportPreview:
        """Show what an import would do; compares new texts for at most so many seconds. The workspace need not be held."""
        contents, images = gather_votes(self.records.answers.iterate()), self._read_images()
        cache = self.workspace.layout.near_duplicates
        index = NearDuplicateIndex(self.store, self.recipe, cache, seconds=seconds)
        plan = plan_import(
            contents, images, self.records.decisions.find_newest(), _NearDuplicateFinder(index, images.labels)
        )
        index.save()
        return ImportPreview(
            plan.changes, plan.waiting, plan.unchanged, _list_choices(images.known), index.not_compared
        )

    def import_answers(
        self, *, now: datetime, seconds: float | None = None, on_progress: Progress = ignore_progress
    ) -> ImportResult:
        """Carry out what `preview` shows, while the caller holds the workspace.

        Whatever cannot be imported is reported and left out. Raises StorageUnavailable; what was done until then stays.
        """
        preview = self.preview(seconds=seconds)
        folder = self.workspace.folder
        unfinished = unfinished_file(folder)
        failed: list[ImportFailure] = []
        done: list[ImageChange] = []
        if preview.changes:
            write_unfinished(unfinished, {one.content.sha256: one.expected_labels for one in preview.changes})
        for number, change in enumerate(preview.changes, start=1):
            try:
                self._apply(change)
                done.append(change)
            except (ObjectMissing, OriginalDamaged, UnreadableDocument, InputError, NotFound) as error:
                failed.append(ImportFailure(change.content.document, change.content.name, error.message))
            on_progress(number, len(preview.changes))
        if done:
            self._record(done)
        self.records.answers.mark_imported(_find_counting(preview, done), now=now)
        unfinished.unlink(missing_ok=True)
        kinds = [
            (change.before is not None, change.after is not None) for change in done if change.before != change.after
        ]
        return ImportResult(
            added=kinds.count((False, True)),
            moved=kinds.count((True, True)),
            removed=kinds.count((True, False)),
            waiting=len(preview.waiting),
            failed=tuple(failed),
            not_compared=preview.not_compared,
        )

    def decide(
        self,
        document: str,
        decision: str,
        *,
        by: str,
        now: datetime,
        reply: PendingReply[Decision] | None = None,
    ) -> Decision:
        """Record what an admin decides about the answers for a document: a label, `unreadable` (trains nothing) or `skip` (stays
        as it is). It counts until people answer something else, and takes effect with the next import.

        Raises NotFound for a document that nobody answered, InputError for a label that nobody knows.
        """
        contents = gather_votes(self.records.answers.iterate(same_as=document))
        content = next((one for one in contents.values() if document in one.documents), None)
        if content is None or not content.votes:
            raise NotFound("answer-to-decide-not-found", document=document)
        chosen = NONE_OF_THESE if decision == OTHER else decision
        possible = {*_list_choices(self._read_images().known), *content.opinions}
        if chosen not in possible:
            raise InputError("decision-unknown", decision=decision, choices=sorted(possible))
        decided = Decision(content.sha256, document, chosen, content.fingerprint, by, now)
        self.records.decisions.add(decided, reply=reply)
        return decided

    def _read_images(self) -> WorkspaceImages:
        folder = self.workspace.folder
        labels = {image.sha256: image.label for image in self.workspace.images.list()}
        origins = read_origins(provenance_file(folder))
        known = find_known_labels(folder, labels=set(labels.values()), images=labels, origins=origins)
        return WorkspaceImages(labels, origins, read_unfinished(unfinished_file(folder)), known)

    def _apply(self, change: ImageChange) -> None:
        """Add, move or remove one image; each is one rename."""
        digest, before, after = change.content.sha256, change.before, change.after
        if before == after:
            return
        if before is None and after is not None:
            data = fetch_original(self.store, change.content.original, digest)
            self.workspace.images.add(after, data, ending=ENDINGS[detect_media_type(data)])
        elif after is not None:
            self.workspace.images.move(digest, after)
        else:
            self.workspace.images.remove(digest)

    def _record(self, done: list[ImageChange]) -> None:
        """Record which images came from whom, once all of them are safe on disk."""
        for label in {change.after for change in done if change.after is not None}:
            sync_folder(self.workspace.layout.images / label)
        path = provenance_file(self.workspace.folder)
        origins = read_origins(path)
        for change in done:
            origins.pop(change.content.sha256, None)
            if change.origin:
                origins[change.content.sha256] = change.origin
        write_origins(path, origins)


class _NearDuplicateFinder:
    """Finds near-duplicates; the images are hashed for the first question, since mostly there is none."""

    def __init__(self, index: NearDuplicateIndex, labels: Mapping[str, str]) -> None:
        self.index, self.labels = index, dict(labels)
        self.hashed = False

    def __call__(self, content: AnsweredContent, label: str) -> tuple[NearDuplicate, ...]:
        """Find what an original is nearly the same as; when that is nothing, later originals may find it."""
        if not self.hashed:
            self.index.add_images(self.labels)
            self.hashed = True
        if content.recipe is None:
            return ()
        similar = self.index.find(content.sha256, content.recipe)
        if not similar:
            self.labels[content.sha256] = label
        return tuple(NearDuplicate(sha256, self.labels[sha256]) for sha256 in similar)


def _list_choices(known: Collection[str]) -> tuple[str, ...]:
    """List what can be decided: the labels of the corpus (the reserved one by a word of its own), and what is no label."""
    return *sorted(set(known) - {OTHER}), NONE_OF_THESE, UNREADABLE, SKIP


def _find_counting(preview: ImportPreview, done: list[ImageChange]) -> list[int]:
    """Find the numbers of the answers that give an image the label it has now."""
    placed = [(change.content, change.after) for change in done if change.after is not None]
    placed += preview.unchanged
    return [v.number for content, label in placed for v in content.votes if to_label(v.answer.answer) == label]
