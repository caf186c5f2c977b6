"""The metrics of what is around documents: ledger, webhooks, watched places, gateway, screens and other programs."""

from sake_ray.metrics.metric import AnyOf, Exporter, counter, gauge, histogram

ORCHESTRATOR, KEEPER_PROCESS, SCREENS_PROCESS = Exporter.ORCHESTRATOR, Exporter.KEEPER, Exporter.SCREENS
REQUEST_SECONDS = (0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
STATUS_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
ADDRESSES = (
    "api/v1", "admin-ui", "docs", "grafana", "mlflow", "ray", "prometheus", "alertmanager", "predict", "auth", "admin", "_stcore",
    "static", "other",
)  # fmt: skip
PLACE = {"place": AnyOf("last part of its address", 30), "team": AnyOf("its team", 0)}

LEDGER = (
    gauge(
        "ledger_faults", ORCHESTRATOR, "faults", "What did the checks find that is not mended?",
        "See [the check](operations.md#check-that-nothing-is-lost).", "before the first check",
        kind=AnyOf("kind, see [errors](errors.md)", 30),
    ),
    gauge(
        "ledger_documents_checked", ORCHESTRATOR, "documents", "How many documents were checked in this round?",
        "For a look.", "before the first check",
    ),
    gauge(
        "ledger_checked_at_seconds", ORCHESTRATOR, "seconds", "When was the last check, in Unix time?",
        "Alert when that is more than an hour ago, or when there is none: nobody checks.", "before the first check",
    ),
)  # fmt: skip

WEBHOOKS = (
    counter(
        "webhook_attempts", ORCHESTRATOR, "attempts",
        "How many attempts to tell webhooks something were `delivered`, `failed` (tried again) or left it `dead`?",
        "Failed ones: ask those whose webhook it is.", outcome=("delivered", "failed", "dead"),
    ),
    gauge(
        "webhook_waiting", ORCHESTRATOR, "deliveries", "How many deliveries to webhooks wait?",
        "Where it grows, a receiver is slow or down.",
    ),
    gauge(
        "webhook_failing", ORCHESTRATOR, "deliveries", "How many of them have failed at least once?",
        "As above; `sake webhook deliveries` says why.",
    ),
    gauge(
        "webhook_oldest_seconds", ORCHESTRATOR, "seconds", "How long ago did the oldest of them happen? 0 without any.",
        "As above.",
    ),
    gauge(
        "webhook_dead", ORCHESTRATOR, "deliveries",
        "How many deliveries are no longer tried? Those that ended are kept for 30 days.",
        "Alert above 0: mend the receiver, then `sake webhook resend`.",
    ),
)  # fmt: skip

WATCH = (
    gauge(
        "watch_handed_in", ORCHESTRATOR, "files", "How many files were handed in since the place was first looked at?",
        "For a look.", "without watched places", **PLACE,
    ),
    gauge(
        "watch_failed", ORCHESTRATOR, "files", "How many could not be handed in since then?",
        "They are in its folder `failed`, each with the reason.", "without watched places", **PLACE,
    ),
    gauge(
        "watch_waiting", ORCHESTRATOR, "files", "How many files are not handed in?", "As in the next row.",
        "without watched places", **PLACE,
    ),
    gauge(
        "watch_oldest_seconds", ORCHESTRATOR, "seconds", "For how long has the oldest of these waited?",
        "Alert above a few minutes.", "without watched places", **PLACE,
    ),
    gauge(
        "watch_looked_at_seconds", ORCHESTRATOR, "seconds", "When was it last looked at, in Unix time?",
        "Alert when that is more than a few minutes ago.", "without watched places", **PLACE,
    ),
    gauge(
        "watch_away", ORCHESTRATOR, "1 or 0", "Can it not be looked at?", "Alert on 1: mount it, or mend its server.",
        "without watched places", **PLACE,
    ),
)  # fmt: skip

KEEPER = (
    gauge(
        "sidecar_up", KEEPER_PROCESS, "1 or 0", "Does this program run?", "Alert on 0: its log in `logs/` says why.",
        program=AnyOf("name, as `sake up` prints it", 10),
    ),
    counter(
        "sidecar_restarts", KEEPER_PROCESS, "restarts", "How often was it started again because it had died?",
        "As above.", program=AnyOf("name, as `sake up` prints it", 10),
    ),
    gauge(
        "mlflow_up", KEEPER_PROCESS, "1 or 0", "Does MLflow's server answer?",
        "Alert on 0: `logs/mlflow.log`, or the server of `SAKE_MLFLOW_URL`.", "without `--mlflow` and `SAKE_MLFLOW_URL`",
    ),
    gauge(
        "mlflow_answer_seconds", KEEPER_PROCESS, "seconds", "How long did it take to?", "For a look.",
        "while it does not answer, and as above",
    ),
)  # fmt: skip

GATEWAY = (
    gauge(
        "gateway_up", KEEPER_PROCESS, "1 or 0", "Does nginx answer?", "Alert on 0: `logs/nginx.log` says why.",
        "without a gateway",
    ),
    gauge(
        "certificate_days_left", KEEPER_PROCESS, "days",
        "How many days is the gateway's certificate good? Negative after its end.",
        "Alert below 14: replace it.", "without a gateway",
    ),
    gauge(
        "gateway_connections", KEEPER_PROCESS, "connections", "How many connections are there, and what do they do?",
        "For a look.", "while nginx does not answer", state=("active", "reading", "writing", "waiting"),
    ),
    counter(
        "gateway_requests", KEEPER_PROCESS, "requests", "What is asked for, and how does it end?",
        "Many `5xx`: see `logs/nginx-failures.log`.", status=STATUS_CLASSES, place=ADDRESSES,
    ),
    histogram(
        "gateway_request_seconds", KEEPER_PROCESS, "seconds", REQUEST_SECONDS,
        "How long do requests take, uploads included? Without `_stcore`, whose connections last as long as a page is open.",
        "See the stages and the storage.", place=tuple(place for place in ADDRESSES if place != "_stcore"),
    ),
    counter(
        "gateway_upstream_failures", KEEPER_PROCESS, "requests",
        "How many requests could not be passed on, or were not answered in time (502, 503, 504)?",
        "A part behind it is down or too busy.", place=ADDRESSES,
    ),
    counter(
        "gateway_refused", KEEPER_PROCESS, "requests", "How many requests did the gateway's limits refuse?",
        "See [the limits](operations.md#gateway); somebody asks too much, or a proxy hides many behind one address.",
        limit=("requests", "connections"),
    ),
)  # fmt: skip

SCREENS = (
    gauge("screens_sessions", SCREENS_PROCESS, "sessions", "How many pages are open in browsers?", "For a look."),
    counter(
        "screens_requests", SCREENS_PROCESS, "requests", "How do requests to the screens end?",
        "Many `5xx`: see `logs/screens-user.log` or `logs/screens-admin.log`.", status=STATUS_CLASSES,
    ),
    counter(
        "screens_errors", SCREENS_PROCESS, "pages", "How often did a page fail for a person?", "Alert on any: as above.",
    ),
    histogram(
        "screens_api_seconds", SCREENS_PROCESS, "seconds", REQUEST_SECONDS,
        "How long does the service take to answer the screens?", "See the storage.",
    ),
)  # fmt: skip
