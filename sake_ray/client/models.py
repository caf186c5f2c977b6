"""Look at model versions, and promote one."""

from sake_ray.client.connection import HttpConnection
from sake_ray.schemas.models import ModelList, ModelOut, PromotionList


class ModelCalls:
    """Calls about model versions."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def promote(
        self, version: int, *, why: str = "", force: bool = False, champion: int | None = None, key: str | None = None
    ) -> ModelOut:
        """Let a model version serve; one that is worse than the champion, or not known not to be, takes force and a reason.

        With `champion` it is refused when another version than that one serves by now.
        """
        body = {"why": why, "force": force} | ({"champion": champion} if champion else {})
        return self._connection.call(ModelOut, "POST", f"/admin/models/{version}/promote", json=body, key=key)

    def rollback(self, *, why: str = "", champion: int | None = None, key: str | None = None) -> ModelOut:
        """Let the version that served before serve again; with `champion` only if that one serves now."""
        body = {"why": why} | ({"champion": champion} if champion else {})
        return self._connection.call(ModelOut, "POST", "/admin/models/rollback", json=body, key=key)

    def promotions(self, *, cursor: str | None = None, page_size: int = 100) -> PromotionList:
        """List the promotions, newest first."""
        params = {"cursor": cursor, "page_size": page_size}
        return self._connection.call(PromotionList, "GET", "/admin/models/log", params=params)

    def list(self) -> ModelList:
        """List all model versions, newest first."""
        return self._connection.call(ModelList, "GET", "/admin/models")
