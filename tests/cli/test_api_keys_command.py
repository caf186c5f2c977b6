"""`sake key` makes, lists and revokes API keys."""

import shutil
from pathlib import Path

from sake_ray.storage.records import Records
from tests.command import run_sake
from tests.storage.example_records import NOW


def test_a_key_is_printed_once_listed_and_revoked(tmp_path: Path, tables: Path) -> None:
    shutil.copyfile(tables, tmp_path / "records.db")
    made = run_sake("key", "add", "payroll", "--scope", "documents:write", "--team", "lyon", home=tmp_path)
    assert made.returncode == 0, made.stderr
    secret = made.stdout.strip()
    records = Records(f"sqlite:///{tmp_path / 'records.db'}")
    assert records.api_keys.find(secret, now=NOW)
    assert run_sake("key", "revoke", "payroll", home=tmp_path).returncode == 0
    (line,) = run_sake("key", "list", home=tmp_path).stdout.splitlines()
    assert line.startswith("payroll\tlyon\tdocuments:write\t")
    assert line.endswith("\trevoked")
    unknown = run_sake("key", "revoke", "nobody", home=tmp_path)
    assert (unknown.returncode, "no API key" in unknown.stderr) == (2, True)
