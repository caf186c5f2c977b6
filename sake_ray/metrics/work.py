"""The metrics of documents: how they wait, are read and end."""

from sake_ray.domain.documents import Status
from sake_ray.domain.erasures import ErasureCause
from sake_ray.domain.retries import Cause
from sake_ray.domain.texts import ReadingSource
from sake_ray.metrics.metric import ERROR_CODES, NAMES_OF_LABELS, AnyOf, Exporter, counter, gauge, histogram

ORCHESTRATOR, ETL = Exporter.ORCHESTRATOR, Exporter.ETL
SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
WHOLE_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0)
PAGE_SECONDS = (0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 120.0)
PERCENT = (10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 95.0, 100.0)
CONFIDENCES = (0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
PAGES = ("1", "2-5", "6+")
STAGES = ("wait", "read", "classify", "whole")
REVIEW_WINDOWS = ("1d", "7d")
STATUSES = tuple(status.value for status in Status)
SOURCES = tuple(source.value for source in ReadingSource)
SOURCES_OF_PAGES = tuple(source for source in SOURCES if source != ReadingSource.NONE)
SOURCES_READ = tuple(source for source in SOURCES_OF_PAGES if source != ReadingSource.CACHE)
CONFINEMENT = ("privileges", "network", "calls", "user", "files", "programs")

QUEUE = (
    gauge(
        "queue_depth", ORCHESTRATOR, "documents", "How many documents wait or are in work?",
        "Where it grows for long, give it CPUs, or see which stage takes the seconds.",
    ),
    gauge(
        "queue_oldest_seconds", ORCHESTRATOR, "seconds", "How old is the oldest of them? 0 without any.",
        "Above ten minutes nothing is worked off: look at the put-back attempts and at `sake status`.",
    ),
    gauge(
        "documents", ORCHESTRATOR, "documents",
        "What is in the records? The label is the final one: the answer, else the prediction. `SPLIT` and `MERGED` are set "
        "aside: their pages count with other documents. `BINNED` are in the bin.",
        "For a look; whatever is wrong shows in another metric.", status=STATUSES, label=NAMES_OF_LABELS,
    ),
    gauge(
        "documents_needing_ops", ORCHESTRATOR, "documents", "How many documents are no longer tried until ops ask?",
        "Alert above 0: mend the cause that the log names, then `sake retry`.",
    ),
    gauge(
        "documents_lost", ORCHESTRATOR, "documents", "How many documents were accepted and have no row?",
        "Alert above 0: `sake check` says which; restore the records.",
    ),
    counter(
        "documents_ended", ORCHESTRATOR, "documents",
        "What ended since the start, and how was it read? `neural`: a page at least by the neural reader; `tesseract`: a page at "
        "least by Tesseract; `text_layer`: by the layer alone; `blank`: there was nothing to read; `cache`: it was read before; "
        "`none`: it was not read to the end.",
        "Many `FAILED`: see why in `documents_unreadable`.", "before the first (`COMPLETED`)",
        status=(Status.COMPLETED.value, Status.FAILED.value, Status.NEEDS_OPS.value), label=NAMES_OF_LABELS,
        source=SOURCES,
    ),
    histogram(
        "document_seconds", ORCHESTRATOR, "seconds", WHOLE_SECONDS,
        "How long does it take from handing a document in to its class, by its pages?",
        "Where it grows and `stage_seconds` does not, documents wait: it lacks CPUs.", pages=PAGES,
    ),
    histogram(
        "stage_seconds", ORCHESTRATOR, "seconds", SECONDS,
        "Where do the seconds go? `wait` is from handing in to the first attempt, `whole` an attempt.",
        "See `page_seconds` where reading takes long.", stage=STAGES,
    ),
    counter(
        "attempts_put_back", ORCHESTRATOR, "attempts", "How often was the system at fault, not the document, and why?",
        "See [retries](operations.md#documents-that-cannot-be-processed).",
        cause=tuple(cause.name for cause in Cause),
    ),
    counter(
        "attempts_repeated", ORCHESTRATOR, "attempts", "How many attempts were not the first at their document?",
        "As above.",
    ),
    counter(
        "leases_expired", ORCHESTRATOR, "leases", "Of how many attempts did the lease run out, so that another was made?",
        "A part was killed, or stood still: look for what ended it, such as a full memory.",
    ),
    gauge(
        "leases_expired_now", ORCHESTRATOR, "documents", "How many documents are in work under a lease that has run out?",
        "They go on within seconds; alert when it stays above 0.",
    ),
    counter(
        "documents_unreadable", ORCHESTRATOR, "documents",
        "Which documents have failed through their own fault, or have no legible text (`no-text`, `text-illegible`)?",
        "Ask those who send them for better scans.", "before the first", reason=ERROR_CODES,
    ),
    counter(
        "documents_noted", ORCHESTRATOR, "documents",
        "What should people know of documents beside their words? `hidden-text-ignored`: there was text that nobody sees.",
        "Much hidden text may be an attempt to deceive the classifier: look at the documents.", "before the first",
        note=AnyOf("code of the note", 10),
    ),
    histogram(
        "prediction_confidence", ORCHESTRATOR, "ratio", CONFIDENCES, "How sure is the model, by the predicted label?",
        "Where it falls, see the drift, and train with new answers.", label=NAMES_OF_LABELS,
    ),
    counter(
        "documents_to_review", ORCHESTRATOR, "documents", "How many documents that were classified need review?",
        "Divided by the `COMPLETED` of `documents_ended` it is the share of people's work.", "before the first",
        label=NAMES_OF_LABELS,
    ),
    gauge(
        "documents_awaiting_review", ORCHESTRATOR, "documents", "How many documents wait for a person?",
        "Where it grows for weeks, an error budget (`sake policy`) or a training may help.",
    ),
    gauge(
        "review_share_ratio", ORCHESTRATOR, "ratio", "Which share of the documents classified in this time needs review?",
        "Alert when that of a day is far above that of seven.", "without any in that time", window=REVIEW_WINDOWS,
    ),
    histogram(
        "ocr_confidence", ORCHESTRATOR, "percent", PERCENT, "How well can the documents be read that OCR reads?",
        "Where it falls, look at the scanner.",
    ),
    gauge(
        "exports_failing", ORCHESTRATOR, "batches",
        "Of how many batches could the exports not be written the last time they were tried?",
        "The log names each with the reason.",
    ),
    gauge(
        "documents_outdated", ORCHESTRATOR, "documents", "How many open documents still carry an older policy?",
        "It falls to 0 after a new one.",
    ),
    counter(
        "orphans_removed", ORCHESTRATOR, "originals", "How many originals did uploads leave that died?",
        "Many: uploads are cut off; look at the gateway.",
    ),
    counter(
        "documents_erased", ORCHESTRATOR, "documents", "How many documents were erased from the bin or by their age?",
        "For the record.", cause=(ErasureCause.BIN.value, ErasureCause.RETENTION.value),
    ),
    gauge(
        "documents_oldest_seconds", ORCHESTRATOR, "seconds", "How old is the oldest document that is kept?",
        "Alert when it is older than the longest time that you set.",
    ),
)  # fmt: skip

READING = (
    counter(
        "pages_read", ETL, "pages",
        "How were pages read? `cache`: they were read before; `blank`: nothing is on them; `(more)`: the reader process said "
        "what it cannot know.",
        "More by `neural` than before: scans have become poorer. Any `(more)`: a file may have taken that process over.",
        source=SOURCES_OF_PAGES,
    ),
    histogram(
        "page_seconds", ETL, "seconds", PAGE_SECONDS, "How long does a page take to read?",
        "Where it grows, other programs need the CPUs, or pages have become larger.", source=SOURCES_READ,
    ),
    gauge(
        "reader_confined", ETL, "1 or 0",
        "Is this layer of the [reader process's confinement](security.md#the-process-that-decodes) in force?",
        "Alert on 0; the log says why.", "before the first document", layer=CONFINEMENT,
    ),
)  # fmt: skip
