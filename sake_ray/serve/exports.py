"""Export texts, predictions and answers, in the layout of the original system; all of it can be exported again."""

import csv
import io
import json

from sake_ray.domain.documents import Batch, Document
from sake_ray.domain.texts import DocumentText
from sake_ray.schemas.batches import BatchOut
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import Records

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_text(store: ObjectStore, document: Document, text: DocumentText) -> None:
    """Export the text of a document, as it was read and cleaned."""
    store.put(f"{document.batch}/ocr_raw/{document.id}.txt", text.text.encode("utf-8", "replace"))
    store.put(f"{document.batch}/cleaned/{document.id}.txt", join_tokens(text).encode("utf-8", "replace"))


def join_tokens(text: DocumentText) -> str:
    """Join the tokens that the classifier sees to one line."""
    return " ".join(token.text for token in text.tokens)


def export_batch(records: Records, store: ObjectStore, uuid: str) -> None:
    """Export the predictions of a batch, and people's answers to them."""
    (batch, *_), _ = records.batches.find_by_name(uuid, team=None, limit=1)
    predicted = BatchOut.model_validate(batch).model_dump(mode="json")
    store.put(f"{uuid}/prediction/prediction.json", json.dumps(predicted, ensure_ascii=False, indent=1).encode())
    store.put(f"{uuid}/prediction/feedback.csv", write_feedback_csv(records, batch).encode("utf-8", "replace"))


def write_feedback_csv(records: Records, batch: Batch) -> str:
    """Write every answer to the documents of a batch as CSV, oldest first."""
    documents = {document.id: document for document in batch.documents}
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["document", "name", "label", "answer", "by", "at"])
    for answer in records.answers.list_of_batch(batch.uuid):
        document = documents[answer.document]
        row = [document.id, document.name, document.label or "", answer.answer, answer.by, answer.at.isoformat()]
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in row])
    return table.getvalue()
