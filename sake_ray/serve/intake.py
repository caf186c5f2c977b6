"""Accept documents: check them, store their originals, commit their rows; only then they count as accepted."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from sake_ray.data.pages import media
from sake_ray.domain.accounts import Account
from sake_ray.domain.documents import MAX_REFERENCE, Batch, Document, looks_like_uuid
from sake_ray.domain.parts import SplitMode
from sake_ray.domain.traces import find_trace_id, make_span_id
from sake_ray.errors import (
    FileTooLarge,
    InputError,
    LimitExceeded,
    NotFound,
    SakeError,
    StillRunning,
    UnreadableDocument,
)
from sake_ray.serve.idempotency import KeyedRequest, StoredResponse, reply_to
from sake_ray.serve.lease_renewal import LeaseRenewal
from sake_ray.serve.originals import discard_upload, original_key
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import (
    AlreadyAnswered,
    AlreadyHandedIn,
    PendingReply,
    PendingUpload,
    Records,
    WatchedFile,
)
from sake_ray.tracing.spans import SpanKind, span

log = logging.getLogger(__name__)

MAX_FILES = 100
MAX_BATCH = 1000
OPEN_FOR = timedelta(hours=1)
"""How long after its first upload a batch can be added to."""
MAX_NAME = 255


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file of a watched place was found, and what differs when it changes, such as its size and time."""

    path: str
    version: str

    @property
    def stamp(self) -> str:
        """A hash of both."""
        return self._digest(self.version)

    def identify(self, content: str) -> str:
        """What the file is known by; `content` is the sha256 of its bytes."""
        return self._digest(content)

    def _digest(self, text: str) -> str:
        return sha256(f"{len(self.path)} {self.path} {text}".encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: the user's name for it, its size in bytes, and how to read it (it may be on the disk).

    With an origin it is accepted once, however often it is handed in.
    """

    name: str
    size: int
    read: Callable[[], bytes]
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not accepted, and why; its position among the files of the upload."""

    name: str
    error: SakeError
    position: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome of an upload: the response, which is the same however often it is sent under one key, or the refusals.

    Where some files of watched places were accepted before, nothing is accepted: `known` has their positions.
    """

    response: StoredResponse | None
    refusals: tuple[Refusal, ...] = ()
    replayed: bool = False
    known: frozenset[int] = frozenset()


Present = Callable[[Batch, int, Sequence[Refusal]], StoredResponse]


class Intake:
    """Accepts uploads; the only way a document gets into the records."""

    def __init__(
        self,
        records: Records,
        store: ObjectStore,
        renewal: LeaseRenewal,
        *,
        max_bytes: int,
        split: SplitMode = SplitMode.PROPOSE,
    ) -> None:
        """`split` applies to uploads that do not say what becomes of files with several documents."""
        self.records, self.store, self.renewal = records, store, renewal
        self.max_bytes, self.split = max_bytes, split

    def accept(
        self,
        account: Account,
        reference: str,
        uploads: Sequence[Upload],
        *,
        uuid: str | None = None,
        split: SplitMode | None = None,
        keyed: KeyedRequest | None = None,
        present: Present,
        now: datetime,
    ) -> Receipt:
        """Accept the files that can be accepted; without any the receipt says so and nothing is recorded.

        `keyed` makes the request one that can be sent again: of several at the same time the first to finish is answered, and
        the others get its response. Raises InputError, NotFound, IdempotencyKeyReused, StillRunning.
        """
        check_reference(reference)
        if not 1 <= len(uploads) <= MAX_FILES:
            raise InputError("upload-size-invalid", limit=MAX_FILES, files=len(uploads))
        if keyed is None:
            return self._accept(account, reference, uploads, uuid, split, None, present, now)
        try:
            keyed.begin(digest_upload(reference, uploads, uuid, split), now=now)
            receipt = self._accept(account, reference, uploads, uuid, split, keyed, present, now)
        except AlreadyAnswered as known:
            return Receipt(keyed.open(known.reply), replayed=True)
        except BaseException:
            # A database that breaks off while it commits may have committed.
            if known_response := keyed.abandon():
                return Receipt(known_response, replayed=True)
            raise
        finally:
            keyed.end()
        if receipt.response is None:
            keyed.abandon()
        return receipt

    def _accept(
        self,
        account: Account,
        reference: str,
        uploads: Sequence[Upload],
        uuid: str | None,
        split: SplitMode | None,
        keyed: KeyedRequest | None,
        present: Present,
        now: datetime,
    ) -> Receipt:
        batch = self._open_batch(account, reference, uuid, len(uploads), now)
        pending = PendingUpload(uuid4().hex, batch.uuid, tuple(uuid4().hex for _ in uploads))
        self.records.uploads.begin(pending, now=now)
        self.renewal.keep(pending.id)
        try:
            accepted, watched, refusals = self._store(
                batch, zip(pending.documents, uploads, strict=True), split or self.split, now
            )
            response = present(batch, len(accepted), refusals) if accepted else None
            if response:
                reply: PendingReply[Batch] | None = reply_to(keyed, lambda _: response, now=now)
                with span("commit", batch=batch.uuid, documents=len(accepted)):
                    self.records.documents.accept(batch, accepted, upload=pending.id, reply=reply, watched=watched)
            else:
                self._discard(pending, undone=True)
        except AlreadyHandedIn as error:
            self._discard(pending, undone=True)
            self.records.watched.restamp([file for file in watched if file.document in error.documents])
            known = (position for position, id in enumerate(pending.documents) if id in error.documents)
            return Receipt(None, known=frozenset(known))
        except BaseException as error:
            self._discard(pending, undone=isinstance(error, AlreadyAnswered | StillRunning))
            raise
        finally:
            self.renewal.drop(pending.id)
        for document in accepted:
            ids = {"batch": batch.uuid, "document": document.id}
            log.info("document accepted", extra=ids | {"media_type": document.media_type, "bytes": document.size})
        if refusals:
            codes = sorted({refusal.error.code for refusal in refusals})
            log.info("files refused", extra={"batch": batch.uuid, "nb": len(refusals), "codes": codes})
        return Receipt(response, tuple(refusals))

    def _discard(self, pending: PendingUpload, *, undone: bool) -> None:
        try:
            discard_upload(self.records, self.store, pending, undone=undone, now=self.records.clock.now())
        except SakeError as error:  # the orchestrator removes it later
            log.warning("upload not discarded", extra={"batch": pending.batch, "error": error.message})

    def _open_batch(self, account: Account, reference: str, uuid: str | None, files: int, now: datetime) -> Batch:
        if uuid is None:
            # Under such a reference somebody would look for a batch and find another. Batches from before this rule stay open.
            if looks_like_uuid(reference):
                raise InputError("reference-like-uuid")
            return Batch(str(uuid4()), reference, account.team, account.name, now)
        batch = self.records.batches.find(uuid) if "\0" not in uuid else None
        if batch is None or batch.owner != account.name:
            raise NotFound("batch-not-found", batch=uuid)
        if batch.reference != reference:
            raise InputError("batch-reference-differs")
        if now - batch.submitted_at > OPEN_FOR:
            raise InputError("batch-closed")
        if self.records.batches.count_documents(uuid) + files > MAX_BATCH:
            raise InputError("batch-full", limit=MAX_BATCH)
        return batch

    def _store(
        self, batch: Batch, uploads: Iterable[tuple[str, Upload]], split: SplitMode, now: datetime
    ) -> tuple[list[Document], list[WatchedFile], list[Refusal]]:
        accepted: list[Document] = []
        watched: list[WatchedFile] = []
        refusals: list[Refusal] = []
        for position, (id, upload) in enumerate(uploads):
            try:
                accepted.append(self._store_one(batch, id, upload, split, now))
            except (UnreadableDocument, LimitExceeded) as error:
                refusals.append(Refusal(clean_name(upload.name), error, position))
                continue
            if upload.origin:
                identity = upload.origin.identify(accepted[-1].sha256)
                watched.append(WatchedFile(identity, upload.origin.stamp, id))
        return accepted, watched, refusals

    def _store_one(self, batch: Batch, id: str, upload: Upload, split: SplitMode, now: datetime) -> Document:
        """Store an original; raises UnreadableDocument, LimitExceeded. All attempts at the document are below its span."""
        with span("document", kind=SpanKind.PRODUCER, id=make_span_id(id), document=id, batch=batch.uuid) as stored:
            data = self._read(upload)
            media_type = media.detect_media_type(data)
            stored.say(media_type=media_type, bytes=len(data))
            original = original_key(batch.uuid, id, media_type)
            self.store.put(original, data, durable=True)
            return Document(
                id=id,
                batch=batch.uuid,
                reference=batch.reference,
                team=batch.team,
                name=clean_name(upload.name),
                media_type=media_type,
                size=len(data),
                sha256=sha256(data).hexdigest(),
                original=original,
                submitted_at=now,
                split=split,
                trace_id=find_trace_id(),
            )

    def _read(self, upload: Upload) -> bytes:
        if upload.size > self.max_bytes:
            raise FileTooLarge(
                "file-too-large", bytes=upload.size, limit=self.max_bytes, megabytes=self.max_bytes / 1e6
            )
        return upload.read()


def check_reference(reference: str) -> None:
    """Raise InputError for a reference that cannot be stored; any other text is allowed."""
    if not reference.strip():
        raise InputError("reference-missing")
    if len(reference) > MAX_REFERENCE:
        raise InputError("reference-too-long", limit=MAX_REFERENCE, length=len(reference))
    if "\0" in reference or any("\ud800" <= character <= "\udfff" for character in reference):
        raise InputError("reference-character-invalid")


def clean_name(name: str) -> str:
    """Clean the user's name for a file: one printable line, no folders, of bounded length. It is never used as a path."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    printable = "".join(c for c in last if c.isprintable() and not "\ud800" <= c <= "\udfff").strip()
    return printable[-MAX_NAME:] or "unnamed"


def digest_upload(reference: str, uploads: Sequence[Upload], uuid: str | None, split: SplitMode | None = None) -> str:
    """Compute the digest of an upload, so that another one under the same key is noticed."""
    digest = sha256()
    for part in (
        reference,
        uuid or "",
        split or "",
        *(text for u in uploads for text in (u.name, sha256(u.read()).hexdigest())),
    ):
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()
