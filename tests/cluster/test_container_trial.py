"""What `make containers` counts and refuses, without containers."""

import ipaddress
import shutil
import sqlite3
from pathlib import Path

import pytest
import yaml

from scripts.container_engine import alone
from scripts.container_trial import NOT_ONCE

ROOT = Path(__file__).parents[2]


def test_document_that_was_classified_twice_does_not_make_up_for_one_that_never_was(
    tables: Path, tmp_path: Path
) -> None:
    with sqlite3.connect(shutil.copy(tables, tmp_path)) as records:
        for position, name in enumerate(("never", "once", "twice")):
            fill(records, "documents", id=name, name=name, position=position)
        for number, document in enumerate(("once", "twice", "twice")):
            fill(records, "predictions", id=str(number), document=document, model_hash=str(number))
        assert list(records.execute(NOT_ONCE)) == [("never", 0), ("twice", 2)]


def fill(records: sqlite3.Connection, table: str, **values: object) -> None:
    """Insert a row, with something in each column that must have something."""
    records.execute("PRAGMA foreign_keys = OFF")
    needed = {
        name: 1
        for _, name, _, needed, default, _ in records.execute(f"PRAGMA table_info({table})")
        if needed and default is None
    }
    row: dict[str, object] = needed | values
    places = ", ".join("?" for _ in row)
    records.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", list(row.values()))  # noqa: S608


def test_second_trial_on_a_machine_is_refused_while_the_first_runs(tmp_path: Path) -> None:
    with alone(tmp_path / "lock"), pytest.raises(SystemExit, match="Another trial"), alone(tmp_path / "lock"):
        raise AssertionError("both run")
    with alone(tmp_path / "lock"):
        pass


def test_no_container_is_given_an_address_that_another_one_has_for_good() -> None:
    compose = yaml.safe_load((ROOT / "cluster/docker/compose.yaml").read_text(encoding="utf-8"))
    (pool,) = compose["networks"]["sake"]["ipam"]["config"]
    subnet, given = (fill_in(pool[name]) for name in ("subnet", "ip_range"))
    fixed = [
        service["networks"]["sake"]["ipv4_address"]
        for service in compose["services"].values()
        if "ipv4_address" in service["networks"]["sake"]
    ]
    assert given.subnet_of(subnet)
    assert fixed
    for address in fixed:
        own = fill_in(address)
        assert own.subnet_of(subnet)
        assert not own.overlaps(given), address


def fill_in(text: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(text.replace("${SUBNET:-10.89.77}", "10.89.77"))
