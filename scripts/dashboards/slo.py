"""What is promised (SLO), how much of the error budget is left, and how fast it is used up."""

from dataclasses import replace

from scripts.dashboards.model import BAD, GOOD, MIDDLING, Dashboard, Panel, Row
from scripts.dashboards.panels import counted, newest, per_hour, series, stat, table

WINDOWS = ("1h", "6h", "1d", "3d")
"""The long ones of the alerts in cluster/prometheus/rules/promises.yml, which also records what is asked here."""
PACES = ((1, MIDDLING), (14.4, BAD))
"""So many times too fast: a budget of 30 days is gone in 30 days, or in two."""
FAILED, LATE = "sake:uploads_failed:ratio_rate", "sake:one_page_late:ratio_rate"
"""Shares that were recorded, but for the window."""

LOST = stat(
    "Is anything lost?",
    "Documents that were accepted and are nowhere in the records. It must be 0 at all times. If not: run `sake check`.",
    newest("ray_sake_documents_lost"),
    names={0.0: ("Nothing", GOOD)},
    steps=((1, BAD),),
)
OLDEST = stat(
    "How old is the oldest?",
    "The age of the oldest document that has not ended. Minutes are usual while much is uploaded at once; half an hour is not.",
    newest("ray_sake_queue_oldest_seconds"),
    "s",
    steps=((300, MIDDLING), (1800, BAD)),
)


def promise(title: str, about: str, kept: float, broken: str, left: str, empty: str) -> tuple[Panel, Panel]:
    """How much of the promise was kept in 30 days, and how much of the error budget is left."""
    return (
        stat(
            title,
            about,
            f"1 - {broken}30d",
            "percentunit",
            steps=((kept, GOOD),),
            decimals=2,
            empty=empty,
            width=6,
        ),
        stat(
            f"Budget left: {title[0].lower()}{title[1:]}",
            "How much of what may fail in 30 days has not failed yet. At 0 the promise is broken: mend before anything new is built.",
            left,
            "percentunit",
            steps=((0.0001, MIDDLING), (0.25, GOOD)),
            decimals=0,
            empty=empty,
            width=6,
        ),
    )


SLO = Dashboard(
    "sake-slo",
    "sake_ray: Promises (SLO)",
    "What is promised, how much of it was kept in 30 days, and how fast the rest is used up.",
    (
        Row(
            "Is the promise kept?",
            (
                *promise(
                    "Uploads accepted",
                    "99.9 % of uploads are accepted, unless something is wrong with them (4xx counts as neither). Over 30 days.",
                    0.999,
                    FAILED,
                    "sake:uploads:error_budget_left",
                    "No uploads",
                ),
                *promise(
                    "One page within a minute",
                    "99 % of documents of one page are done within 60 s of their upload, waiting included. Over 30 days.",
                    0.99,
                    LATE,
                    "sake:one_page:error_budget_left",
                    "No documents of one page",
                ),
                replace(LOST, width=6),
                replace(OLDEST, width=6),
                stat(
                    "Uploads in the last day",
                    "Requests that hand in files, of all outcomes. A few are too few to judge by.",
                    counted("ray_sake_upload_requests_total", over="1d"),
                    is_neutral=True,
                    width=6,
                ),
                stat(
                    "Documents of one page in the last day",
                    "That were processed. A few are too few to judge by.",
                    counted("ray_sake_document_seconds_count", labels='pages="1"', over="1d"),
                    is_neutral=True,
                    width=6,
                ),
            ),
        ),
        Row(
            "How fast is the budget used up?",
            (
                series(
                    "Uploads: times too fast",
                    "1 uses up exactly the budget of 30 days in 30 days; 14.4 in two days, and somebody is called. A few failures "
                    "among few uploads make a high peak.",
                    *((f"{FAILED}{window} / 0.001", window) for window in WINDOWS),
                    steps=PACES,
                    empty="No uploads",
                ),
                series(
                    "One page within a minute: times too fast",
                    "1 uses up exactly the budget of 30 days in 30 days; 14.4 in two days, and somebody is called.",
                    *((f"{LATE}{window} / 0.01", window) for window in WINDOWS),
                    steps=PACES,
                    empty="No documents of one page",
                ),
                series(
                    "Uploads by outcome, per hour",
                    "Requests that were `accepted`, `refused` for a fault of the sender, `failed` for one of ours.",
                    (per_hour("ray_sake_upload_requests_total", "outcome"), "{{outcome}}"),
                    is_neutral=True,
                    is_stacked=True,
                    empty="No uploads",
                ),
                table(
                    "What fires",
                    "Alerts that fire now. docs/runbooks.md has a section for each.",
                    'count by (alertname, severity) (ALERTS{alertstate="firing"})',
                    {"alertname": "Alert", "severity": "Severity", "Value": "How many"},
                    steps=((1, BAD),),
                    empty="No alert fires",
                    width=12,
                ),
            ),
        ),
    ),
    since="now-7d",
)
