"""Remember which version serves: importing MLflow to ask it takes longer than reading a document."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sake_ray.files import unique_part, write_atomically
from sake_ray.registry.versions import ModelVersion

SQLITE = "sqlite:///"


class ChampionMemory:
    """A file with the champion of an MLflow that is a SQLite file, good for as long as nobody writes to that.

    Of an MLflow server nothing is remembered.
    """

    def __init__(self, file: Path, uri: str) -> None:
        self._file, self._uri = file, uri

    def observe(self) -> Sequence[int]:
        """Describe the SQLite file so that any write to it is seen; empty when that cannot be."""
        if not self._uri.startswith(SQLITE):
            return []
        path = Path(self._uri.removeprefix(SQLITE))
        # While one of these is there, what is in the file may not be all.
        if any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal")):
            return []
        try:
            found = path.stat()
        except OSError:
            return []
        return [found.st_ino, found.st_size, found.st_mtime_ns]

    def recall(self) -> ModelVersion | None:
        """Recall the champion; None when it was not remembered, or may be another by now."""
        state = self.observe()
        with suppress(OSError, ValueError, KeyError, TypeError):
            known = json.loads(self._file.read_text(encoding="utf-8"))
            if state and (known["uri"], known["state"]) == (self._uri, state):
                version = known["version"]
                return ModelVersion(**version | {"created": datetime.fromisoformat(version["created"])})
        return None

    def remember(self, version: ModelVersion, state: Sequence[int]) -> None:
        """Remember the champion that was found after the SQLite file was observed; not if somebody wrote to it since."""
        if state and state == self.observe():
            known = {"uri": self._uri, "state": state, "version": asdict(version)}
            with suppress(OSError):  # a home that is read-only serves as well
                self._file.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(self._file, json.dumps(known, default=str), part=unique_part(self._file))
