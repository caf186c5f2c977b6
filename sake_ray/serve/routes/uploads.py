"""Forms with files: read by the routes themselves, and described for the contract."""

from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from sake_ray.serve.intake import MAX_FILES

Field = Mapping[str, object]
UNREADABLE = "Invalid multipart data."
"""What Starlette says of whatever its parser does not take."""


def describe_form(needed: Mapping[str, Field], more: Mapping[str, Field] | None = None) -> dict[str, object]:
    """Describe a form of text fields that are needed, files, and text fields that may be there."""
    files = {"type": "array", "minItems": 1, "maxItems": MAX_FILES, "items": {"type": "string", "format": "binary"}}
    fields = {**needed, "files": files, **(more or {})}
    return {"multipart/form-data": {"schema": {"type": "object", "required": [*needed, "files"], "properties": fields}}}


async def read_form(request: Request, *, max_files: int, max_part_size: int) -> FormData:
    """Read a form; a text field may have `max_part_size` bytes. Raises HTTPException with a sentence for who sent it."""
    try:
        return await request.form(max_files=max_files, max_fields=10, max_part_size=max_part_size)
    except HTTPException as error:
        if error.detail != UNREADABLE:  # the others say what is wrong
            raise
        raise HTTPException(
            400, "The upload is no valid form: it is cut off, or the name of a file is too long."
        ) from error
