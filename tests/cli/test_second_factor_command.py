"""`sake user second-factor` says whether an account has one, and resets it."""

import shutil
from pathlib import Path

from sake_ray.domain.accounts import Account, Role
from sake_ray.storage.records import Records
from tests.command import run_sake
from tests.storage.example_records import NOW


def test_second_factor_is_told_and_reset(tmp_path: Path, tables: Path) -> None:
    shutil.copyfile(tables, tmp_path / "records.db")
    records = Records(f"sqlite:///{tmp_path / 'records.db'}")
    records.accounts.add(Account("ann", Role.ADMIN, "paris"), password_hash="a hash", now=NOW)
    records.second_factors.begin("ann", "sealed")
    records.second_factors.confirm("ann", "sealed", step=7, recovery_codes=["one", "two"], by="ann", now=NOW)
    told = run_sake("user", "second-factor", "ann", home=tmp_path)
    assert "has a second factor, and 2 recovery codes" in told.stderr
    assert run_sake("user", "second-factor", "ann", "--reset", home=tmp_path).returncode == 0
    assert "has no second factor" in run_sake("user", "second-factor", "ann", home=tmp_path).stderr
    unknown = run_sake("user", "second-factor", "nobody", "--reset", home=tmp_path)
    assert (unknown.returncode, "no account" in unknown.stderr) == (2, True)
