"""Learning: trainings, what serves, how often it is right, and whether documents have drifted."""

from dataclasses import replace

from scripts.dashboards.model import BAD, GOOD, MIDDLING, PLAIN, Dashboard, Row
from scripts.dashboards.panels import YES_OR_NO, bars, counted, newest, per_hour, quantile, series, stat, states, table

MODEL = stat(
    "Which model answers?",
    "The version that classifies now. `None` means that documents wait until one serves: see Models, or `sake models`.",
    newest("ray_sake_model_info", "version", labels='role="champion"'),
    legend="Version {{version}}",
    shows_name=True,
    is_neutral=True,
    empty="None",
)
AGE = stat(
    "How old is that model?",
    "The time since the model that serves was registered. An old model is not wrong; see whether documents have drifted.",
    "time() - max(ray_sake_model_created_timestamp_seconds)",
    "s",
    steps=((90 * 86400, MIDDLING), (365 * 86400, BAD)),
    empty="No model serves",
)
HOLDS = stat(
    "Does the policy hold?",
    "No: the thresholds were made for another model, so that the error budget is not kept. Apply it again under Models.",
    newest("ray_sake_policy_holds"),
    names=YES_OR_NO,
    steps=((1, GOOD),),
    empty="No model serves",
)
SERVED = states(
    "Which model served when?",
    "Each version that has served, and in which role: `previous` answers while the champion cannot be loaded.",
    (newest("ray_sake_model_info", "version", "role"), "Version {{version}}, {{role}}"),
    names={1.0: ("Serves", PLAIN)},
)
SERVES = Row(
    "What serves?",
    (
        MODEL,
        AGE,
        stat(
            "Was the champion refused?",
            "Yes: the version in service could not be loaded, and another one answers. `sake models` and the predictor's log say why.",
            newest("ray_sake_champion_refused"),
            names={0.0: ("No", GOOD), 1.0: ("Yes", BAD)},
            steps=((1, BAD),),
        ),
        stat(
            "Loads that failed",
            "Attempts to load a model that failed in the time shown.",
            counted("ray_sake_model_load_failures_total"),
            steps=((1, MIDDLING), (10, BAD)),
        ),
        HOLDS,
        stat(
            "Is the newest policy applied?",
            "No, for minutes: the predictor does not reach the records, and goes by an older one. Its log says why.",
            f"{newest('ray_sake_policy_served_version')} == bool {newest('ray_sake_policy_version')}",
            names=YES_OR_NO,
            steps=((1, GOOD),),
        ),
        stat(
            "Does MLflow answer?",
            "The registry of models, as the predictor last asked it. Without it the model that serves goes on.",
            newest("ray_sake_registry_reachable"),
            names=YES_OR_NO,
            steps=((1, GOOD),),
            height=3,
        ),
        replace(SERVED, width=10),
        series(
            "Promotions",
            "How many promotions there were, by how they ended. `open` for long is one that was broken off.",
            (newest("ray_sake_promotions", "outcome"), "{{outcome}}"),
            is_neutral=True,
            width=10,
            height=6,
        ),
        stat(
            "How fast is MLflow?",
            "How long its server took to answer when `sake up` last asked it.",
            newest("sake_mlflow_answer_seconds"),
            "s",
            steps=((1, MIDDLING), (5, BAD)),
            empty="No server",
            height=3,
        ),
    ),
)
TRAININGS = Row(
    "Do trainings run and succeed?",
    (
        stat(
            "Last training that succeeded",
            "How long ago it ended.",
            'time() - max(ray_sake_job_success_timestamp_seconds{kind="train"})',
            "s",
            steps=((60 * 86400, MIDDLING), (180 * 86400, BAD)),
            empty="None yet",
        ),
        stat(
            "Did the last one fail?",
            "Whether the newest training that ended failed. Its log is on the page Training and in `sake job logs`.",
            newest("ray_sake_job_last_failed", labels='kind="train"'),
            names={0.0: ("No", GOOD), 1.0: ("Yes", BAD)},
            steps=((1, BAD),),
            empty="None yet",
        ),
        stat(
            "Running for",
            "How long the longest job has been running; 0 when none is.",
            newest("ray_sake_job_running_seconds"),
            "s",
            steps=((4 * 3600, MIDDLING), (24 * 3600, BAD)),
        ),
        stat(
            "Workspace held for",
            "How long the training images have been locked for writing; 0 when they are free.",
            newest("ray_sake_workspace_held_seconds"),
            "s",
            steps=((4 * 3600, MIDDLING), (24 * 3600, BAD)),
        ),
        bars(
            "Jobs of the last seven days",
            "Jobs that wait or run, and those that ended in the last seven days, by state.",
            f"sum by (state) ({newest('ray_sake_jobs', 'kind', 'state')}) > 0",
            "{{state}}",
            is_neutral=True,
            empty="None",
            height=4,
        ),
    ),
)
RIGHT = Row(
    "Is the model still right?",
    (
        series(
            "How often it was right",
            "Of the documents that people answered, by what was asked: `passed` without review and checked nevertheless, `asked` "
            "because they needed review. Few answers jump about.",
            (newest("ray_sake_accuracy_ratio", "review", labels='window="7d"'), "{{review}}, 7 days"),
            (newest("ray_sake_accuracy_ratio", "review", labels='window="30d"'), "{{review}}, 30 days"),
            unit="percentunit",
            maximum=1,
            is_neutral=True,
            empty="No answers yet",
        ),
        series(
            "How many answers that is",
            "Documents that people answered. From 50 on the share says something.",
            (newest("ray_sake_accuracy_documents", "review", labels='window="30d"'), "{{review}}, 30 days"),
            (newest("ray_sake_answers_unreadable"), "called unreadable"),
            is_neutral=True,
            empty="No answers yet",
        ),
        bars(
            "Right by class",
            "The share of documents of the last 30 days that the model put into a class and people left there.",
            'sum by (label) (max by (label, review) (ray_sake_verified_documents{outcome="right"}))'
            " / (sum by (label) (max by (label, review, outcome) (ray_sake_verified_documents)) > 0)",
            "{{label}}",
            "percentunit",
            steps=((0.8, MIDDLING), (0.9, GOOD)),
            maximum=1,
            decimals=0,
            empty="No answers yet",
            height=6,
        ),
        table(
            "What people correct",
            "From which class into which, in the last 30 days; the 50 most frequent. Add images of pairs that are often mixed up.",
            "max by (from, to) (ray_sake_corrections) > 0",
            {"from": "The model said", "to": "People say", "Value": "Documents"},
            is_neutral=True,
            empty="Nothing was corrected",
            height=6,
        ),
        bars(
            "Sureness by class",
            "The median probability of what the model predicted in the time shown, by class. A class that falls is one that changes.",
            quantile(0.5, "ray_sake_prediction_confidence", "label", over="$__range"),
            "{{label}}",
            "percentunit",
            steps=((0.6, MIDDLING), (0.8, GOOD)),
            maximum=1,
            decimals=0,
            empty="No documents",
            height=6,
        ),
        series(
            "How much needs review",
            "The share of what was classified, in the last day and week, and per hour how many by class.",
            (newest("ray_sake_review_share_ratio", "window"), "{{window}}"),
            unit="percentunit",
            maximum=1,
            is_neutral=True,
            empty="No documents",
        ),
        series(
            "What waits for a person",
            "Documents that need review and nobody has answered, and how many come per hour.",
            (newest("ray_sake_documents_awaiting_review"), "waiting"),
            (per_hour("ray_sake_documents_to_review_total"), "new per hour"),
            (newest("ray_sake_documents_outdated"), "to be judged anew by the policy"),
            is_neutral=True,
        ),
    ),
)
DRIFT = Row(
    "Do documents look otherwise than those it learned from?",
    (
        bars(
            "Drift against the training",
            "Population stability index (PSI) of the documents of the last week, by feature. Below 0.1 alike, above 0.25 very "
            "different. Of classes see beside: a corpus is chosen, so its mix is not that of the mail.",
            'max by (feature) (ray_sake_drift_psi{source="all", against="training"})',
            "{{feature}}",
            steps=((0.1, MIDDLING), (0.25, BAD)),
            decimals=2,
            empty="Too few documents, or a model of before",
            width=6,
        ),
        bars(
            "Drift against the weeks before",
            "The same against the 28 days before: what has changed lately.",
            'max by (feature) (ray_sake_drift_psi{source="all", against="before"})',
            "{{feature}}",
            steps=((0.1, MIDDLING), (0.25, BAD)),
            decimals=2,
            empty="Too few documents",
            width=6,
        ),
        series(
            "Drift by source",
            "The largest index of text layers and of documents read by OCR. Only `ocr` rising points to scanners, not to documents.",
            ('max by (source) (ray_sake_drift_psi{source!="all", feature!="label"})', "{{source}}"),
            steps=((0.1, MIDDLING), (0.25, BAD)),
            empty="Too few documents",
            width=8,
        ),
        stat(
            "Is drift measurable?",
            "No: the model that serves is from before it was noted what a model learns from. Drift against the training is not known: train once.",
            newest("ray_sake_drift_baseline"),
            names=YES_OR_NO,
            steps=((1, GOOD),),
            empty="No document was classified",
            height=8,
        ),
    ),
)
LEARNING = Dashboard(
    "sake-learning",
    "sake_ray: Learning",
    "What serves, how trainings go, how often the model is right, and whether documents have drifted. Comparisons: the page Models.",
    (SERVES, TRAININGS, RIGHT, DRIFT),
    since="now-7d",
    links=(("MLflow", "${sake}/mlflow/"), ("Models", "${sake}/admin-ui/models")),
)
