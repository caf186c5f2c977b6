"""What happens while it runs: other certificates, reloads, several gateways of which one is killed."""

import re
import signal
import socket
import ssl
import subprocess
import time
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import psutil
import pytest
import typer

from bench.gateway import compare
from sake_ray.cli import certificate as certificate_watch
from sake_ray.cli import gateway, sidecars
from sake_ray.cli.certificate import watch_certificate
from sake_ray.cli.gateway import (
    PreparedGateway,
    end_left_gateway,
    find_gateway_url,
    find_own_addresses,
    list_own_tools,
    make_gateway_config,
    prepare_gateway,
)
from sake_ray.cli.gateway_alone import read_tools
from sake_ray.cli.service_state import check_gateway_ports
from sake_ray.cli.sidecars import Sidecar, run_sidecars
from sake_ray.errors import SetupError
from sake_ray.gateway.certificates import (
    LIFETIME,
    find_days_left,
    install_certificate,
    list_own_names,
    make_self_signed,
    utc_now,
)
from sake_ray.gateway.config import TOOLS
from sake_ray.metrics.surroundings import ADDRESSES
from sake_ray.settings import Settings
from tests.gateway.front import KEY, NAMES, NGINX, Front, make_config, make_echo, running, serving
from tests.ports import free_ports
from tests.waiting import PATIENCE, has_ended, wait_until


def settings_of(home: Path, **more: object) -> Settings:
    port, http_port, api, user, admin, dashboard, metrics, *_ = free_ports(9)
    (home / "run").mkdir(parents=True)
    ports = {"port": api, "user_port": user, "admin_port": admin, "dashboard_port": dashboard, "metrics_port": metrics}
    return Settings(home=home, gateway_port=port, gateway_http_port=http_port, **ports | more)  # type: ignore[arg-type]


def prepare(settings: Settings) -> PreparedGateway:
    return prepare_gateway(settings, find_own_addresses(settings), list_own_tools(settings, mlflow=False))


def serial_of(port: int) -> str:
    return ssl.get_server_certificate(("127.0.0.1", port), timeout=60)


def test_an_upload_goes_on_while_the_configuration_is_loaded_again(tmp_path: Path) -> None:
    with (
        serving(make_echo()) as address,
        running(tmp_path, make_config(tmp_path, address)) as front,
        front.client() as client,
    ):
        before = serial_of(front.port)

        def pieces() -> Iterator[bytes]:
            for place in range(30):
                if place == 10:
                    front.install()
                    front.process.send_signal(signal.SIGHUP)
                    wait_until(lambda: serial_of(front.port) != before)
                yield b"x" * 100_000

        assert client.post("/api/v1/predict", content=pieces()).json()["bytes"] == 3_000_000


def test_the_certificate_is_made_once_for_its_owner_only_and_names_this_machine(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home")
    prepared = prepare(settings)
    made = prepared.files.certificate.read_bytes()
    assert {
        oct(path.stat().st_mode & 0o777) for path in (prepared.files.key, prepared.files.installed / "key.pem")
    } == {"0o600"}
    assert prepare(settings).files.certificate.read_bytes() == made
    assert 396 < find_days_left(prepared.files.certificate, now=utc_now()) <= 397
    with run_sidecars([prepared.sidecar]):
        trust = ssl.create_default_context(cafile=str(prepared.files.certificate))
        url = find_gateway_url(settings)
        wait_until(lambda: answers(url, trust))
        for name in NAMES:
            assert httpx.get(url.replace("localhost", name), verify=trust, trust_env=False).status_code == 503


def answers(url: str, trust: ssl.SSLContext) -> bool:
    try:
        return httpx.get(url, verify=trust, trust_env=False).status_code > 0
    except httpx.TransportError:
        return False


def test_a_certificate_that_ends_soon_is_made_anew(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home")
    files = prepare(settings).files
    make_self_signed(files.certificate, files.key, names=NAMES, now=utc_now() - LIFETIME + timedelta(days=20))
    prepare(settings)
    assert find_days_left(files.installed / "certificate.pem", now=utc_now()) > 300


def test_a_certificate_of_our_own_is_renewed_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate_watch, "CHECK_SECONDS", 0.05)
    settings, days = settings_of(tmp_path / "home"), list[float]()
    files = prepare(settings).files
    names = list_own_names(settings.gateway_host)
    make_self_signed(files.certificate, files.key, names=names, now=utc_now() - LIFETIME + timedelta(days=20))
    install_certificate(files.certificate, files.key, files.installed)
    sidecar = Sidecar(
        "nginx", "", (NGINX, "-e", "stderr", "-p", str(files.folder), "-c", "nginx.conf"), tmp_path / "log"
    )
    with (
        run_sidecars([sidecar]) as (process,),
        watch_certificate(settings, files, process, on_days=days.append),
    ):
        wait_until(lambda: is_open(settings.gateway_port))
        wait_until(lambda: days and days[-1] > 300)
        wait_until(lambda: serial_of(settings.gateway_port) == (files.installed / "certificate.pem").read_text())


def test_a_certificate_that_changes_is_taken_up_and_a_bad_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(certificate_watch, "CHECK_SECONDS", 0.05)
    certificate, key, days = tmp_path / "c.pem", tmp_path / "k.pem", list[float]()
    make_self_signed(certificate, key, names=NAMES, now=utc_now())
    settings = settings_of(tmp_path / "home", tls_certificate=str(certificate), tls_key=str(key))
    prepared, port = prepare(settings), settings.gateway_port
    with (
        run_sidecars([prepared.sidecar]) as (process,),
        watch_certificate(settings, prepared.files, process, on_days=days.append),
    ):
        wait_until(lambda: is_open(port))
        first = serial_of(port)
        make_self_signed(certificate, key, names=NAMES, now=utc_now() - timedelta(days=100))
        wait_until(lambda: serial_of(port) != first)
        second = serial_of(port)
        wait_until(lambda: 290 < days[-1] < 300)
        certificate.write_bytes(b"no certificate")
        said: list[str] = []
        wait_until(lambda: said.append(capsys.readouterr().err) or "goes on with the one before" in "".join(said))
        assert serial_of(port) == second
        # nginx starts again while the files that were named are broken
        os_process = process.process
        os_process.kill()
        wait_until(lambda: process.process is not os_process and is_open(port))
        assert serial_of(port) == second
        make_self_signed(certificate, key, names=NAMES, now=utc_now())
        wait_until(lambda: serial_of(port) not in {first, second})
        # what nginx uses is gone for a moment
        installed = prepared.files.installed / "certificate.pem"
        kept = installed.read_bytes()
        installed.unlink()
        wait_until(lambda: said.append(capsys.readouterr().err) or "cannot be looked after" in "".join(said))
        installed.write_bytes(kept)
        known = len(days)
        wait_until(lambda: len(days) > known)


def is_open(port: int) -> bool:
    try:
        serial_of(port)
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tls_certificate": "c.pem"}, "certificate-half-set"),
        ({"tls_certificate": "nowhere.pem", "tls_key": "nowhere.pem"}, "certificate-unusable"),
        ({"grafana_url": "grafana.example"}, "tool-address-invalid"),
        ({"prometheus_url": "http://127.0.0.1:9090/prometheus"}, "tool-address-invalid"),
        ({"gateway_host": "no address"}, "nginx-refuses"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_said_before_anything_starts(tmp_path: Path, changes: dict[str, str], code: str) -> None:
    with pytest.raises(SetupError) as caught:
        prepare(settings_of(tmp_path / "home", **changes))
    assert caught.value.code == code


def test_a_port_of_the_gateway_that_is_taken_is_named_by_its_setting(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home")
    with socket.create_server(("127.0.0.1", settings.gateway_http_port)):
        with pytest.raises(SetupError) as caught:
            check_gateway_ports(settings)
        assert caught.value.params["setting"] == "GATEWAY_HTTP_PORT"
    check_gateway_ports(settings)


def test_a_machine_without_nginx_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(gateway, "ADMIN_PLACES", str(tmp_path))
    with pytest.raises(SetupError, match="apt-get install nginx"):
        prepare(settings_of(tmp_path / "home"))


def test_the_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make_self_signed(tmp_path / f"{name}.pem", tmp_path / f"{name}.key", names=NAMES, now=utc_now())
    mixed = settings_of(tmp_path / "home", tls_certificate=str(tmp_path / "a.pem"), tls_key=str(tmp_path / "b.key"))
    with pytest.raises(SetupError, match="cannot be used"):
        prepare(mixed)


def test_tools_are_those_of_the_settings(tmp_path: Path) -> None:
    more = settings_of(tmp_path / "home", grafana_url="http://127.0.0.1:3000", prometheus_url="http://127.0.0.1:9090")
    assert {tool.name for tool in list_own_tools(more, mlflow=True)} == {"grafana", "mlflow", "ray", "prometheus"}
    elsewhere = more.model_copy(update={"ray_address": "10.0.0.7:6379", "grafana_url": ""})
    assert {tool.name for tool in list_own_tools(elsewhere, mlflow=False)} == {"prometheus"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_tool_is_known_to_nginx_and_metrics_and_told_of_on_the_start_page(language: str) -> None:
    top = Path(__file__).parents[2]
    words = tomllib.loads((top / f"frontends/locales/{language}.toml").read_text(encoding="utf-8"))
    maps = (top / "cluster/gateway/maps.conf").read_text(encoding="utf-8")
    for tool in TOOLS:
        assert words["start"][tool].keys() == {"title", "about"}
        assert tool in ADDRESSES
        assert maps.count(f"|{tool}|") + maps.count(f"({tool}|") + maps.count(f"|{tool})") == 2


@pytest.mark.parametrize("tool", ["mlflow=elsewhere", "jupyter=http://10.0.0.7:8888", "ray=http://10.0.0.7:8265/ray"])
def test_tool_elsewhere_that_is_none_is_refused(tool: str) -> None:
    with pytest.raises(typer.BadParameter, match=tool):
        read_tools([tool])


def test_rays_token_is_sent_to_ray_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("secret\n")
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(tmp_path / "token"))
    tools = {tool.name: tool for tool in read_tools([f"{name}=http://10.0.0.7:9000" for name in TOOLS])}
    assert tools.keys() == set(TOOLS)
    assert {name: tool.authorization for name, tool in tools.items() if tool.authorization} == {"ray": "Bearer secret"}
    assert {name for name, tool in tools.items() if tool.changes is None} == {"grafana"}


def test_alone_it_stands_in_front_of_others_and_ends_in_order(
    tmp_path: Path, echo: str, start_sake: Callable[..., subprocess.Popen[str]]
) -> None:
    home, (port, http_port, metrics) = tmp_path / "home", free_ports(3)
    ports = {"SAKE_GATEWAY_PORT": str(port), "SAKE_GATEWAY_HTTP_PORT": str(http_port)}
    ports |= {"SAKE_KEEPER_METRICS_PORT": str(metrics)}
    without_key = start_sake("gateway", "--api", echo, home=home, **ports)
    assert "screens_key" in without_key.communicate(timeout=PATIENCE)[1]
    assert without_key.returncode == 5
    home.mkdir(exist_ok=True)
    (home / "screens_key").write_text(KEY)
    tool = ("--tool", f"mlflow=http://{echo}")
    process = start_sake("gateway", "--api", echo, "--api", echo, "--user-screens", echo, *tool, home=home, **ports)
    wait_until(lambda: is_open(port), process=process)
    trust = ssl.create_default_context(cafile=str(home / "tls/certificate.pem"))
    with httpx.Client(base_url=f"https://localhost:{port}", verify=trust, trust_env=False) as client:
        assert client.get("/api/v1/documents").json()["path"] == "/documents"
        assert client.get("/results").json()["path"] == "/results"
        assert client.get("/ray/").json()["code"] == "tool-not-configured"
        assert client.get("/mlflow/page").json()["path"] == "/page"

    def exported() -> str:
        return httpx.get(f"http://127.0.0.1:{metrics}/metrics", trust_env=False).text

    wait_until(lambda: 'sake_gateway_requests_total{place="ray",status="4xx"} 1.0' in exported())
    wait_until(lambda: "\nsake_certificate_days_left 396." in exported() and "\nsake_gateway_up 1.0" in exported())
    process.terminate()
    assert process.wait(PATIENCE) == 0
    assert not is_open(port)


def test_without_screens_people_are_told_and_programs_go_on(tmp_path: Path, echo: str) -> None:
    settings = settings_of(tmp_path / "home", screens=False)
    alone = make_gateway_config(settings, replace(find_own_addresses(settings), api=(echo,)), ())
    with running(tmp_path / "gateway", alone) as front, front.client() as client:
        assert client.get("/api/v1/documents").status_code == 200
        assert client.get("/results").status_code == client.get("/admin-ui/").status_code == 503


def test_nginx_whose_master_is_killed_starts_again_on_the_same_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sidecars, "POLL_SECONDS", 0.02)
    settings = settings_of(tmp_path / "home")
    prepared = prepare(settings)
    with run_sidecars([prepared.sidecar]) as (process,):
        wait_until(lambda: is_open(settings.gateway_port))
        killed = process.process
        workers = psutil.Process(killed.pid).children()
        killed.kill()
        wait_until(lambda: process.process is not killed and is_open(settings.gateway_port))
        assert all(has_ended(worker) for worker in workers)
        assert process.process.poll() is None


def test_what_a_killed_start_left_is_ended_by_the_next(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home")
    prepared = prepare(settings)
    left = subprocess.Popen(prepared.sidecar.command, start_new_session=True)
    wait_until(lambda: is_open(settings.gateway_port))
    family = psutil.Process(left.pid).children()
    end_left_gateway(settings)
    left.wait(30)
    assert all(has_ended(member) for member in family)
    end_left_gateway(settings)  # there is nothing left


def test_with_two_gateways_and_one_killed_callers_who_try_again_lose_nothing(tmp_path: Path) -> None:
    with serving(make_echo()) as address, ExitStack() as stack:
        fronts = [
            stack.enter_context(running(tmp_path / name, make_config(tmp_path / name, address))) for name in ("a", "b")
        ]
        clients = [stack.enter_context(front.client()) for front in fronts]
        done: list[int] = []

        def send(number: int) -> None:
            while True:
                for client in clients:
                    try:
                        answer = client.post(f"/api/v1/predict/{number}", content=b"x" * 50_000)
                    except httpx.TransportError:
                        continue
                    if answer.status_code == 200:
                        done.append(number)
                        return
                time.sleep(0.05)

        with ThreadPoolExecutor(6) as threads:
            running_sends = [threads.submit(send, number) for number in range(200)]
            wait_until(lambda: len(done) > 40, interval=0.01)
            family = [psutil.Process(fronts[0].process.pid), *psutil.Process(fronts[0].process.pid).children()]
            for member in family:
                member.kill()
            for sending in running_sends:
                sending.result()
    assert sorted(done) == list(range(200))


def test_what_the_gateway_adds_is_measured_beside_the_way_without_it(front: Front, echo: str) -> None:
    with httpx.Client(base_url=f"http://{echo}") as direct, front.client() as gateway:
        added = compare(direct, gateway, {}, requests=4)
        uploads = compare(direct, gateway, {}, requests=2, upload=("a.png", bytes(5000)))
    for measured in (added, uploads):
        assert re.fullmatch(
            r"directly p50 .+ ms, p99 .+ ms; the gateway adds p50 [+-].+ ms, p99 [+-].+ ms", str(measured)
        )
