"""Serving: requests, the queue, the gateway in front, the screens, the store and what else the service does."""

from dataclasses import replace

from scripts.dashboards.model import BAD, GOOD, MIDDLING, Dashboard, Row
from scripts.dashboards.panels import (
    bars,
    counted,
    healthy,
    newest,
    per_hour,
    per_second,
    quantile,
    series,
    share,
    stat,
    states,
    table,
)

UPLOADS = "ray_sake_upload_requests_total"
FAILED = stat(
    "Failed requests",
    "The share of requests to the API that ended with a fault of the service (5xx) in the last five minutes.",
    "sake:http_errors:ratio_rate5m",
    "percentunit",
    steps=((0.001, MIDDLING), (0.01, BAD)),
    decimals=2,
    empty="No requests",
)
FILES = {
    "waiting": "ray_sake_watch_waiting",
    "failed": "ray_sake_watch_failed",
    "handed in": "ray_sake_watch_handed_in",
}
"""What has become of the files of watched places."""


def count_files(what: str, metric: str) -> str:
    """How many files of each place, with a label that says which."""
    return f'label_replace({newest(metric, "place", "team")}, "what", "{what}", "", "")'


API = Row(
    "Is the API answered, and how fast?",
    (
        replace(FAILED, more="sake-slo"),
        stat(
            "Slow answers",
            "19 of 20 requests of the last five minutes waited no longer for their answer, without uploads and what takes long by what "
            "it is.",
            quantile(0.95, "ray_sake_request_seconds", labels='route!~"uploads|long"', over="5m"),
            "s",
            steps=((1, MIDDLING), (5, BAD)),
            decimals=2,
            empty="No requests",
        ),
        stat(
            "Requests in work",
            "Requests that Serve's proxy has taken and not answered.",
            "sum(ray_serve_num_ongoing_http_requests) or vector(0)",
            steps=((128, MIDDLING), (256, BAD)),
        ),
        stat(
            "Replicas that answer",
            "Replicas of all deployments that pass their health check.",
            f"sum({healthy()})",
            is_neutral=True,
            empty="None",
        ),
        stat(
            "Uploads accepted",
            "The share of uploads in the time shown that were not refused through a fault of the service.",
            "1 - " + share((UPLOADS, 'outcome="failed"'), (UPLOADS, 'outcome=~"accepted|failed"')),
            "percentunit",
            steps=((0.99, MIDDLING), (0.999, GOOD)),
            decimals=2,
            empty="No uploads",
            more="sake-slo",
        ),
        stat(
            "Documents per hour",
            "Documents that ended in the last hour.",
            counted("ray_sake_documents_ended_total", over="1h"),
            is_neutral=True,
            more="sake-reading",
        ),
        series(
            "Requests by status",
            "Requests a second by what was answered: 2xx done, 4xx the caller's fault, 5xx ours.",
            (
                'sum by (class) (label_replace(rate(ray_serve_num_http_requests_total[$__rate_interval]), "class", "${1}xx", '
                '"status_code", "(.).*"))',
                "{{class}}",
            ),
            unit="reqps",
            is_stacked=True,
            is_neutral=True,
            empty="No requests",
        ),
        series(
            "How long requests take, by route",
            "19 of 20 requests below a path waited no longer for their answer. `uploads` include sending the files, `long` is what takes "
            "long by what it is, such as an export.",
            (
                quantile(0.95, "ray_sake_request_seconds", "route"),
                "{{route}}",
            ),
            unit="s",
            is_neutral=True,
            empty="No requests",
        ),
        series(
            "Requests that wait for a replica",
            "Requests between two parts of the service that no replica has taken yet. They wait for the reader, Etl, when all readers "
            "are busy; elsewhere nothing should wait.",
            ("sum by (deployment) (ray_serve_deployment_queued_queries)", "{{deployment}}"),
        ),
        states(
            "Which deployments are healthy?",
            "Whether any replica of the deployment passed its health check. Serve replaces one that does not.",
            (f"max by (deployment) ({healthy()})", "{{deployment}}"),
        ),
    ),
)
QUEUE = Row(
    "Is everything worked off?",
    (
        bars(
            "Documents in the records",
            "Documents by where they stand. SPLIT and MERGED are set aside, BINNED are in the bin.",
            "sum by (status) (max by (status, label) (ray_sake_documents))",
            "{{status}}",
            is_neutral=True,
            width=12,
        ),
        series(
            "What waits, and what is in work",
            "The queue. In work are as many as there are readers; what waits should fall.",
            (
                'sum by (status) (max by (status, label) (ray_sake_documents{status=~"PENDING|IN_PROGRESS"}))',
                "{{status}}",
            ),
            (newest("ray_sake_leases_expired_now"), "with an expired lease"),
            is_neutral=True,
        ),
        series(
            "Attempts tried again, per hour",
            "Attempts that failed through no fault of the document, by cause: LOST, whoever worked was killed; SERVICE, storage or model failed; UNEXPECTED, an error nobody foresaw.",
            (per_hour("ray_sake_attempts_put_back_total", "cause"), "{{cause}}"),
            (per_hour("ray_sake_leases_expired_total"), "leases that expired"),
            (per_hour("ray_sake_attempts_repeated_total"), "attempts that were not the first"),
            is_neutral=True,
        ),
        bars(
            "Faults of the ledger",
            "What the checks found and is not mended, by kind. docs/operations.md says what to do about each.",
            "max by (kind) (ray_sake_ledger_faults) > 0",
            "{{kind}}",
            steps=((1, BAD),),
            empty="None",
        ),
        stat(
            "Last check of the ledger",
            "How long ago the service last held documents against the records; it does every minute.",
            "time() - max(ray_sake_ledger_checked_at_seconds > 0)",
            "s",
            steps=((300, MIDDLING), (1800, BAD)),
            empty="Not checked yet",
        ),
        stat(
            "Checked in this round",
            "Documents that the running round of the ledger has checked. It comes by all of them, then begins anew.",
            newest("ray_sake_ledger_documents_checked"),
            is_neutral=True,
            empty="Not checked yet",
        ),
    ),
)
STORES = Row(
    "Are database and store quick and sound?",
    (
        series(
            "How long database and store take",
            "19 of 20 reads or writes took less. `records` is the database, `objects` the store of originals and texts.",
            (quantile(0.95, "ray_sake_storage_seconds", "system", "operation"), "{{system}} {{operation}}"),
            unit="s",
            is_neutral=True,
        ),
        series(
            "Errors of database and store, per hour",
            "By system. Any is worth a look: documents go on as soon as it answers again.",
            (per_hour("ray_sake_storage_errors_total", "system", "operation"), "{{system}} {{operation}}"),
            is_neutral=True,
            empty="No errors",
            width=8,
        ),
        stat(
            "Uploads cut off",
            "Originals that were removed in the time shown because the upload they came with had died. Many: look at the gateway.",
            counted("ray_sake_orphans_removed_total"),
            steps=((10, MIDDLING), (100, BAD)),
            height=8,
        ),
    ),
)
FRONT = Row(
    "What do people and programs meet in front?",
    (
        series(
            "Requests through the gateway",
            "nginx's requests a second by place: `api/v1` programs, `admin-ui` and `other` the screens, the rest tools.",
            (per_second("sake_gateway_requests_total", "place"), "{{place}}"),
            unit="reqps",
            is_stacked=True,
            is_neutral=True,
            empty="No gateway: sake up --gateway",
        ),
        series(
            "Refused or not passed on by the gateway, per hour",
            "Refused for too many requests or connections of one peer, and 502 to 504 because what is behind did not answer.",
            (per_hour("sake_gateway_refused_total", "limit"), "refused: {{limit}}"),
            (per_hour("sake_gateway_upstream_failures_total", "place"), "not answered: {{place}}"),
            empty="No gateway: sake up --gateway",
            is_neutral=True,
        ),
        stat(
            "Open screens",
            "Browser sessions that are open now, of users and admins.",
            "sum(sake_screens_sessions)",
            is_neutral=True,
            empty="No screens",
            height=8,
        ),
        stat(
            "Pages that failed",
            "Pages of the screens in the time shown that ended with an error nobody foresaw. The log of the screens has each.",
            counted("sake_screens_errors_total"),
            steps=((1, MIDDLING), (10, BAD)),
        ),
        series(
            "How long screens wait for the service",
            "19 of 20 calls of the screens were answered within the upper line, half within the lower one.",
            (quantile(0.95, "sake_screens_api_seconds"), "95 %"),
            (quantile(0.5, "sake_screens_api_seconds"), "50 %"),
            unit="s",
            steps=((5, BAD),),
            empty="No screens",
            width=8,
        ),
        series(
            "How long the gateway takes",
            "19 of 20 requests of a place were answered within this time, sending the files included.",
            (quantile(0.95, "sake_gateway_request_seconds", "place"), "{{place}}"),
            unit="s",
            is_neutral=True,
            empty="No gateway: sake up --gateway",
            width=8,
        ),
        stat(
            "Requests that failed",
            "Requests to the screens in the time shown that ended with a fault of theirs (5xx). Their logs say why.",
            counted("sake_screens_requests_total", labels='status="5xx"'),
            steps=((1, MIDDLING), (10, BAD)),
        ),
    ),
)
AROUND = Row(
    "Do files come in, and do results go out?",
    (
        table(
            "Watched places",
            "Files of folders, buckets and mailboxes: those that wait to be handed in, and those that were handed in or failed since "
            "the place was first looked at. docs/operations.md says what keeps files, the folder `failed` has the reason for each.",
            " or ".join(count_files(what, metric) for what, metric in FILES.items()),
            {"place": "Place", "team": "Team", "what": "Which", "Value": "Files"},
            is_neutral=True,
            empty="No place is watched",
        ),
        series(
            "Webhooks",
            "Deliveries per hour by outcome, and how many wait. `dead` is given up: `sake webhook resend`.",
            (per_hour("ray_sake_webhook_attempts_total", "outcome"), "{{outcome}} per hour"),
            (newest("ray_sake_webhook_waiting"), "waiting"),
            (newest("ray_sake_webhook_dead"), "given up"),
            is_neutral=True,
            width=8,
        ),
        stat(
            "Exports that fail",
            "Batches whose files of results could not be written the last time. The log names each with the reason.",
            newest("ray_sake_exports_failing"),
            steps=((1, MIDDLING), (10, BAD)),
        ),
        stat(
            "Webhooks that fail",
            "Deliveries that wait and whose last attempt failed.",
            f"{newest('ray_sake_webhook_failing')} or vector(0)",
            steps=((1, MIDDLING), (50, BAD)),
        ),
        stat(
            "Places out of reach",
            "Watched places that cannot be looked at: not mounted, no answer, a wrong password. The log of `watch` says why.",
            f"sum({newest('ray_sake_watch_away', 'place', 'team')})",
            names={0.0: ("None", GOOD)},
            steps=((1, BAD),),
            empty="No place is watched",
        ),
        stat(
            "Oldest file that waits",
            "For how long a file has been in a watched place without being handed in.",
            newest("ray_sake_watch_oldest_seconds"),
            "s",
            steps=((300, MIDDLING), (1800, BAD)),
            empty="No place is watched",
        ),
    ),
)
SERVING = Dashboard(
    "sake-serving",
    "sake_ray: Serving",
    "How the service answers, what waits in it, and what is around it: gateway, screens, database, store, webhooks, watched places.",
    (API, QUEUE, STORES, FRONT, AROUND),
    links=(("Ray Serve", "/d/rayServeDashboard"),),
)
