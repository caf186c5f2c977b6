"""The overview: the questions of whoever looks first, on one page."""

from dataclasses import replace

from scripts.dashboards.cluster import ANSWERING
from scripts.dashboards.learning import AGE, HOLDS, MODEL, SERVED
from scripts.dashboards.model import BAD, GOOD, MIDDLING, Dashboard, Row
from scripts.dashboards.panels import bars, counted, measured, newest, per_hour, quantile, series, stat
from scripts.dashboards.reading import STAGES
from scripts.dashboards.security import REFUSED
from scripts.dashboards.serving import FAILED
from scripts.dashboards.slo import LOST, OLDEST

WAITING = Row(
    "Is anything lost, how much waits, and how old is the oldest?",
    (
        replace(LOST, more="sake-serving"),
        stat(
            "Is all accounted for?",
            "Faults that the ledger's rounds found: originals, texts, index or models that are not as the records say. `sake check` "
            "names them, docs/operations.md says what to do about each kind.",
            f"sum({newest('ray_sake_ledger_faults', 'kind')})",
            names={0.0: ("Yes", GOOD)},
            steps=((1, BAD),),
            empty="Not checked yet",
            more="sake-serving",
        ),
        replace(OLDEST, more="sake-serving"),
        stat(
            "How many wait?",
            "Documents that wait or are in work.",
            newest("ray_sake_queue_depth"),
            is_neutral=True,
            more="sake-serving",
        ),
        stat(
            "How many need ops?",
            "Documents that could not be processed through no fault of their own, and are no longer tried. Remove the cause, then "
            "`sake retry` or the page Monitoring has them tried again.",
            newest("ray_sake_documents_needing_ops"),
            names={0.0: ("None", GOOD)},
            steps=((1, BAD),),
            more="sake-serving",
        ),
        stat(
            "How many alerts fire?",
            "Alerts of Prometheus that fire now. Its page Alerts names them; docs/runbooks.md says what to do about each.",
            'count(ALERTS{alertstate="firing"}) or vector(0)',
            names={0.0: ("None", GOOD)},
            steps=((1, BAD),),
            more="sake-slo",
        ),
        series(
            "How much waits, and for how long?",
            "Documents that have not ended, and the age of the oldest in minutes. Both fall when the service keeps up; an age that "
            "grows while few wait means that nothing is worked off.",
            (newest("ray_sake_queue_depth"), "documents"),
            (newest("ray_sake_queue_oldest_seconds") + " / 60", "minutes of the oldest"),
            more="sake-serving",
        ),
        series(
            "How many documents are done per hour?",
            "Documents that ended per hour, by how. FAILED is the document's own fault (damaged, beyond a limit), NEEDS_OPS ours.",
            (per_hour("ray_sake_documents_ended_total", "status"), "{{status}}"),
            empty="No document has ended yet",
            is_stacked=True,
            is_neutral=True,
            more="sake-reading",
        ),
    ),
)
ANSWERS = Row(
    "Who answers, and what changed?",
    (
        replace(MODEL, more="sake-learning"),
        replace(AGE, more="sake-learning"),
        stat(
            "Which policy is applied?",
            "The version of the thresholds that decide what needs review, as the service applies it.",
            newest("ray_sake_policy_served_version"),
            legend="Policy",
            is_neutral=True,
            more="sake-learning",
        ),
        replace(ANSWERING, height=10, more="sake-cluster"),
        replace(SERVED, more="sake-learning"),
    ),
)
RIGHT = Row(
    "Is the model still right?",
    (
        stat(
            "How often is it right?",
            "The share of documents answered by people in the last 30 days that the model had right. Mostly documents that needed "
            "review are answered, so over all documents it is right more often.",
            newest("ray_sake_accuracy_ratio", labels='review="all", window="30d"'),
            "percentunit",
            steps=((0.8, MIDDLING), (0.9, GOOD)),
            decimals=1,
            empty="No answers yet",
            more="sake-learning",
        ),
        stat(
            "How much needs review?",
            "The share of the documents of the last day that a person should look at.",
            newest("ray_sake_review_share_ratio", labels='window="1d"'),
            "percentunit",
            steps=((0.3, MIDDLING), (0.5, BAD)),
            decimals=1,
            empty="No documents",
            more="sake-learning",
        ),
        stat(
            "Have documents drifted?",
            "The largest population stability index (PSI) of the last week against the training corpus, and of labels against the "
            "weeks before. Below 0.1 nothing has changed, above 0.25 much has: look at what comes in, and train a new model.",
            measured("drift"),
            steps=((0.1, MIDDLING), (0.25, BAD)),
            decimals=2,
            empty="Too few documents",
            more="sake-learning",
        ),
        series(
            "Right and to review, over time",
            "Right: of the documents that people answered, by 30 days; those that passed without review apart. To review: of all.",
            (newest("ray_sake_accuracy_ratio", "review", labels='review!="all", window="30d"'), "right, {{review}}"),
            (newest("ray_sake_review_share_ratio", labels='window="1d"'), "to review"),
            unit="percentunit",
            maximum=1,
            empty="No answers yet",
            is_neutral=True,
            more="sake-learning",
        ),
        stat(
            "How many answers is that?",
            "Documents that people answered in the last 30 days. From 50 on the share beside says something.",
            newest("ray_sake_accuracy_documents", labels='review="all", window="30d"'),
            is_neutral=True,
            empty="No answers yet",
            more="sake-learning",
        ),
        stat(
            "How many wait for a person?",
            "Documents that need review and that nobody has answered.",
            newest("ray_sake_documents_awaiting_review"),
            is_neutral=True,
            more="sake-learning",
        ),
        replace(HOLDS, more="sake-learning"),
    ),
)
SECONDS = Row(
    "Where do the seconds go?",
    (
        replace(STAGES, more="sake-reading"),
        series(
            "How long does a document take?",
            "From its upload to its answer, by pages: half are done within the lower line, 19 of 20 within the upper one. Promised "
            "are 60 s for one page.",
            (quantile(0.95, "ray_sake_document_seconds", "pages"), "pages {{pages}}, 95 %"),
            (quantile(0.5, "ray_sake_document_seconds", "pages"), "pages {{pages}}, 50 %"),
            unit="s",
            steps=((60, BAD),),
            empty="No document was processed",
            more="sake-slo",
        ),
    ),
)
FAILS = Row(
    "Does anything fail, and is the machine big enough?",
    (
        bars(
            "What fails or is tried again?",
            "Attempts that failed through no fault of a document in the time shown, by cause. A few after a restart are usual.",
            counted("ray_sake_attempts_put_back_total", "cause"),
            "{{cause}}",
            steps=((1, MIDDLING), (20, BAD)),
            empty="Nothing",
            width=6,
            height=4,
            more="sake-serving",
        ),
        replace(FAILED, width=3, more="sake-serving"),
        replace(REFUSED, width=3, more="sake-security"),
        stat(
            "Processors in use",
            "Of the busiest node. All in use for hours while documents wait: add CPUs or nodes.",
            measured("cpu"),
            "percentunit",
            steps=((0.9, MIDDLING), (0.98, BAD)),
            decimals=0,
            more="sake-cluster",
        ),
        stat(
            "Memory in use",
            "Of the fullest node. Above 95 % Ray ends tasks, and documents are tried again.",
            measured("memory"),
            "percentunit",
            steps=((0.85, MIDDLING), (0.95, BAD)),
            decimals=0,
            more="sake-cluster",
        ),
        stat(
            "Disk in use",
            "Of the fullest file system that the service writes to. When it is full, uploads are refused.",
            measured("disk"),
            "percentunit",
            steps=((0.8, MIDDLING), (0.95, BAD)),
            decimals=0,
            more="sake-cluster",
        ),
    ),
)
OVERVIEW = Dashboard(
    "sake-overview",
    "sake_ray: Overview",
    "Is anything lost, how old is the oldest, who answers, what changed, is the model still right, where do the seconds go, what fails?",
    (WAITING, ANSWERS, RIGHT, SECONDS, FAILS),
)
