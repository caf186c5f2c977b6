"""`sake watch`: as a command, and beside the service."""

import json
import signal
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sake_ray.cli.sidecars import run_sidecars
from sake_ray.cli.watch_sidecar import check_watch, forget_left_places, make_watch
from sake_ray.domain.accounts import Account, Role
from sake_ray.errors import SetupError
from sake_ray.settings import Settings, read_settings
from sake_ray.storage.records import WatchedPlace
from tests.command import run_sake
from tests.waiting import wait_until
from tests.watch.watched import Installation, open_installation, put, scan, tree


@pytest.fixture
def installation(tmp_path: Path, tables: Path) -> Installation:
    return open_installation(tmp_path / "home", tables)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return put(tmp_path / "scans/Durand/a.png").parents[1]


def test_once_says_what_came_of_it(installation: Installation, place: Path, tmp_path: Path) -> None:
    put(place / "Durand/torn.png", b"no picture")
    done = run_sake("watch", f"lyon={place}", "--every", "0", "--once", home=tmp_path / "home")
    assert (done.returncode, done.stdout) == (0, "1 handed in, 1 failed, 0 left, 1 in work\n"), done.stderr
    (document,) = installation.documents
    assert (document.team, document.reference) == ("lyon", "Durand")
    assert installation.records.watched.list_places(datetime.now(UTC)) == ()  # which nobody watches now


def test_whoever_ends_forgets_no_place_of_the_settings(installation: Installation, place: Path, tmp_path: Path) -> None:
    settings = {"SAKE_WATCH": f"lyon={place}"}
    run_sake("watch", "--every", "0", "--once", home=tmp_path / "home", **settings)
    run_sake("watch", f"lyon={place}", "--every", "0", "--once", home=tmp_path / "home", **settings)
    (known,) = installation.records.watched.list_places(datetime.now(UTC))
    assert known.handed_in == 1


def test_an_account_that_hands_in_sees_them_as_its_own(installation: Installation, place: Path, tmp_path: Path) -> None:
    marie = Account("marie", Role.USER, "paris")
    installation.records.accounts.add(marie, password_hash="!", now=datetime.now(UTC))
    run_sake("watch", str(place), "--owner", "marie", "--every", "0", "--once", home=tmp_path / "home")
    (document,) = installation.documents
    batch = installation.records.batches.find(document.batch)
    assert batch
    assert (batch.owner, batch.team) == ("marie", "paris")


def test_it_watches_until_it_is_told_to_end(
    installation: Installation, place: Path, tmp_path: Path, start_sake: Callable[..., "subprocess.Popen[str]"]
) -> None:
    process = start_sake("watch", str(place), "--every", "0.1", home=tmp_path / "home")
    wait_until(lambda: installation.handed_in == [("Durand", "a.png")], process=process)
    wait_until(lambda: installation.records.watched.list_places(datetime.now(UTC)), process=process)
    put(place / "Martin/b.png", scan(1))
    wait_until(lambda: len(installation.documents) == 2, process=process)
    installation.read_all()
    wait_until(lambda: tree(place) == ["done/Durand/a.png", "done/Martin/b.png"], process=process)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 0
    assert installation.records.watched.list_places(datetime.now(UTC)) == ()  # as whoever ended it knows
    assert installation.handed_in == [("Durand", "a.png"), ("Martin", "b.png")]
    lines = [json.loads(line) for line in (tmp_path / "home/logs/watch.log").read_text().splitlines()]
    assert [line["event"] for line in lines].count("files handed in") == 2
    assert "Durand" not in told + json.dumps(lines)


def test_how_a_place_fares_is_known_as_long_as_it_is_watched(
    installation: Installation, place: Path, tmp_path: Path, start_sake: Callable[..., "subprocess.Popen[str]"]
) -> None:
    process = start_sake("watch", str(place), "--every", "0.1", home=tmp_path / "home")
    for number in range(1, 13):  # for some seconds
        wait_until(lambda number=number: len(installation.documents) == number, process=process)  # type: ignore[misc]
        put(place / f"Martin/{number}.png", scan(number))
    looks = installation.records.watched
    wait_until(
        lambda: [place.handed_in for place in looks.list_places(datetime.now(UTC))] == [13], timeout=30, process=process
    )
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)


def test_a_place_that_hangs_or_is_away_holds_up_no_other(
    installation: Installation, place: Path, tmp_path: Path
) -> None:
    done = run_sake("watch", str(tmp_path / "gone"), str(place), "--every", "0", "--once", home=tmp_path / "home")
    assert done.stdout.startswith("1 handed in")
    assert done.stderr.count("The place gone cannot be looked at") == 1


def test_beside_the_service_it_watches_the_places_of_the_settings(
    installation: Installation, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"HOME": str(tmp_path / "home"), "WATCH": f"paris={place}", "WATCH_SECONDS": "1"}.items():
        monkeypatch.setenv(f"SAKE_{name}", value)
    sidecars = make_watch(read_settings())
    with run_sidecars(sidecars):
        wait_until(lambda: installation.documents, log=sidecars[0].log.read_text)
    assert [document.team for document in installation.documents] == ["paris"]


def test_a_place_that_has_left_the_settings_is_forgotten_and_those_of_others_are_not(
    installation: Installation, tmp_path: Path
) -> None:
    looks, home = installation.records.watched, tmp_path / "home"

    def start(home: Path, watch: str) -> list[str]:
        settings = Settings(home=home, watch=watch)
        forget_left_places(settings, installation.records)
        for address in settings.places:
            looks.record_look(WatchedPlace(address.id, address.name, address.team, datetime.now(UTC)))
        return [place.name for place in looks.list_places(datetime.now(UTC))]

    assert start(home, "/srv/a,/srv/b") == ["a", "b"]
    assert start(tmp_path / "other", "/srv/c") == ["a", "b", "c"]
    assert start(home, "/srv/b,/srv/d") == ["b", "c", "d"]
    assert start(home, "") == ["c"]


def test_beside_the_service_only_the_places_of_the_settings_are_known(
    installation: Installation, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAKE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SAKE_WATCH_SECONDS", "1")
    for name in ("before", "scans"):
        monkeypatch.setenv("SAKE_WATCH", str(place.with_name(name)))
        sidecars = make_watch(read_settings())
        with run_sidecars(sidecars):
            wait_until(
                lambda name=name: (
                    [place.name for place in installation.records.watched.list_places(datetime.now(UTC))] == [name]
                ),  # type: ignore[misc]
                log=sidecars[0].log.read_text,
            )


def test_without_places_nothing_is_started() -> None:
    assert make_watch(Settings()) == ()


def test_a_mailbox_needs_its_password_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="SAKE_WATCH_PASSWORD_FILE"):
        check_watch(Settings(watch="imaps://marie@host/INBOX", watch_password_file=str(tmp_path / "none")))


@pytest.mark.parametrize("words", [(), ("ftp://host",), ("scans", "--owner", "nobody")])
def test_what_cannot_be_watched_is_said_in_a_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    done = run_sake("watch", *words, "--once", home=tmp_path / "home")
    assert done.returncode in {2, 5}
    assert done.stderr.startswith("sake: ")


def test_a_setting_that_is_no_place_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAKE_WATCH", "imap://marie@host/INBOX")
    with pytest.raises(SetupError, match="SAKE_WATCH"):
        read_settings()
