"""Lists: all of them have this form, whatever they are of."""

from typing import Generic, TypeVar

from pydantic import Field

from sake_ray.schemas.base import ResponseModel

Item = TypeVar("Item")


class ListOut(ResponseModel, Generic[Item]):
    """Some items of a list, where those that follow begin, and how many there are; made from a Listing of the domain.

    Each list is a class of its own, since its name is the one in the contract.
    """

    items: list[Item]
    next_cursor: str | None = Field(description="Send it as `cursor` for the items that follow; null at the end.")
    total: int = Field(description="How many there are, or at least; counted to 10,000 at most.")
    total_is_exact: bool = Field(
        validation_alias="is_total_exact", description="False: there are more than `total`, or may be."
    )
