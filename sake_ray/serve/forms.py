"""Read forms with files; the routes do it themselves, to bound what is kept on the disk."""

import re
from contextlib import aclosing
from urllib.parse import unquote_to_bytes

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from sake_ray.errors import Message

UNREADABLE = "Invalid multipart data."
"""Starlette's message for everything that its parser refuses."""
PLAIN_NAME = re.compile(rb";\s*filename\s*=", re.IGNORECASE)
EXTENDED_NAME = re.compile(rb";\s*filename\*\s*=\s*\"?([\w-]*)'[^']*'([^;\"]*)", re.IGNORECASE)


async def read_form(request: Request, *, max_files: int, max_part_size: int) -> FormData:
    """Read a form; a text field may have `max_part_size` bytes. Raises HTTPException with a sentence for the sender."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await request.form(max_files=max_files, max_fields=10, max_part_size=max_part_size)
    if request._form is None:  # where `request.form` keeps it, which knows no other parser
        try:
            async with aclosing(request.stream()) as stream:
                limits = {"max_files": max_files, "max_fields": 10, "max_part_size": max_part_size}
                request._form = await UploadParser(request.headers, stream, **limits).parse()
        except MultiPartException as error:
            if error.message != UNREADABLE:  # the other messages say what is wrong
                raise HTTPException(400, error.message) from error
            raise HTTPException(400, Message("malformed-form")) from error
    return request._form


class UploadParser(MultiPartParser):
    """Starlette's parser, for which a part with `filename*` alone (RFC 5987) is a file as well."""

    def on_headers_finished(self) -> None:
        """Begin the part."""
        part = self._current_part
        if part.content_disposition:
            part.content_disposition = add_plain_name(part.content_disposition)
        super().on_headers_finished()


def add_plain_name(disposition: bytes) -> bytes:
    """Add `filename`, in UTF-8, to a Content-Disposition that has `filename*` only."""
    extended = EXTENDED_NAME.search(disposition)
    if extended is None or PLAIN_NAME.search(disposition):
        return disposition
    charset, encoded = extended.groups()
    # RFC 8187 knows UTF-8 only, RFC 5987 Latin 1 too. Some of Python's codecs make half surrogates, or fail at everything.
    known = "latin-1" if charset.lower() == b"iso-8859-1" else "utf-8"
    name = unquote_to_bytes(encoded.strip()).decode(known, "replace")
    quoted = name.replace("\\", "\\\\").replace('"', '\\"').replace("\r", " ").replace("\n", " ")
    return disposition + b'; filename="' + quoted.encode() + b'"'
