"""Problem documents."""

from typing import Any

from pydantic import Field

from sake_ray.schemas.base import ResponseModel
from sake_ray.schemas.uploads import Refused


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
    errors: list[dict[str, Any]] | None = Field(None, description="What is wrong in the request, part by part.")
    refused: list[Refused] | None = Field(None, description="The files of an upload of which none was accepted.")
