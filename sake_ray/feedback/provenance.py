"""Record in the workspace which images came from answers, and what an unfinished import was about to do."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sake_ray.errors import WorkspaceError
from sake_ray.files import write_atomically
from sake_ray.workspace import LAYOUT

COLUMNS = ("sha256", "label", "document", "by", "at", "how", "said")
ANSWER, DECISION = "answer", "decision"


@dataclass(frozen=True, slots=True)
class AnswerSource:
    """Who answered what for which document; `how`: as an answer, or as a decision of the admin."""

    document: str
    by: str
    at: datetime
    how: str
    answer: str


@dataclass(frozen=True, slots=True)
class ImageOrigin:
    """The label that an import gave an image, None when the decision was to have none, and who said so."""

    label: str | None
    sources: tuple[AnswerSource, ...]


ExpectedLabels = tuple[str | None, ...]
"""The labels that an image may have through an unfinished import alone, without anyone moving it by hand; None: no image."""


def provenance_file(folder: Path) -> Path:
    """The file of a workspace, under git, that records which images came from answers."""
    return folder / LAYOUT.provenance


def unfinished_file(folder: Path) -> Path:
    """The file of a workspace that records what an import is about to do, until it is done."""
    return folder / LAYOUT.import_journal


def read_origins(path: Path) -> dict[str, ImageOrigin]:
    """Read which images (sha256) came from answers; none before the first import. Raises WorkspaceError for a damaged file."""
    if not path.exists():
        return {}
    found: dict[str, list[tuple[str, AnswerSource]]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                at = datetime.fromisoformat(row["at"])
                source = AnswerSource(row["document"], row["by"], at, row["how"], row["said"])
                found.setdefault(row["sha256"], []).append((row["label"], source))
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise WorkspaceError("provenance-damaged", path=path, error=error) from error
    return {
        sha256: ImageOrigin(rows[0][0] or None, tuple(source for _, source in rows)) for sha256, rows in found.items()
    }


def write_origins(path: Path, origins: Mapping[str, ImageOrigin]) -> None:
    """Write which images came from answers, one line for each person."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    for sha256, origin in sorted(origins.items()):
        for s in origin.sources:
            writer.writerow([sha256, origin.label or "", s.document, s.by, s.at.isoformat(), s.how, s.answer])
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, table.getvalue(), sync=True)


def read_unfinished(path: Path) -> dict[str, ExpectedLabels]:
    """Read what an unfinished import was about to do with which images; nothing when all were finished."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {sha256: tuple(labels) for sha256, labels in content.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        raise WorkspaceError("import-journal-damaged", path=path, error=error) from error


def write_unfinished(path: Path, labels: Mapping[str, ExpectedLabels]) -> None:
    """Record what an import is about to do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(labels), sync=True)
