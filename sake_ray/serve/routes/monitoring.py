"""Monitor the installation."""

from fastapi import APIRouter

from sake_ray.errors import NoChampion
from sake_ray.schemas.measurements import MeasurementsOut
from sake_ray.schemas.monitoring import MonitoringOut
from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import MonitoringDep, ServicesDep
from sake_ray.serve.executors import PROMETHEUS, RECORDS
from sake_ray.serve.guarded_route import GuardedRoute
from sake_ray.serve.openapi import problem_responses
from sake_ray.serve.presenters.measurements import present_measurements
from sake_ray.serve.presenters.monitoring import present_monitoring

router = APIRouter(prefix="/admin", tags=["admin: monitoring"], route_class=GuardedRoute)


@router.get("/monitoring", summary="How it goes", responses=problem_responses(401, 403, 503))
async def get_monitoring(services: ServicesDep, _: MonitoringDep) -> MonitoringOut:
    """Look at everything; it answers while no model serves, too."""
    try:
        version: str | None = (await services.predictor.get_status()).model_version
    except NoChampion:
        version = None
    return await RECORDS.run(present_monitoring, services.records, version, utc_now())


@router.get("/measurements", summary="What Prometheus has measured", responses=problem_responses(401, 403))
async def get_measurements(services: ServicesDep, _: MonitoringDep) -> MeasurementsOut:
    """Get how it went in the last 24 hours, what fires and which parts answer; within seconds, whatever Prometheus does."""
    measuring = services.measuring
    return present_measurements(await PROMETHEUS.run(measuring.get) if measuring else None)
