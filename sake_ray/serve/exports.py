"""Write what people and other programs may take away, in the layout of the original system; all of it can be made again."""

import csv
import io
import json

from sake_ray.domain.documents import Batch, Document
from sake_ray.domain.texts import DocumentText
from sake_ray.serve.presenters.documents import show_batch
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import Records

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_text(store: ObjectStore, document: Document, text: DocumentText) -> None:
    """Write the text of a document, as it was read and cleaned."""
    store.put(f"{document.batch}/ocr_raw/{document.id}.txt", text.text.encode("utf-8", "replace"))
    store.put(f"{document.batch}/cleaned/{document.id}.txt", cleaned_text(text).encode("utf-8", "replace"))


def cleaned_text(text: DocumentText) -> str:
    """The tokens that the classifier sees, in one line."""
    return " ".join(token.text for token in text.tokens)


def export_batch(records: Records, store: ObjectStore, uuid: str) -> None:
    """Write what was predicted for the documents of a batch, and what people said of them."""
    (batch, *_), _ = records.documents.batches(uuid, team=None, limit=1)
    predicted = show_batch(batch).model_dump(mode="json")
    store.put(f"{uuid}/prediction/prediction.json", json.dumps(predicted, ensure_ascii=False, indent=1).encode())
    store.put(f"{uuid}/prediction/feedback.csv", feedback_of(batch, records).encode("utf-8", "replace"))


def feedback_of(batch: Batch, records: Records) -> str:
    """Every answer given for a batch as CSV, oldest first."""
    names = {document.id: document for document in batch.documents}
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["document", "name", "label", "answer", "by", "at"])
    for answer in records.answers.of_batch(batch.uuid):
        document = names[answer.document]
        label = document.prediction.verdict.label if document.prediction else ""
        row = [document.id, document.name, label or "", answer.answer, answer.by, answer.at.isoformat()]
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row])
    return table.getvalue()
