"""What the recording rules make of series: the series, when, and what is recorded, by its labels."""

from collections.abc import Mapping

from tests.monitoring.cases import (
    LOAD_FAILURES,
    NONE,
    disk,
    ended,
    one_page,
    requests,
    starts,
    storage,
    uploads,
)
from tests.monitoring.series import Rise, from_ray, write_values

Recorded = tuple[Mapping[str, str], str, Mapping[str, float]]


def level(value: float) -> str:
    """An hour of a gauge."""
    return write_values((value, 61))


def rise(step: float, *, hours: int = 1) -> str:
    """A counter that grows by so much a minute."""
    return write_values((Rise(step), 60 * hours + 1))


def buckets(name: str, edges: tuple[str, str], **labels: str) -> dict[str, str]:
    """A histogram of which half is below the first edge and half between the two."""
    shares = zip((*edges, "+Inf"), (30, 60, 60), strict=True)
    return {from_ray(f"{name}_bucket", le=le, **labels): rise(share) for le, share in shares}


def failed_uploads(hours: int) -> dict[str, str]:
    """One upload in four."""
    return {uploads("accepted"): rise(3, hours=hours), uploads("failed"): rise(1, hours=hours)}


def late_pages(hours: int) -> dict[str, str]:
    """One document of one page in four."""
    return {one_page("bucket", le="60.0"): rise(3, hours=hours), one_page("count"): rise(4, hours=hours)}


WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d")
RECORDED: dict[str, Recorded] = {
    "sake:queue_depth": ({from_ray("ray_sake_queue_depth"): level(7)}, "1h", {"": 7}),
    "sake:queue_oldest_seconds": ({from_ray("ray_sake_queue_oldest_seconds"): level(80)}, "1h", {"": 80}),
    "sake:documents_ended:rate15m": ({ended("COMPLETED"): rise(60), ended("FAILED"): rise(60)}, "1h", {"": 2}),
    "sake:documents_ended_by_status:increase1h": (
        {ended("COMPLETED"): rise(60), ended("FAILED"): rise(2)},
        "1h",
        {'{status="COMPLETED"}': 3600, '{status="FAILED"}': 120},
    ),
    # A label of which there was no document yet; and one that is old, of which Prometheus has not heard for over an hour.
    "sake:documents_ended:increase10m": (
        {
            ended("COMPLETED"): rise(60, hours=2),
            ended("FAILED"): write_values((NONE, 115), (3, 6)),
            ended("NEEDS_OPS"): write_values((9, 20), (NONE, 95), (9, 6)),
        },
        "2h",
        {"": 603},
    ),
    "sake:model_load_failures:increase15m": ({LOAD_FAILURES: write_values((NONE, 55), (2, 6))}, "1h", {"": 2}),
    "sake:storage_seconds:p95_rate5m": (
        {storage("1.0"): rise(30), storage("5.0"): rise(60), storage("+Inf"): rise(60)},
        "1h",
        {'{system="objects",operation="read"}': 4.6},
    ),
    "sake:webhook_dead": ({from_ray("ray_sake_webhook_dead"): level(2)}, "1h", {"": 2}),
    "sake:disk_free_bytes": ({disk("free"): level(5e9)}, "1h", {'{place="home"}': 5e9}),
    "sake:disk_free:ratio": ({disk("free"): level(5e9), disk("size"): level(20e9)}, "1h", {'{place="home"}': 0.25}),
    # The replica that died is seen beside the new one for a while.
    "sake:replicas_healthy": (
        {
            from_ray("ray_serve_deployment_replica_healthy", deployment="Gateway", replica="g1"): level(0),
            from_ray("ray_serve_deployment_replica_healthy", deployment="Gateway", replica="g2"): level(1),
        },
        "1h",
        {'{deployment="Gateway"}': 1},
    ),
    "sake:deployment_status": (
        {from_ray("ray_serve_deployment_status", deployment="Etl"): level(6)},
        "1h",
        {'{deployment="Etl"}': 6},
    ),
    # One is not healthy, and the other was not asked for in the last scrape.
    "sake:proxies_healthy": (
        {
            from_ray("ray_serve_proxy_status", node_id="n1"): level(3),
            from_ray("ray_serve_proxy_status", node_id="n2"): write_values((2, 60)),
        },
        "1h",
        {"": 1},
    ),
    # One that is gone is exported as before; the first of a deployment replaces none.
    "sake:replicas_replaced:count10m": (
        {
            starts("p1"): write_values((1, 61)),
            starts("p2"): write_values((NONE, 52), (1, 9)),
            from_ray("ray_serve_deployment_replica_starts_total", deployment="Gateway", replica="g1"): write_values(
                (NONE, 52), (1, 9)
            ),
        },
        "1h",
        {'{deployment="Predictor"}': 1},
    ),
    "sake:http_errors:increase5m": ({requests("200"): rise(60), requests("503"): rise(6)}, "1h", {"": 30}),
    "sake:http_errors:ratio_rate5m": ({requests("200"): rise(45), requests("503"): rise(15)}, "1h", {"": 0.25}),
    "sake:request_seconds:p95_rate5m": (
        buckets("ray_sake_request_seconds", ("1.0", "2.0"), route="/documents"),
        "1h",
        {'{route="/documents"}': 1.9},
    ),
    **{f"sake:uploads_failed:ratio_rate{window}": (failed_uploads(8), "8h", {"": 0.25}) for window in WINDOWS},
    **{f"sake:one_page_late:ratio_rate{window}": (late_pages(8), "8h", {"": 0.25}) for window in WINDOWS},
    "sake:uploads:error_budget_left": (
        {uploads("accepted"): rise(4095, hours=8), uploads("failed"): rise(1, hours=8)},
        "8h",
        {"": 1 - 1 / 4096 / 0.001},
    ),
    "sake:one_page:error_budget_left": (
        {one_page("bucket", le="60.0"): rise(255, hours=8), one_page("count"): rise(256, hours=8)},
        "8h",
        {"": 1 - 1 / 256 / 0.01},
    ),
}
DAYS = {name for name in RECORDED if RECORDED[name][1] == "8h"}
"""Those that look back over days."""
