"""Describe forms with files for the contract, since the routes read them by themselves."""

from collections.abc import Mapping

from sake_ray.serve.intake import MAX_FILES

Field = Mapping[str, object]


def describe_form(needed: Mapping[str, Field], more: Mapping[str, Field] | None = None) -> dict[str, object]:
    """Describe a form of text fields that are needed, files, and text fields that may be there."""
    files = {"type": "array", "minItems": 1, "maxItems": MAX_FILES, "items": {"type": "string", "format": "binary"}}
    fields = {**needed, "files": files, **(more or {})}
    return {"multipart/form-data": {"schema": {"type": "object", "required": [*needed, "files"], "properties": fields}}}
