"""Tell a client that polls whether its answer is still so: 304 then, and nothing is assembled."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import Header, Response

UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Unchanged since the ETag in If-None-Match."}}
"""Of an operation, in OpenAPI."""

KnownTags = Annotated[
    str | None,
    Header(alias="If-None-Match", description="The ETag of your last answer: 304 without a body while it is still so."),
]


def make_etag(*parts: object, weak: bool = True) -> str:
    """Make the ETag of what these parts determine; another version of the program may put it differently.

    Only by one that is not weak may ranges of two answers be put together: it promises the same bytes.
    """
    digest = sha256(repr((_program_version(), *parts)).encode("utf-8", "surrogatepass")).hexdigest()
    return f'{"W/" if weak else ""}"{digest[:32]}"'


def is_known(etag: str, known: str | None) -> bool:
    """Tell whether a client that sent this If-None-Match has the answer already."""
    if known is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags


def unchanged(etag: str) -> Response:
    """Answer that nothing has changed."""
    return Response(status_code=304, headers={"ETag": etag})


@cache
def _program_version() -> str:
    return version("sake_ray")
