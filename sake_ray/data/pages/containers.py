"""Tell what a file that holds others is: an Office document, an archive, a mail. Nothing in it is unpacked."""

import re

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVES = (
    b"PK\x05\x06",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
)
"""An empty ZIP, then 7z, RAR, gzip, bzip2, xz and Zstandard."""
ENDS = 1 << 20
"""Bytes at the beginning and the end in which the names of a ZIP are looked for; its table of contents is at the end."""

# What the names in a ZIP say, the first that fits; the "mimetype" of OpenDocument stands unpacked at the beginning.
IN_ZIP: tuple[tuple[bytes, str], ...] = (
    (b"mimetypeapplication/vnd.oasis.opendocument", "open-document"),
    (b"mimetypeapplication/epub", "electronic-book"),
    (b"FixedDocSeq.fdseq", "xps-document"),
    (b"FixedDocumentSequence.fdseq", "xps-document"),
    (b"word/document", "word-document"),
    (b"xl/workbook", "excel-document"),
    (b"ppt/presentation", "powerpoint-document"),
    (b"Index/Document.iwa", "apple-document"),
    (b"Index.zip", "apple-document"),
    (b"index.apxl", "apple-document"),
    (b"buildVersionHistory.plist", "apple-document"),
)
# The names of streams in an OLE file, which are UTF-16.
IN_OLE = (
    ("__substg1.0_", "mail"),
    ("__nameid_version1.0", "mail"),
    ("EncryptedPackage", "office-document-locked"),
    ("WordDocument", "old-office-document"),
)
MAILBOX, WINMAIL = b"!BDN", b"\x78\x9f\x3e\x22"
MAIL_HEADERS = re.compile(
    rb"^(?:from|to|cc|subject|date|sender|reply-to|return-path|received|delivered-to|message-id|mime-version|content-type"
    rb"|x-[a-z-]{2,40}|dkim-signature|authentication-results|arc-[a-z-]{2,40}|envelope-to|list-[a-z-]{2,20}) ?:",
    re.IGNORECASE | re.MULTILINE,
)
FIRST_HEADER = re.compile(rb"(?:From [^\r\n]+|[A-Za-z][A-Za-z0-9-]{1,60} ?:[^\r\n]*)\r?\n")
MIN_HEADERS = 3
WEB_ARCHIVE = re.compile(rb"^(?:snapshot-content-location:|from: ?<saved by)", re.IGNORECASE | re.MULTILINE)


def find_container(data: bytes) -> str | None:
    """Find the code for a file that holds others; None for any other file."""
    if data.startswith(ZIP):
        names = data if len(data) <= 2 * ENDS else data[:ENDS] + data[-ENDS:]
        return next((code for name, code in IN_ZIP if name in names), "archive")
    if data.startswith(OLE):
        found = (code for name, code in IN_OLE if name.encode("utf-16-le") in data)
        return next(found, "old-office-document")
    if data.startswith(ARCHIVES) or data[257:262] == b"ustar":
        return "archive"
    return "mailbox" if data.startswith(MAILBOX) else "mail" if data.startswith(WINMAIL) else None


def find_mail(data: bytes) -> str | None:
    """Find the code for a mail or a saved web page as text; None for any other file."""
    head = data[:8192].lstrip(b"\xef\xbb\xbf\r\n")
    if not FIRST_HEADER.match(head):
        return None
    names = {match.group().lower() for match in MAIL_HEADERS.finditer(head)}
    if len(names) < MIN_HEADERS:
        return None
    return "web-archive" if WEB_ARCHIVE.search(head) else "mail"
