"""Read forms with files; the routes do it themselves, to bound what is kept on the disk."""

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from sake_ray.errors import Message

UNREADABLE = "Invalid multipart data."
"""Starlette's message for everything that its parser refuses."""


async def read_form(request: Request, *, max_files: int, max_part_size: int) -> FormData:
    """Read a form; a text field may have `max_part_size` bytes. Raises HTTPException with a sentence for the sender."""
    try:
        return await request.form(max_files=max_files, max_fields=10, max_part_size=max_part_size)
    except HTTPException as error:
        if error.detail != UNREADABLE:  # the other messages say what is wrong
            raise
        raise HTTPException(400, Message("malformed-form")) from error
