"""Download results, CSV for a spreadsheet and JSON for a program; and a document as a searchable PDF."""

import csv
import io
import json
import re
from collections.abc import Sequence
from functools import partial
from pathlib import PurePath

import streamlit as st

from frontends import session
from frontends.i18n import Translations
from frontends.user.cards import describe_error, describe_notes
from frontends.user.document_state import label_name, summarize
from sake_ray.schemas.documents import DocumentDetail, DocumentOut
from sake_ray.spreadsheets import escape_formula

COLUMNS = ("name", "class", "status", "confidence", "language", "pages", "error", "notes", "id")


def show(documents: Sequence[DocumentOut], reference: str, words: Translations) -> None:
    """Show the buttons."""
    name = re.sub(r"[^\w.-]+", "_", reference)[:60] or "sake"
    st.download_button(
        words("download.csv"),
        to_csv(documents, words),
        f"{name}.csv",
        "text/csv",
        icon=":material/table:",
        on_click="ignore",
    )
    st.download_button(
        words("download.json"),
        to_json(documents),
        f"{name}.json",
        "application/json",
        icon=":material/data_object:",
        on_click="ignore",
    )


def show_searchable_pdf(document: DocumentDetail, words: Translations) -> None:
    """Show the button, once the document has been read; the PDF is made when it is pressed."""
    if document.text is None:
        return
    stem = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]+', "_", PurePath(document.name).stem)[:100] or "document"
    st.download_button(
        words("download.searchable_pdf"),
        partial(session.client().documents.searchable_pdf, document.id),
        f"{stem}.pdf",
        "application/pdf",
        help=words("download.searchable_pdf_hint"),
        icon=":material/picture_as_pdf:",
        on_click="ignore",
        key=f"searchable-{document.id}",
    )


def to_csv(documents: Sequence[DocumentOut], words: Translations) -> bytes:
    """One row per document, in the reader's language, with the byte order mark and the separator that Excel expects."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if words.language == "fr" else ",", lineterminator="\r\n")
    writer.writerow([words(f"column.{name}") for name in COLUMNS])
    for document in documents:
        summary = summarize(document, words)
        row = (
            document.name,
            label_name(summary.label, words) if summary.label else "",
            summary.status,
            "" if document.confidence is None else str(round(100 * document.confidence)),
            document.language or "",
            str(document.pages or ""),
            describe_error(document, words),
            " ".join(describe_notes(document, words)),
            document.id,
        )
        writer.writerow([escape_formula(cell) for cell in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def to_json(documents: Sequence[DocumentOut]) -> bytes:
    """Each document as the service returns it."""
    return json.dumps(
        [document.model_dump(mode="json") for document in documents], ensure_ascii=False, indent=1
    ).encode()
