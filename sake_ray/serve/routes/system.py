"""Ask how the service is, and sign in: all that needs no token."""

from typing import Annotated

from fastapi import APIRouter, Form, Request

from sake_ray.schemas.accounts import TokenOut
from sake_ray.schemas.system import HealthOut, ReadyOut
from sake_ray.serve.auth import LIFETIME, utc_now
from sake_ray.serve.dependencies import Given, told

router = APIRouter(tags=["system"])


@router.get("/health", summary="Does the gateway answer?")
async def health() -> HealthOut:
    """Say so."""
    return HealthOut()


@router.get("/ready", summary="Are documents being classified?", responses=told(503))
async def ready(parts: Given) -> ReadyOut:
    """Ask every part."""
    serving = await parts.predictor.serving()
    await parts.works.check()
    return ReadyOut(model_version=serving.model_version, labels=list(serving.labels))


@router.post("/auth/token", tags=["sign in"], summary="Sign in", responses=told(401, 413, 422, 429, 503))
def sign_in(
    request: Request,
    parts: Given,
    username: Annotated[str, Form(min_length=1, max_length=200)],
    password: Annotated[str, Form(min_length=1, max_length=1000)],
) -> TokenOut:
    """Exchange a name and a password for a token that counts for eight hours."""
    place = request.client.host if request.client else ""
    account, token = parts.door.sign_in(username, password, place=place, now=utc_now())
    return TokenOut(access_token=token, expires_in=int(LIFETIME.total_seconds()), role=account.role)
