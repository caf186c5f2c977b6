"""See and set when a document goes to a person."""

from sake_ray.client.connection import HttpConnection
from sake_ray.schemas.policy import PolicyOut


class PolicyCalls(HttpConnection):
    """Calls about the policy."""

    def policy(self, *, wrong_in: int | None = None, curve: bool = False) -> PolicyOut:
        """When a document goes to a person; with `wrong_in` also what that promise would be and cost. For admins.

        With `curve` also how many verified documents pass, and are right, as the threshold moves.
        """
        params: dict[str, int | str] = {"wrong_in": wrong_in} if wrong_in else {}
        params |= {"curve": "true"} if curve else {}
        return self._ask(PolicyOut, "GET", "/admin/policy", params=params)

    def set_policy(self, wrong_in: int | None) -> PolicyOut:
        """Promise at most one wrong in so many accepted, or take the promise back with None; for admins."""
        return self._ask(PolicyOut, "PUT", "/admin/policy", json={"wrong_in": wrong_in})
