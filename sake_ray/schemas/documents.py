"""Documents, with what was read and predicted."""

from datetime import datetime
from typing import Any

from pydantic import AliasPath, Field, field_validator

from sake_ray.domain.documents import Status
from sake_ray.errors import Message
from sake_ray.schemas.base import ResponseModel
from sake_ray.schemas.listing import ListOut


class NoteOut(ResponseModel):
    """What people should know of a document beside its words."""

    detail: str = Field(description="One sentence.", examples=["Hidden text was ignored (58 words)."])
    code: str = Field(description="What it is known by.", examples=["hidden-text-ignored"])
    params: dict[str, Any] = Field(description="What it speaks of.", examples=[{"words": 58}])


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


class DocumentDetail(DocumentRow):
    """A document with its text."""

    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str
    text: str | None = Field(description="Pages are parted by a form feed; null until it is read.")
    cleaned_text: str | None
    recipe: RecipeOut | None = Field(description="How the text was made that the prediction was made from.")
    text_pending: bool = Field(
        False, description="The text was deleted and is being read again: ask again in a few seconds."
    )
    recipe_differs: bool = Field(
        False, description="The text was made again, in another way than the one the prediction was made from."
    )
