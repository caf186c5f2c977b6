"""The files of cluster/docker are sound, belong together, and are what the guide says of them; `make containers` runs them."""

import re
import shutil
import socket
import stat
import subprocess
import sys
import threading
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import yaml

from sake_ray.cli.doctor_http import reach
from sake_ray.errors import StorageUnavailable
from sake_ray.storage.objects import open_store
from tests.ports import free_port
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "cluster" / "docker"
PROGRAMS = Path(sys.executable).parent
DRAIN_SECONDS = 30
"""How long Ray gives a node that ends for what runs on it."""
ORIGINAL = (
    "etl", "clean_text", "file", "admin-frontend", "admin-backend", "preprocessing", "train", "eval", "frontend",
    "orchestrator", "predict", "prometheus", "grafana", "alertmanager", "gateway",
)  # fmt: skip
"""The containers of the original."""


def load(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DOCKER / name).read_text(encoding="utf-8"))
    return content


SERVICES: dict[str, dict[str, Any]] = load("compose.yaml")["services"]
OURS = [name for name, service in SERVICES.items() if service["image"].startswith("localhost/sake_ray:")]


def check_compose(path: Path) -> "subprocess.CompletedProcess[str]":
    command = (PROGRAMS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", path)
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["Dockerfile", "packages.Dockerfile"])
def test_dockerfile_is_clean(name: str) -> None:
    found = subprocess.run((PROGRAMS / "hadolint", DOCKER / name), capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("name", ["compose.yaml", "compose.test.yaml"])
def test_compose_file_fits_the_specification(name: str) -> None:
    checked = check_compose(DOCKER / name)
    assert checked.returncode == 0, checked.stdout


def test_misspelt_key_is_noticed(tmp_path: Path) -> None:
    wrong = tmp_path / "compose.yaml"
    wrong.write_text((DOCKER / "compose.yaml").read_text().replace("restart: unless-stopped", "restarts: never", 1))
    assert check_compose(wrong).returncode != 0


def test_images_of_others_are_of_one_version() -> None:
    for name, service in SERVICES.items():
        if name not in OURS:
            assert re.fullmatch(r"[\w.-]+/[\w./-]+:v?\d+(\.\d+)+(-\w+)?", service["image"]), name


@pytest.mark.parametrize("name", SERVICES)
def test_container_has_a_health_check_limits_and_comes_back(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"]
    assert {"cpus", "memory", "pids"} <= service["deploy"]["resources"]["limits"].keys()
    assert service["restart"] == "unless-stopped"
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert service["profiles"]


@pytest.mark.parametrize("name", OURS)
def test_container_of_ours_may_do_little_and_ends_after_ray_has(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["stop_grace_period"].removesuffix("s")) > DRAIN_SECONDS


def check_health(*words: object) -> int:
    return subprocess.run((DOCKER / "healthy", *map(str, words)), capture_output=True, check=False).returncode


def test_health_check_asks_for_a_page_or_a_listener(tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    with HTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = [check_health(server.server_port, path) for path in ("/there", "/missing")]
        listens = check_health(server.server_port)
        server.shutdown()
    assert (found, listens) == ([0, 1], 0)
    assert check_health(server.server_port) == 1


def test_command_of_the_containers_says_what_it_can_be_asked_for() -> None:
    script = ROOT / "scripts" / "containers"
    refused = subprocess.run((script, "images"), capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (2, "")
    for word in ("engine", "base", "image", "packages", "env", "remove"):
        assert f"scripts/containers {word} " in refused.stderr, word
    printed = subprocess.run((script, "env"), capture_output=True, text=True, check=True).stdout
    assert re.match(r"export CONTAINER_ENGINE=(docker|podman) BASE=\S+/debian:\S+\n", printed)


def test_image_runs_as_nobody_of_importance() -> None:
    user = re.findall(r"^USER (.+)$", (DOCKER / "Dockerfile").read_text(), re.MULTILINE)[-1]
    assert int(user) >= 1000


def test_secrets_are_files_that_make_secrets_makes_once(tmp_path: Path) -> None:
    def make() -> dict[str, str]:
        subprocess.run((DOCKER / "make-secrets", tmp_path / "secrets"), check=True)
        return {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}

    made = make()
    assert load("compose.yaml")["secrets"].keys() <= made.keys()
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert made["postgres_password"] in made["sake_records_url"]
    assert made["s3_key"].partition(",")[2] in made["aws_credentials"]
    assert make() == made


def test_no_secret_is_in_an_environment() -> None:
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|KEY|CREDENTIALS", variable):
                assert str(value).startswith("/run/secrets"), variable


def list_arguments(service: dict[str, Any]) -> list[str]:
    """What its containers are started with, line by line; what a shell in it ends as, from `exec` to what it reads."""
    words = [service.get("entrypoint", ()), service.get("command", ()), service["healthcheck"]["test"]]
    lines = "\n".join(word for some in words for word in some).splitlines()
    return [line.partition("exec ")[2].partition("<<")[0] if "exec " in line else line for line in lines]


def test_no_secret_is_in_arguments() -> None:
    shells = 0
    for name, service in SERVICES.items():
        for line in list_arguments(service):
            if "$$" in line:
                assert re.match(r'\s*(export )?\w+="?\S*$|\s*\w+=\$\$\(cat /run/secrets/\w+\)$|requirepass ', line), (
                    name,
                    line,
                )
                shells += 1
    assert shells
    given = [line for line in (DOCKER / "start").read_text().splitlines() if '$(cat "$secrets' in line]
    assert [line.strip().partition("=")[0] for line in given] == ["ray_options+", "MLFLOW_BACKEND_STORE_URI"]
    assert "with `REDIS`, Ray 2.60 has Redis' password in the arguments" in (ROOT / "docs/containers.md").read_text()


def make_script(name: str, tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    """The command of a container, with paths and ports of this machine."""
    (tmp_path / "secrets").mkdir()
    subprocess.run((DOCKER / "make-secrets", tmp_path / "secrets"), check=True)
    shell, options, script = SERVICES[name]["entrypoint"]
    for old, new in (
        ("$$", "$"),
        ("/run/secrets", str(tmp_path / "secrets")),
        ("/data", str(tmp_path / "data")),
        *changes,
    ):
        assert old in script
        script = script.replace(old, new)
    return [shell, options, script]


def read_arguments(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def test_objects_are_kept_for_those_with_the_key_which_is_in_no_arguments(tmp_path: Path) -> None:
    port = free_port()
    rclone = str(PROGRAMS / "rclone")
    command = make_script(
        "objects", tmp_path, (":9000", f"127.0.0.1:{port}"), ("rclone serve", f"{rclone} serve --config /dev/null")
    )
    user, key = (tmp_path / "secrets/s3_key").read_text().split(",")
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            wait_until(lambda: not reach("127.0.0.1", port), process=server)
            place = {"endpoint": f"http://127.0.0.1:{port}", "access_key": user}
            open_store("s3://sake/documents", **place, secret_key=key).put("one", b"content")
            with pytest.raises(StorageUnavailable):
                open_store("s3://sake/documents", **place, secret_key="another").get("one")
            assert "serve" in read_arguments(server.pid)
            assert key not in read_arguments(server.pid)
        finally:
            server.terminate()


@pytest.mark.skipif(not shutil.which("redis-server"), reason="there is no redis-server on this machine")
def test_redis_asks_for_the_password_which_is_in_no_arguments(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "data").mkdir()
    command = make_script("redis", tmp_path, ("appendonly", f"port {port}\nbind 127.0.0.1\nappendonly"))
    password = (tmp_path / "secrets/redis_password").read_text()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            wait_until(lambda: not reach("127.0.0.1", port), process=server)
            with socket.create_connection(("127.0.0.1", port), 10) as connection:
                answers = connection.makefile()
                connection.sendall(b"PING\r\n")
                assert answers.readline().startswith("-NOAUTH")
                connection.sendall(f"AUTH {password}\r\n".encode())
                assert answers.readline() == "+OK\n"
            assert "redis-server" in read_arguments(server.pid)
            assert password not in read_arguments(server.pid)
        finally:
            server.terminate()


def test_gateway_looks_for_containers_where_they_are() -> None:
    fixed = {name: service["networks"]["sake"].get("ipv4_address") for name, service in SERVICES.items()}
    named = re.findall(r"(\$\{SUBNET:-[\d.]+\}\.\d+):", " ".join(SERVICES["gateway"]["command"]))
    assert sorted(named) == sorted(
        [
            fixed["service"],
            *(fixed[name] for name in fixed if fixed[name]),
        ]  # the service twice: its API, and Ray's pages
    )


def test_volumes_are_those_that_are_used() -> None:
    mounts = [mount.partition(":")[0] for service in SERVICES.values() for mount in service.get("volumes", ())]
    assert {mount for mount in mounts if re.fullmatch(r"[\w-]+", mount)} == load("compose.yaml")["volumes"].keys()


def test_test_file_replaces_what_comes_from_elsewhere_and_nothing_else() -> None:
    assert load("compose.test.yaml")["services"].keys() == SERVICES.keys() - set(OURS) - {"grafana", "keycloak"}


def test_prometheus_asks_the_same_jobs_as_beside_the_service() -> None:
    there, here = ({job["job_name"]: job for job in jobs} for jobs in (read_jobs(ROOT / "cluster"), read_jobs(DOCKER)))
    # Ray's own file is not on a cluster, and nobody exports PostgreSQL's metrics here.
    assert there.keys() - here.keys() == {"ray", "postgresql"}
    assert here.keys() <= there.keys()
    for name, job in here.items():
        for key in ("relabel_configs", "metric_relabel_configs"):
            assert job.get(key) == there[name].get(key), (name, key)


def read_jobs(folder: Path) -> list[dict[str, Any]]:
    path = folder / "prometheus.yml" if folder == DOCKER else folder / "prometheus" / "prometheus.yml"
    jobs: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["scrape_configs"]
    return jobs


def test_build_sees_what_the_dockerfile_copies() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DOCKER / "Dockerfile").read_text(), re.MULTILINE)
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for path in " ".join(copied).split():
        assert (ROOT / path).exists(), path
        assert any(Path(path).is_relative_to(start) for start in allowed), path


def test_guide_names_every_container_of_the_original_and_every_one_here() -> None:
    guide = (ROOT / "docs/containers.md").read_text(encoding="utf-8")
    rows = [line for line in guide.splitlines() if line.startswith("| ")]
    assert {name for name in ORIGINAL if not any(row.startswith(f"| {name} |") for row in rows)} == set()
    assert {name for name in SERVICES if not any(f"`{name}`" in row for row in rows)} == set()
