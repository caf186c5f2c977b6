"""Whoever takes over the process that decodes gets at nothing else; where the machine forbids a layer, the others stay."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sake_ray.data.confinement.own_user import DAC_READ_SEARCH
from sake_ray.data.reading import Reader, ReadingOptions
from tests.pages import letter, png

HARMLESS = ["write in its folder", "read the libraries"]
ON_FILES = {"read elsewhere", "list elsewhere", "write elsewhere", "overwrite elsewhere", "delete elsewhere", "link"}
ON_THE_NETWORK = {"connect", "ipv6", "unix", "io_uring"}
Attack = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attack]:
    """Have a confined process attack servers that listen and files that are there; those calls are refused to it beforehand."""
    known: dict[tuple[str, ...], dict[str, Any]] = {}
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        place = tmp_path_factory.mktemp("u") / "s"
        local.bind(str(place))
        local.listen()

        def attack(*refused: str) -> dict[str, Any]:
            if refused not in known:
                scratch, elsewhere = tmp_path_factory.mktemp("scratch"), tmp_path_factory.mktemp("elsewhere")
                (elsewhere / "secret").write_text("the secret")
                command = [sys.executable, "-m", "tests.data.confined_attacker", scratch, elsewhere]
                done = subprocess.run(
                    [*map(str, command), str(server.getsockname()[1]), str(place), *refused],
                    capture_output=True, text=True, check=False,
                )  # fmt: skip
                assert done.returncode == 0, done.stderr
                known[refused] = json.loads(done.stdout)
            return known[refused]

        yield attack


@pytest.fixture(scope="module")
def confined(attack: Attack) -> dict[str, Any]:
    """What came of the attack on a machine that allows the confinement, but for another user perhaps."""
    result = attack()
    if result["missing"].keys() - {"user"}:
        pytest.skip(f"this machine does not allow all of it: {result['missing']}")
    return result


def test_confined_process_gets_at_nothing_but_its_folder_and_libraries(confined: dict[str, Any]) -> None:
    as_root = {"become root"} if confined["user"] == 0 else set()  # which has no rights any more
    assert set(confined["done"]) == {*HARMLESS, *as_root}


def test_programs_run_until_they_are_refused(confined: dict[str, Any]) -> None:
    assert confined["started"]


def test_confined_process_has_no_rights_and_gets_none(confined: dict[str, Any]) -> None:
    assert confined["no_new_privileges"] == "1"
    assert confined["capabilities"] in {0, 1 << DAC_READ_SEARCH}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_process_that_root_started_is_a_user_of_its_own_or_says_why_not(confined: dict[str, Any]) -> None:
    assert (confined["user"] == 0) == ("user" in confined["missing"])


def test_without_landlock_the_network_and_the_privileges_are_closed_all_the_same(attack: Attack) -> None:
    result = attack("landlock_create_ruleset")
    assert result["missing"].keys() == {"files"} | attack()["missing"].keys()
    assert not ON_THE_NETWORK & set(result["done"])
    assert not {"run a program", "new namespace", "open to all"} & set(result["done"])
    assert result["capabilities"] in {0, 1 << DAC_READ_SEARCH}
    assert result["no_new_privileges"] == "1"


def test_without_seccomp_files_are_closed_and_the_network_leads_nowhere(attack: Attack) -> None:
    result = attack("seccomp")
    assert {"calls", "programs"} <= result["missing"].keys()
    assert not ON_FILES & set(result["done"])
    assert "connect" not in result["done"]
    assert "become root" not in result["done"]


def test_without_seccomp_and_namespaces_files_are_closed_and_the_rest_is_said(attack: Attack) -> None:
    result = attack("seccomp", "unshare")
    assert {"calls", "network", "programs"} <= result["missing"].keys()
    assert not ON_FILES & set(result["done"])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_root_that_may_not_change_its_user_gives_up_its_rights(attack: Attack) -> None:
    result = attack("setresuid")
    assert result["missing"].keys() == {"user"} | attack()["missing"].keys()
    assert (result["user"], result["capabilities"]) == (0, 0)
    assert set(result["done"]) - {"become root"} == set(attack()["done"]) - {"become root"}


def test_what_is_not_possible_is_logged_once_and_documents_are_read(tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    scan.write_bytes(png(letter().render(100)))
    program = (
        "import logging, sys\nfrom pathlib import Path\nfrom sake_ray.data.confinement.seccomp import Filter\n"
        "from sake_ray.data.reading import Reader, ReadingOptions\nfrom sake_ray.logs import set_up_logs\n"
        "set_up_logs('test', folder=None, level='INFO')\n"
        "forbidden = Filter(); forbidden.refuse('landlock_create_ruleset'); forbidden.load()\n"
        "for _ in range(2):\n"
        "    with Reader(ReadingOptions()) as reader: print(reader.read(Path(sys.argv[1]).read_bytes()).text)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(scan)], capture_output=True, text=True, check=True)
    assert done.stdout.count("Invoice") == 2
    (line,) = [json.loads(line) for line in done.stderr.splitlines() if "not fully confined" in line]
    assert "files" in line["missing"]


def test_reader_says_which_layers_its_process_lacks(reader: Reader, attack: Attack) -> None:
    _ = reader.recipe
    assert reader.missing_layers is not None
    assert reader.missing_layers.keys() == attack()["missing"].keys()


def test_program_of_tesseract_runs_confined() -> None:
    with Reader(ReadingOptions(engine="pytesseract", second_engine="none")) as reader:
        assert "Invoice" in reader.read(png(letter().render(150))).text
