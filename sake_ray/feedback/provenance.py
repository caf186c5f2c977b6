"""Remember in the workspace which images came from answers, and what an interrupted import was about to do."""

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
    """Who said what of which document, by an answer or as a decision of the admin."""

    document: str
    by: str
    at: datetime
    how: str
    said: str


@dataclass(frozen=True, slots=True)
class ImageOrigin:
    """The label an image was given by an import, None when it was decided to have none, and who said so."""

    label: str | None
    sources: tuple[AnswerSource, ...]


Step = tuple[str | None, ...]
"""The labels under which an image may lie without a hand's doing while an import is not finished; None: not there."""


def provenance_file(folder: Path) -> Path:
    """Where a workspace keeps, under git, which images came from answers."""
    return folder / LAYOUT.provenance


def unfinished_file(folder: Path) -> Path:
    """Where a workspace keeps what an import is about to do, until it is done."""
    return folder / LAYOUT.import_journal


def read_origins(path: Path) -> dict[str, ImageOrigin]:
    """Which images (sha256) came from answers; none before the first import. Raises WorkspaceError for a damaged file."""
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
        raise WorkspaceError(f"{path} is not as it should be ({error}); take it back with git.") from error
    return {
        sha256: ImageOrigin(rows[0][0] or None, tuple(source for _, source in rows)) for sha256, rows in found.items()
    }


def write_origins(path: Path, origins: Mapping[str, ImageOrigin]) -> None:
    """Write which images came from answers, a line for each who said so."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    for sha256, origin in sorted(origins.items()):
        for s in origin.sources:
            writer.writerow([sha256, origin.label or "", s.document, s.by, s.at.isoformat(), s.how, s.said])
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, table.getvalue(), sync=True)


def read_unfinished(path: Path) -> dict[str, Step]:
    """What an interrupted import was about to do with which images; nothing when none was interrupted."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {sha256: tuple(labels) for sha256, labels in content.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        raise WorkspaceError(f"{path} is not as it should be ({error}); remove it.") from error


def write_unfinished(path: Path, steps: Mapping[str, Step]) -> None:
    """Note what an import is about to do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(steps), sync=True)
