"""The doctor finds what is wrong, on real databases, servers and files, and says what mends it."""

import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from sake_ray.cli import doctor_alerts, doctor_home, doctor_machine, doctor_programs, doctor_servers, doctor_storage
from sake_ray.cli.doctor_findings import Check, Finding, Level, run_checks
from sake_ray.serve.tokens import load_key
from sake_ray.settings import Settings
from sake_ray.storage.records import Records
from sake_ray.storage.records.revisions import list_revisions
from tests.command import run_sake
from tests.homes import make_tables
from tests.issuer import publishing
from tests.ports import free_port
from tests.storage.postgres import PASSWORD, Postgres
from tests.storage.s3_servers import BUCKET, Server, serving_folder


def look(check: Check, home: Path, **settings: object) -> list[Finding]:
    """What a check finds with these settings."""
    return list(run_checks([("it", check)], Settings(home=home, **settings)))  # type: ignore[arg-type]


def levels(found: list[Finding]) -> set[Level]:
    """How bad it is."""
    return {finding.level for finding in found}


def only(found: list[Finding], level: Level) -> Finding:
    """The one finding that is as bad as that."""
    (one,) = (finding for finding in found if finding.level is level)
    assert one.mend
    return one


def use_keys(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the credentials of an S3 server be found."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", server.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", server.secret_key)


class LateServer(ThreadingHTTPServer):
    """An HTTP server whose clock is an hour behind."""

    daemon_threads = True


class LateHandler(BaseHTTPRequestHandler):
    """Answers anything."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        import time

        return super().date_time_string((timestamp or time.time()) - 3600)

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def late_server() -> Iterator[str]:
    """Run it."""
    with LateServer(("127.0.0.1", 0), LateHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class TestCommand:
    def test_a_new_home_has_nothing_to_mend_and_nothing_is_made_by_looking(self, tmp_path: Path) -> None:
        ports = {
            f"SAKE_{name}_PORT": str(free_port()) for name in ("USER", "ADMIN", "DASHBOARD", "GATEWAY", "PROMETHEUS")
        }
        done = run_sake("doctor", home=tmp_path / "new", SAKE_PORT=str(free_port()), **ports)
        assert (done.returncode, "problem " in done.stdout) == (0, False), done.stdout
        assert ", 0 problems." in done.stderr
        assert list(tmp_path.iterdir()) == []

    def test_a_problem_is_exit_code_1_and_json_has_its_mend(self, tmp_path: Path) -> None:
        done = run_sake("doctor", "--json", home=tmp_path, SAKE_OCR_LANGUAGES="tlh")
        assert done.returncode == 1
        found = {(one["check"], one["level"]): one for one in json.loads(done.stdout)}
        assert "no language tlh" in found["languages", "problem"]["finding"]
        assert "tesseract-ocr-tlh" in found["languages", "problem"]["mend"]

    def test_no_secret_is_printed(self, tmp_path: Path, postgres: Postgres) -> None:
        secret, token = tmp_path / "slack", load_key(tmp_path / "token_key")
        secret.write_text("https://hooks.slack.invalid/services/hidden-slack")
        settings = {
            "SAKE_RECORDS_URL": postgres.url("there-is-none"),
            "SAKE_OBJECTS_URL": "s3://bucket/x",
            "SAKE_S3_ENDPOINT": f"http://me:hidden-key@127.0.0.1:{free_port()}",
            "AWS_ACCESS_KEY_ID": "hidden-id",
            "AWS_SECRET_ACCESS_KEY": "hidden-secret",
            "SAKE_MLFLOW_URL": f"http://me:hidden-mlflow@127.0.0.1:{free_port()}",
            "SAKE_ALERT_SLACK_FILE": str(secret),
        }
        done = run_sake("doctor", home=tmp_path, **settings)
        assert done.returncode == 1
        for name in ("records:", "objects:", "mlflow:", "alerts:"):
            assert name in done.stdout
        for word in (PASSWORD, "hidden", token):
            assert word not in done.stdout + done.stderr

    def test_sake_up_prints_findings_before_it_starts_and_nothing_that_is_well(self, tmp_path: Path) -> None:
        (tmp_path / "screens_key").write_text("short")
        # An address that this machine has not: it ends where it looks at the ports.
        said = run_sake("up", home=tmp_path, SAKE_HOST="192.0.2.1", SAKE_DASHBOARD_PORT=str(free_port())).stderr
        assert f"problem  keys: {tmp_path / 'screens_key'} is empty or cut short." in said
        assert "ok  " not in said


class TestMachine:
    def test_python_and_packages_are_as_required_here(self, tmp_path: Path) -> None:
        assert levels(look(doctor_programs.check_python, tmp_path)) == {Level.OK}
        assert levels(look(doctor_programs.check_packages, tmp_path)) == {Level.OK}

    def test_a_package_that_is_too_old_or_missing_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Another distribution of the name, found first: it asks for what is not there.
        info = tmp_path / "sake_ray-9.dist-info"
        info.mkdir()
        wants = (
            "Requires-Dist: typer>=99\nRequires-Dist: no-such-package\nRequires-Dist: none-either; extra == 'test'\n"
        )
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: sake-ray\nVersion: 9\nRequires-Python: >=4\n{wants}"
        )
        monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
        found = only(look(doctor_programs.check_packages, tmp_path), Level.PROBLEM)
        assert "typer>=99" in found.sentence
        assert "no-such-package (missing)" in found.sentence
        assert "none-either" not in found.sentence
        assert "none of those" in only(look(doctor_programs.check_python, tmp_path), Level.PROBLEM).sentence

    def test_a_program_that_is_missing_is_named_with_its_package(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        found = look(doctor_programs.check_programs, tmp_path)
        assert {finding.mend for finding in found} >= {
            "Run `apt-get install tesseract-ocr`.",
            "Run `apt-get install git`.",
        }

    def test_a_port_that_another_holds_is_named_with_its_holder(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as held:
            port = held.getsockname()[1]
            found = only(look(doctor_machine.check_ports, tmp_path, port=port), Level.PROBLEM)
        assert f"127.0.0.1:{port} (SAKE_PORT)" in found.sentence
        assert f"(pid {os.getpid()})" in found.sentence

    def test_a_full_disk_is_a_problem(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert levels(look(doctor_machine.check_disks, tmp_path)) <= {Level.OK, Level.WARNING}
        monkeypatch.setattr(doctor_machine, "FULL_SHARE", 1.1)
        assert Level.PROBLEM in levels(look(doctor_machine.check_disks, tmp_path))


class TestHome:
    def test_a_file_that_others_may_read_is_a_problem_until_it_is_closed(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o700)
        key = tmp_path / "token_key"
        load_key(key)
        assert levels(look(doctor_home.check_modes, tmp_path)) == {Level.OK}
        key.chmod(0o644)
        found = only(look(doctor_home.check_modes, tmp_path), Level.PROBLEM)
        assert str(key) in found.sentence
        assert f"chmod -R go= {tmp_path}" in found.mend

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
    def test_a_file_of_another_user_is_named(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o700)
        (tmp_path / "records.db").touch(0o600)
        os.chown(tmp_path / "records.db", 65534, 65534)
        assert "records.db" in only(look(doctor_home.check_modes, tmp_path), Level.WARNING).sentence

    @pytest.mark.parametrize("name", ["token_key", "screens_key", "run/ray_token"])
    def test_a_key_that_is_cut_short_is_a_problem(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        key = load_key(path)
        assert levels(look(doctor_home.check_keys, tmp_path)) == {Level.OK}
        path.write_text(key[:20])
        found = only(look(doctor_home.check_keys, tmp_path), Level.PROBLEM)
        assert name in found.sentence
        assert key[:20] not in found.sentence + found.mend

    def test_a_token_of_ray_that_others_may_read_is_a_problem(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (token := tmp_path / "token").write_text("a token")
        monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(token))
        token.chmod(0o600)
        assert levels(look(doctor_home.check_keys, tmp_path, ray_address="127.0.0.1:1")) == {Level.OK}
        token.chmod(0o640)
        assert (
            str(token)
            in only(look(doctor_home.check_keys, tmp_path, ray_address="127.0.0.1:1"), Level.PROBLEM).sentence
        )
        monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
        assert (
            "without a token"
            in only(look(doctor_home.check_keys, tmp_path, ray_address="127.0.0.1:1"), Level.WARNING).sentence
        )

    def test_a_file_of_a_secret_that_is_missing_is_a_problem(self, tmp_path: Path) -> None:
        path = tmp_path / "password"
        found = only(look(doctor_home.check_secret_files, tmp_path, watch_password_file=str(path)), Level.PROBLEM)
        assert "SAKE_WATCH_PASSWORD_FILE" in found.sentence
        path.write_text("word")
        path.chmod(0o600)
        assert levels(look(doctor_home.check_secret_files, tmp_path, watch_password_file=str(path))) == {Level.OK}

    def test_a_home_that_cannot_be_written_to_is_a_problem(self, tmp_path: Path) -> None:
        assert levels(look(doctor_home.check_home, tmp_path)) == {Level.OK}
        (tmp_path / "file").touch()
        assert levels(look(doctor_home.check_home, tmp_path / "file")) == {Level.PROBLEM}


class TestRecords:
    def test_pending_migrations_are_told_and_not_made(self, tmp_path: Path) -> None:
        records = Records(f"sqlite:///{tmp_path / 'records.db'}")
        older, newest = list_revisions()[-3], list_revisions()[-1]
        records.database.migrate(older)
        found = only(look(doctor_storage.check_records, tmp_path), Level.WARNING)
        assert f"revision {older}" in found.sentence
        assert f"up to {newest}, 2 more" in found.sentence
        records.database.migrate()
        assert levels(look(doctor_storage.check_records, tmp_path)) == {Level.OK}

    def test_postgresql_is_reached_written_to_and_asked_for_its_time(
        self, tmp_path: Path, postgres: Postgres, tables_on_server: str
    ) -> None:
        with postgres.empty_database(like=tables_on_server) as url:
            found = look(doctor_storage.check_records, tmp_path, records_url=url)
            assert levels(found) == {Level.OK}, found
            said = " ".join(finding.sentence for finding in found)
            assert f"PostgreSQL {postgres.version}" in said
            assert "clock of the records' database" in said
            assert Records(url).faults.find_check("probe") is None

    def test_tables_of_a_newer_program_are_a_problem(
        self, tmp_path: Path, postgres: Postgres, tables_on_server: str
    ) -> None:
        with postgres.empty_database(like=tables_on_server) as url:
            execute(url, "UPDATE alembic_version SET version_num = '9999'")
            assert "9999" in only(look(doctor_storage.check_records, tmp_path, records_url=url), Level.PROBLEM).sentence

    def test_a_database_that_takes_no_writes_is_a_problem(
        self, tmp_path: Path, postgres: Postgres, tables_on_server: str
    ) -> None:
        with postgres.empty_database(like=tables_on_server) as url:
            postgres.command(f"ALTER DATABASE {url.rpartition('/')[2]} SET default_transaction_read_only = on")
            found = only(look(doctor_storage.check_records, tmp_path, records_url=url), Level.PROBLEM)
            assert "read-only" in found.sentence

    def test_a_server_that_is_away_is_a_problem(self, tmp_path: Path) -> None:
        url = f"postgresql://sake@127.0.0.1:{free_port()}/sake"
        assert levels(look(doctor_storage.check_records, tmp_path, records_url=url)) == {Level.PROBLEM}


def execute(url: str, sentence: str) -> None:
    """Run a statement in a database."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sentence.encode())


class TestObjects:
    def test_a_bucket_is_written_to_and_nothing_stays_in_it(
        self, tmp_path: Path, moto: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use_keys(moto, monkeypatch)
        settings = {"objects_url": f"s3://{BUCKET}/doctor", "s3_endpoint": moto.endpoint}
        found = look(doctor_storage.check_objects, tmp_path, **settings)
        assert levels(found) == {Level.OK}, found
        assert [finding.check for finding in found] == ["objects", "clocks"]
        found = look(doctor_storage.check_objects, tmp_path, **settings | {"objects_url": "s3://no-such-bucket/x"})
        assert "no such bucket" in only(found, Level.PROBLEM).sentence

    def test_a_bucket_that_takes_nothing_is_a_problem(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "buckets" / BUCKET).mkdir(parents=True)
        server = Server(f"http://127.0.0.1:{free_port()}", "sake-access", "sake-secret-0123")
        use_keys(server, monkeypatch)
        with serving_folder(server, tmp_path / "buckets", tmp_path / "log"):
            settings = {"objects_url": f"s3://{BUCKET}", "s3_endpoint": server.endpoint}
            assert Level.PROBLEM not in levels(look(doctor_storage.check_objects, tmp_path, **settings))
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another-one")
            found = only(look(doctor_storage.check_objects, tmp_path, **settings), Level.PROBLEM)
        assert "refuses the credentials" in found.sentence

    def test_a_folder_that_is_none_is_a_problem(self, tmp_path: Path) -> None:
        assert levels(look(doctor_storage.check_objects, tmp_path)) == {Level.OK}
        (tmp_path / "file").touch()
        assert levels(look(doctor_storage.check_objects, tmp_path, objects_url=str(tmp_path / "file"))) == {
            Level.PROBLEM
        }


class TestServers:
    def test_a_clock_that_is_an_hour_behind_is_a_problem(self, tmp_path: Path) -> None:
        with late_server() as url:
            found = look(doctor_servers.check_mlflow, tmp_path, mlflow_url=url)
        wrong = only(found, Level.PROBLEM)
        assert (wrong.check, "behind" in wrong.sentence) == ("clocks", True)
        assert "3,600" in wrong.sentence or "3,599" in wrong.sentence

    @pytest.mark.parametrize(
        ("check", "setting", "scheme"),
        [
            (doctor_servers.check_mlflow, "mlflow_url", "http://"),
            (doctor_servers.check_issuer, "oidc_issuer", "http://"),
            (doctor_alerts.check_alerts, "alert_webhook_url", "http://"),
            (doctor_servers.check_tools, "prometheus_url", "http://"),
            (doctor_servers.check_ray, "ray_address", ""),
        ],
    )
    def test_a_server_that_is_away_is_a_problem(
        self, tmp_path: Path, check: Callable[[Settings], Iterator[Finding]], setting: str, scheme: str
    ) -> None:
        settings = {setting: f"{scheme}127.0.0.1:{free_port()}", "oidc_client_id": "web"}
        assert levels(look(check, tmp_path, **settings)) == {Level.PROBLEM}

    def test_an_issuer_answers_under_its_own_name_only(self, tmp_path: Path) -> None:
        with publishing() as issuer:
            found = look(doctor_servers.check_issuer, tmp_path, oidc_issuer=issuer.url, oidc_client_id="web")
            assert levels(found) == {Level.OK}, found
            other = issuer.url.replace("127.0.0.1", "localhost")
            found = look(doctor_servers.check_issuer, tmp_path, oidc_issuer=other, oidc_client_id="web")
        assert "no issuer of that name" in only(found, Level.PROBLEM).sentence

    def test_a_receiver_of_alerts_that_answers_is_told_nothing(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
            assert levels(look(doctor_alerts.check_alerts, tmp_path, alert_webhook_url=url)) == {Level.OK}
            connection, _ = listening.accept()
            with connection:
                assert connection.recv(1) == b""

    def test_ray_answers_to_its_token_only(
        self, tmp_path: Path, own_ray: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = own_ray["SAKE_RAY_ADDRESS"]
        monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", own_ray["RAY_AUTH_TOKEN_PATH"])
        found = look(doctor_servers.check_ray, tmp_path, ray_address=address)
        assert levels(found) == {Level.OK}, found
        (tmp_path / "token").write_text("f" * 64)
        monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(tmp_path / "token"))
        found = look(doctor_servers.check_ray, tmp_path, ray_address=address)
        assert "refuses our token" in only(found, Level.PROBLEM).sentence


def test_tables_are_made_by_nobody_who_only_looks(tmp_path: Path) -> None:
    make_tables(f"sqlite:///{tmp_path / 'records.db'}")
    before = (tmp_path / "records.db").read_bytes()
    assert levels(look(doctor_storage.check_records, tmp_path)) == {Level.OK}
    assert (tmp_path / "records.db").read_bytes() == before
