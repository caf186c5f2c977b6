"""Bases for what travels over HTTP: requests are strict, responses are made from values of the domain."""

from pydantic import BaseModel, ConfigDict


class ResponseModel(BaseModel):
    """What we send: `DocumentOut.model_validate(document)` takes the attributes of a value by name.

    Where a name differs, `validation_alias` says which attribute is meant. Neither clients nor the contract see the alias: a
    response is written, and read back, by the field's own name.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True, validate_by_alias=True, validate_by_name=True)


class RequestModel(BaseModel):
    """What we receive: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
