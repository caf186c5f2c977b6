"""What `sake up --monitoring` prepares: whom Prometheus asks, whom Alertmanager tells, and what is refused."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from sake_ray.cli import monitoring
from sake_ray.cli.monitoring import end_left_monitoring, prepare_monitoring
from sake_ray.cli.monitoring_config import RAY_LINK
from sake_ray.cli.service_state import check_monitoring_ports
from sake_ray.cli.sidecars import run_sidecars
from sake_ray.errors import SetupError
from sake_ray.jobs.processes import is_alive
from sake_ray.settings import Settings
from tests.monitoring.watching import is_ready, settings_of
from tests.receiver import Receiver
from tests.receiver import receiver as receiver
from tests.waiting import wait_until


def secret(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text + "\n")
    return str(path)


def read(folder: Path, name: str) -> Any:
    return YAML(typ="safe", pure=True).load(folder / name)


def jobs_of(folder: Path) -> dict[str, Any]:
    return {job["job_name"]: job for job in read(folder, "prometheus.yml")["scrape_configs"]}


def test_prometheus_asks_what_is_there(tmp_path: Path) -> None:
    alone = prepare_monitoring(settings_of(tmp_path / "a"), gateway=False)
    assert jobs_of(alone.folder).keys() == {"ray", "keeper", "node", "prometheus", "alertmanager"}
    more = settings_of(tmp_path / "b", screens=True, postgres_exporter="10.0.0.9:9187")
    jobs = jobs_of(prepare_monitoring(more, gateway=False).folder)
    assert jobs.keys() == {
        "ray", "keeper", "screens-user", "screens-admin", "node", "postgresql", "prometheus", "alertmanager",
    }  # fmt: skip
    assert jobs["postgresql"]["static_configs"][0]["targets"] == ["10.0.0.9:9187"]


def test_a_cluster_is_found_by_its_dashboard_with_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = secret(tmp_path, "token", "hush")
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", token)
    jobs = jobs_of(
        prepare_monitoring(settings_of(tmp_path / "home", ray_address="10.0.0.7:6379"), gateway=False).folder
    )
    assert "ray" not in jobs
    (source,) = jobs["ray-cluster"]["http_sd_configs"]
    assert source["url"] == "http://127.0.0.1:8265/api/prometheus/sd"
    assert source["authorization"] == {"type": "Bearer", "credentials_file": token}


def test_without_a_receiver_nobody_is_told(tmp_path: Path) -> None:
    prepared = prepare_monitoring(settings_of(tmp_path), gateway=False)
    assert not prepared.tells
    assert read(prepared.folder, "alertmanager.yml")["receivers"] == [{"name": "people"}]


def test_runbooks_are_where_the_setting_says(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, alert_runbooks="https://wiki.example/runbooks")
    rules = (prepare_monitoring(settings, gateway=False).folder / "rules" / "service.yml").read_text()
    assert "runbook_url: https://wiki.example/runbooks#servicedown" in rules
    assert "docs/runbooks.md#" not in rules


def test_rules_of_an_earlier_version_go(tmp_path: Path) -> None:
    folder = prepare_monitoring(settings_of(tmp_path), gateway=False).folder
    (folder / "rules" / "old.yml").write_text("groups: []")
    prepare_monitoring(settings_of(tmp_path), gateway=False)
    assert not (folder / "rules" / "old.yml").exists()


def test_what_is_kept_is_bounded_by_days_and_bytes(tmp_path: Path) -> None:
    command = prepare_monitoring(
        settings_of(tmp_path, prometheus_days=3, prometheus_mb=200), gateway=False
    ).prometheus.command
    assert "--storage.tsdb.retention.time=3d" in command
    assert "--storage.tsdb.retention.size=200MB" in command


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"alert_slack_file": "nowhere"}, "alert-secret-unreadable"),
        ({"alert_webhook_token_file": "empty"}, "alert-secret-unreadable"),
        ({"alert_email": "ops@example.org", "alert_smtp_password_file": "nowhere"}, "alert-secret-unreadable"),
        ({"alert_email": "ops@example.org", "alert_smtp": "without-a-port"}, "monitoring-refused"),
        ({"keeper_metrics_port": 0}, "monitoring-without-keeper"),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_work_is_said_before_anything_starts(tmp_path: Path, changes: dict[str, Any], code: str) -> None:
    (tmp_path / "empty").touch()
    at = {name: str(tmp_path / text) if name.endswith("_file") else text for name, text in changes.items()}
    with pytest.raises(SetupError) as caught:
        prepare_monitoring(settings_of(tmp_path / "home", **at), gateway=False)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "address", ["no address", "https://me:hush@ops.example/alerts", "https://ops.example/alerts?key=hush"]
)
def test_an_address_of_a_webhook_has_no_secret_in_it(address: str) -> None:
    with pytest.raises(ValidationError, match="alert_webhook_url"):
        Settings(alert_webhook_url=address)


def test_a_machine_without_the_programs_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="apt-get install prometheus prometheus-alertmanager prometheus-node-exporter"):
        prepare_monitoring(settings_of(tmp_path), gateway=False)


def test_what_to_install_is_the_list_that_the_tests_install() -> None:
    listed = (Path(__file__).parents[2] / "packages-monitoring.apt").read_text().splitlines()
    assert {line.split()[0] for line in listed if not line.startswith("#")} == set(monitoring.PROGRAMS.values())


def test_programs_live_below_their_names_behind_the_gateway(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, alert_address="https://sake.example")
    prepared = prepare_monitoring(settings, gateway=True)
    assert [tool.name for tool in prepared.tools] == ["prometheus", "alertmanager"]
    with run_sidecars(prepared.sidecars):
        for sidecar in prepared.pages:
            wait_until(lambda url=sidecar.url: is_ready(url), log=sidecar.log.read_text)  # type: ignore[misc]
        asked = wait_until(lambda: list_up(prepared.prometheus.url, {"prometheus", "alertmanager", "node"}))
        assert asked
        status = httpx.get(f"{prepared.prometheus.url}/api/v1/alertmanagers", trust_env=False).json()
        (peer,) = status["data"]["activeAlertmanagers"]
        assert peer["url"] == f"{prepared.alertmanager.url}/api/v2/alerts"
    assert "https://sake.example/prometheus/" in " ".join(prepared.prometheus.command)


def list_up(url: str, wanted: set[str]) -> bool:
    """Whether all of these jobs answer Prometheus."""
    answer = httpx.get(f"{url}/api/v1/query", params={"query": "up == 1"}, trust_env=False).json()
    return wanted <= {one["metric"]["job"] for one in answer["data"]["result"]}


def test_what_a_kill_left_ends_at_the_next_start_and_its_data_goes_on(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    prepared = prepare_monitoring(settings, gateway=False)
    with run_sidecars(prepared.sidecars) as processes:
        for process in processes:
            process._ending.set()  # nobody looks after them, as after kill -9
        left = [psutil.Process(process.process.pid) for process in processes]
        wait_until(lambda: list_up_or_not(prepared.prometheus.url))
        began = [(process.pid, process.create_time()) for process in left]
        with pytest.raises(SetupError):
            check_monitoring_ports(settings)
        end_left_monitoring(settings)
        assert not any(is_alive(pid, started) for pid, started in began)
    check_monitoring_ports(settings)
    with run_sidecars(prepared.pages):
        wait_until(lambda: is_ready(prepared.prometheus.url), log=prepared.prometheus.log.read_text)
        answer = httpx.get(
            f"{prepared.prometheus.url}/api/v1/query",
            params={"query": "count_over_time(up{job='node'}[10m])"},
            trust_env=False,
        )
        assert answer.json()["data"]["result"]


def list_up_or_not(url: str) -> bool:
    """Whether Prometheus has asked the machine's exporter; not yet where it does not answer itself."""
    return is_ready(url) and list_up(url, {"node"})


@contextmanager
def mail_server() -> Iterator[tuple[int, list[str]]]:
    """A mail server that keeps what it is sent."""
    mails: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    mail = b"".join(iter(self.rfile.readline, b".\r\n"))
                    mails.append(mail.decode())
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 here\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server.server_address[1], mails
        server.shutdown()


def test_slack_mail_and_webhook_are_told_by_what_the_files_say(tmp_path: Path, receiver: Receiver) -> None:
    with mail_server() as (port, mails):
        settings = settings_of(
            tmp_path / "home", alert_slack_file=secret(tmp_path, "slack", receiver.url("/slack")), alert_slack_channel="#ops",
            alert_webhook_url=receiver.url("/hook"), alert_webhook_token_file=secret(tmp_path, "token", "hush"),
            alert_email="ops@example.org", alert_smtp=f"127.0.0.1:{port}", alert_smtp_tls=False,
        )  # fmt: skip
        prepared = prepare_monitoring(settings, gateway=False)
        assert prepared.tells
        with run_sidecars([prepared.alertmanager]):
            wait_until(lambda: is_ready(prepared.alertmanager.url), log=prepared.alertmanager.log.read_text)
            alert = {
                "labels": {"alertname": "DocumentsLost", "severity": "critical", "area": "documents"},
                "annotations": {"summary": "3 documents are gone.", "runbook_url": "docs/runbooks.md#documentslost"},
            }
            httpx.post(f"{prepared.alertmanager.url}/api/v2/alerts", json=[alert], trust_env=False).raise_for_status()
            wait_until(lambda: len(receiver.received) == 2 and mails)
            shown = httpx.get(f"{prepared.alertmanager.url}/api/v2/status", trust_env=False).text
    by_path = {headers["path"]: (headers, json.loads(body)) for headers, body in receiver.received}
    assert by_path["/hook"][0]["authorization"] == "Bearer hush"
    assert "hush" not in shown
    assert receiver.url("/slack") not in shown
    (slack,) = by_path["/slack"][1]["attachments"]
    assert by_path["/slack"][1]["channel"] == "#ops"
    assert slack["title"] == "CRITICAL: DocumentsLost "
    for text in (slack["text"], mails[0].replace("=\r\n", "")):
        assert "3 documents are gone." in text
        assert "docs/runbooks.md#documentslost" in text
    assert "Subject: sake_ray: critical: DocumentsLost" in mails[0]


def test_the_list_of_rays_targets_is_that_of_the_ray_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sake_ray.jobs.processes import record_run

    settings = settings_of(tmp_path / "home")
    prepared = prepare_monitoring(settings, gateway=False)
    monkeypatch.setenv("SAKE_RUN", "")  # put back at the end
    for name in ("first", "second"):
        record_run(settings.home / "run", scratch=tmp_path / name)
        prepared.follow_ray(settings)
        link = prepared.folder / RAY_LINK
        assert link.readlink() == tmp_path / name / "ray/prom_metrics_service_discovery.json"


def test_a_ray_that_has_ended_does_not_keep_the_next_from_starting(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home")
    link = prepare_monitoring(settings, gateway=False).folder / RAY_LINK
    link.symlink_to(tmp_path / "ended" / "prom_metrics_service_discovery.json")
    prepare_monitoring(settings, gateway=False)
    assert not link.is_symlink()
