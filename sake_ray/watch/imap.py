"""Speak IMAP, over TLS only: find mails, fetch them, move them to other folders."""

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from sake_ray.errors import PlaceAway

PORT = 993
SECONDS = 60.0
"""So long the server may be silent."""
MARK = "SakeDone"
"""The keyword of a mail that was handed in and stays where it is."""


class ImapFolder:
    """A folder of a mailbox, over one connection; every call raises PlaceAway, and the next one connects anew."""

    def __init__(self, address: str, name: str, *, password: str) -> None:
        """`address` is imaps://user@host:port/folder; the certificate of the server must be one that this machine trusts."""
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "", parts.port or PORT
        self.user, self.folder = unquote(parts.username or ""), unquote(parts.path).strip("/") or "INBOX"
        self.name = name
        self._password = password
        self._connected: imaplib.IMAP4_SSL | None = None
        self._made: set[str] = set()

    def list_mails(self, *, unmarked: bool) -> tuple[str, Sequence[str]]:
        """List the ids of the mails, oldest first, without deleted and perhaps marked ones; also what the ids belong to."""
        with self._speak() as connection:
            _check(connection.select(encode_folder(self.folder)))
            validity = (connection.response("UIDVALIDITY")[1] or [b""])[0] or b""
            found = _check(connection.uid("SEARCH", "UNDELETED", *(("UNKEYWORD", MARK) if unmarked else ())))
            ids = b" ".join(part for part in found if part).split()
        return validity.decode(), sorted((id.decode() for id in ids), key=int)

    def measure_size(self, id: str) -> int:
        """The bytes of a mail; 0 when it is gone."""
        with self._speak() as connection:
            found = _check(connection.uid("FETCH", id, "(RFC822.SIZE)"))
        match = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(part for part in found if isinstance(part, bytes)))
        return int(match[1]) if match else 0

    def fetch(self, id: str) -> bytes:
        """Fetch a mail, without marking it as read; empty when it is gone."""
        with self._speak() as connection:
            found = _check(connection.uid("FETCH", id, "(BODY.PEEK[])"))
        return next((part[1] for part in found if isinstance(part, tuple)), b"")

    def mark(self, id: str) -> None:
        """Mark a mail as handed in."""
        with self._speak() as connection:
            _check(connection.uid("STORE", id, "+FLAGS.SILENT", f"({MARK})"))

    def move(self, id: str, folder: str) -> None:
        """Move a mail to a folder below this one, which is made when it is missing; nothing happens when the mail is gone."""
        with self._speak() as connection:
            target = self._make(connection, folder)
            if "MOVE" in connection.capabilities:
                _check(connection.uid("MOVE", id, target))
                return
            _check(connection.uid("COPY", id, target))
            _check(connection.uid("STORE", id, "+FLAGS.SILENT", r"(\Deleted)"))
            if "UIDPLUS" in connection.capabilities:  # without it, expunging would remove what others have deleted
                _check(connection.uid("EXPUNGE", id))

    def append(self, folder: str, mail: bytes) -> None:
        """Put a mail into a folder below this one."""
        with self._speak() as connection:
            _check(connection.append(self._make(connection, folder), "", None, mail))

    def close(self) -> None:
        """End the connection."""
        connection, self._connected = self._connected, None
        if connection:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()

    @contextmanager
    def _speak(self) -> Iterator[imaplib.IMAP4_SSL]:
        try:
            if self._connected is None:
                self._connected = self._connect()
            yield self._connected
        except (imaplib.IMAP4.error, OSError, EOFError) as error:
            self.close()
            raise PlaceAway("place-away", place=self.name, error=_describe(error)) from error

    def _connect(self) -> imaplib.IMAP4_SSL:
        context = ssl.create_default_context()
        connection = imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=SECONDS)
        try:
            if "AUTH=PLAIN" in connection.capabilities:  # the only way for a password that is not ASCII
                connection.authenticate("PLAIN", lambda _: f"\0{self.user}\0{self._password}".encode())
            else:
                connection.login(self.user, self._password)
            # Some servers say more of themselves once they know who asks.
            _, (capabilities, *_) = connection.capability()
            connection.capabilities = tuple(capabilities.decode().upper().split())
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()
            # RFC 5530; the text itself may name the account.
            raise (ConnectionError if "UNAVAILABLE" in str(error) else PermissionError) from error
        return connection

    def _make(self, connection: imaplib.IMAP4_SSL, name: str) -> str:
        _, found = connection.list('""', '""')
        match = re.search(rb'\) "(.)" ', next((line for line in found if isinstance(line, bytes)), b""))
        folder = encode_folder(f"{self.folder}{match[1].decode() if match else '/'}{name}")
        if folder not in self._made:
            connection.create(folder)  # says no where it is there
            connection.subscribe(folder)
            self._made.add(folder)
        return folder


def encode_folder(name: str) -> str:
    """Write the name of a folder as IMAP does: in quotes, in its own UTF-7 (RFC 3501, 5.1.3)."""

    def encode(match: re.Match[str]) -> str:
        if match[0] == "&":
            return "&-"
        return f"&{base64.b64encode(match[0].encode('utf-16-be')).decode().rstrip('=').replace('/', ',')}-"

    encoded = re.sub(r"&|[^\x20-\x7e]+", encode, name)
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _check(answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
    status, found = answer
    if status != "OK":
        raise imaplib.IMAP4.error(status)
    return found


def _describe(error: Exception) -> str:
    """Describe what went wrong in our own words: a foreign message might quote the account."""
    match error:
        case ssl.SSLError():
            return "its certificate is not trusted, or it does not speak TLS"
        case PermissionError():
            return "it refuses the account or its password"
        case TimeoutError():
            return "it does not answer in time"
        case imaplib.IMAP4.abort() | EOFError() | ConnectionError():
            return "the connection cannot be made, or broke off"
        case OSError():
            return error.strerror or "it cannot be reached"
    return "it refuses a command"
