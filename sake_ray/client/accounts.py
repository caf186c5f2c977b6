"""Ask who is signed in, and manage accounts."""

from typing import Any

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.domain.accounts import Role
from sake_ray.schemas.accounts import AccountOut, TokenOut, UserMade, UserOut, UsersOut


class AccountCalls(HttpConnection):
    """Calls about the own account and those of others."""

    def sign_in(self, name: str, password: str) -> TokenOut:
        """Exchange a password for a token, and use it from now on."""
        return self._use(self._ask(TokenOut, "POST", "/auth/token", data={"username": name, "password": password}))

    def account(self) -> AccountOut:
        """Who is signed in."""
        return self._ask(AccountOut, "GET", "/account")

    def change_password(self, old: str, new: str) -> TokenOut:
        """Change the own password, which ends all tokens, and use the new token from now on."""
        return self._use(self._ask(TokenOut, "PUT", "/account/password", json={"old": old, "new": new}))

    def users(self, *, page: int = 1, page_size: int = 100) -> UsersOut:
        """The accounts, by name."""
        return self._ask(UsersOut, "GET", "/admin/users", params={"page": page, "page_size": page_size})

    def add_user(self, name: str, *, role: Role = Role.USER, team: str = "office", password: str = "") -> UserMade:
        """Make an account; without a password one is generated and in the answer."""
        sent = {"name": name, "role": role.value, "team": team} | ({"password": password} if password else {})
        return self._ask(UserMade, "POST", "/admin/users", json=sent)

    def change_user(self, name: str, **changes: Any) -> UserOut:
        """Change role, team, disabled or password of an account."""
        return self._ask(UserOut, "PATCH", f"/admin/users/{segment(name)}", json=changes)

    def _use(self, token: TokenOut) -> TokenOut:
        self._http.headers["Authorization"] = f"Bearer {token.access_token}"
        return token
