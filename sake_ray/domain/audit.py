"""The audit log: who did what, when and from where, in a chain of hashes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

Detail = str | int | bool | None
NO_HASH = ""
"""What the first entry is chained to."""


class AuditAction(StrEnum):
    """What was done."""

    SIGNED_IN = "signed-in"
    SIGN_IN_FAILED = "sign-in-failed"
    SIGNED_OUT = "signed-out"
    SIGNED_OUT_EVERYWHERE = "signed-out-everywhere"
    PASSWORD_REFUSED = "password-refused"  # noqa: S105 - an action
    SECOND_FACTOR_SET_UP = "second-factor-set-up"
    SECOND_FACTOR_RESET = "second-factor-reset"
    RECOVERY_CODE_USED = "recovery-code-used"
    ACCOUNT_CREATED = "account-created"
    ACCOUNT_CHANGED = "account-changed"
    API_KEY_CREATED = "api-key-created"
    API_KEY_REVOKED = "api-key-revoked"
    DOCUMENTS_UPLOADED = "documents-uploaded"
    DOCUMENT_SEEN = "document-seen"
    ORIGINAL_DOWNLOADED = "original-downloaded"
    SEARCHABLE_PDF_DOWNLOADED = "searchable-pdf-downloaded"
    RESULTS_EXPORTED = "results-exported"
    REFERENCE_DOWNLOADED = "reference-downloaded"
    DOCUMENTS_RETRIED = "documents-retried"
    DOCUMENT_SPLIT = "document-split"
    SPLIT_UNDONE = "split-undone"
    ANSWERED = "answered"
    DECIDED = "decided"
    ANSWERS_IMPORTED = "answers-imported"
    IMAGES_ADDED = "images-added"
    IMAGE_MOVED = "image-moved"
    IMAGE_REMOVED = "image-removed"
    IMAGE_PUT_BACK = "image-put-back"
    MODEL_REGISTERED = "model-registered"
    MODEL_PROMOTED = "model-promoted"
    MODEL_ROLLED_BACK = "model-rolled-back"
    POLICY_CHANGED = "policy-changed"
    REQUIRED_LABELS_CHANGED = "required-labels-changed"
    DOCUMENT_BINNED = "document-binned"
    DOCUMENT_RESTORED = "document-restored"
    DOCUMENTS_ERASED = "documents-erased"
    RETENTION_CHANGED = "retention-changed"
    JOB_STARTED = "job-started"
    JOB_STOPPED = "job-stopped"
    WEBHOOK_ADDED = "webhook-added"
    WEBHOOK_REMOVED = "webhook-removed"
    DELIVERY_RESENT = "delivery-resent"
    BACKUP_MADE = "backup-made"
    BACKUP_RESTORED = "backup-restored"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry. `by` is an account, or at a terminal a user of the machine; `peer` an address, empty at a terminal.

    `subject` says what it was done to, as `kind:id`: never by a name of a file or a candidate.
    """

    number: int
    at: datetime
    by: str
    peer: str
    action: str
    subject: str
    details: Mapping[str, Detail]
    hash: str

    def compute_hash(self, before: str) -> str:
        """Compute the hash that the entry must have after the one with the hash `before`."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        row = [self.number, at, self.by, self.peer, self.action, self.subject, dict(self.details)]
        text = json.dumps(row, sort_keys=True, separators=(",", ":"))
        return sha256(f"{before}\n{text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The number and hash of an entry. Noted elsewhere, it proves later that nothing up to it was changed."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


class AuditFaultKind(StrEnum):
    """What is wrong with the log."""

    CHANGED = "changed"
    MISSING = "missing"
    CUT = "cut"
    UNKNOWN_HEAD = "unknown-head"


@dataclass(frozen=True, slots=True)
class AuditFault:
    """Something wrong with the entries from one number to another."""

    kind: AuditFaultKind
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The outcome of a verification."""

    entries: int
    head: AuditHead
    faults: tuple[AuditFault, ...]
