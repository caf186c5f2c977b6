"""Bases for what travels over HTTP: requests are strict, responses are made from values of the domain."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class ResponseModel(BaseModel):
    """What we send: `AccountOut.model_validate(account)` takes the attributes of a value by name.

    Where a name differs, `validation_alias` says which attribute is meant. Neither clients nor the contract see the alias: a
    response is written, and read back, by the field's own name.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True, validate_by_alias=True, validate_by_name=True)

    @classmethod
    def from_domain(cls, value: object, **computed: Any) -> Self:
        """Take the attributes of a value, except for the fields that are given as computed."""
        return cls.model_validate(_Overlay(value, computed))


class RequestModel(BaseModel):
    """What we receive: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Overlay:
    """The attributes of a value, some of them replaced."""

    def __init__(self, value: object, replaced: Mapping[str, Any]) -> None:
        self._value, self._replaced = value, replaced

    def __getattr__(self, name: str) -> Any:
        return self._replaced[name] if name in self._replaced else getattr(self._value, name)
