"""Only `sake up`, `sake prepare` and `sake migrate` change tables that are there."""

from pathlib import Path

from sake_ray.storage.records import Records
from sake_ray.storage.records.revisions import find_revision, list_revisions
from tests.command import run_sake

OLDER, NEWEST = list_revisions()[-2:]


def make_records(home: Path, revision: str) -> Records:
    """Records in a home, with the tables of a revision."""
    records = Records(f"sqlite:///{home / 'records.db'}")
    records.database.migrate(revision)
    return records


def test_command_on_older_tables_names_sake_migrate_and_changes_nothing(tmp_path: Path) -> None:
    records = make_records(tmp_path, OLDER)
    done = run_sake("jobs", home=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (5, 1)
    assert "sake migrate" in done.stderr
    assert find_revision(records.database) == OLDER


def test_sake_migrate_goes_forward_and_back(tmp_path: Path) -> None:
    records = make_records(tmp_path, OLDER)
    assert NEWEST in run_sake("migrate", home=tmp_path).stdout
    assert find_revision(records.database) == NEWEST
    assert OLDER in run_sake("migrate", "--revision", OLDER, home=tmp_path).stdout
    assert find_revision(records.database) == OLDER


def test_first_command_on_an_empty_home_makes_the_tables(tmp_path: Path) -> None:
    assert run_sake("jobs", home=tmp_path / "new").returncode == 0
    assert find_revision(Records(f"sqlite:///{tmp_path / 'new' / 'records.db'}").database) == NEWEST
