"""Ask whether the service is up, and how it is doing."""

from sake_ray.client.connection import HttpConnection
from sake_ray.schemas.measurements import MeasurementsOut
from sake_ray.schemas.monitoring import MonitoringOut
from sake_ray.schemas.system import HealthOut, ReadyOut


class SystemCalls:
    """Calls about the service itself."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def health(self) -> HealthOut:
        """Return when the gateway answers."""
        return self._connection.call(HealthOut, "GET", "/health")

    def ready(self) -> ReadyOut:
        """Get the model that serves; raises Overloaded while documents are not being classified."""
        return self._connection.call(ReadyOut, "GET", "/ready")

    def monitoring(self) -> MonitoringOut:
        """Get the figures of the service and its documents; for admin and ops."""
        return self._connection.call(MonitoringOut, "GET", "/admin/monitoring")

    def measurements(self) -> MeasurementsOut:
        """Get what Prometheus has measured, if there is one; for admin and ops."""
        return self._connection.call(MeasurementsOut, "GET", "/admin/measurements")
