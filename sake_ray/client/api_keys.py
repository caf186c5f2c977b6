"""Manage API keys."""

from collections.abc import Collection

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.domain.api_keys import Scope
from sake_ray.schemas.api_keys import ApiKeyList, ApiKeyMade, ApiKeyOut


class ApiKeyCalls:
    """Calls about the API keys, for admins."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def list(self, *, cursor: str | None = None, page_size: int = 100) -> ApiKeyList:
        """List the API keys by name, revoked and expired ones too."""
        params = {"cursor": cursor, "page_size": page_size}
        return self._connection.call(ApiKeyList, "GET", "/admin/keys", params=params)

    def add(
        self, name: str, *, scopes: Collection[Scope], team: str = "office", days: int = 365, key: str | None = None
    ) -> ApiKeyMade:
        """Make an API key, whose secret is shown this once; `key` is the Idempotency-Key."""
        wanted = {"name": name, "team": team, "scopes": [scope.value for scope in scopes], "days": days}
        return self._connection.call(ApiKeyMade, "POST", "/admin/keys", json=wanted, key=key)

    def revoke(self, name: str) -> ApiKeyOut:
        """Revoke an API key; it is refused from then on."""
        return self._connection.call(ApiKeyOut, "POST", f"/admin/keys/{segment(name)}/revoke")
