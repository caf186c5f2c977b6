"""Which figures the admin's monitoring page shows over time: each is one series, over all replicas and nodes.

The metrics are those of docs/metrics.md; the dashboards in cluster/grafana show many more of them.
"""

from sake_ray.domain.measurements import Measure, Unit

# The median: of a histogram's sum Ray knows an estimate only.
STAGE = 'histogram_quantile(0.5, sum by (le) (rate(ray_sake_stage_seconds_bucket{{stage="{0}"}}[1h])))'

MEASURES = (
    Measure("waiting", Unit.DOCUMENTS, "max(ray_sake_queue_depth)"),
    Measure("oldest", Unit.SECONDS, "max(ray_sake_queue_oldest_seconds)"),
    Measure("ended", Unit.DOCUMENTS_PER_HOUR, "sum(rate(ray_sake_documents_ended_total[15m])) * 3600 or vector(0)"),
    Measure("again", Unit.ATTEMPTS_PER_HOUR, "sum(rate(ray_sake_attempts_put_back_total[15m])) * 3600 or vector(0)"),
    Measure("review", Unit.SHARE, 'max(ray_sake_review_share_ratio{window="1d"})'),
    Measure("accuracy", Unit.SHARE, 'max(ray_sake_accuracy_ratio{review="all", window="30d"})'),
    # The mix of labels is held against the weeks before: what people collect to train on is not mixed like the mail.
    Measure(
        "drift",
        Unit.INDEX,
        'max(ray_sake_drift_psi{source="all", feature!="label", against="training"}'
        ' or ray_sake_drift_psi{source="all", against="before"})',
    ),
    Measure(
        "whole", Unit.SECONDS, "histogram_quantile(0.95, sum by (le) (rate(ray_sake_document_seconds_bucket[1h])))"
    ),
    *(Measure(stage, Unit.SECONDS, STAGE.format(stage)) for stage in ("wait", "read", "classify")),
    Measure(
        "errors",
        Unit.SHARE,
        '(sum(rate(ray_serve_num_http_requests_total{status_code=~"5.."}[15m])) or vector(0))'
        " / sum(rate(ray_serve_num_http_requests_total[15m]))",
    ),
    Measure("cpu", Unit.SHARE, "max(ray_node_cpu_utilization) / 100"),
    Measure("memory", Unit.SHARE, "max(ray_node_mem_used / ray_node_mem_total)"),
    Measure("disk", Unit.SHARE, "1 - min(ray_sake_disk_free_bytes / ray_sake_disk_size_bytes)"),
)
