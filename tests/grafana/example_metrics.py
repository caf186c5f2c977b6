"""A day of an office as its metrics tell it, for dashboards that are tried and drawn without one."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

Labels = Mapping[str, str]
Course = Callable[[float], float]
"""A value by the hour, 0 the oldest and 24 now."""
STEP = 120.0
RAY = {"SessionName": "session_1", "NodeAddress": "10.0.0.5"}
PROMOTED, CHANGED, STARTED = 21.5, 22.25, 13.5
"""The hours when a model went into service, a policy was made and the service was started."""
INF = math.inf


@dataclass(frozen=True, slots=True)
class Series:
    """One series: how its value goes."""

    name: str
    labels: Labels
    value: Course


def write_day(path: Path, *, now: float) -> None:
    """Write the day up to now in OpenMetrics form, with the moment of each sample."""
    write_series(path, list_series(now), now=now)


def write_series(path: Path, all_series: Iterable[Series], *, now: float, hours: float = 24) -> None:
    """Write the last hours of some series, in the same form."""
    moments = [now - STEP * place for place in range(int(hours * 3600 / STEP), -1, -1)]
    with path.open("w", encoding="utf-8") as out:
        for series in all_series:
            labels = ",".join(f'{name}="{value}"' for name, value in series.labels.items())
            for moment in moments:
                value = series.value(24 - (now - moment) / 3600)
                if not math.isnan(value):
                    out.write(f"{series.name}{{{labels}}} {value:.12g} {moment:.0f}\n")
        out.write("# EOF\n")


def list_series(now: float) -> Iterator[Series]:
    """All series of an installation with a gateway, on one node."""
    yield from _documents()
    yield from _reading()
    yield from _model(now)
    yield from _learning(now)
    yield from _work_around(now)
    yield from _http()
    yield from _keeper(now)
    yield from _machine()
    yield from _recorded()


def load(hour: float) -> float:
    """Documents a second: few at night, most in the morning. Hour 24 is five in the afternoon."""
    clock = (hour - 7) % 24
    humps = ((10.0, 1.6, 0.22), (15.0, 1.8, 0.16))
    return 0.004 + sum(height * math.exp(-(((clock - at) / width) ** 2)) for at, width, height in humps)


def rest(hour: float) -> float:
    return min(1.0, load(hour) / 0.2)


def gauge(name: str, value: float | Course, **labels: str) -> Series:
    return Series(
        name, labels | RAY if name.startswith("ray_") else labels, value if callable(value) else lambda _: value
    )


def counter(name: str, rate: Course | float, **labels: str) -> Series:
    """A counter with that rate a second; it begins with its first event, so only once it is above 0."""
    each = rate if callable(rate) else lambda _: rate
    sums = [0.0]
    for place in range(24 * 60 + 2):
        sums.append(sums[-1] + 60 * each(place / 60))

    def value(hour: float) -> float:
        return sums[max(0, round(hour * 60)) + 1]

    return Series(name, labels | RAY if name.startswith("ray_") else labels, value)


def ratio(part: Course, whole: Course, hours: float) -> Course:
    """The share of what two counters counted in the hours before."""
    parts, wholes = counter("", part).value, counter("", whole).value

    def grown(counted: Course, hour: float) -> float:
        return counted(hour) - (counted(hour - hours) if hour > hours else 0.0)

    return lambda hour: grown(parts, hour) / grown(wholes, hour)


def histogram(
    name: str, rate: Course, buckets: Sequence[float], middle: float, spread: float = 0.8, **labels: str
) -> Iterator[Series]:
    """A histogram of values that are spread log-normally around a middle."""
    for le in (*buckets, INF):
        below = 0.5 * (1 + math.erf((math.log(le) - math.log(middle)) / spread / math.sqrt(2))) if le < INF else 1.0
        text = "+Inf" if le == INF else str(float(le))
        yield counter(f"{name}_bucket", lambda hour, below=below: rate(hour) * below, **labels, le=text)
    yield counter(f"{name}_count", rate, **labels)
    yield counter(f"{name}_sum", lambda hour: rate(hour) * middle * math.exp(spread**2 / 2), **labels)


def of(share: float) -> Course:
    return lambda hour: share * load(hour)


def wavy(middle: float, swing: float, seed: int) -> Course:
    phase = Random(seed).random() * 6
    return lambda hour: middle + swing * math.sin(hour / 5 + phase)


LABELS = ("facture", "resume", "id_pieces", "other")
SOURCES = {"text_layer": 0.45, "tesseract": 0.4, "neural": 0.08, "cache": 0.07}
DAYS = 86400


def _documents() -> Iterator[Series]:
    yield gauge("ray_sake_queue_depth", lambda hour: round(40 * rest(hour) ** 3))
    yield gauge("ray_sake_queue_oldest_seconds", lambda hour: 20 * round(8 * rest(hour) ** 3))
    counts = {
        "PENDING": 25.0,
        "IN_PROGRESS": 2.0,
        "FAILED": 41.0,
        "NEEDS_OPS": 0.0,
        "SPLIT": 12.0,
        "MERGED": 0.0,
        "BINNED": 3.0,
    }
    for status, count in counts.items():
        moves = status in {"PENDING", "IN_PROGRESS"}
        yield gauge(
            "ray_sake_documents",
            lambda hour, n=count, m=moves: round(n * (rest(hour) if m else 1)),
            status=status,
            label="",
        )
    for place, label in enumerate(LABELS):
        yield gauge(
            "ray_sake_documents", lambda hour, p=place: 2000 / (p + 1) + 12 * hour, status="COMPLETED", label=label
        )
        for source, share in SOURCES.items():
            ended = {"status": "COMPLETED", "label": label, "source": source}
            yield counter("ray_sake_documents_ended_total", of(share / (place + 1) / 2.1), **ended)
        yield counter("ray_sake_documents_to_review_total", of(0.12 / (place + 1) / 2.1), label=label)
        middle = 0.95 - 0.06 * place
        yield from histogram(
            "ray_sake_prediction_confidence",
            of(1 / (place + 1) / 2.1),
            (0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1),
            middle,
            0.1,
            label=label,
        )
    yield counter("ray_sake_documents_ended_total", of(0.01), status="FAILED", label="", source="none")
    for name, value in {"needing_ops": 0.0, "lost": 0.0, "outdated": 0.0, "oldest_seconds": 200.0 * DAYS}.items():
        yield gauge(f"ray_sake_documents_{name}", value)
    yield gauge("ray_sake_documents_awaiting_review", lambda hour: round(30 + 25 * rest(hour)))
    seconds = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3600)
    for pages, share, middle in (("1", 0.6, 6.0), ("2-5", 0.3, 15.0), ("6+", 0.1, 50.0)):
        yield from histogram("ray_sake_document_seconds", of(share), seconds, middle, 0.9, pages=pages)
    stages = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
    for stage, middle in {"wait": 2.0, "read": 5.0, "classify": 0.06, "whole": 8.0}.items():
        yield from histogram("ray_sake_stage_seconds", load, stages, middle, 0.8, stage=stage)
    for cause, share in {"LOST": 0.001, "SERVICE": 0.002}.items():
        yield counter("ray_sake_attempts_put_back_total", of(share), cause=cause)
    yield counter("ray_sake_attempts_repeated_total", of(0.003))
    yield counter("ray_sake_leases_expired_total", of(0.001))
    yield gauge("ray_sake_leases_expired_now", 0.0)
    for reason, share in {
        "image-damaged": 0.004,
        "no-text": 0.006,
        "password-needed": 0.002,
        "text-illegible": 0.003,
    }.items():
        yield counter("ray_sake_documents_unreadable_total", of(share), reason=reason)
    for note, share in {
        "hidden-text-ignored": 0.0004,
        "e-invoice-attached": 0.02,
        "attachments-not-read": 0.004,
    }.items():
        yield counter("ray_sake_documents_noted_total", of(share), note=note)
    for cause, share in {"bin": 0.002, "retention": 0.01}.items():
        yield counter("ray_sake_documents_erased_total", of(share), cause=cause)
    yield gauge("ray_sake_exports_failing", 0.0)
    yield counter("ray_sake_orphans_removed_total", of(0.0005))


def _reading() -> Iterator[Series]:
    pages = (0.1, 0.5, 1, 5, 10, 30, 60, 120)
    middles = {"text_layer": 0.15, "tesseract": 2.2, "neural": 6.0, "blank": 0.1}
    for source, share in {**SOURCES, "blank": 0.05}.items():
        yield counter("ray_sake_pages_read_total", of(2.2 * share), source=source)
        if source in middles:
            yield from histogram("ray_sake_page_seconds", of(2.2 * share), pages, middles[source], 0.6, source=source)
    yield from histogram("ray_sake_ocr_confidence", of(0.5), (10.0, 20, 30, 40, 50, 60, 70, 80, 90, 95), 82, 0.12)
    for layer in ("privileges", "network", "calls", "user", "files", "programs"):
        yield gauge("ray_sake_reader_confined", 1.0, layer=layer)


def _model(now: float) -> Iterator[Series]:
    def serves(first: float, last: float) -> Course:
        return lambda hour: 1.0 if first <= hour < last else math.nan

    yield gauge("ray_sake_model_info", serves(0, PROMOTED), version="6", hash="aaaaaaaaaaaa", role="champion")
    yield gauge("ray_sake_model_info", serves(PROMOTED, 25), version="7", hash="bbbbbbbbbbbb", role="champion")
    yield gauge("ray_sake_model_serves", 1.0)
    promoted, changed = now - (24 - PROMOTED) * 3600, now - (24 - CHANGED) * 3600
    registered = lambda hour: promoted - 3600 if hour >= PROMOTED else now - 41 * DAYS  # noqa: E731
    yield gauge("ray_sake_model_created_timestamp_seconds", registered)
    yield gauge("ray_sake_champion_refused", 0.0)
    yield counter(
        "ray_sake_model_load_failures_total",
        lambda hour: 1 / 600 if 21.4 < hour < 21.5 else 0.0,
        reason="model-damaged",
    )
    yield gauge("ray_sake_registry_reachable", 1.0)
    for outcome, n in {"done": 7.0, "open": 0.0, "other": 1.0}.items():
        yield gauge("ray_sake_promotions", lambda hour, n=n: n - (hour < PROMOTED and n > 1), outcome=outcome)
    yield gauge("ray_sake_promotion_timestamp_seconds", lambda hour: promoted if hour >= PROMOTED else now - 41 * DAYS)
    yield gauge("ray_sake_policy_version", lambda hour: 4.0 if hour >= CHANGED else 3.0)
    yield gauge("ray_sake_policy_served_version", lambda hour: 4.0 if hour >= CHANGED else 3.0)
    yield gauge(
        "ray_sake_policy_changed_timestamp_seconds", lambda hour: changed if hour >= CHANGED else now - 40 * DAYS
    )
    yield gauge("ray_sake_policy_holds", lambda hour: 0.0 if PROMOTED <= hour < CHANGED else 1.0)


def _learning(now: float) -> Iterator[Series]:
    for window in ("1d", "7d"):
        yield gauge("ray_sake_review_share_ratio", wavy(0.12 if window == "7d" else 0.13, 0.02, 3), window=window)
        for review, share in {"asked": 0.83, "passed": 0.985, "all": 0.93}.items():
            span = "7d" if window == "1d" else "30d"
            yield gauge("ray_sake_accuracy_ratio", wavy(share, 0.008, len(review)), review=review, window=span)
            answered = {"asked": 160.0, "passed": 90.0, "all": 250.0}[review] * (1 if span == "7d" else 4)
            yield gauge("ray_sake_accuracy_documents", lambda hour, n=answered: n + hour, review=review, window=span)
    for place, label in enumerate(LABELS):
        for review in ("asked", "passed"):
            for outcome, n in {"right": 200.0 - 30 * place, "wrong": 4.0 + 9 * place}.items():
                labels = {"label": label, "review": review, "outcome": outcome}
                yield gauge("ray_sake_verified_documents", n, **labels)
    for (before, after), n in {("resume", "other"): 21.0, ("other", "resume"): 9.0, ("facture", "other"): 6.0}.items():
        yield gauge("ray_sake_corrections", n, **{"from": before, "to": after})
    yield gauge("ray_sake_answers_unreadable", 7.0)
    features = {
        "label": 0.07,
        "language": 0.03,
        "pages": 0.05,
        "words": 0.12,
        "ocr_confidence": 0.18,
        "confidence": 0.06,
    }
    for source in ("all", "text_layer", "ocr"):
        yield gauge("ray_sake_drift_documents", 1400.0, source=source)
        for feature, psi in features.items():
            for against, factor in {"training": 1.0, "before": 0.5}.items():
                labels = {"feature": feature, "source": source, "against": against}
                yield gauge(
                    "ray_sake_drift_psi",
                    wavy(psi * factor * (1.4 if source == "ocr" else 1), 0.01, len(feature)),
                    **labels,
                )
    yield gauge("ray_sake_drift_baseline", 1.0)
    for kind in ("train", "tune", "restore"):
        for state in ("queued", "running", "succeeded", "failed", "stopped"):
            runs = kind == "train" and state == "running"
            done = 3.0 if (kind, state) == ("train", "succeeded") else 0.0
            yield gauge(
                "ray_sake_jobs",
                lambda hour, r=runs, d=done: float(18 < hour < 19.4) if r else d,
                kind=kind,
                state=state,
            )
        yield gauge(
            "ray_sake_job_running_seconds",
            lambda hour, k=kind: 3600 * (hour - 18) if k == "train" and 18 < hour < 19.4 else 0,
            kind=kind,
        )
        yield gauge("ray_sake_job_last_failed", 0.0, kind=kind)
    yield gauge("ray_sake_job_success_timestamp_seconds", now - 4.6 * 3600, kind="train")
    yield gauge("ray_sake_workspace_held_seconds", lambda hour: max(0.0, 3600 * (hour - 18)) if hour < 19.4 else 0.0)


def _work_around(now: float) -> Iterator[Series]:
    for kind in ("fault-original-missing", "fault-batch-count", "fault-text-missing"):
        yield gauge("ray_sake_ledger_faults", 0.0, kind=kind)
    yield gauge("ray_sake_ledger_documents_checked", lambda hour: round(900 * (hour % 7)))
    yield gauge("ray_sake_ledger_checked_at_seconds", lambda hour: now - (24 - hour) * 3600 - 20)
    for outcome, share in {"delivered": 0.3, "failed": 0.01, "dead": 0.0}.items():
        yield counter("ray_sake_webhook_attempts_total", of(share), outcome=outcome)
    for name, value in {"waiting": 1.0, "oldest_seconds": 4.0, "dead": 0.0, "failing": 0.0}.items():
        yield gauge(f"ray_sake_webhook_{name}", value)
    for place, waiting in {"scans": 3.0, "mails": 0.0}.items():
        for name, value in {
            "handed_in": 812.0,
            "failed": 4.0,
            "waiting": waiting,
            "oldest_seconds": 12.0,
            "away": 0.0,
        }.items():
            yield gauge(f"ray_sake_watch_{name}", value, place=place, team="office")
        yield gauge(
            "ray_sake_watch_looked_at_seconds", lambda hour: now - (24 - hour) * 3600 - 5, place=place, team="office"
        )
    buckets = (0.005, 0.02, 0.1, 0.5, 1, 5, 30)
    for system in ("records", "objects"):
        for operation in ("read", "write"):
            middle = 0.004 if system == "records" else 0.02
            labels = {"system": system, "operation": operation, "deployment": "Gateway"}
            yield from histogram(
                "ray_sake_storage_seconds", lambda hour: 5 * load(hour) + 1, buckets, middle, 0.9, **labels
            )
    yield counter(
        "ray_sake_storage_errors_total",
        lambda hour: 0.01 if 16 < hour < 16.3 else 0.0,
        system="objects",
        operation="write",
        deployment="Gateway",
    )
    for disk, used in {"home": 0.41, "objects": 0.63, "tmp": 0.2}.items():
        yield gauge("ray_sake_disk_size_bytes", 500e9, place=disk)
        yield gauge("ray_sake_disk_free_bytes", lambda hour, u=used: 500e9 * (1 - u) - 3e8 * hour, place=disk)
    yield counter("ray_sake_upload_requests_total", accepted_uploads, outcome="accepted")
    yield counter("ray_sake_upload_requests_total", of(0.01), outcome="refused")
    yield counter("ray_sake_upload_requests_total", failed_uploads, outcome="failed")
    for reason, share in {"file-too-large": 0.004, "unknown-type": 0.01}.items():
        yield counter("ray_sake_uploads_refused_total", of(share), reason=reason)
    for outcome, share in {"done": 0.06, "refused": 0.008, "failed": 0.0}.items():
        yield counter("ray_sake_sign_ins_total", of(share), outcome=outcome)
    for reason, share in {"wrong-credentials": 0.007, "too-many-sign-ins": 0.001}.items():
        yield counter("ray_sake_sign_ins_refused_total", of(share), reason=reason)


def accepted_uploads(hour: float) -> float:
    return 0.3 * load(hour)


def failed_uploads(hour: float) -> float:
    return 0.0004 if 16 < hour < 16.3 else 0.0


def _recorded() -> Iterator[Series]:
    """What the rules of cluster/prometheus make of it, as far as dashboards ask for it."""
    yield gauge("sake:http_errors:ratio_rate5m", 0.0005)
    windows = {"1h": 1.0, "6h": 6.0, "1d": 24.0, "3d": 72.0, "30d": 720.0}
    failed = {
        hours: ratio(failed_uploads, lambda hour: accepted_uploads(hour) + failed_uploads(hour), hours)
        for hours in windows.values()
    }
    for window, hours in windows.items():
        yield gauge(f"sake:uploads_failed:ratio_rate{window}", failed[hours])
        yield gauge(f"sake:one_page_late:ratio_rate{window}", wavy(0.0056, 0.002 / hours**0.5, round(hours)))
    yield gauge("sake:uploads:error_budget_left", lambda hour: 1 - failed[720.0](hour) / 0.001)
    yield gauge("sake:one_page:error_budget_left", wavy(0.44, 0.01, 30))


def _http() -> Iterator[Series]:
    routes = {
        "uploads": (0.3, 0.7),
        "/batches": (3.0, 0.06),
        "/documents": (1.0, 0.09),
        "/search": (0.2, 0.15),
        "long": (0.02, 1.6),
        "other": (0.1, 0.03),
    }
    for route, (share, middle) in routes.items():
        rate = lambda hour, s=share: s * load(hour) + 0.05  # noqa: E731
        yield from histogram("ray_sake_request_seconds", rate, (0.1, 0.5, 2, 5, 30), middle, 0.7, route=route)
    # Ray knows one route only.
    for method, share in {"POST": 0.3, "GET": 4.3}.items():
        base = {"application": "sake", "route": "/", "method": method}
        rate = lambda hour, s=share: s * load(hour) + 0.05  # noqa: E731
        for code, part in {"200": 0.985, "404": 0.0145, "503": 0.0005}.items():
            yield counter(
                "ray_serve_num_http_requests_total", lambda hour, p=part, r=rate: p * r(hour), status_code=code, **base
            )
    yield gauge("ray_serve_num_ongoing_http_requests", lambda hour: round(6 * rest(hour)), node_id="a")
    for deployment, replicas in {"Gateway": 1, "Orchestrator": 1, "Predictor": 1, "Etl": 3}.items():
        for place in range(replicas):
            labels = {"deployment": deployment, "replica": f"{deployment}-{place}", "application": "sake"}
            there = lambda hour, p=place: 1.0 if p == 0 or hour > 14 else math.nan  # noqa: E731
            yield gauge("ray_serve_deployment_replica_healthy", there, **labels)
            yield gauge(
                "ray_serve_replica_processing_queries", lambda hour, t=there: t(hour) * round(rest(hour)), **labels
            )
            yield counter(
                "ray_serve_deployment_replica_starts_total", lambda hour: 1 / 60 if 14 < hour < 14.02 else 0.0, **labels
            )
        yield gauge(
            "ray_serve_deployment_queued_queries",
            lambda hour, d=deployment: round(8 * rest(hour)) if d == "Etl" else 0,
            deployment=deployment,
        )


def _keeper(now: float) -> Iterator[Series]:
    keeper = {"job": "keeper", "instance": "127.0.0.1:9503"}
    for job in ("ray", "keeper", "screens", "node", "prometheus"):
        away = job == "screens"
        yield gauge("up", lambda hour, a=away: 0.0 if a and 16 < hour < 16.4 else 1.0, job=job, instance=f"{job}:1")
    for program in ("Gateway", "Screens (user)", "Screens (admin)", "MLflow", "Watch"):
        away = program == "Screens (user)"
        yield gauge(
            "sake_sidecar_up", lambda hour, a=away: 0.0 if a and 16 < hour < 16.4 else 1.0, program=program, **keeper
        )
        yield counter(
            "sake_sidecar_restarts_total",
            lambda hour, a=away: 1 / 120 if a and 16.35 < hour < 16.39 else 0.0,
            program=program,
            **keeper,
        )
    yield gauge(
        "process_start_time_seconds",
        lambda hour: now - (24 - STARTED) * 3600 if hour >= STARTED else now - 9 * DAYS,
        **keeper,
    )
    yield gauge("sake_mlflow_up", 1.0, **keeper)
    yield gauge("sake_mlflow_answer_seconds", 0.02, **keeper)
    yield gauge("sake_certificate_days_left", lambda hour: 61 - hour / 24, **keeper)
    yield gauge("sake_gateway_up", 1.0, **keeper)
    for state, n in {"active": 24.0, "reading": 0.0, "writing": 3.0, "waiting": 21.0}.items():
        yield gauge("sake_gateway_connections", lambda hour, n=n: round(n * rest(hour)), state=state, **keeper)
    for place, share in {"other": 6.0, "admin-ui": 1.5, "api/v1": 3.0, "grafana": 0.5}.items():
        for status, part in {"2xx": 0.97, "4xx": 0.03}.items():
            labels = {"status": status, "place": place}
            yield counter(
                "sake_gateway_requests_total", lambda hour, s=share * part: s * load(hour), **labels, **keeper
            )
        buckets = (0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60)
        yield from histogram("sake_gateway_request_seconds", of(share), buckets, 0.08, 0.9, place=place, **keeper)
    yield counter(
        "sake_gateway_upstream_failures_total", lambda hour: 0.01 if 16 < hour < 16.3 else 0.0, place="api/v1", **keeper
    )
    for limit, rate in {"requests": 0.002, "connections": 0.0}.items():
        yield counter("sake_gateway_refused_total", rate, limit=limit, **keeper)
    for name in ("user", "admin"):
        screens = {"job": "screens", "part": name}
        yield gauge(
            "sake_screens_sessions", lambda hour, n=name: round((9 if n == "user" else 2) * rest(hour)), **screens
        )
        for status, share in {"2xx": 4.0, "5xx": 0.001}.items():
            yield counter("sake_screens_requests_total", of(share), status=status, **screens)
        yield counter("sake_screens_errors_total", 0.0, **screens)
        yield from histogram("sake_screens_api_seconds", of(2.0), (0.05, 0.1, 0.5, 1, 2.5, 5, 10), 0.06, 0.8, **screens)
    yield gauge(
        "ALERTS",
        lambda hour: 1.0 if 16 < hour < 16.4 else math.nan,
        alertname="ProgramDown",
        alertstate="firing",
        severity="critical",
    )


def _machine() -> Iterator[Series]:
    yield gauge("ray_node_cpu_count", 8.0, ip="10.0.0.5")
    yield gauge("ray_node_cpu_utilization", lambda hour: 8 + 80 * rest(hour), ip="10.0.0.5")
    yield gauge("ray_node_mem_total", 32e9, ip="10.0.0.5")
    yield gauge("ray_node_mem_used", lambda hour: 9e9 + 9e9 * rest(hour), ip="10.0.0.5")
    for direction in ("receive", "send"):
        yield gauge(f"ray_node_network_{direction}_speed", lambda hour: 2e5 + 3e6 * rest(hour), ip="10.0.0.5")
    yield gauge("ray_object_store_used_memory", lambda hour: 4e8 * rest(hour))
    for component, size in {
        "ServeReplica:sake:Etl": 9e8,
        "ServeReplica:sake:Gateway": 3e8,
        "raylet": 1e8,
        "gcs_server": 2e8,
    }.items():
        labels = {"Component": component, "pid": "1", "ip": "10.0.0.5", "SessionName": "session_1"}
        yield Series("ray_component_rss_bytes", labels, lambda hour, s=size: s * (1 + rest(hour)))
    node = {"job": "node", "instance": "10.0.0.5:9100"}
    yield gauge("node_timex_offset_seconds", 0.0004, **node)
    for resource, share in {"cpu": 0.3, "memory": 0.0, "io": 0.02}.items():
        yield counter(f"node_pressure_{resource}_waiting_seconds_total", lambda hour, s=share: s * rest(hour), **node)
