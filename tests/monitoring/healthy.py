"""A system at which nothing is wrong, idle at night and busy by day: the series of two hours, by how they go in ten seconds."""

from collections.abc import Mapping

from tests.monitoring.cases import UP, UPLOADS
from tests.monitoring.series import Phase, Rise, from_keeper, from_machine, from_ray, write_series

NOW = Rise(10, jump=-10)
"""A time that is always now: the tests begin at 0."""
GB = 1e9


def _histogram(name: str, rates: Mapping[str, float], **labels: str) -> dict[str, Phase]:
    """A histogram by how much each bucket grows in ten seconds."""
    series: dict[str, Phase] = {from_ray(f"{name}_bucket", le=le, **labels): Rise(rate) for le, rate in rates.items()}
    return series | {
        from_ray(f"{name}_count", **labels): Rise(rates["+Inf"]),
        from_ray(f"{name}_sum", **labels): Rise(1),
    }


def make_healthy(*, load: float) -> dict[str, Phase]:
    """Make the series; `load` is 0 at night and 1 when an office does what it can."""
    busy = load > 0
    gauges: dict[str, Phase] = {
        "queue_depth": 12.0 * load, "queue_oldest_seconds": 45.0 * load, "documents_lost": 0, "documents_needing_ops": 0,
        "leases_expired_now": 0, "exports_failing": 0, "model_serves": 1, "champion_refused": 0, "policy_holds": 1,
        "model_created_timestamp_seconds": 0, "registry_reachable": 1, "ledger_checked_at_seconds": NOW, "webhook_dead": 1,
        "webhook_oldest_seconds": 20.0 * load, "backup_age_seconds": 90_000,
    }  # fmt: skip
    series: dict[str, Phase] = {from_ray(f"ray_sake_{name}"): phase for name, phase in gauges.items()}
    for kind in ("fault-original-missing", "fault-not-indexed", "fault-text-missing"):
        series[from_ray("ray_sake_ledger_faults", kind=kind)] = 1 if kind == "fault-text-missing" else 0
    for status, rate in {"COMPLETED": 1.9, "FAILED": 0.1, "NEEDS_OPS": 0}.items():
        series[from_ray("ray_sake_documents_ended_total", status=status, label="cv", source="tesseract")] = Rise(
            rate * load
        )
    for counter, labels, rate in (
        ("attempts_put_back_total", {"cause": "LOST"}, 0.001), ("leases_expired_total", {}, 0.0002),
        ("model_load_failures_total", {"reason": "model-unusable"}, 0), ("sign_ins_refused_total", {"reason": "wrong"}, 0.05),
        ("storage_errors_total", {"system": "records", "operation": "write"}, 0.001),
        ("storage_errors_total", {"system": "objects", "operation": "write"}, 0.001),
    ):  # fmt: skip
        series[from_ray(f"ray_sake_{counter}", **labels)] = Rise(rate * load)
    series |= {from_ray(UPLOADS, outcome=outcome): Rise(rate * load) for outcome, rate in _UPLOADS.items()}
    series |= _histogram("ray_sake_document_seconds", {"60.0": 1.899 * load, "+Inf": 1.9 * load}, pages="1")
    series |= _histogram("ray_sake_stage_seconds", {"10.0": 1.9 * load, "+Inf": 1.9 * load}, stage="read")
    series |= _histogram("ray_sake_page_seconds", {"10.0": 2 * load, "+Inf": 2 * load}, source="tesseract")
    series |= _histogram(
        "ray_sake_storage_seconds", {"0.1": 20 * load, "+Inf": 20 * load}, system="records", operation="read"
    )
    return series | _list_learning() | _list_serve(load) | _list_machine(load) | _list_parts(busy=busy)


_UPLOADS = {"accepted": 1.0, "refused": 0.05, "failed": 0.0}


def _list_learning() -> dict[str, Phase]:
    series: dict[str, Phase] = {}
    for kind in ("train", "tune", "restore"):
        series[from_ray("ray_sake_job_last_failed", kind=kind)] = 0
        series[from_ray("ray_sake_job_running_seconds", kind=kind)] = 1800
    series[from_ray("ray_sake_job_success_timestamp_seconds", kind="train")] = 0
    for window in ("7d", "30d", "1d"):
        series[from_ray("ray_sake_accuracy_ratio", review="passed", window=window)] = 0.98
        series[from_ray("ray_sake_accuracy_ratio", review="asked", window=window)] = 0.85
        series[from_ray("ray_sake_accuracy_documents", review="passed", window=window)] = 200
        series[from_ray("ray_sake_accuracy_documents", review="asked", window=window)] = 200
        series[from_ray("ray_sake_review_share_ratio", window=window)] = 0.12
    for against in ("training", "before"):
        series[from_ray("ray_sake_drift_psi", feature="words", source="ocr", against=against)] = 0.08
    series[from_ray("ray_sake_drift_psi", feature="label", source="ocr", against="training")] = (
        0.6  # a corpus is curated
    )
    series[from_ray("ray_sake_drift_documents", source="ocr")] = 500
    return series


def _list_serve(load: float) -> dict[str, Phase]:
    series: dict[str, Phase] = {from_ray("ray_serve_proxy_status", node_id="n1"): 2}
    for deployment in ("Gateway", "Orchestrator", "Etl", "Predictor"):
        one = {"deployment": deployment, "replica": f"{deployment}-1"}
        series[from_ray("ray_serve_deployment_status", deployment=deployment)] = 6
        series[from_ray("ray_serve_deployment_replica_healthy", **one)] = 1
        series[from_ray("ray_serve_deployment_replica_starts_total", **one)] = 1
        series |= _histogram("ray_serve_deployment_processing_latency_ms", {"500": 10 * load, "+Inf": 10 * load}, **one)
    for status, rate in {"200": 50, "202": 1, "404": 0.5, "503": 0.01}.items():
        labels = {"route": "/", "method": "GET", "status_code": status}
        series[from_ray("ray_serve_num_http_requests_total", **labels)] = Rise(rate * load)
    series |= _histogram("ray_sake_request_seconds", {"0.5": 50 * load, "+Inf": 51 * load}, route="/documents")
    # An upload of many files takes a while, and so does an export.
    series |= _histogram(
        "ray_sake_request_seconds", {"5.0": load, "30.0": 10 * load, "+Inf": 10 * load}, route="uploads"
    )
    series |= _histogram("ray_sake_request_seconds", {"5.0": load, "30.0": 10 * load, "+Inf": 10 * load}, route="long")
    return series


def _list_machine(load: float) -> dict[str, Phase]:
    files = {"mountpoint": "/", "fstype": "ext4", "device": "/dev/vda"}
    small = {"mountpoint": "/run", "fstype": "tmpfs", "device": "tmpfs"}
    return {
        from_machine("node_memory_MemAvailable_bytes"): (12 - 6 * load) * GB,
        from_machine("node_memory_MemTotal_bytes"): 16 * GB,
        from_machine("node_filesystem_avail_bytes", **files): 40 * GB,
        from_machine("node_filesystem_size_bytes", **files): 100 * GB,
        from_machine("node_filesystem_avail_bytes", **small): 0.01 * GB,
        from_machine("node_filesystem_size_bytes", **small): 1 * GB,
        from_machine("node_cpu_seconds_total", cpu="0", mode="idle"): Rise(9.8 - 9 * load),
        from_machine("node_time_seconds"): NOW,
        from_machine("node_timex_offset_seconds"): 0.002,
        from_machine("node_timex_sync_status"): 1,
        from_machine("node_timex_maxerror_seconds"): 0.2,
        from_ray("ray_sake_disk_free_bytes", place="home"): Rise(-0.0004 * GB * load, jump=40 * GB),
        from_ray("ray_sake_disk_size_bytes", place="home"): 100 * GB,
    }


def _list_parts(*, busy: bool) -> dict[str, Phase]:
    ports = {"screens-admin": "9505", "prometheus": "9510", "alertmanager": "9511", "postgresql": "9187"}
    series: dict[str, Phase] = dict.fromkeys(UP.values(), 1)
    for job, port in ports.items():
        series[write_series("up", job=job, instance=f"127.0.0.1:{port}", host="127.0.0.1")] = 1
    for port in ("9500", "9501", "9502"):
        series[write_series("up", job="ray", instance=f"127.0.0.1:{port}", host="127.0.0.1")] = 1
    for program in ("Gateway", "Screens (user)", "Screens (admin)", "Watch"):
        series[from_keeper("sake_sidecar_up", program=program)] = 1
        series[from_keeper("sake_sidecar_restarts_total", program=program)] = 1
    place = {"team": "paris", "place": "scans"}
    return series | {
        from_keeper("sake_gateway_up"): 1,
        from_keeper("sake_gateway_upstream_failures_total", place="api/v1"): Rise(0.01 if busy else 0),
        from_keeper("sake_mlflow_up"): 1,
        from_keeper("sake_certificate_days_left"): 60,
        write_series("pg_up", job="postgresql", instance="127.0.0.1:9187"): 1,
        write_series("sake_screens_errors_total", job="screens-user", instance="127.0.0.1:9504"): Rise(
            0.001 if busy else 0
        ),
        write_series("prometheus_rule_evaluation_failures_total", job="prometheus", rule_group="a"): 0,
        write_series("alertmanager_notifications_failed_total", job="alertmanager", integration="email"): 2,
        from_ray("ray_sake_watch_away", **place): 0,
        from_ray("ray_sake_watch_oldest_seconds", **place): 30 if busy else 0,
        from_ray("ray_sake_watch_looked_at_seconds", **place): NOW,
        from_ray("ray_sake_reader_confined", layer="network"): 1,
    }


HEALTHY = {"idle": make_healthy(load=0), "busy": make_healthy(load=1)}
