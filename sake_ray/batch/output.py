"""Write the results of a classification as CSV, JSON lines or Parquet."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

from sake_ray.batch.result import ClassificationResult
from sake_ray.files import atomic_path, unique_part
from sake_ray.spreadsheets import escape_formula

COLUMNS = (
    "path", "sha256", "media_type", "pages", "status", "error", "notes", "language", "ocr_confidence",
    "label", "confidence", "probabilities", "needs_review", "model_version", "seconds",
)  # fmt: skip
FORMATS = (".csv", ".jsonl", ".parquet")
assert set(COLUMNS) == {field.name for field in fields(ClassificationResult)}


def write_results(results: Sequence[ClassificationResult], output: Path | None) -> None:
    """Write them to the file, whole or not at all, in the format of its suffix; without a file, as CSV to standard output."""
    if output is None:
        sys.stdout.write(_csv(results))
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(output, part=unique_part(output)) as part:
        if output.suffix == ".parquet":
            _write_parquet(results, part)
        else:
            text = _csv(results) if output.suffix == ".csv" else "".join(_json_line(result) for result in results)
            part.write_text(text, encoding="utf-8", newline="")


def _csv(results: Sequence[ClassificationResult]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for result in results:
        row = asdict(result) | {
            "probabilities": json.dumps(result.probabilities, ensure_ascii=False) if result.probabilities else ""
        }
        row |= {name: escape_formula(row[name]) for name in ("path", "error", "notes")}
        writer.writerow(["" if row[name] is None else row[name] for name in COLUMNS])
    return buffer.getvalue()


def _json_line(result: ClassificationResult) -> str:
    row = asdict(result)
    return json.dumps({name: row[name] for name in COLUMNS}, ensure_ascii=False) + "\n"


def _write_parquet(results: Sequence[ClassificationResult], path: Path) -> None:
    import pyarrow as pa  # half a second to import, and seldom asked for
    import pyarrow.parquet

    text, number = pa.string(), pa.float64()
    types = {
        "pages": pa.int32(),
        "ocr_confidence": number,
        "confidence": number,
        "needs_review": pa.bool_(),
        "seconds": number,
    }
    schema = pa.schema(
        [(name, pa.map_(text, number) if name == "probabilities" else types.get(name, text)) for name in COLUMNS]
    )
    rows = [asdict(result) | {"probabilities": list(result.probabilities.items())} for result in results]
    pyarrow.parquet.write_table(
        pa.Table.from_pylist([{name: row[name] for name in COLUMNS} for row in rows], schema=schema), path
    )
