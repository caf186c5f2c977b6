"""API keys, for the admin."""

from typing import Annotated

from fastapi import APIRouter, Path

from sake_ray.domain.api_keys import ApiKey
from sake_ray.schemas.api_keys import NAME, ApiKeyIn, ApiKeyList, ApiKeyMade, ApiKeyOut
from sake_ray.serve.api_keys import prepare_api_key, store_api_key
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import AdminDep, ServicesDep
from sake_ray.serve.idempotency import StoredResponse, reply_to
from sake_ray.serve.idempotent_routes import IdempotentRoute, KeyedDep
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.paging import PageDep
from sake_ray.storage.records import PendingReply

router = APIRouter(prefix="/admin/keys", tags=["accounts"], route_class=IdempotentRoute)


@router.get("", summary="List the API keys", responses=problem_responses(401, 403, 422, 503))
def list_api_keys(services: ServicesDep, _: AdminDep, page: PageDep) -> ApiKeyList:
    """List the API keys by name, revoked and expired ones too."""
    return ApiKeyList.model_validate(services.records.api_keys.list(after=page.after, limit=page.limit))


@router.post("", status_code=201, summary="Make an API key", responses=problem_responses(400, 401, 403, 413, 422, 503))
def create_api_key(services: ServicesDep, admin: AdminDep, wanted: ApiKeyIn, keyed: KeyedDep) -> ApiKeyMade:
    """Make an API key for a program. It is shown in this answer only."""
    now = utc_now()
    new = prepare_api_key(wanted.name, team=wanted.team, scopes=wanted.scopes, days=wanted.days, by=admin.name, now=now)
    made = ApiKeyMade.from_domain(new.key, key=new.secret)
    reply: PendingReply[ApiKey] | None = reply_to(keyed, lambda _: StoredResponse.of_model(made, status=201), now=now)
    store_api_key(services.records, new, reply=reply)
    return made


@router.post("/{name}/revoke", summary="Revoke an API key", responses=problem_responses(401, 403, 404, 422, 503))
def revoke_api_key(services: ServicesDep, admin: AdminDep, name: Annotated[str, Path(pattern=NAME)]) -> ApiKeyOut:
    """Revoke an API key: from the next request on it is refused. It stays in the list."""
    return ApiKeyOut.model_validate(services.records.api_keys.revoke(name, by=admin.name, now=utc_now()))
