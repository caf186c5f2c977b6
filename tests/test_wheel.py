"""The wheel is enough: installed by itself, away from the checkout, the command classifies and serves."""

import csv
import subprocess
import sys
import sysconfig
from pathlib import Path

import httpx
import pytest

from sake_ray.cli.keeper import measure_answer
from sake_ray.synthetic.generate import generate
from tests.ports import free_ports
from tests.service import Service
from tests.waiting import wait_until

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a virtual environment with the wheel in it; the packages of others are those of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "-q")
    built = ("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, ROOT)
    subprocess.run((*pip, *built), check=True, capture_output=True)
    (wheel,) = folder.glob("sake_ray-*.whl")
    environment = folder / "venv"
    subprocess.run((sys.executable, "-m", "venv", "--without-pip", environment), check=True)
    python = environment / "bin/python"
    subprocess.run(
        (*pip, "--python", python, "install", "--no-deps", "--no-index", wheel), check=True, capture_output=True
    )
    # By this path the packages are found, but not the checkout itself, which is there by a file of the same kind.
    (own,) = environment.glob("lib/python3*/site-packages")
    (own / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment


@pytest.fixture(autouse=True)
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the checkout is found by the folder that a program is started in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)


def test_packages_are_those_of_the_wheel(installed: Path) -> None:
    show = "import sake_ray, frontends; print(sake_ray.__file__, frontends.__file__)"
    done = subprocess.run((installed / "bin/python", "-c", show), capture_output=True, text=True, check=True)
    assert all(Path(place).is_relative_to(installed) for place in done.stdout.split())
    assert len(done.stdout.split()) == 2


def test_it_classifies_a_folder(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAKE_HOME", str(tmp_path / "home"))
    (tmp_path / "scans").mkdir()
    documents = list(generate(2, seed=3))
    for document in documents:
        (tmp_path / "scans" / document.name).write_bytes(document.data)
    command = (installed / "bin/sake", "classify", "scans", "--output", "results.csv")
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=800)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "results.csv").open(encoding="utf-8") as file:
        assert [row["label"] for row in csv.DictReader(file)] == [document.label for document in documents]


def test_it_serves_with_screens_and_gateway(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.service.SAKE", installed / "bin/sake")
    (tmp_path / "home").mkdir()
    user, admin = free_ports(2)
    screens = {"SAKE_SCREENS": "true", "SAKE_USER_PORT": str(user), "SAKE_ADMIN_PORT": str(admin)}
    service = Service(tmp_path / "home", "--gateway", **screens)
    service.start()
    try:
        wait_until(lambda: "Ctrl-C ends it." in service.log(), timeout=800, process=service.process, log=service.log)
        assert ", confidence " in service.whole_log(), service.log()
        assert "The test failed" not in service.whole_log()
        for port, path in ((user, "/sign-in"), (admin, "/admin-ui/sign-in")):
            url = f"http://127.0.0.1:{port}{path}"
            wait_until(lambda url=url: answers(url), log=service.log)
        gateway = f"https://localhost:{service.gateway_port}/-/alive"
        wait_until(lambda: measure_answer(gateway) is not None, log=service.log)
    finally:
        service.stop()


def answers(url: str) -> bool:
    """Whether a page is there."""
    try:
        return httpx.get(url, trust_env=False, timeout=30).status_code == 200
    except httpx.HTTPError:
        return False
