"""Parse the documents that a request sends, as a form or as JSON."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from sake_ray.domain.parts import SplitMode
from sake_ray.errors import InputError
from sake_ray.schemas.uploads import PredictIn
from sake_ray.serve.intake import Upload

FIELDS = {"reference", "files", "uuid", "split"}


@dataclass(frozen=True, slots=True)
class SentDocuments:
    """The documents of a request, their reference, and the batch that they are to be added to, if any.

    `split` says what becomes of files that seem to hold several documents; None leaves it to the settings.
    """

    reference: str
    uuid: str | None
    uploads: Sequence[Upload]
    split: SplitMode | None = None


def parse_form(form: FormData) -> SentDocuments:
    """Parse a form; raises InputError. The files are read later, as long as the form is open."""
    if unknown := sorted(set(form) - FIELDS):
        raise InputError("upload-form-field-unknown", field=unknown[0][:50])
    if any(len(form.getlist(field)) > 1 for field in ("reference", "uuid", "split")):
        raise InputError("upload-form-field-repeated")
    reference, uuid = form.get("reference"), form.get("uuid")
    if not isinstance(reference, str) or not isinstance(uuid, str | None):
        raise InputError("upload-form-incomplete")
    split = form.get("split") or None
    if split is not None and split not in set(SplitMode):
        raise InputError("split-mode-unknown", modes=list(SplitMode))
    uploads = []
    for part in form.getlist("files"):
        if not isinstance(part, UploadFile):
            raise InputError("upload-form-files-invalid")
        uploads.append(Upload(part.filename or "", part.size or 0, _make_reader(part)))
    if not uploads:
        raise InputError("upload-form-without-files")
    return SentDocuments(reference, uuid or None, uploads, SplitMode(str(split)) if split else None)


def parse_json(body: bytes) -> SentDocuments:
    """Parse a JSON body; raises RequestValidationError, InputError."""
    try:
        sent = PredictIn.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError([{**part, "loc": ("body", *part["loc"])} for part in error.errors()]) from error
    uploads = []
    for file in sent.files:
        try:
            data = base64.b64decode(file.content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise InputError("base64-invalid", file=file.name[:100]) from error
        uploads.append(Upload(file.name, len(data), lambda data=data: data))  # type: ignore[misc]
    return SentDocuments(sent.reference, sent.uuid, uploads, sent.split)


def _make_reader(part: UploadFile) -> Callable[[], bytes]:
    def read() -> bytes:
        part.file.seek(0)
        return part.file.read()

    return read
