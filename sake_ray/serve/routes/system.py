"""Health and sign-in: what needs no token."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.exceptions import RequestValidationError

from sake_ray.schemas.accounts import SignInOut
from sake_ray.schemas.system import HealthOut, ReadyOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import ServicesDep
from sake_ray.serve.guarded_route import GuardedRoute
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.tokens import SESSION_LIFETIME

router = APIRouter(tags=["system"], route_class=GuardedRoute)


@router.get("/health", summary="Does the gateway answer?")
async def get_health() -> HealthOut:
    """Say so."""
    return HealthOut()


@router.get("/ready", summary="Are documents being classified?", responses=problem_responses(503))
async def get_readiness(services: ServicesDep) -> ReadyOut:
    """Ask every part."""
    status = await services.predictor.get_status()
    await services.orchestrator.check()
    return ReadyOut(model_version=status.model_version, labels=list(status.labels))


@router.post("/auth/token", tags=["sign in"], summary="Sign in", responses=problem_responses(401, 413, 422, 429, 503))
async def sign_in(
    request: Request,
    services: ServicesDep,
    username: Annotated[str, Form(min_length=1, max_length=200)],
    password: Annotated[str, Form(max_length=1000, description="Needed unless there is a ticket.")] = "",
    code: Annotated[
        str, Form(max_length=100, description="Of the second factor, where the account has one; or a recovery code.")
    ] = "",
    ticket: Annotated[
        str, Form(max_length=2000, description="In the place of the password: what `second-factor-needed` came with.")
    ] = "",
    device_token: Annotated[
        str, Form(max_length=4000, description="What an earlier sign-in of this account from here answered with.")
    ] = "",
) -> SignInOut:
    """Exchange a name and a password for the token of a new session.

    The session lasts twelve hours, four without a request.
    Wrong passwords delay the next attempt, longer each time. Send the `device_token` along the next time, and what others try
    under this name does not delay you.
    An account with a second factor gets 401 `second-factor-needed` without a code, whose `params` have a ticket: for five minutes
    it stands for the password.
    """
    if not password and not ticket:
        raise RequestValidationError([{"type": "missing", "loc": ("body", "password"), "msg": "Field required"}])
    peer = request.client.host if request.client else ""
    signed_in = await services.authenticator.sign_in(
        username, password, code=code, ticket=ticket, peer=peer, device=device_token, now=utc_now()
    )
    return SignInOut(
        access_token=signed_in.token,
        expires_in=int(SESSION_LIFETIME.total_seconds()),
        role=signed_in.account.role,
        device_token=signed_in.device,
    )
