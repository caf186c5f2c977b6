"""Accept documents: check them, store their originals, commit their rows; only then they count as accepted."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from sake_ray.data.pages import media
from sake_ray.domain.accounts import Account
from sake_ray.domain.documents import MAX_REFERENCE, Batch, Document, looks_like_uuid
from sake_ray.errors import (
    FileTooLarge,
    InputError,
    LimitExceeded,
    NotFound,
    SakeError,
    UnreadableDocument,
)
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import Records

log = logging.getLogger(__name__)

MAX_FILES = 100
MAX_BATCH = 1000
OPEN_FOR = timedelta(hours=1)
"""How long after its first upload a batch can be added to."""
MAX_NAME = 255


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: the user's name for it, its size in bytes, and how to read it (it may be on the disk)."""

    name: str
    size: int
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not accepted, and why."""

    name: str
    error: SakeError


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome of an upload; `response` is the same however often the upload is sent under one key."""

    response: Mapping[str, Any]
    refusals: tuple[Refusal, ...]

    @property
    def accepted(self) -> bool:
        """Whether any file was accepted."""
        return bool(self.response)


class Intake:
    """Accepts uploads; the only way a document gets into the records."""

    def __init__(self, records: Records, store: ObjectStore, *, max_bytes: int) -> None:
        self.records, self.store, self.max_bytes = records, store, max_bytes

    def accept(
        self,
        account: Account,
        reference: str,
        uploads: Sequence[Upload],
        *,
        uuid: str | None = None,
        key: str | None = None,
        present: Callable[[Batch, int, Sequence[Refusal]], Mapping[str, Any]],
        now: datetime,
    ) -> Receipt:
        """Accept the files that can be accepted; without any the receipt says so and nothing is recorded.

        `key` makes the request one that can be sent again. Raises InputError, NotFound, KeyReused, StillRunning.
        """
        check_reference(reference)
        if not 1 <= len(uploads) <= MAX_FILES:
            raise InputError("upload-size-invalid", limit=MAX_FILES, files=len(uploads))
        holder = uuid4().hex
        if key:
            digest = digest_upload(reference, uploads, uuid)
            known = self.records.idempotency_keys.begin(account.name, key, digest=digest, worker=holder, now=now)
            if known is not None:
                return Receipt(known, ())
        try:
            batch = self._open_batch(account, reference, uuid, len(uploads), now)
            accepted, refusals = self._store(batch, uploads, now)
            response = present(batch, len(accepted), refusals) if accepted else {}
            if accepted:
                self.records.documents.accept(
                    batch, accepted, request=(account.name, key) if key else None, worker=holder, answer=response
                )
        except BaseException:
            if key:
                self.records.idempotency_keys.release(account.name, key, worker=holder)
            raise
        if key and not accepted:
            self.records.idempotency_keys.release(account.name, key, worker=holder)
        log.info(
            "documents accepted",
            extra={"batch": batch.uuid, "account": account.name, "nb": len(accepted), "refused": len(refusals)},
        )
        return Receipt(response, tuple(refusals))

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

    def _store(self, batch: Batch, uploads: Sequence[Upload], now: datetime) -> tuple[list[Document], list[Refusal]]:
        accepted: list[Document] = []
        refusals: list[Refusal] = []
        for upload in uploads:
            name = clean_name(upload.name)
            try:
                data = self._read(upload)
                media_type = media.detect_media_type(data)
            except (UnreadableDocument, LimitExceeded) as error:
                refusals.append(Refusal(name, error))
                continue
            id = uuid4().hex
            original = f"{batch.uuid}/original_raw/{id}{media.ENDINGS.get(media_type, '')}"
            self.store.put(original, data, durable=True)
            accepted.append(
                Document(
                    id=id,
                    batch=batch.uuid,
                    reference=batch.reference,
                    team=batch.team,
                    name=name,
                    media_type=media_type,
                    size=len(data),
                    sha256=sha256(data).hexdigest(),
                    original=original,
                    submitted_at=now,
                )
            )
        return accepted, refusals

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


def digest_upload(reference: str, uploads: Sequence[Upload], uuid: str | None) -> str:
    """Compute the digest of an upload, so that another one under the same key is noticed."""
    digest = sha256()
    for part in (reference, uuid or "", *(text for u in uploads for text in (u.name, sha256(u.read()).hexdigest()))):
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()
