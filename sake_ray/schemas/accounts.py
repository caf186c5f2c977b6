"""Accounts and tokens."""

from pydantic import Field

from sake_ray.domain.accounts import Role
from sake_ray.schemas.base import RequestModel, ResponseModel
from sake_ray.schemas.listing import ListOut


class TokenOut(ResponseModel):
    """A token to send as `Authorization: Bearer …`."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105
    expires_in: int = Field(description="Seconds.", examples=[43200])
    role: Role


class SignInOut(TokenOut):
    """A token, and what this device is known by the next time."""

    device_token: str = Field(
        "",
        description="Proves no password: send it with the next sign-in of this account from here, for a year at most.",
    )


class AccountOut(ResponseModel):
    """Who is signed in, as what, for which team."""

    name: str = Field(examples=["marie"])
    role: Role
    team: str = Field(examples=["office"])
    must_change_password: bool = Field(
        description="Somebody else has set the password: until it is changed, nothing but that is possible."
    )
    has_second_factor: bool = Field(description="Signing in takes a code as well.")


class OwnAccountOut(AccountOut):
    """One's own account, and what is to be done first."""

    must_set_up_second_factor: bool = Field(
        description="The service demands a second factor: until it is set up, nothing but that is possible."
    )


class SecondFactorOut(ResponseModel):
    """The secret of a second factor that is to be confirmed, shown in this answer only."""

    secret: str = Field(description="In base32; for an app that makes codes (RFC 6238: SHA-1, six digits, 30 seconds).")
    uri: str = Field(description="The same as an address, `otpauth://…`, which such an app reads from a QR code.")


class SecondFactorIn(RequestModel):
    """The first code of the app."""

    code: str = Field(min_length=1, max_length=100, examples=["123456"])


class SecondFactorConfirmed(TokenOut):
    """The token of a new session, and the recovery codes, shown in this answer only."""

    recovery_codes: list[str] = Field(description="Each counts once in the place of a code.")


class PasswordIn(RequestModel):
    """A new password, and the old one."""

    old: str = Field(min_length=1, max_length=1000)
    new: str = Field(min_length=10, max_length=1000)


class UserOut(AccountOut):
    """An account as the admin sees it."""

    disabled: bool = Field(description="It cannot sign in.")
    sees_documents: bool = Field(description="For ops: whether it sees documents, not only figures.")


class UserList(ListOut[UserOut]):
    """Accounts, by name."""


class UserIn(RequestModel):
    """An account to make."""

    name: str = Field(min_length=1, max_length=100, examples=["marie"])
    role: Role = Role.USER
    team: str = Field("office", min_length=1, max_length=100, description="The agency whose documents a user sees.")
    password: str | None = Field(None, min_length=10, max_length=1000, description="One is generated without it.")
    sees_documents: bool = Field(False, description="For ops: whether it sees documents, not only figures.")


class UserMade(UserOut):
    """The account that was made."""

    password: str | None = Field(description="The generated password, shown this once; null when one was sent.")


class UserChange(RequestModel):
    """What to change of an account; what is left out stays."""

    role: Role | None = None
    team: str | None = Field(None, min_length=1, max_length=100)
    disabled: bool | None = None
    sees_documents: bool | None = None
    password: str | None = Field(None, min_length=10, max_length=1000)
