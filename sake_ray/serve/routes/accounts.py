"""One's own account, and for the admin those of others."""

from typing import Annotated

from fastapi import APIRouter, Path

from sake_ray.domain.accounts import Account
from sake_ray.schemas.accounts import (
    OwnAccountOut,
    PasswordIn,
    SecondFactorConfirmed,
    SecondFactorIn,
    SecondFactorOut,
    TokenOut,
    UserChange,
    UserIn,
    UserList,
    UserMade,
    UserOut,
)
from sake_ray.serve.accounts import PROBE_ACCOUNT, change_account, create_account
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import AccountDep, AdminDep, ServicesDep, SessionDep
from sake_ray.serve.executors import RECORDS
from sake_ray.serve.idempotency import StoredResponse, reply_to
from sake_ray.serve.idempotent_routes import IdempotentRoute, KeyedDep
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.paging import PageDep
from sake_ray.serve.passwords import generate_password
from sake_ray.serve.tokens import SESSION_LIFETIME

router = APIRouter(tags=["accounts"], route_class=IdempotentRoute)

Name = Annotated[str, Path(description="The name; any character, percent-encoded.")]


@router.get("/account", summary="The own account", responses=problem_responses(401, 503))
def get_account(account: AccountDep) -> OwnAccountOut:
    """Say who is signed in."""
    return OwnAccountOut.model_validate(account)


@router.put(
    "/account/password",
    summary="Change the own password",
    responses=problem_responses(400, 401, 403, 413, 422, 429, 503),
)
async def change_password(services: ServicesDep, account: AccountDep, change: PasswordIn) -> TokenOut:
    """Change the password. All sessions end, this one too; use the token this answers with."""
    token = await services.authenticator.change_password(account, change.old, change.new, now=utc_now())
    return TokenOut(access_token=token, expires_in=int(SESSION_LIFETIME.total_seconds()), role=account.role)


@router.post(
    "/account/second-factor",
    summary="Begin a second factor",
    responses=problem_responses(401, 403, 422, 503),
)
def begin_second_factor(services: ServicesDep, account: AccountDep) -> SecondFactorOut:
    """Make the secret of a second factor, for an app that makes codes. It counts once it is confirmed by a first code."""
    new = services.authenticator.begin_second_factor(account)
    return SecondFactorOut(secret=new.secret, uri=new.uri)


@router.post(
    "/account/second-factor/confirm",
    summary="Confirm the second factor",
    responses=problem_responses(400, 401, 403, 413, 422, 429, 503),
)
async def confirm_second_factor(
    services: ServicesDep, account: AccountDep, first: SecondFactorIn
) -> SecondFactorConfirmed:
    """Have codes asked for from now on. All sessions end, this one too; use the token this answers with."""
    token, codes = await services.authenticator.confirm_second_factor(account, first.code, now=utc_now())
    seconds = int(SESSION_LIFETIME.total_seconds())
    return SecondFactorConfirmed(access_token=token, expires_in=seconds, role=account.role, recovery_codes=list(codes))


@router.post(
    "/auth/sign-out", status_code=204, tags=["sign in"], summary="Sign out", responses=problem_responses(401, 503)
)
def sign_out(services: ServicesDep, session: SessionDep) -> None:
    """End this session: from the next request on its token is refused."""
    services.authenticator.sign_out(session, now=utc_now())


@router.post(
    "/auth/sign-out-everywhere",
    status_code=204,
    tags=["sign in"],
    summary="Sign out on all devices",
    responses=problem_responses(401, 503),
)
def sign_out_everywhere(services: ServicesDep, account: AccountDep) -> None:
    """End all sessions of the own account, this one too."""
    services.authenticator.sign_out_everywhere(account, now=utc_now())


@router.get("/admin/users", summary="List the accounts", responses=problem_responses(401, 403, 422, 503))
def list_users(services: ServicesDep, _: AdminDep, page: PageDep) -> UserList:
    """List the accounts by name."""
    found = services.records.accounts.list(without=PROBE_ACCOUNT, after=page.after, limit=page.limit)
    return UserList.model_validate(found)


@router.post(
    "/admin/users",
    status_code=201,
    summary="Make an account",
    responses=problem_responses(400, 401, 403, 413, 422, 503),
)
async def create_user(services: ServicesDep, admin: AdminDep, new: UserIn, keyed: KeyedDep) -> UserMade:
    """Make an account; without a password one is generated, and shown in this answer only."""
    now, account = (
        utc_now(),
        Account(new.name, new.role, new.team, sees_documents=new.sees_documents, must_change_password=True),
    )
    password = new.password or generate_password()
    made = UserMade.from_domain(account, password=password if new.password is None else None)
    await services.authenticator.threads.run(
        create_account,
        services.records,
        account,
        password,
        by=admin.name,
        now=now,
        reply=reply_to(keyed, lambda _: StoredResponse.of_model(made, status=201), now=now),
    )
    return made


@router.patch(
    "/admin/users/{name:reference}",
    summary="Change an account",
    responses=problem_responses(400, 401, 403, 404, 413, 422, 503),
)
async def update_user(services: ServicesDep, admin: AdminDep, name: Name, change: UserChange) -> UserOut:
    """Change what is given. A new password, and being disabled, end the account's sessions."""
    # What hashes nothing need not wait for what does: an account can be disabled during an attack.
    run = RECORDS.run if change.password is None else services.authenticator.threads.run
    changed = await run(
        change_account,
        services.records,
        name,
        role=change.role,
        team=change.team,
        disabled=change.disabled,
        password=change.password,
        sees_documents=change.sees_documents,
        by=admin.name,
    )
    return UserOut.model_validate(changed)
