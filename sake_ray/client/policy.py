"""Read and set when a document needs review."""

from sake_ray.client.connection import HttpConnection
from sake_ray.schemas.policy import PolicyOut


class PolicyCalls:
    """Calls about the policy; for admins."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def get(self, *, wrong_in: int | None = None, curve: bool = False) -> PolicyOut:
        """Get the policy; with `wrong_in` also the thresholds and the cost of that error budget.

        With `curve` also how many verified documents pass, and are right, as the threshold moves.
        """
        params: dict[str, int | str] = {"wrong_in": wrong_in} if wrong_in else {}
        params |= {"curve": "true"} if curve else {}
        return self._connection.call(PolicyOut, "GET", "/admin/policy", params=params)

    def set(self, wrong_in: int | None) -> PolicyOut:
        """Set an error budget of at most one wrong in `wrong_in` accepted, or lift it with None."""
        return self._connection.call(PolicyOut, "PUT", "/admin/policy", json={"wrong_in": wrong_in})
