"""Problem documents."""

from typing import Any

from pydantic import Field

from sake_ray.errors import Message
from sake_ray.schemas.base import ResponseModel
from sake_ray.schemas.uploads import Refused

MEDIA_TYPE = "application/problem+json"
TYPES = "/docs/errors"
"""Where every type of problem is explained, each under its code."""


class Problem(ResponseModel):
    """What went wrong, by RFC 9457."""

    type: str = Field(description="Where it is explained.", examples=["/docs/errors#document-not-found"])
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no document 'x'."])
    instance: str = Field(description="The path that was asked for.", examples=["/documents/x"])
    code: str = Field(description="What the problem is known by, in every language.", examples=["document-not-found"])
    params: dict[str, Any] = Field(description="What the detail speaks of.", examples=[{"document": "x"}])
    request_id: str = Field(description="Find it in the logs.")
    trace_id: str | None = Field(None, description="The trace of the request, 32 hexadecimal digits.")
    errors: list[dict[str, Any]] | None = Field(None, description="What is wrong in the request, part by part.")
    refused: list[Refused] | None = Field(None, description="The files of an upload of which none was accepted.")


def make_problem(
    status: int, message: Message, *, instance: str, request_id: str, title: str = "", **more: Any
) -> dict[str, Any]:
    """Make a problem document, with the members that it has. Without a title the code is it, in words."""
    problem = Problem(
        type=f"{TYPES}#{message.code}",
        title=title or message.code.replace("-", " ").capitalize(),
        status=status,
        detail=str(message),
        instance=instance,
        code=message.code,
        params=message.json_params,
        request_id=request_id,
        **more,
    )
    return {name: value for name, value in problem.model_dump(mode="json").items() if value is not None}
