"""Parse which places are watched: folders, buckets and mailboxes, each for a team."""

from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import unquote, urlsplit

S3, MAIL = "s3://", "imaps://"
NAME_CHARS = 60
DEFAULT_TEAM = "office"
"""Whose the documents of a place are that names no team; the first admin's."""


@dataclass(frozen=True, slots=True)
class PlaceAddress:
    """A place that is watched, and the team that gets its documents.

    The address is a folder's path, s3://bucket/prefix or imaps://user@host/folder.
    """

    team: str
    address: str

    @property
    def id(self) -> str:
        """By what the records know it: a hash, which says nothing of the address."""
        return sha256(self.address.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def is_bucket(self) -> bool:
        """Whether it is a bucket, or the part of one below a prefix."""
        return self.address.startswith(S3)

    @property
    def is_mailbox(self) -> bool:
        """Whether it is a folder of a mailbox."""
        return self.address.startswith(MAIL)

    @property
    def name(self) -> str:
        """What logs and metrics call it: the last part of its address, which does not say whose it is.

        Of a mailbox, the folder and its server: the account is often somebody's name.
        """
        if self.is_mailbox:
            parts = urlsplit(self.address)
            return f"{unquote(parts.path).strip('/') or 'INBOX'} at {parts.hostname}"[-NAME_CHARS:]
        return self.address.rstrip("/").rpartition("/")[2][-NAME_CHARS:] or "/"


def parse_places(text: str, *, team: str) -> tuple[PlaceAddress, ...]:
    """Parse places that are separated by commas; raises ValueError naming what is none."""
    return tuple(parse_place(part, team=team) for part in text.split(",") if part.strip())


def parse_place(text: str, *, team: str) -> PlaceAddress:
    """Parse `PLACE` or `TEAM=PLACE`; `team` is whose it is where it names none. Raises ValueError."""
    before, sign, after = text.strip().partition("=")
    own, address = (before.strip(), after.strip()) if sign and "/" not in before else (team, text.strip())
    scheme, sign, rest = address.partition("://")
    if not address or not own:
        raise ValueError(f"{text!r} names no place")
    if sign and f"{scheme}://" not in {S3, MAIL}:
        raise ValueError(f"{scheme}:// is neither a folder's path nor s3:// nor imaps://")
    if sign and not rest.strip("/"):
        raise ValueError(f"{address!r} names nothing behind {scheme}://")
    if address.startswith(MAIL):
        parts = urlsplit(address)
        if not (parts.username and parts.hostname) or parts.password is not None:
            raise ValueError("a mailbox is imaps://user@host/folder, and its password is in a file")
        _ = parts.port  # raises ValueError where it is none
    return PlaceAddress(own, address)
