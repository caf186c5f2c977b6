"""`sake audit` shows the log, and says when somebody has changed it."""

import csv
import io
import shutil
import sqlite3
from pathlib import Path

from sake_ray.domain.audit import AuditAction
from sake_ray.storage.records import Records
from tests.command import run_sake


def test_the_log_is_printed_and_a_changed_entry_is_named(tmp_path: Path, tables: Path) -> None:
    shutil.copyfile(tables, tmp_path / "records.db")
    records = Records(f"sqlite:///{tmp_path / 'records.db'}")
    for name in ("ann", "=bob"):
        records.audit.add(AuditAction.SIGNED_IN, by=name)
    head = records.audit.find_head()
    records.database.close()
    printed = run_sake("audit", "--csv", "--action", "signed-in", "--since", "2020-01-01", home=tmp_path)
    rows = list(csv.DictReader(io.StringIO(printed.stdout)))
    assert [row["by"] for row in rows] == ["ann", "'=bob"]
    sound = run_sake("audit", "verify", "--head", str(head), home=tmp_path)
    assert (sound.returncode, sound.stdout.strip()) == (0, str(head)), sound.stderr
    with sqlite3.connect(tmp_path / "records.db") as connection:
        connection.executescript("DROP TRIGGER audit_no_update; UPDATE audit SET by = 'eve' WHERE number = 1")
    changed = run_sake("audit", "verify", home=tmp_path)
    assert changed.returncode == 6
    assert "changed: entry 1" in changed.stderr
