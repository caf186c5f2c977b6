"""Sign in, and manage accounts."""

from typing import Any

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.domain.accounts import Role
from sake_ray.schemas.accounts import (
    OwnAccountOut,
    SecondFactorConfirmed,
    SecondFactorOut,
    SignInOut,
    TokenOut,
    UserList,
    UserMade,
    UserOut,
)
from sake_ray.schemas.issuer import IssuerOut, IssuerSignInOut


class AccountCalls:
    """Calls about one's own account and, for admins, those of others."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def sign_in(
        self, name: str, password: str = "", *, code: str = "", ticket: str = "", device_token: str = ""
    ) -> SignInOut:
        """Exchange a password for a token, and use it from now on.

        Raises Unauthenticated `second-factor-needed` when it takes a `code`, too; the `ticket` among its params stands for the
        password then. With the `device_token` of an earlier sign-in, what others try under this name does not delay this one.
        """
        form = {"username": name, "password": password, "code": code, "ticket": ticket, "device_token": device_token}
        signed_in = self._connection.call(SignInOut, "POST", "/auth/token", data=form)
        self._use(signed_in)
        return signed_in

    def find_issuer(self) -> IssuerOut:
        """Find where people sign in otherwise; raises NotFound when there is no issuer."""
        return self._connection.call(IssuerOut, "GET", "/auth/issuer")

    def sign_in_by_issuer(self, code: str, *, verifier: str, nonce: str, redirect_uri: str) -> IssuerSignInOut:
        """Exchange a code of the issuer for a token, and use it from now on."""
        sent = {"code": code, "verifier": verifier, "nonce": nonce, "redirect_uri": redirect_uri}
        signed_in = self._connection.call(IssuerSignInOut, "POST", "/auth/issuer", json=sent)
        self._use(signed_in)
        return signed_in

    def sign_out(self, *, everywhere: bool = False) -> None:
        """End this session, or all of one's own; its token is refused from then on. Raises Unauthenticated if it has ended."""
        self._connection.send("POST", f"/auth/sign-out{'-everywhere' if everywhere else ''}")

    def me(self) -> OwnAccountOut:
        """Get the account that is signed in."""
        return self._connection.call(OwnAccountOut, "GET", "/account")

    def change_password(self, old: str, new: str) -> TokenOut:
        """Change one's own password, which ends all sessions, and use the new token from now on."""
        return self._use(self._connection.call(TokenOut, "PUT", "/account/password", json={"old": old, "new": new}))

    def begin_second_factor(self) -> SecondFactorOut:
        """Make the secret of a second factor."""
        return self._connection.call(SecondFactorOut, "POST", "/account/second-factor")

    def confirm_second_factor(self, code: str) -> SecondFactorConfirmed:
        """Confirm it by a first code, which ends all sessions, and use the new token from now on."""
        confirmed = self._connection.call(
            SecondFactorConfirmed, "POST", "/account/second-factor/confirm", json={"code": code}
        )
        self._use(confirmed)
        return confirmed

    def list(self, *, cursor: str | None = None, page_size: int = 100) -> UserList:
        """List the accounts by name."""
        params = {"cursor": cursor, "page_size": page_size}
        return self._connection.call(UserList, "GET", "/admin/users", params=params)

    def add(
        self, name: str, *, role: Role = Role.USER, team: str = "office", password: str = "", key: str | None = None
    ) -> UserMade:
        """Add an account; without a password the server generates one and returns it."""
        account = {"name": name, "role": role.value, "team": team} | ({"password": password} if password else {})
        return self._connection.call(UserMade, "POST", "/admin/users", json=account, key=key)

    def change(self, name: str, **changes: Any) -> UserOut:
        """Change role, team, disabled or password of an account."""
        return self._connection.call(UserOut, "PATCH", f"/admin/users/{segment(name)}", json=changes)

    def _use(self, token: TokenOut) -> TokenOut:
        self._connection.use_token(token.access_token)
        return token
