"""Record each result as it comes, so that an interrupted run goes on where it was."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from sake_ray.batch.result import ClassificationResult
from sake_ray.domain.documents import Status
from sake_ray.errors import AlreadyRunning
from sake_ray.files import try_lock


class ResultJournal:
    """A file of results beside the output: one JSON object a line, each with the model and recipe that made it.

    Results of another model or recipe stay in the file and are not used.
    """

    def __init__(self, path: Path, *, model: str, recipe: str) -> None:
        self.path = path
        self._made_by = {"model": model, "recipe": recipe}
        self._known: dict[tuple[str, str], ClassificationResult] = {}

    @contextmanager
    def open(self) -> Iterator["ResultJournal"]:
        """Hold the file for this process alone; raises AlreadyRunning."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as self._file:
            if not try_lock(self._file.fileno()):
                raise AlreadyRunning("output-in-use", output=self.path.stem)
            self._load()
            yield self

    def _load(self) -> None:
        self._file.seek(0)
        line = b"\n"
        for line in self._file:
            try:
                entry = json.loads(line)
                if {name: entry.pop(name) for name in ("model", "recipe")} == self._made_by:
                    result = ClassificationResult(**entry)
                    self._known[result.path, result.sha256] = result
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # the last line of a run that was killed
        if not line.endswith(b"\n"):
            self._file.write(b"\n")

    def find(self, path: str, sha256: str, *, retry_failed: bool) -> ClassificationResult | None:
        """Find the result of an earlier run for these bytes under this path."""
        known = self._known.get((path, sha256))
        return None if known and retry_failed and known.status == Status.FAILED else known

    def list_digests(self, *, retry_failed: bool) -> dict[str, set[str]]:
        """List the digests that have results of an earlier run, by path."""
        digests: dict[str, set[str]] = {}
        for (path, digest), known in self._known.items():
            if digest and not (retry_failed and known.status == Status.FAILED):
                digests.setdefault(path, set()).add(digest)
        return digests

    def add(self, result: ClassificationResult) -> None:
        """Write a result, before it counts as done."""
        self._file.write(json.dumps(asdict(result) | self._made_by).encode() + b"\n")
        self._file.flush()
