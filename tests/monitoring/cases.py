"""What breaks, by alert: the series of a fault, of what is almost one, and the sentence that people get."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.monitoring.series import Missing, Phase, Rise, from_keeper, from_machine, from_ray, write_series

DAY = 86400.0
UPLOADS = "ray_sake_upload_requests_total"
LATE = "ray_sake_document_seconds"


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One way to break: each series with how it goes when all is well, in the fault, and when it is almost one.

    `steps` is how long each phase takes, in steps of `minutes`; `after` says how a series goes on that does not just get well.
    """

    alert: str
    summary: str
    series: Mapping[str, tuple[Phase, Phase, Phase]]
    labels: Mapping[str, str] = field(default_factory=dict)
    steps: int = 12
    minutes: int = 1
    after: Mapping[str, Phase] = field(default_factory=dict)


NONE = Missing()
UP = {job: write_series("up", job=job, instance=f"127.0.0.1:{port}", host="127.0.0.1") for job, port in {
    "keeper": 9503, "screens-user": 9504, "node": 9512}.items()}  # fmt: skip
PROXY = from_ray("ray_serve_proxy_status", node_id="n1")
GATEWAY = from_ray("ray_serve_deployment_replica_healthy", deployment="Gateway", replica="g1")
ETL = from_ray("ray_serve_deployment_replica_healthy", deployment="Etl", replica="e1")


def starts(replica: str) -> str:
    """The series of a replica of the Predictor."""
    return from_ray("ray_serve_deployment_replica_starts_total", deployment="Predictor", replica=replica)


def ray_up(host: str) -> str:
    """Whether Ray's exporter of a machine answers."""
    return write_series("up", job="ray", instance=f"{host}:9500", host=host)


def answers(part: str, route: str = "/documents", **labels: str) -> str:
    """How long requests wait for their answer."""
    return from_ray(f"ray_sake_request_seconds_{part}", route=route, **labels)


def requests(status: str) -> str:
    """The answers with a status; Ray knows one route only."""
    return from_ray("ray_serve_num_http_requests_total", route="/", method="GET", status_code=status)


def ended(status: str) -> str:
    """The documents that ended in a status."""
    return from_ray("ray_sake_documents_ended_total", status=status, label="cv", source="tesseract")


def presence(metric: str) -> str:
    """A metric that must always be there."""
    return metric if "{" in metric else f"{metric}{{}}"


NEEDED = {
    "ray_sake_queue_depth": from_ray("ray_sake_queue_depth"),
    "ray_sake_documents_lost": from_ray("ray_sake_documents_lost"),
    "ray_sake_ledger_checked_at_seconds": from_ray("ray_sake_ledger_checked_at_seconds"),
    "ray_sake_model_serves": from_ray("ray_sake_model_serves"),
    "ray_sake_upload_requests_total": from_ray(UPLOADS, outcome="accepted"),
    "ray_sake_disk_free_bytes": from_ray("ray_sake_disk_free_bytes", place="home"),
    "ray_serve_deployment_status": from_ray("ray_serve_deployment_status", deployment="Gateway"),
    "sake_sidecar_up": from_keeper("sake_sidecar_up", program="Watch"),
    "node_memory_MemAvailable_bytes": from_machine("node_memory_MemAvailable_bytes"),
}
"""What is there as long as anything runs; MetricsMissing tells when it is not."""

SERVICE = (
    Case("ServiceDown", "The service does not take documents.",
         {UP["keeper"]: (1, 0, 1), PROXY: (2, 2, 2), GATEWAY: (1, 1, 1)}),
    Case("ServiceDown", "The service does not take documents.",
         {UP["keeper"]: (1, 1, 1), PROXY: (2, 3, 2), GATEWAY: (1, 1, 1)}),
    Case("ServiceDown", "The service does not take documents.",
         {UP["keeper"]: (1, 1, 1), PROXY: (2, 2, 2), GATEWAY: (1, 0, 1)}),
    Case("DeploymentDown", "Etl, a part of the service, does not run.", {ETL: (1, 0, 1)}, {"deployment": "Etl"}),
    Case("DeploymentDown", "Predictor, a part of the service, does not run.",
         {from_ray("ray_serve_deployment_status", deployment="Predictor"): (6, 2, 3)}, {"deployment": "Predictor"}),
    Case("PartDown", "screens-user at 127.0.0.1:9504 does not answer.", {UP["screens-user"]: (1, 0, 1)},
         {"job": "screens-user", "instance": "127.0.0.1:9504", "host": "127.0.0.1"}),
    # Ray lists the machines that are alive; one that comes back, and one that does not.
    *(Case("MachineDown", "The machine 10.0.0.6 has left the cluster; after a quarter of an hour this ends, back or not.",
           {ray_up("10.0.0.5"): (1, 1, 1), ray_up("10.0.0.6"): (1, NONE, 0)}, {"host": "10.0.0.6"}, after=after)
      for after in ({}, {ray_up("10.0.0.6"): NONE})),
    Case("ProgramDown", "Watch, a program beside the service, does not run.",
         {from_keeper("sake_sidecar_up", program="Watch"): (1, 0, 1)}, {"program": "Watch"}),
    Case("GatewayDown", "The gateway (nginx) does not answer: nobody gets in.", {from_keeper("sake_gateway_up"): (1, 0, 1)}),
    Case("PartRestarted", "Predictor, a part of the service, died and was replaced within the last ten minutes.",
         {starts("p1"): (1, 1, 1), starts("p2"): (NONE, 1, NONE)}, {"deployment": "Predictor"}, steps=8,
         after={starts("p2"): 1}),  # Ray goes on to export both
    Case("ProgramRestarting", "MLflow, a program beside the service, dies again and again.",
         {from_keeper("sake_sidecar_restarts_total", program="MLflow"): (0, Rise(1), Rise(0.1))}, {"program": "MLflow"}),
    *(Case("MetricsMissing", f"The metric {metric} is missing: the alerts that need it are blind.",
           {series: (1, NONE if series == broken else 1, 1) for series in NEEDED.values()}, {"metric": metric})
      for metric, broken in NEEDED.items()),
    Case("TargetMissing", "Prometheus has nobody to ask for ray: the alerts that need it are blind.",
         {ray_up("10.0.0.5"): (1, NONE, 1),
          UP["keeper"]: (1, 1, 1), UP["node"]: (1, 1, 1)}, {"job": "ray"}),
    Case("RulesFailing", "Prometheus cannot evaluate all of its rules: some alerts are blind.",
         {write_series("prometheus_rule_evaluation_failures_total", job="prometheus", rule_group="a"): (0, Rise(1), 0)}),
    Case("AlertsUndelivered", "Alertmanager cannot tell people of alerts by email.",
         {write_series("alertmanager_notifications_failed_total", job="alertmanager", integration="email"): (0, Rise(1), 0)},
         {"integration": "email"}),
)  # fmt: skip

QUEUE = {"depth": from_ray("ray_sake_queue_depth"), "oldest": from_ray("ray_sake_queue_oldest_seconds")}
CHECKED = from_ray("ray_sake_ledger_checked_at_seconds")
DOCUMENTS = (
    Case("DocumentsLost", "3 documents were accepted and are gone from the records.",
         {from_ray("ray_sake_documents_lost"): (0, 3, 0)}),
    Case("LedgerFaults", "Documents are lost unless somebody acts, 2 of the kind fault-original-missing.",
         {from_ray("ray_sake_ledger_faults", kind="fault-original-missing"): (0, 2, 0),
          from_ray("ray_sake_ledger_faults", kind="fault-text-missing"): (0, 0, 2)}, {"kind": "fault-original-missing"}),
    Case("LedgerFaultsToMend", "The checks found 2 of the kind fault-not-indexed, which somebody has to mend.",
         {from_ray("ray_sake_ledger_faults", kind="fault-not-indexed"): (0, 2, 0),
          from_ray("ray_sake_ledger_faults", kind="fault-text-missing"): (0, 2, 2)}, {"kind": "fault-not-indexed"}),
    Case("LedgerUnchecked", "Nobody has checked for over an hour whether all documents are there.",
         {CHECKED: (Rise(300), Rise(0), Rise(300, jump=-3000))}, steps=18, minutes=5, after={CHECKED: Rise(300, jump=5400)}),
    Case("QueueStuck", "4 documents wait, and none was done for ten minutes.",
         {QUEUE["depth"]: (2, 4, 4), QUEUE["oldest"]: (20, 1200, 1200), ended("COMPLETED"): (Rise(2), Rise(0), Rise(1))}),
    Case("OldestDocumentTooOld", "The oldest document has waited for 2h 0m 0s.",
         {QUEUE["oldest"]: (20, 7200, 3500)}),
    Case("QueueGrowing", "More documents come in than are worked off; those that wait take 8h 15m 0s.",
         {QUEUE["depth"]: (0, Rise(9), Rise(0)), ended("COMPLETED"): (Rise(2), Rise(2), Rise(2))}, steps=22, minutes=5),
    Case("DocumentsFailing", "50% of the documents of the last hour cannot be read.",
         {ended("COMPLETED"): (Rise(1), Rise(1), Rise(1)), ended("FAILED"): (Rise(0), Rise(1), Rise(0.1))},
         steps=18, minutes=5),
    Case("DocumentsFailing", "100% of the documents of the last hour cannot be read.",
         {ended("FAILED"): (Rise(0), Rise(1), Rise(0.05))}, steps=18, minutes=5),
    Case("DocumentsFailing", "33.33% of the documents of the last hour cannot be read.",
         {ended("COMPLETED"): (Rise(1), Rise(1), Rise(1)), ended("FAILED"): (NONE, 6, NONE)}, steps=10, minutes=5,
         after={ended("FAILED"): 6}),
    Case("AttemptsFailing", "Documents are put back and tried again, through no fault of theirs (SERVICE).",
         {from_ray("ray_sake_attempts_put_back_total", cause="SERVICE"): (Rise(0), Rise(2), Rise(0.2))}, {"cause": "SERVICE"}),
    Case("LeasesExpiring", "Documents in work lose who works on them: their leases run out.",
         {from_ray("ray_sake_leases_expired_total"): (Rise(0), Rise(0.5), Rise(0.05))}, steps=40),
    Case("LeasesExpiring", "Documents in work lose who works on them: their leases run out.",
         {from_ray("ray_sake_leases_expired_now"): (0, 2, 0)}),
    Case("DocumentsNeedOps", "1 documents are no longer tried until ops ask for it.",
         {from_ray("ray_sake_documents_needing_ops"): (0, 1, 0)}),
    Case("ExportsFailing", "The exports of 2 batches cannot be written.", {from_ray("ray_sake_exports_failing"): (0, 2, 0)},
         steps=20),
)  # fmt: skip


def accuracy(metric: str, review: str, window: str) -> str:
    """How often the model was right."""
    return from_ray(f"ray_sake_accuracy_{metric}", review=review, window=window)


def drift(feature: str, against: str) -> str:
    """How far the documents have drifted."""
    return from_ray("ray_sake_drift_psi", feature=feature, source="ocr", against=against)


LOAD_FAILURES = from_ray("ray_sake_model_load_failures_total", reason="model-unusable")
ENOUGH = from_ray("ray_sake_drift_documents", source="ocr")
TRAINING = "The documents of this week are others than those of the training (words, ocr; PSI 0.40)."
BEFORE = "The documents of this week are others than those of the weeks before (label, ocr; PSI 0.40)."
MODEL = (
    Case("NoModelServes", "No model serves: documents are read and not classified.",
         {from_ray("ray_sake_model_serves"): (1, 0, 1)}),
    Case("ModelLoadFailing", "The model that should serve cannot be loaded; the one before serves, or none.",
         {from_ray("ray_sake_champion_refused"): (0, 1, 0)}),
    Case("ModelLoadFailing", "The model that should serve cannot be loaded; the one before serves, or none.",
         {LOAD_FAILURES: (0, Rise(1), 0)}),
    Case("ModelLoadFailing", "The model that should serve cannot be loaded; the one before serves, or none.",
         {LOAD_FAILURES: (NONE, 1, NONE)}, after={LOAD_FAILURES: 1}),
    Case("ModelTooOld", "The model that serves is 200d 2h 55m 0s old.",
         {from_ray("ray_sake_model_created_timestamp_seconds"): (0, -200 * DAY, -179 * DAY)}, steps=18, minutes=5),
    Case("PolicyDoesNotHold", "The error budget was set for another model than the one that serves.",
         {from_ray("ray_sake_policy_holds"): (1, 0, 1)}, steps=18, minutes=5),
    Case("AccuracyLow", "Of the documents that passed without a question and were checked this week, only 85% were right.",
         {accuracy("ratio", "passed", "7d"): (0.98, 0.85, 0.85), accuracy("documents", "passed", "7d"): (80, 80, 40)},
         steps=18, minutes=5),
    Case("AccuracyFalling", "The model is right less often this week than this month, by 8% of the documents.",
         {accuracy("ratio", "asked", "30d"): (0.88, 0.88, 0.88), accuracy("ratio", "asked", "7d"): (0.9, 0.8, 0.85),
          accuracy("documents", "asked", "7d"): (80, 80, 80)}, {"review": "asked"}, steps=18, minutes=5),
    Case("DriftMuch", TRAINING,
         {drift("words", "training"): (0.05, 0.4, 0.2), drift("label", "training"): (0.4, 0.4, 0.4), ENOUGH: (300, 300, 300)},
         {"feature": "words", "source": "ocr", "against": "training"}, steps=18, minutes=5),
    Case("DriftMuch", BEFORE, {drift("label", "before"): (0.05, 0.4, 0.2), ENOUGH: (300, 300, 300)},
         {"feature": "label", "source": "ocr", "against": "before"}, steps=18, minutes=5),
    Case("ReviewShareJumping", "40% of the documents of this day need a person, more than twice as many as in the week.",
         {from_ray("ray_sake_review_share_ratio", window="1d"): (0.1, 0.4, 0.25),
          from_ray("ray_sake_review_share_ratio", window="7d"): (0.1, 0.15, 0.15),
          ended("COMPLETED"): (Rise(5), Rise(5), Rise(5))},
         steps=18, minutes=5),
)  # fmt: skip

LEARNING = (
    Case("TrainingFailed", "The last job of the kind train failed.",
         {from_ray("ray_sake_job_last_failed", kind="train"): (0, 1, 0)}, {"kind": "train"}),
    Case("TrainingOverdue", "The last training was 100d 2h 55m 0s ago.",
         {from_ray("ray_sake_job_success_timestamp_seconds", kind="train"): (0, -100 * DAY, -80 * DAY),
          from_ray("ray_sake_job_success_timestamp_seconds", kind="tune"): (0, -100 * DAY, -100 * DAY)}, steps=18, minutes=5),
    Case("JobTooLong", "A job of the kind tune has run for 1d 3h 46m 40s.",
         {from_ray("ray_sake_job_running_seconds", kind="tune"): (0, 100_000, 80_000)}, {"kind": "tune"}),
)  # fmt: skip

ANSWERS = (
    Case("ErrorShareHigh", "The service fails to answer 20% of all requests.",
         {requests("200"): (Rise(40), Rise(40), Rise(40)), requests("500"): (Rise(0), Rise(10), Rise(1))}),
    Case("ErrorShareHigh", "The service fails to answer 23.08% of all requests.",
         {requests("200"): (Rise(40), Rise(40), Rise(40)), requests("503"): (NONE, 60, NONE)}, steps=5,
         after={requests("503"): 60}),
    Case("AnswersSlow", "One answer in twenty at /documents takes longer than 4.85s.",
         {answers("bucket", le="2.0"): (Rise(20), Rise(0), Rise(20)),
          **{series: (Rise(20), Rise(20), Rise(20))
             for series in (answers("bucket", le="5.0"), answers("bucket", le="+Inf"), answers("count"))},
          # Uploads always take as long as that.
          **{answers("bucket", "uploads", le=le): (Rise(rate), Rise(rate), Rise(rate))
             for le, rate in {"2.0": 0, "5.0": 20, "+Inf": 20}.items()},
          answers("count", "uploads"): (Rise(20), Rise(20), Rise(20))},
         {"route": "/documents"}),
    Case("GatewayFailing", "The gateway reaches nobody who answers below /api/v1.",
         {from_keeper("sake_gateway_upstream_failures_total", place="api/v1"): (Rise(0), Rise(10), Rise(1))},
         {"place": "api/v1"}),
    Case("ScreensFailing", "Pages of screens-user fail for the people who open them.",
         {write_series("sake_screens_errors_total", job="screens-user", instance="h:9504"): (Rise(0), Rise(1), Rise(0.1))},
         {"job": "screens-user"}),
)  # fmt: skip


def disk(metric: str) -> str:
    """The disk of the home."""
    return from_ray(f"ray_sake_disk_{metric}_bytes", place="home")


def files(metric: str) -> str:
    """A file system of the machine."""
    return from_machine(f"node_filesystem_{metric}_bytes", mountpoint="/data", fstype="ext4", device="/dev/sdb")


HERE = {"instance": "127.0.0.1:9512"}
TIME = from_machine("node_time_seconds")
MACHINE = (
    Case("MemoryLow", "Only 5% of the memory of 127.0.0.1:9512 is free.",
         {from_machine("node_memory_MemAvailable_bytes"): (8e9, 0.8e9, 2e9),
          from_machine("node_memory_MemTotal_bytes"): (16e9, 16e9, 16e9)}, HERE),
    Case("DiskFull", "The disk of home has only 3% left.",
         {disk("free"): (50e9, 3e9, 6e9), disk("size"): (100e9, 100e9, 100e9)}, {"place": "home"}),
    Case("DiskFullSoon", "The disk of home will be full within a day if it fills as in the last hours.",
         {disk("free"): (40e9, Rise(-0.25e9), Rise(-0.05e9)), disk("size"): (100e9, 100e9, 100e9)}, {"place": "home"},
         steps=80, minutes=5),
    Case("FileSystemFull", "The file system /data of 127.0.0.1:9512 has only 4% left.",
         {files("avail"): (50e9, 4e9, 6e9), files("size"): (100e9, 100e9, 100e9)}, {**HERE, "mountpoint": "/data"}),
    Case("CpuBusy", "The CPUs of 127.0.0.1:9512 have been busy for an hour.",
         {from_machine("node_cpu_seconds_total", cpu="0", mode="idle"): (Rise(50), Rise(1), Rise(3))}, HERE, steps=90),
    Case("ClockSkewed", "The clock of 127.0.0.1:9512 is wrong by 2m 0s.",
         {TIME: (Rise(60, jump=-60), Rise(60, jump=120), Rise(60, jump=10))}, HERE, after={TIME: Rise(60, jump=-120)}),
    Case("ClockSkewed", "The clock of 127.0.0.1:9512 is wrong by 750ms.",
         {from_machine("node_timex_offset_seconds"): (0.01, -0.75, -0.3)}, HERE),
    Case("ClockUnsynchronized", "Nothing sets the clock of 127.0.0.1:9512.",
         {from_machine("node_timex_sync_status"): (1, 0, 0), from_machine("node_timex_maxerror_seconds"): (0.1, 16, 2)},
         HERE, steps=18, minutes=5),
)  # fmt: skip


def errors(system: str) -> str:
    """What a storage failed at."""
    return from_ray("ray_sake_storage_errors_total", system=system, operation="read", deployment="Gateway")


def storage(le: str) -> str:
    """A bucket of how long the store takes."""
    return from_ray("ray_sake_storage_seconds_bucket", system="objects", operation="read", le=le)


STORAGE = (
    Case("DatabaseUnreachable", "The database of the records does not answer.",
         {errors("records"): (Rise(0), Rise(4), Rise(1))}),
    Case("DatabaseUnreachable", "The database of the records does not answer.",
         {write_series("pg_up", job="postgresql", instance="127.0.0.1:9187"): (1, 0, 1)}),
    Case("StoreUnreachable", "The store of originals and texts (folder or S3) does not answer.",
         {errors("objects"): (Rise(0), Rise(4), Rise(1))}),
    Case("StorageSlow", "One read of objects in twenty takes longer than 4.8s.",
         {storage("1.0"): (Rise(20), Rise(0), Rise(20)), storage("5.0"): (Rise(20), Rise(20), Rise(20)),
          storage("+Inf"): (Rise(20), Rise(20), Rise(20))}, {"system": "objects", "operation": "read"}),
    Case("MlflowUnreachable", "MLflow does not answer: no model can be loaded, promoted or trained.",
         {from_ray("ray_sake_registry_reachable"): (1, 0, 1)}),
    Case("MlflowUnreachable", "MLflow does not answer: no model can be loaded, promoted or trained.",
         {from_keeper("sake_mlflow_up"): (1, 0, 1)}),
    Case("BackupOverdue", "No backup was made for 1d 12h 16m 40s.",
         {from_ray("ray_sake_backup_age_seconds"): (40_000, 130_600, 129_000)}),
)  # fmt: skip

PLACE = {"team": "paris", "place": "scans"}
EDGES = (
    Case("CertificateExpiring", "The certificate of the gateway ends in 9 days.",
         {from_keeper("sake_certificate_days_left"): (80, 9, 20)}),
    Case("CertificateEnds", "The certificate of the gateway ends within two days, or has ended: browsers refuse to open it.",
         {from_keeper("sake_certificate_days_left"): (80, -1, 9)}),
    Case("WebhooksDead", "2 messages to programs (webhooks) were given up within a day.",
         {from_ray("ray_sake_webhook_dead"): (1, 3, 1)}, steps=18, minutes=5, after={from_ray("ray_sake_webhook_dead"): 1}),
    Case("WebhooksLate", "Messages to programs (webhooks) have waited for 1h 23m 20s.",
         {from_ray("ray_sake_webhook_oldest_seconds"): (0, 5000, 3000)}),
    Case("WatchedPlaceAway", "The watched place scans of paris cannot be looked at.",
         {from_ray("ray_sake_watch_away", **PLACE): (0, 1, 0)}, PLACE),
    Case("WatchedPlaceUnseen", "The watched place scans of paris was last looked at 33m 0s ago.",
         {from_ray("ray_sake_watch_looked_at_seconds", **PLACE): (Rise(60), -600, Rise(55))}, PLACE,
         after={from_ray("ray_sake_watch_looked_at_seconds", **PLACE): 6000}),
    Case("WatchedFilesWait", "Files in the watched place scans of paris have waited for 1h 0m 0s.",
         {from_ray("ray_sake_watch_oldest_seconds", **PLACE): (5, 3600, 1700)}, PLACE),
    Case("ReaderNotConfined", "The process that decodes files is not confined as it should be (network).",
         {from_ray("ray_sake_reader_confined", layer="network"): (1, 0, 1)}, {"layer": "network"}),
    Case("PasswordsGuessed", "Somebody tries passwords, 300 in a quarter of an hour.",
         {from_ray("ray_sake_sign_ins_refused_total", reason="wrong-credentials"): (Rise(0), Rise(20), Rise(3))}, steps=18),
)  # fmt: skip


def uploads(outcome: str) -> str:
    """Uploads by what became of them."""
    return from_ray(UPLOADS, outcome=outcome)


def one_page(part: str, **labels: str) -> str:
    """Documents of one page."""
    return from_ray(f"{LATE}_{part}", pages="1", **labels)


PROMISES = (
    Case("UploadsFailingFast",
         "Uploads fail, 5% of them where 0.1 % may; at this pace the budget of a month is gone within days.",
         {uploads("accepted"): (Rise(19), Rise(19), Rise(19)), uploads("failed"): (Rise(0), Rise(1), Rise(0.01))}, steps=90),
    Case("UploadsFailingSlowly", "More uploads fail than the 0.1 % of 30 days that may (0.5%).",
         {uploads("accepted"): (Rise(199), Rise(199), Rise(199)), uploads("failed"): (Rise(0), Rise(1), Rise(0.1))},
         steps=150, minutes=10),
    Case("OnePageLateFast", "Documents of one page take longer than a minute, 50% of them where 1 % may.",
         {one_page("bucket", le="60.0"): (Rise(2), Rise(1), Rise(2)), one_page("bucket", le="+Inf"): (Rise(2), Rise(2), Rise(2)),
          one_page("count"): (Rise(2), Rise(2), Rise(2))}, steps=90),
    Case("OnePageLateSlowly", "More documents of one page than 1 % take longer than a minute (5%).",
         {one_page("bucket", le="60.0"): (Rise(20), Rise(19), Rise(19.9)), one_page("count"): (Rise(20), Rise(20), Rise(20))},
         steps=150, minutes=10),
)  # fmt: skip

CASES = (*SERVICE, *DOCUMENTS, *MODEL, *LEARNING, *ANSWERS, *MACHINE, *STORAGE, *EDGES, *PROMISES)
