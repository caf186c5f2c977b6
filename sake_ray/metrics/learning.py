"""The metrics of the model that serves, its policy, what people say of it, and trainings."""

from sake_ray.domain.drift import FEATURES, SOURCES
from sake_ray.domain.jobs import JobState
from sake_ray.metrics.metric import NAMES_OF_LABELS, AnyOf, Exporter, counter, gauge

ORCHESTRATOR, PREDICTOR = Exporter.ORCHESTRATOR, Exporter.PREDICTOR
REVIEWS = ("asked", "passed")
OUTCOMES = ("right", "wrong")
PROMOTIONS = ("done", "open", "other")
AGAINST = ("training", "before")
VERIFIED_WINDOWS = ("7d", "30d")
JOB_KINDS = ("train", "tune", "restore")
MAX_CORRECTIONS = 50

LEARNING = (
    gauge(
        "model_info", PREDICTOR, "1", "Which model serves?", "For a look, and to mark changes in diagrams.",
        "while none serves", version=AnyOf("number of the version", 2), hash=AnyOf("first 12 letters of its hash", 0),
        role=("champion", "previous"),
    ),
    gauge(
        "model_serves", PREDICTOR, "1 or 0", "Does any model serve?",
        "Alert on 0: documents wait until one does; the predictor's log says why.",
    ),
    gauge(
        "model_created_timestamp_seconds", PREDICTOR, "seconds", "When was the model that serves registered, in Unix time?",
        "Train again when it is older than you allow.", "while none serves",
    ),
    gauge(
        "champion_refused", PREDICTOR, "1 or 0", "Could the champion not be loaded?",
        "Alert on 1: another serves, or none; the log says why. Promote another version.",
    ),
    counter(
        "model_load_failures", PREDICTOR, "attempts", "How often could a model not be loaded, and why?",
        "As above.", "before the first", reason=AnyOf("code, see [errors](errors.md)", 10),
    ),
    gauge(
        "registry_reachable", PREDICTOR, "1 or 0", "Did MLflow, or its file, answer when the predictor last asked it?",
        "Alert on 0: the model goes on serving, but no other can be promoted.",
    ),
    gauge(
        "promotions", ORCHESTRATOR, "promotions", "How many promotions are in the records? `open`: one that is not finished.",
        "Open ones for minutes: `sake up` finishes what a kill left.", outcome=PROMOTIONS,
    ),
    gauge(
        "promotion_timestamp_seconds", ORCHESTRATOR, "seconds", "When was the last promotion that took effect, in Unix time?",
        "To mark it in diagrams.", "before the first",
    ),
    gauge(
        "policy_version", ORCHESTRATOR, "version", "Which is the newest policy?", "To mark changes in diagrams.",
    ),
    gauge(
        "policy_changed_timestamp_seconds", ORCHESTRATOR, "seconds", "Since when is it, in Unix time?",
        "To mark changes in diagrams.",
    ),
    gauge(
        "policy_served_version", PREDICTOR, "version", "Which policy does the predictor apply?",
        "Behind the newest for minutes: it does not reach the records.",
    ),
    gauge(
        "policy_holds", PREDICTOR, "1 or 0",
        "Was the error budget made for the model that serves? 1 also without an error budget.",
        "Alert on 0: apply it again with `sake policy --wrong-in N --apply`.",
    ),
    gauge(
        "verified_documents", ORCHESTRATOR, "documents",
        "What did people's answers of the last 30 days say of predictions, by the predicted label? `asked`: the document was for "
        "review; `passed`: it was not.",
        "The wrong among those that passed are what an error budget bounds.",
        label=NAMES_OF_LABELS, review=REVIEWS, outcome=OUTCOMES,
    ),
    gauge(
        "accuracy_ratio", ORCHESTRATOR, "ratio",
        "Which share of the predictions that people have verified in this time was right? Mostly uncertain ones are verified: it "
        "is lower than that of all.",
        "Alert when it falls: look at the corrections, train, compare.", "without any",
        review=(*REVIEWS, "all"), window=VERIFIED_WINDOWS,
    ),
    gauge(
        "accuracy_documents", ORCHESTRATOR, "documents", "Of how many documents is that?",
        "Trust the share from 50 on.", review=(*REVIEWS, "all"), window=VERIFIED_WINDOWS,
    ),
    gauge(
        "corrections", ORCHESTRATOR, "documents",
        f"From which label to which did people correct in the last 30 days? At most {MAX_CORRECTIONS} pairs; the "
        "others are one.",
        "Pairs that are often mixed up lack examples.", "without any",
        **{"from": AnyOf("predicted label", MAX_CORRECTIONS), "to": AnyOf("label of the answer", 0)},
    ),
    gauge(
        "answers_unreadable", ORCHESTRATOR, "documents", "How many documents did people call unreadable in the last 30 days?",
        "Ask those who send them for better scans.",
    ),
    gauge(
        "drift_psi", ORCHESTRATOR, "PSI",
        "How far do the documents of the last 7 days differ from those that the model learned from (`training`), and from those "
        "of the 28 days before (`before`)? Below 0.1 hardly, from 0.25 on much. A training's mix of labels is chosen, not that "
        "of the mail: for labels trust `before`.",
        "From 0.25 on: look at such documents, answer some, train.",
        "below 100 documents on either side; `training` with a model from before this was noted, and for `confidence`",
        feature=FEATURES, source=SOURCES, against=AGAINST,
    ),
    gauge(
        "drift_documents", ORCHESTRATOR, "documents", "How many documents of the last 7 days is that? The newest 2,000 at most.",
        "For a look.", source=SOURCES,
    ),
    gauge(
        "drift_baseline", ORCHESTRATOR, "1 or 0", "Does the model that serves say what it learned from?",
        "0 with a model from before this was noted: train once.", "before the first prediction",
    ),
    gauge(
        "jobs", ORCHESTRATOR, "jobs", "How many jobs are in which state? Of those that ended, the last seven days'.",
        "Failed ones: `sake jobs` says why.", kind=JOB_KINDS, state=tuple(state.value for state in JobState),
    ),
    gauge(
        "job_success_timestamp_seconds", ORCHESTRATOR, "seconds", "When did a job of this kind last succeed, in Unix time?",
        "Alert when the last training is older than you allow.", "before the first", kind=JOB_KINDS,
    ),
    gauge(
        "job_last_failed", ORCHESTRATOR, "1 or 0", "Has the job of this kind that ended last failed?",
        "Alert on 1: `sake jobs` says why.", kind=JOB_KINDS,
    ),
    gauge(
        "job_running_seconds", ORCHESTRATOR, "seconds", "For how long has a job of this kind been running? 0: none is.",
        "`sake jobs` shows its stage; `SAKE_STUCK_MINUTES` ends one without progress.", kind=JOB_KINDS,
    ),
    gauge(
        "workspace_held_seconds", ORCHESTRATOR, "seconds", "For how long has somebody held the workspace? 0: nobody does.",
        "Hours without a running job: some command still holds it.",
    ),
)  # fmt: skip
