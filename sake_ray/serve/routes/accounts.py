"""Look at the own account and change its password; for the admin: everybody's."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from sake_ray.domain.accounts import Account
from sake_ray.schemas.accounts import AccountOut, PasswordIn, TokenOut, UserChange, UserIn, UserMade, UserOut, UsersOut
from sake_ray.serve.accounts import PROVER, change_account, make_account
from sake_ray.serve.auth import LIFETIME, utc_now
from sake_ray.serve.dependencies import Admin, Given, PageNumber, SignedIn, told

router = APIRouter(tags=["accounts"])

Name = Annotated[str, Path(description="The name; any character, percent-encoded.")]


@router.get("/account", summary="The own account", responses=told(401, 503))
def account(account: SignedIn) -> AccountOut:
    """Say who is signed in."""
    return AccountOut(name=account.name, role=account.role, team=account.team)


@router.put("/account/password", summary="Change the own password", responses=told(400, 401, 403, 413, 422, 429, 503))
def password(request: Request, parts: Given, account: SignedIn, sent: PasswordIn) -> TokenOut:
    """Change the password. All tokens made before end; use the one this answers with."""
    place = request.client.host if request.client else ""
    token = parts.door.change_password(account, sent.old, sent.new, place=place, now=utc_now())
    return TokenOut(access_token=token, expires_in=int(LIFETIME.total_seconds()), role=account.role)


@router.get("/admin/users", summary="List the accounts", responses=told(401, 403, 422, 503))
def users(
    parts: Given,
    _: Admin,
    page: PageNumber = 1,
    page_size: Annotated[int, Query(ge=1, le=500)] = 100,
) -> UsersOut:
    """List the accounts by name."""
    found = [account for account in parts.records.accounts.all() if account.name != PROVER]
    shown = found[(page - 1) * page_size : page * page_size]
    return UsersOut(users=[_show(account) for account in shown], page=page, page_size=page_size, total=len(found))


@router.post("/admin/users", status_code=201, summary="Make an account", responses=told(400, 401, 403, 413, 422, 503))
def add_user(parts: Given, _: Admin, sent: UserIn) -> UserMade:
    """Make an account; without a password one is generated, and shown in this answer only."""
    made = Account(sent.name, sent.role, sent.team)
    given = make_account(parts.records, made, sent.password, hasher=parts.door.hash_password, now=utc_now())
    return UserMade(**_show(made).model_dump(), password=given if sent.password is None else None)


@router.patch(
    "/admin/users/{name:reference}", summary="Change an account", responses=told(400, 401, 403, 404, 413, 422, 503)
)
def change_user(parts: Given, _: Admin, name: Name, sent: UserChange) -> UserOut:
    """Change what is given. A new password, and being disabled, end the account's tokens."""
    changed = change_account(
        parts.records,
        name,
        role=sent.role,
        team=sent.team,
        disabled=sent.disabled,
        password=sent.password,
        hasher=parts.door.hash_password,
    )
    return _show(changed)


def _show(account: Account) -> UserOut:
    return UserOut(name=account.name, role=account.role, team=account.team, disabled=account.disabled)
