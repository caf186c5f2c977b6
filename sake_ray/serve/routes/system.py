"""Health and sign-in: what needs no token."""

from typing import Annotated

from fastapi import APIRouter, Form, Request

from sake_ray.schemas.accounts import TokenOut
from sake_ray.schemas.system import HealthOut, ReadyOut
from sake_ray.serve.auth import TOKEN_LIFETIME, utc_now
from sake_ray.serve.dependencies import ServicesDep
from sake_ray.serve.executors import PASSWORDS
from sake_ray.serve.guarded_route import GuardedRoute, runs_on
from sake_ray.serve.openapi import problem_responses

router = APIRouter(tags=["system"], route_class=GuardedRoute)


@router.get("/health", summary="Does the gateway answer?")
async def health() -> HealthOut:
    """Say so."""
    return HealthOut()


@router.get("/ready", summary="Are documents being classified?", responses=problem_responses(503))
async def ready(services: ServicesDep) -> ReadyOut:
    """Ask every part."""
    status = await services.predictor.get_status()
    await services.orchestrator.check()
    return ReadyOut(model_version=status.model_version, labels=list(status.labels))


@router.post("/auth/token", tags=["sign in"], summary="Sign in", responses=problem_responses(401, 413, 422, 429, 503))
@runs_on(PASSWORDS)
def sign_in(
    request: Request,
    services: ServicesDep,
    username: Annotated[str, Form(min_length=1, max_length=200)],
    password: Annotated[str, Form(min_length=1, max_length=1000)],
) -> TokenOut:
    """Exchange a name and a password for a token that counts for eight hours."""
    client_host = request.client.host if request.client else ""
    account, token = services.authenticator.sign_in(username, password, client_host=client_host, now=utc_now())
    return TokenOut(access_token=token, expires_in=int(TOKEN_LIFETIME.total_seconds()), role=account.role)
