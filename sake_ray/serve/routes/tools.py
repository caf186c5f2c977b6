"""Who may see the tools behind the gateway: nginx asks here before it passes a request on to one of them."""

from fastapi import APIRouter

from sake_ray.serve.dependencies import MonitoringDep
from sake_ray.serve.guarded_route import GuardedRoute

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)


@router.get("/auth/tools", status_code=204)
async def allow_tools(_: MonitoringDep) -> None:
    """Answer 204 to admin and ops; 401 or 403 to anybody else."""
