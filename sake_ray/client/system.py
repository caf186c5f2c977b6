"""See whether the service answers, and how it goes."""

from sake_ray.client.connection import HttpConnection
from sake_ray.schemas.monitoring import MonitoringOut
from sake_ray.schemas.system import HealthOut, ReadyOut


class SystemCalls(HttpConnection):
    """Calls about the service itself."""

    def health(self) -> HealthOut:
        """Return when the gateway answers."""
        return self._ask(HealthOut, "GET", "/health")

    def ready(self) -> ReadyOut:
        """Tell which model serves; raises Overloaded while documents are not being classified."""
        return self._ask(ReadyOut, "GET", "/ready")

    def monitoring(self) -> MonitoringOut:
        """How it goes."""
        return self._ask(MonitoringOut, "GET", "/admin/monitoring")
