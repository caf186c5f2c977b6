"""The state of a document, in plain words."""

from dataclasses import dataclass
from enum import StrEnum

from frontends.i18n import Translations
from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE
from sake_ray.domain.documents import SET_ASIDE, Status
from sake_ray.domain.verdicts import OTHER
from sake_ray.schemas.documents import DocumentOut


class DocumentState(StrEnum):
    """The states of documents, in the order in which results show them."""

    NEEDS_REVIEW = "needs_review"
    IN_PROGRESS = "in_progress"
    NEEDS_OPS = "needs_ops"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A document in short: its class (None without one), its status in words, and the tone of the status."""

    label: str | None
    status: str
    tone: str


def state_of(document: DocumentOut) -> DocumentState:
    """The state of a document; an answered one is done."""
    if document.answer or document.status in SET_ASIDE:
        return DocumentState.DONE
    if document.status is Status.FAILED:
        return DocumentState.FAILED
    if document.status is Status.NEEDS_OPS:
        return DocumentState.NEEDS_OPS
    if document.status is not Status.COMPLETED:
        return DocumentState.IN_PROGRESS
    return DocumentState.NEEDS_REVIEW if document.needs_review else DocumentState.DONE


def summarize(document: DocumentOut, words: Translations) -> DocumentSummary:
    """Put the verdict, or the answer that replaced it, into words."""
    percent = round(100 * (document.confidence or 0))
    if document.answer:
        label = {NONE_OF_THESE: OTHER}.get(document.answer, document.answer)
        confirmed = label == document.label
        return DocumentSummary(label, words("status.confirmed" if confirmed else "status.corrected"), "sure")
    if document.status is Status.FAILED:
        return DocumentSummary(None, words("status.failed"), "bad")
    if document.status is Status.NEEDS_OPS:
        return DocumentSummary(None, words("status.needs_ops"), "check")
    if document.status is Status.BINNED:
        return DocumentSummary(None, words("status.binned"), "wait")
    if document.status in SET_ASIDE:
        return DocumentSummary(
            None, words("status.split" if document.status is Status.SPLIT else "status.merged"), "sure"
        )
    if document.status is Status.PENDING:
        return DocumentSummary(None, words("status.waiting"), "wait")
    if document.status is Status.IN_PROGRESS:
        return DocumentSummary(None, _progress(document, words), "wait")
    if document.label is None:
        return DocumentSummary(None, words("status.no_text"), "check")
    if document.label == OTHER:
        return DocumentSummary(OTHER, words("status.other"), "check")
    if document.needs_review:
        return DocumentSummary(document.label, words("status.needs_review", percent=percent), "check")
    return DocumentSummary(document.label, words("status.sure", percent=percent), "sure")


def label_name(label: str, words: Translations) -> str:
    """The name of a label or answer; a new one is shown as it is written."""
    return words.get(f"label.{label}") or label.replace("_", " ").strip().capitalize() or label


def choices(answers: list[str]) -> list[str]:
    """The answers to offer as buttons; withdrawing has a button of its own."""
    last = [answer for answer in (NONE_OF_THESE, UNREADABLE) if answer in answers]
    return [answer for answer in answers if answer not in {NONE_OF_THESE, UNREADABLE, "withdrawn"}] + last


def _progress(document: DocumentOut, words: Translations) -> str:
    if not document.pages:
        return words("status.reading")
    page = min(document.pages_done + 1, document.pages)
    return words("status.page", page=page, pages=document.pages)
