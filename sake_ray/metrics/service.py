"""The metrics of the HTTP API, and of what the service stores in."""

from sake_ray.metrics.metric import ERROR_CODES, Exporter, counter, gauge, histogram

API, PROXY, DEPLOYMENT, ORCHESTRATOR = Exporter.API, Exporter.PROXY, Exporter.DEPLOYMENT, Exporter.ORCHESTRATOR
STORAGE_SECONDS = (0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 30.0)
SYSTEMS = ("records", "objects")
OPERATIONS = ("read", "write")
UPLOADS, LONG, OTHER = "uploads", "long", "other"
ROUTES = (
    "/account",
    "/admin",
    "/auth",
    "/batches",
    "/documents",
    "/predict",
    "/references",
    "/search",
    UPLOADS,
    LONG,
    OTHER,
)
REQUEST_SECONDS = (0.1, 0.5, 2.0, 5.0, 30.0)

ACCESS = (
    histogram(
        "request_seconds", API, "seconds", REQUEST_SECONDS,
        "How long do requests wait until their answer begins, by the first part of their path? `uploads` is `POST /predict`, and "
        "`long` what takes long by what it is: exports, originals, searchable PDFs, jobs, models, images, the audit log.",
        "Alert above 2 s, but for `uploads` and `long`: see the storage and the CPUs.", route=ROUTES,
    ),
    counter(
        "upload_requests", PROXY, "requests",
        "How many uploads were `accepted`, `refused` (the caller's fault) and `failed` (ours, too busy, or their gateway was "
        "killed)? Whoever goes away before the answer is not counted.",
        "Alert on the share of `failed`: see the gateway's log and the storage.",
        outcome=("accepted", "refused", "failed"),
    ),
    counter(
        "uploads_refused", API, "files and requests",
        "Why were files and whole uploads refused? What the proxy refuses itself, it counts.",
        "Many of one kind: tell the program or the people that send them.", "before the first", reason=ERROR_CODES,
    ),
    counter(
        "sign_ins", PROXY, "requests", "How many sign-ins were `done`, `refused` and `failed`?",
        "`failed` is ours: see the records.", outcome=("done", "refused", "failed"),
    ),
    counter(
        "sign_ins_refused", API, "requests", "Why were sign-ins refused? As above.",
        "Many `too-many-sign-ins` or `wrong-credentials`: somebody guesses; the audit log has the peers.", "before the first",
        reason=ERROR_CODES,
    ),
)  # fmt: skip

STORAGE = (
    histogram(
        "storage_seconds", DEPLOYMENT, "seconds", STORAGE_SECONDS,
        "How long do transactions of the records and calls of the object store take?",
        "Slow: look at the database, the disk or the S3 server.", system=SYSTEMS, operation=OPERATIONS,
    ),
    counter(
        "storage_errors", DEPLOYMENT, "calls", "How often could the records or the object store not be used?",
        "Alert on any that go on; the logs have the reason.", system=SYSTEMS, operation=OPERATIONS,
    ),
    gauge(
        "backup_age_seconds", ORCHESTRATOR, "seconds",
        "How long ago was the last `sake backup` made, or were the records begun where there is none?",
        "Alert above 36 hours: run it and read what it says.", "without `SAKE_BACKUP_URL`",
    ),
    gauge(
        "disk_free_bytes", ORCHESTRATOR, "bytes", "How much is free where the home, the objects and temporary files are?",
        "Alert before it is full: erase, or move to a larger disk.", "`objects` in S3", place=("home", "objects", "tmp"),
    ),
    gauge(
        "disk_size_bytes", ORCHESTRATOR, "bytes", "How large are these file systems?", "As above.", "as above",
        place=("home", "objects", "tmp"),
    ),
)  # fmt: skip
