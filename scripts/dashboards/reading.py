"""Reading: what documents are read by, how long that takes, and how well it can be read."""

from dataclasses import replace

from scripts.dashboards.model import BAD, MIDDLING, Dashboard, Row
from scripts.dashboards.panels import bars, counted, healthy, per_hour, per_second, quantile, series, share, stat

PAGE = "ray_sake_page_seconds"
ETL = 'deployment="Etl"'
SOURCES = Row(
    "What are documents read by?",
    (
        stat(
            "Pages per hour",
            "Pages that were read in the last hour, whatever read them.",
            counted("ray_sake_pages_read_total", over="1h"),
            is_neutral=True,
        ),
        stat(
            "Pages by OCR",
            "The share of pages in the time shown that had no usable text layer and were recognized. OCR takes nearly all of the time.",
            share(
                ("ray_sake_pages_read_total", 'source=~"tesseract|neural"'),
                ("ray_sake_pages_read_total", 'source!="cache"'),
            ),
            "percentunit",
            is_neutral=True,
            decimals=0,
            empty="No pages",
        ),
        stat(
            "From the cache",
            "The share of pages in the time shown that had been read before: the same bytes are read once.",
            share(("ray_sake_pages_read_total", 'source="cache"'), ("ray_sake_pages_read_total", "")),
            "percentunit",
            is_neutral=True,
            decimals=0,
            empty="No pages",
        ),
        stat(
            "Readers",
            "Replicas that read, one document each at a time. Serve starts more while documents wait, up to the CPUs less one.",
            f"sum({healthy(ETL)})",
            is_neutral=True,
            empty="None",
        ),
        stat(
            "Readers at work",
            "How many of them read just now.",
            f"sum(ray_serve_replica_processing_queries{{{ETL}}}) or vector(0)",
            is_neutral=True,
        ),
        stat(
            "Unreadable documents",
            "The share of documents in the time shown that failed by their own fault or have no legible text.",
            share(("ray_sake_documents_unreadable_total", ""), ("ray_sake_documents_ended_total", "")),
            "percentunit",
            steps=((0.05, MIDDLING), (0.2, BAD)),
            decimals=1,
            empty="No documents",
        ),
        series(
            "Pages by source, per hour",
            "By the `text_layer` of a PDF, `tesseract`, the `neural` reader for what Tesseract reads poorly, `blank`, `cache`.",
            (per_hour("ray_sake_pages_read_total", "source"), "{{source}}"),
            is_stacked=True,
            is_neutral=True,
            empty="No pages",
        ),
        series(
            "Documents by source, per hour",
            "By what read them; `neural` if any page was. `none` failed before they were read.",
            (per_hour("ray_sake_documents_ended_total", "source"), "{{source}}"),
            is_stacked=True,
            is_neutral=True,
            empty="No documents",
        ),
    ),
)
STAGES = series(
    "Seconds of a document, by stage",
    "Half of the documents wait, are read and are classified in less than this. Much waiting means too few readers; much "
    "reading, scans in place of text layers.",
    (quantile(0.5, "ray_sake_stage_seconds", "stage", labels='stage!="whole"'), "{{stage}}"),
    unit="s",
    is_neutral=True,
    empty="No document was processed",
)
SECONDS = Row(
    "How long does reading take?",
    (
        series(
            "Seconds of a page, by source",
            "Half of the pages took less than the lower line of a source, 19 of 20 less than the upper one.",
            (quantile(0.95, PAGE, "source"), "{{source}}, 95 %"),
            (quantile(0.5, PAGE, "source"), "{{source}}, 50 %"),
            unit="s",
            steps=((60, BAD),),
            empty="No pages",
        ),
        series(
            "Where readers spend their time",
            "About how many readers a source keeps busy: the pages that were read a second, times the median seconds of one. Much "
            "`neural` means photographs or bad scans.",
            (
                f"({quantile(0.5, PAGE, 'source')}) * on (source) {per_second(f'{PAGE}_count', 'source')}",
                "{{source}}",
            ),
            is_stacked=True,
            is_neutral=True,
            empty="No pages",
        ),
        replace(STAGES, width=24, height=6),
    ),
)
QUALITY = Row(
    "How well can documents be read?",
    (
        series(
            "Confidence of OCR",
            "The mean confidence (0-100) of the words of a document: half are above the middle line, 9 of 10 above the lower one. "
            "A fall means a dirty scanner, photographs in place of scans, or another language.",
            (quantile(0.5, "ray_sake_ocr_confidence"), "half of the documents"),
            (quantile(0.1, "ray_sake_ocr_confidence"), "9 of 10 documents"),
            maximum=100,
            is_neutral=True,
            empty="No document was read by OCR",
        ),
        bars(
            "Why documents could not be read",
            "In the time shown, by the code of the reason; docs/errors.md explains each.",
            counted("ray_sake_documents_unreadable_total", "reason"),
            "{{reason}}",
            is_neutral=True,
            empty="None",
            width=6,
        ),
        bars(
            "What documents had besides text",
            "Notes of documents in the time shown, such as hidden text that was ignored, an electronic invoice, attachments.",
            counted("ray_sake_documents_noted_total", "note"),
            "{{note}}",
            is_neutral=True,
            empty="Nothing",
            width=6,
        ),
    ),
)
READING = Dashboard(
    "sake-reading",
    "sake_ray: Reading",
    "What documents are read by, how many seconds that takes, and how well they can be read.",
    (SOURCES, SECONDS, QUALITY),
)
