"""Documents, with what was read and predicted."""

from datetime import datetime
from typing import Any

from pydantic import AliasPath, Field, field_validator

from sake_ray.domain.documents import Status
from sake_ray.errors import Message
from sake_ray.schemas.base import RequestModel, ResponseModel
from sake_ray.schemas.listing import ListOut


class NoteOut(ResponseModel):
    """What people should know of a document beside its words."""

    detail: str = Field(description="One sentence.", examples=["Hidden text was ignored (58 words)."])
    code: str = Field(description="What it is known by.", examples=["hidden-text-ignored"])
    params: dict[str, Any] = Field(description="What it speaks of.", examples=[{"words": 58}])


class ProposedPartOut(ResponseModel):
    """Pages that seem to be a document of their own."""

    first_page: int = Field(validation_alias=AliasPath("pages", "first"), examples=[2])
    last_page: int = Field(validation_alias=AliasPath("pages", "last"), examples=[3])
    label: str | None = Field(description="The class of these pages.", examples=["facture"])
    confidence: float | None
    sureness: float = Field(description="How sure it is that a document begins here, 0-1.", examples=[0.98])
    reason: str = Field(
        description="What speaks most for it: class, numbering, head, zone (another machine-readable zone), separator or"
        " look; empty for the first.",
        examples=["numbering"],
    )


class DocumentOut(ResponseModel):
    """A document: where it stands, and what was found."""

    id: str
    name: str
    status: Status
    pages: int | None
    pages_done: int
    error: str = Field(
        description="Why it failed, why the last attempt did, or what to do about it; empty when all is well."
    )
    error_code: str = Field(
        "",
        validation_alias=AliasPath("error", "code"),
        description="What the error is known by.",
        examples=["too-many-pages"],
    )
    error_params: dict[str, Any] = Field(
        {},
        validation_alias=AliasPath("error", "json_params"),
        description="What the error speaks of.",
        examples=[{"pages": 60, "limit": 50}],
    )
    notes: list[NoteOut] = Field(
        [],
        description="What people should know beside the words: hidden text that was ignored, files that are attached.",
    )
    label: str | None = Field(description="The class; none when nothing could be read.", examples=["facture"])
    confidence: float | None = Field(examples=[0.97])
    probabilities: dict[str, float] = Field(examples=[{"facture": 0.97, "other": 0.02, "resume": 0.01}])
    needs_review: bool | None = Field(description="A person should look; null until the document is classified.")
    language: str | None = Field(description="fr, en or unknown.")
    ocr_confidence: float | None = Field(description="0-100; null when the file brought its own text.")
    model_version: str | None
    model_hash: str | None
    policy_version: int | None = Field(description="The policy that decided whether a person should look.")
    answer: str | None = Field(description="What a person said of it last.")
    parent: str | None = Field(None, description="Of a part: the document that was split.")
    first_page: int | None = Field(
        None, validation_alias=AliasPath("page_range", "first"), description="Of a part: its first page in the file."
    )
    last_page: int | None = Field(
        None, validation_alias=AliasPath("page_range", "last"), description="Of a part: its last page in the file."
    )
    binned_at: datetime | None = Field(None, description="When it was put into the bin, if it is there.")
    proposed_parts: list[ProposedPartOut] = Field(
        [], description="The documents that the file seems to hold; empty when it seems to be one."
    )

    @field_validator("notes", mode="before")
    @classmethod
    def _take_messages(cls, notes: Any) -> Any:
        """A message is a str to pydantic: take its parts."""
        return [note.to_json() if isinstance(note, Message) else note for note in notes or ()]


class DocumentRow(DocumentOut):
    """A document in a list."""

    uuid: str = Field(validation_alias="batch", description="Its batch.")
    reference: str
    submitted_at: datetime


class DocumentList(ListOut[DocumentRow]):
    """Documents, newest first."""


class RecipeOut(ResponseModel):
    """How a text was made."""

    engine: str
    engine_version: str
    languages: str
    reading_version: int
    cleaning_version: int


class PartOut(ResponseModel):
    """A document that is a part of a file."""

    id: str
    status: Status
    first_page: int = Field(validation_alias=AliasPath("page_range", "first"))
    last_page: int = Field(validation_alias=AliasPath("page_range", "last"))
    label: str | None
    answer: str | None


class PagesIn(RequestModel):
    """Pages of a file from one to another, both included."""

    first_page: int = Field(ge=1, examples=[2])
    last_page: int = Field(ge=1, examples=[3])


class SplitIn(RequestModel):
    """Where to split a document."""

    parts: list[PagesIn] | None = Field(
        None,
        max_length=1000,
        description="The pages of each part, as the file numbers them: together all pages of the document. By default as"
        " proposed.",
    )


class SplitOut(ResponseModel):
    """The document that has the whole file, after a split or its undoing: GET /documents/{id} has its parts."""

    id: str


class DocumentDetail(DocumentRow):
    """A document with its text."""

    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str
    trace_id: str = Field("", description="The trace of its upload, to which all attempts at it belong.")
    text: str | None = Field(description="Pages are parted by a form feed; null until it is read.")
    cleaned_text: str | None
    recipe: RecipeOut | None = Field(description="How the text was made that the prediction was made from.")
    parts: list[PartOut] = Field(
        [],
        description="What the file was split into: of a document that was split, or of a part all parts of its file.",
    )
    text_pending: bool = Field(
        False, description="The text was deleted and is being read again: ask again in a few seconds."
    )
    recipe_differs: bool = Field(
        False, description="The text was made again, in another way than the one the prediction was made from."
    )
