"""Read model versions and aliases from the SQLite file of an MLflow without a server, and keep its paths true.

To import MLflow takes three seconds of CPU and 150 MB, and which version serves is asked all the time, in several processes. So
what is only read of versions is read here, from tables of a revision that is known; of any other, MLflow is asked. All writing
is MLflow's, but for its absolute paths, which a home that is moved takes along.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sake_ray.errors import StorageUnavailable

REVISION = "dc11669786a5"
"""The revision of MLflow's tables that this file was written for; a test compares it with the MLflow that is installed."""
BUSY_SECONDS = 30.0
VERSIONS = """
    SELECT v.version, v.run_id, v.creation_time, COALESCE(v.storage_location, v.source), COALESCE(t.value, ''),
        e.value IS NOT NULL
    FROM model_versions v
    LEFT JOIN model_version_tags t ON (t.workspace, t.name, t.version, t.key) = (v.workspace, v.name, v.version, ?)
    LEFT JOIN model_version_tags e ON (e.workspace, e.name, e.version, e.key) = (v.workspace, v.name, v.version, ?)
    WHERE v.workspace = 'default' AND v.name = ? AND COALESCE(v.current_stage, '') != 'Deleted_Internal'
    ORDER BY v.version DESC
"""
ALIASES = "SELECT alias, version FROM registered_model_aliases WHERE workspace = 'default' AND name = ?"
LOCATION = "SELECT artifact_location FROM experiments WHERE workspace = 'default' AND name = ?"
PATHS = (
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
    ("experiments", "artifact_location"),
)
"""Where MLflow keeps absolute paths; the experiment comes last, which says whether all is done."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A registered classifier; `sha256` is that of its manifest, which holds that of its model file.

    `learned_from_erased`: from documents that were erased after its training.
    """

    number: int
    sha256: str
    run_id: str
    created: datetime
    learned_from_erased: bool = False


@dataclass(frozen=True, slots=True)
class RegisteredVersions:
    """The versions, newest first, the folder of each by its number, and the numbers that aliases stand for."""

    versions: tuple[ModelVersion, ...] = ()
    folders: Mapping[int, Path] = field(default_factory=dict)
    aliases: Mapping[str, int] = field(default_factory=dict)

    def find(self, alias: str) -> ModelVersion | None:
        """Find the version that an alias stands for; None when it stands for none."""
        number = self.aliases.get(alias)
        return next((version for version in self.versions if version.number == number), None)


def read_versions(path: Path, *, model: str, checksum_tag: str, erased_tag: str) -> RegisteredVersions | None:
    """Read all versions of a model; none where there is no file yet. None stands for tables that MLflow has to be asked about."""
    if not path.exists():
        return RegisteredVersions()
    with _open(path) as connection:
        revision = _find_revision(connection)
        if revision is None:
            return RegisteredVersions()
        if revision != REVISION:
            return None
        connection.execute("BEGIN")  # both as of one moment: an alias without its version would be no champion
        rows = connection.execute(VERSIONS, (checksum_tag, erased_tag, model)).fetchall()
        aliases = connection.execute(ALIASES, (model,)).fetchall()
    return RegisteredVersions(
        tuple(
            ModelVersion(int(number), sha256, str(run), datetime.fromtimestamp(created / 1000, UTC), bool(erased))
            for number, run, created, _, sha256, erased in rows
        ),
        {int(number): Path(unquote(urlsplit(place).path)) for number, _, _, place, _, _ in rows},
        {alias: int(number) for alias, number in aliases},
    )


def find_location(path: Path, *, experiment: str) -> str | None:
    """Find where the artifacts of an experiment are, as MLflow writes it; None without it, or where MLflow has to be asked."""
    if not path.exists():
        return None
    with _open(path) as connection:
        row = connection.execute(LOCATION, (experiment,)).fetchone() if _find_revision(connection) == REVISION else None
    return str(row[0]) if row else None


def move_artifacts(path: Path, before: str, after: str) -> None:
    """Let all paths that lie in one folder lie in another, in one transaction; both are addresses (file:///…)."""
    with _open(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for table, column in PATHS:
            connection.execute(
                f"UPDATE {table} SET {column} = ? || substr({column}, ?) "  # noqa: S608 - names of ours
                f"WHERE {column} = ? OR substr({column}, 1, ?) = ?",
                (after, len(before) + 1, before, len(before) + 1, before + "/"),
            )
        connection.execute("COMMIT")


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file, in autocommit; raises StorageUnavailable."""
    address = f"{path.absolute().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise StorageUnavailable("mlflow-failed", url=f"sqlite:///{path}", error=str(error)) from error


def _find_revision(connection: sqlite3.Connection) -> str | None:
    """Find the revision of the tables; None where MLflow has not made any."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None
