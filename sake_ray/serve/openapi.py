"""Describe in the OpenAPI document what FastAPI cannot see by itself: problems, forms with files, binary bodies."""

from collections.abc import Mapping
from typing import Any

from sake_ray.schemas.problems import MEDIA_TYPE
from sake_ray.serve.intake import MAX_FILES

PROBLEM_CONTENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
ANY_PROBLEM: dict[str, Any] = {
    "description": "Any other problem: too large, too many requests at once, something wrong on our side.",
    "content": PROBLEM_CONTENT,
}
PROBLEMS = {
    400: "Malformed", 401: "Not signed in", 403: "Not allowed", 404: "Not found", 409: "Being worked on",
    413: "Too large", 415: "Unsupported type", 416: "No such range", 422: "Cannot be accepted", 429: "Too many tries",
    503: "Not available now",
}  # fmt: skip

BINARY = {"schema": {"type": "string", "format": "binary"}}
IMAGE_RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": BINARY}, "description": "The image, upright."}
}
PART_RESPONSES: dict[int | str, dict[str, Any]] = {
    206: {"description": "The range that was asked for."},
    304: {"description": "The caller has it already, as `If-None-Match` says."},
}


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """List the problems that an operation may answer with."""
    return {status: {"description": PROBLEMS[status], "content": PROBLEM_CONTENT} for status in statuses}


def describe_form(
    required: Mapping[str, Mapping[str, object]], optional: Mapping[str, Mapping[str, object]] | None = None
) -> dict[str, object]:
    """Describe a multipart form of required text fields, files, and optional text fields."""
    files = {"type": "array", "minItems": 1, "maxItems": MAX_FILES, "items": {"type": "string", "format": "binary"}}
    fields = {**required, "files": files, **(optional or {})}
    return {
        "multipart/form-data": {"schema": {"type": "object", "required": [*required, "files"], "properties": fields}}
    }
