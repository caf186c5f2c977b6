"""Take the documents out of a mail: its attachments, without the pictures of signatures and what mail programs add."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from hashlib import sha256
from itertools import islice
from mimetypes import guess_extension

from sake_ray.data.sources import HEAD, is_document, is_side_file
from sake_ray.errors import UnreadableDocument
from sake_ray.files import is_litter

SIGNATURE_BYTES = 60_000
"""A picture within the text of a mail is a logo or a signature up to this size. Telephones put photographs of documents there,
too: those have megabytes, and a few hundred kB where they were made smaller."""
ADDED = (".p7s", ".p7m", ".asc", ".sig", ".ics", ".vcf", ".htm", ".html")
"""How the names of what mail programs add end: signatures, appointments, visiting cards, the text as a page."""
ANSWERS = re.compile(r"^\s*(?:(?:re|fw|fwd|tr|aw|wg|rv|i|r)\s*:\s*)+", re.IGNORECASE)
"""What mail programs write before the subject of a mail that was answered or passed on, in several languages."""

MAX_PARTS = 1000
MAX_HEADER = 4000
"""Characters of a header; the parser takes seconds for one of twenty thousand words."""
DAMAGED = (ValueError, LookupError, AttributeError, TypeError)
"""What the parser of headers raises for some that are damaged."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document of a mail: its number among the parts, its name, its bytes."""

    number: int
    name: str
    data: bytes


def parse_mail(raw: bytes) -> EmailMessage:
    """Parse a mail, however damaged. Raises UnreadableDocument for parts within parts without end."""
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
    except RecursionError as error:
        raise UnreadableDocument("mail-without-document") from error
    assert isinstance(message, EmailMessage)  # what the policy makes
    return message


def find_subject(message: EmailMessage) -> str:
    """The subject on one line, without `Re:` and the like; empty without one."""
    words = "".join(c for c in _header(message, "subject") if c.isprintable() or c.isspace()).split()
    return ANSWERS.sub("", " ".join(words))


def identify_mail(message: EmailMessage, raw: bytes) -> str:
    """What a mail is known by, also when it is moved to another folder or server: its Message-ID, or else its content."""
    return _header(message, "message-id").strip() or sha256(raw).hexdigest()


def find_attachments(message: EmailMessage) -> Iterator[Attachment]:
    """Yield the documents of a mail, also of mails that it has attached."""
    shown = set(re.findall(r"cid:([^\"'\s>)]+)", "".join(_pages(message))))
    for number, part in enumerate(_walk(message)):
        kind, name = part.get_content_maintype(), _filename(part)
        if part.is_multipart() or (not name and kind not in {"image", "application"}):
            continue  # what holds other parts, and the text of the mail itself
        data = _payload(part)
        is_shown = part.get_content_disposition() == "inline" or _header(part, "content-id").strip("<> ") in shown
        if is_shown and kind == "image" and len(data) <= SIGNATURE_BYTES:
            continue
        name = name or f"attachment {number}{guess_extension(part.get_content_type()) or ''}"
        if not _is_added(name, data):
            yield Attachment(number, name, data)


def _is_added(name: str, data: bytes) -> bool:
    """Whether it was not the sender who attached it, or it is none of the documents."""
    return (
        is_litter(name) or name.lower().endswith(ADDED) or (is_side_file(name) and not is_document(lambda: data[:HEAD]))
    )


def _pages(message: EmailMessage) -> Iterator[str]:
    """The texts of the mail that may show pictures."""
    for part in _walk(message):
        if part.get_content_type() == "text/html" and not part.is_multipart():
            yield _payload(part).decode("utf-8", "replace")


def _walk(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts of a mail whose headers can be read, a bounded number of them."""
    for part in islice(message.walk(), MAX_PARTS):
        try:
            if all(len(value) <= MAX_HEADER for _, value in part.raw_items()):
                _ = part.get_content_type(), part.get_content_disposition()
                yield part
        except DAMAGED:
            continue


def _payload(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _filename(part: EmailMessage) -> str:
    try:
        return part.get_filename() or ""
    except DAMAGED:
        return ""


def _header(part: EmailMessage, name: str) -> str:
    """A header on one line; empty where it is missing, damaged or too long."""
    raw = next((value for key, value in part.raw_items() if key.lower() == name), "")
    try:
        return str(part.get(name, "")) if len(raw) <= MAX_HEADER else ""
    except DAMAGED:
        return ""
