"""What the doctor looks at may be broken in ways that nobody foresaw, or not be ours to judge: it says so, and looks on."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sake_ray.cli import doctor_alerts, doctor_home, doctor_programs, doctor_servers, doctor_storage
from sake_ray.cli.bootstrap import open_backups
from sake_ray.cli.doctor import examine_cheaply
from sake_ray.cli.doctor_findings import Finding, Level, ok, run_checks
from sake_ray.gateway.certificates import make_self_signed
from sake_ray.serve.tokens import load_key
from sake_ray.settings import Settings
from tests.cli.test_doctor import levels, look, only

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away and mount")
ANOTHER = 65534


def test_a_check_that_fails_is_a_problem_with_its_name_and_the_next_one_looks(tmp_path: Path) -> None:
    def fail(_: Settings) -> Iterator[Finding]:
        yield ok("first", "It is there.")
        raise ValueError("postgresql://me:hidden@host")

    def look_on(_: Settings) -> Iterator[Finding]:
        yield ok("second", "It is there, too.")

    found = list(run_checks([("first", fail), ("second", look_on)], Settings(home=tmp_path)))
    assert [(one.check, one.level) for one in found] == [
        ("first", Level.OK), ("first", Level.PROBLEM), ("second", Level.OK),
    ]  # fmt: skip
    assert found[1].sentence == "It could not be looked at: ValueError."
    assert "hidden" not in found[1].mend


def test_sake_up_goes_on_where_the_package_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_programs, "PACKAGE", "no-such-package")
    monkeypatch.setenv("PATH", "")
    found = [one.check for one in examine_cheaply(Settings(home=tmp_path)) if one.level is Level.PROBLEM]
    assert found == ["python", "packages", "languages"]


def test_a_certificate_that_is_cut_is_a_problem(tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.pem"
    make_self_signed(certificate, tmp_path / "key.pem", names=["localhost"], now=datetime.now(UTC))
    settings = {"tls_certificate": str(certificate), "tls_key": str(tmp_path / "key.pem")}
    assert levels(look(doctor_servers.check_gateway, tmp_path, **settings)) == {Level.OK}
    certificate.write_bytes(certificate.read_bytes()[:200])
    found = only(look(doctor_servers.check_gateway, tmp_path, **settings), Level.PROBLEM)
    assert f"SAKE_TLS_CERTIFICATE names {certificate}" in found.sentence


@pytest.mark.parametrize("address", ["mail:smtp", "mail:70000", "[::1"])
def test_an_address_without_a_port_that_is_a_number_is_a_problem(tmp_path: Path, address: str) -> None:
    settings = {"alert_smtp": address, "alert_email": "ops@example.org"}
    assert "SAKE_ALERT_SMTP" in only(look(doctor_alerts.check_alerts, tmp_path, **settings), Level.PROBLEM).sentence


def test_a_program_that_hangs_is_a_problem_and_the_others_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "git").write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    (tmp_path / "git").chmod(0o755)
    (tmp_path / "nginx").write_text("#!/bin/sh\necho nginx version: nginx/1.22.1\n")
    (tmp_path / "nginx").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(doctor_programs, "PROGRAM_SECONDS", 0.5)
    found = look(doctor_programs.check_programs, tmp_path, ocr_engine="none")
    assert f"{tmp_path / 'git'} does not say" in only(found, Level.PROBLEM).sentence
    assert found[-1] == ok("programs", "There is nginx 1.22.1.")


def test_every_setting_that_names_a_file_with_a_secret_is_looked_at() -> None:
    said = {
        name for name, field in Settings.model_fields.items() if re.match(r"(A|The) file with", field.description or "")
    }
    named = {name for name in Settings.model_fields if re.search(r"file|key|secret|token|password", name)}
    assert len(said) > 4
    assert said | named == set(doctor_home.SECRETS)


class TestBackups:
    def test_their_place_is_written_to_and_nothing_stays_there(self, tmp_path: Path) -> None:
        (place := tmp_path / "backups").mkdir()
        assert levels(look(doctor_storage.check_backups, tmp_path, backup_url=str(place))) == {Level.OK}
        assert [path for path in place.rglob("*") if path.is_file()] == []
        assert look(doctor_storage.check_backups, tmp_path) == []

    def test_a_folder_that_is_not_there_is_told_and_not_made(self, tmp_path: Path) -> None:
        place = tmp_path / "not-mounted"
        found = only(look(doctor_storage.check_backups, tmp_path, backup_url=str(place)), Level.WARNING)
        assert str(place) in found.sentence
        assert not place.exists()

    def test_a_key_that_is_not_theirs_is_a_problem(self, tmp_path: Path) -> None:
        (place := tmp_path / "backups").mkdir()
        (key := tmp_path / "key").write_text("11" * 32)
        settings = {"backup_url": str(place), "backup_key_file": str(key)}
        open_backups(Settings(home=tmp_path, backup_url=str(place), backup_key_file=str(key))).prepare()
        assert levels(look(doctor_storage.check_backups, tmp_path, **settings)) == {Level.OK}
        key.write_text("22" * 32)
        only(look(doctor_storage.check_backups, tmp_path, **settings), Level.PROBLEM)
        key.write_text("22")
        assert str(key) in only(look(doctor_storage.check_backups, tmp_path, **settings), Level.PROBLEM).sentence

    def test_a_place_that_takes_nothing_is_a_problem(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        found = look(doctor_storage.check_backups, tmp_path, backup_url=str(tmp_path / "file"))
        assert levels(found) == {Level.PROBLEM}


@AS_ROOT
def test_modes_of_files_of_another_user_are_not_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`chmod` would take them from the user of a container, for whom make-secrets opens them."""
    tmp_path.chmod(0o700)
    for name in ("screens_key", "ray_token"):
        load_key(tmp_path / name)
        (tmp_path / name).chmod(0o644)
        os.chown(tmp_path / name, ANOTHER, ANOTHER)
    token = str(tmp_path / "ray_token")
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", token)
    settings = {"ray_address": "127.0.0.1:1", "watch_password_file": token}
    assert levels(look(doctor_home.check_keys, tmp_path, **settings)) == {Level.OK}
    assert levels(look(doctor_home.check_secret_files, tmp_path, **settings)) == {Level.OK}
    found = only(look(doctor_home.check_modes, tmp_path, **settings), Level.WARNING)
    assert found.sentence.startswith("Another user owns ")


IN_CONTAINER = """
import json, sys
from pathlib import Path
from sake_ray.cli import doctor_alerts, doctor_home
from sake_ray.cli.doctor_findings import run_checks
from sake_ray.settings import Settings
home = Path(sys.argv[1])
settings = Settings(home=home, ray_address="127.0.0.1:1", watch_password_file=str(home / "screens_key"))
checks = [("modes", doctor_home.check_modes), ("keys", doctor_home.check_keys), ("secrets", doctor_home.check_secret_files)]
print(json.dumps([(one.level, one.sentence) for one in run_checks(checks, settings)]))
"""


@AS_ROOT
def test_secrets_that_are_mounted_read_only_are_not_judged(tmp_path: Path) -> None:
    """So compose and Kubernetes mount them into the home: open to a group, or to all."""
    home, secret = tmp_path / "home", tmp_path / "secret"
    home.mkdir(mode=0o700)
    load_key(secret)
    secret.chmod(0o440)
    (home / "screens_key").touch(0o600)
    mount = 'mount --bind "$2" "$1/screens_key" && mount -o remount,bind,ro "$1/screens_key" && exec "$3" -c "$4" "$1"'
    command = ["unshare", "--mount", "sh", "-ec", mount, "sh", str(home), str(secret), sys.executable, IN_CONTAINER]
    environment = os.environ | {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(home / "screens_key")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode and "Operation not permitted" in done.stderr:
        pytest.skip("nothing may be mounted here")
    found = json.loads(done.stdout)
    assert len(found) == 4
    assert {level for level, _ in found} == {"ok"}, found
