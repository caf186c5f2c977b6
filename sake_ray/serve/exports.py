"""Export texts, predictions and answers, in the layout of the original system; all of it can be exported again."""

import csv
import io
import json
from collections.abc import Sequence

from sake_ray.domain.answers import Answer
from sake_ray.domain.documents import Batch, Document
from sake_ray.domain.texts import DocumentText
from sake_ray.schemas.batches import BatchOut
from sake_ray.spreadsheets import escape_formula
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import Records


def export_text(store: ObjectStore, document: Document, text: DocumentText) -> None:
    """Export the text of a document, as it was read and cleaned."""
    store.put(f"{document.batch}/ocr_raw/{document.id}.txt", text.text.encode("utf-8", "replace"))
    store.put(f"{document.batch}/cleaned/{document.id}.txt", join_tokens(text).encode("utf-8", "replace"))


def join_tokens(text: DocumentText) -> str:
    """Join the tokens that the classifier sees to one line."""
    return " ".join(token.text for token in text.tokens)


def export_batch(records: Records, store: ObjectStore, uuid: str) -> None:
    """Export the predictions of a batch, and people's answers to them; raises NotFound without such a batch."""
    # In this order every answer is of a document that is loaded, though others are being added.
    answers = records.answers.list_of_batch(uuid)
    batch = records.batches.get_whole(uuid)
    predicted = BatchOut.from_domain(batch, next_cursor=None).model_dump(mode="json", exclude={"next_cursor"})
    store.put(f"{uuid}/prediction/prediction.json", json.dumps(predicted, ensure_ascii=False, indent=1).encode())
    store.put(f"{uuid}/prediction/feedback.csv", write_feedback_csv(batch, answers).encode("utf-8", "replace"))


def write_feedback_csv(batch: Batch, answers: Sequence[Answer]) -> str:
    """Write the answers to the documents of a batch as CSV, in their order."""
    documents = {document.id: document for document in batch.documents}
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["document", "name", "label", "answer", "by", "at"])
    for answer in answers:
        document = documents.get(answer.document)
        if document is None:  # split, or made one again, since: another export is due for it
            continue
        row = [document.id, document.name, document.label or "", answer.answer, answer.by, answer.at.isoformat()]
        writer.writerow(map(escape_formula, row))
    return table.getvalue()
