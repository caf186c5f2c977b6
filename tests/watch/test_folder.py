"""A watched folder: what is put into it is handed in once, under the name of its sub-folder."""

import logging
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sake_ray.errors import Message, StorageUnavailable
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import WatchedOutcome
from sake_ray.storage.records.tables import documents
from sake_ray.watch.folder import AGAIN_SECONDS
from sake_ray.watch.places import MAX_TOGETHER, FailedFile
from sake_ray.watch.waiting import PATIENCE
from tests.watch.watched import MAX_BYTES, SCAN, Installation, put, scan, tree


def test_the_sub_folder_is_the_reference_and_the_files_go_to_done(installation: Installation, place: Path) -> None:
    put(place / "Durand, Marie/cv.png")
    put(place / "Durand, Marie/2026/contract.png", scan(1))
    watcher = installation.watch_folder(place)
    outcome = watcher.look()
    assert (outcome.handed_in, outcome.failed, outcome.waiting) == (2, 0, 0)
    assert watcher.look().in_work == 2
    installation.read_all()
    assert watcher.look().in_work == 0
    assert installation.handed_in == [("Durand, Marie", "contract.png"), ("Durand, Marie", "cv.png")]
    assert tree(place) == ["done/Durand, Marie/2026/contract.png", "done/Durand, Marie/cv.png"]
    assert len({document.batch for document in installation.documents}) == 1
    assert {document.team for document in installation.documents} == {"paris"}


def test_files_that_are_handed_in_together_belong_to_one_trace_and_others_to_others(
    installation: Installation, place: Path
) -> None:
    for number, path in enumerate(("Durand/a.png", "Durand/b.png", "Petit/c.png")):
        put(place / path, scan(number))
    installation.watch_folder(place).look()
    traces = {(document.reference, document.trace_id) for document in installation.documents}
    assert len(traces) == len({trace for _, trace in traces}) == 2
    assert all(len(trace) == 32 for _, trace in traces)


def test_files_in_the_place_itself_are_named_by_it_and_the_day(installation: Installation, place: Path) -> None:
    put(place / "a.png")
    installation.watch_folder(place).look()
    assert [name for name, _ in installation.handed_in] == [f"scans {datetime.now().astimezone():%Y-%m-%d}"]


def test_a_name_that_a_mac_writes_is_that_of_the_keyboard(installation: Installation, place: Path) -> None:
    put(place / "Be\u0301atrice/a.png")
    installation.watch_folder(place).look()
    assert [name for name, _ in installation.handed_in] == ["B\u00e9atrice"]


def test_what_cannot_be_handed_in_is_moved_aside_with_its_sentence(installation: Installation, place: Path) -> None:
    put(place / "Durand/letter.docx.png", b"no picture at all")
    put(place / "Durand/large.png", SCAN + b"x" * MAX_BYTES)
    put(place / "Durand/empty.pdf", b"")
    put(place / "Durand/good.png")
    outcome = installation.watch_folder(place).look()
    assert (outcome.handed_in, outcome.failed) == (1, 3)
    assert tree(place / "failed/Durand") == [
        "empty.pdf", "empty.pdf.txt", "large.png", "large.png.txt", "letter.docx.png", "letter.docx.png.txt",
    ]  # fmt: skip
    assert "The file is empty" in (place / "failed/Durand/empty.pdf.txt").read_text()
    assert "1 MB" in (place / "failed/Durand/large.png.txt").read_text()


def test_what_cannot_be_read_is_moved_aside_with_its_sentence(installation: Installation, place: Path) -> None:
    put(place / "Durand/damaged.png", scan(1))
    put(place / "Durand/good.png", scan(2))
    watcher = installation.watch_folder(place)
    assert watcher.look().failed == 0
    installation.read_all(failing={"damaged.png"})
    assert watcher.look().failed == 1
    assert tree(place) == ["done/Durand/good.png", "failed/Durand/damaged.png", "failed/Durand/damaged.png.txt"]
    assert "The PDF is damaged" in (place / "failed/Durand/damaged.png.txt").read_text()


def test_what_needs_ops_stays_where_it_is(installation: Installation, place: Path) -> None:
    put(place / "Durand/a.png")
    watcher = installation.watch_folder(place)
    watcher.look()
    with installation.records.database.transaction() as connection:
        connection.execute(documents.update().values(status="NEEDS_OPS"))
    assert (watcher.look().in_work, tree(place)) == (1, ["Durand/a.png"])


def test_a_sub_folder_that_can_be_no_reference_is_moved_aside(installation: Installation, place: Path) -> None:
    put(place / "2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d/a.png")
    put(place / "fine/b.png")
    outcome = installation.watch_folder(place).look()
    assert (outcome.handed_in, outcome.failed) == (1, 1)
    (sentence,) = (place / "failed").rglob("*.txt")
    assert "uuid" in sentence.read_text()


def test_what_was_mended_is_handed_in_when_it_is_put_back(installation: Installation, place: Path) -> None:
    put(place / "Durand/a.png", b"torn")
    watcher = installation.watch_folder(place)
    watcher.look()
    put(place / "failed/Durand/a.png", SCAN).rename(place / "Durand/a.png")
    assert watcher.look().handed_in == 1


def test_a_file_that_is_still_written_is_left_until_it_rests(installation: Installation, place: Path) -> None:
    watcher = installation.watch_folder(place, seconds=10)
    path = put(place / "Durand/a.png", SCAN[:100])
    assert watcher.look().waiting == 1
    installation.clock.seconds += 10
    path.write_bytes(SCAN)
    assert watcher.look().handed_in == 0
    installation.clock.seconds += 9
    assert watcher.look().handed_in == 0
    installation.clock.seconds += 1
    assert watcher.look().handed_in == 1
    assert [document.size for document in installation.documents] == [len(SCAN)]


def test_a_file_of_full_size_whose_time_still_changes_does_not_rest(installation: Installation, place: Path) -> None:
    """Explorer makes a file as large as it will be before it writes it."""
    watcher = installation.watch_folder(place, seconds=10)
    path = put(place / "a.png")
    watcher.look()
    for moment in range(3):
        installation.clock.seconds += 10
        os.utime(path, ns=(moment, moment))
        assert watcher.look().handed_in == 0


def test_a_sub_folder_waits_for_its_last_file_but_not_for_ever(installation: Installation, place: Path) -> None:
    watcher = installation.watch_folder(place, seconds=10)
    put(place / "Durand/a.png")
    watcher.look()
    installation.clock.seconds += 10
    growing = put(place / "Durand/b.png", SCAN[:10])
    assert watcher.look().handed_in == 0
    for _ in range(PATIENCE):
        installation.clock.seconds += 10
        growing.write_bytes(growing.read_bytes() + b"x")
        outcome = watcher.look()
    assert outcome.handed_in == 1
    assert installation.handed_in == [("Durand", "a.png")]


@pytest.mark.parametrize(
    "name", ["a.png.part", ".a.png", "Thumbs.db", "~$a.docx", "a.png.crdownload", ".hidden/a.png", "list.txt", "done/a.png",
    "FAILED/a.png", "Durand/@eaDir/a.png/SYNOPHOTO_THUMB_M.jpg", "#recycle/a.png"],
)  # fmt: skip
def test_what_is_nobodys_document_stays_where_it_is(installation: Installation, place: Path, name: str) -> None:
    put(place / name, b"name;first name" if name.endswith(".txt") else SCAN)
    assert installation.watch_folder(place).look().waiting == 0
    assert tree(place) == [name]
    assert installation.documents == []


def test_a_scan_called_txt_is_handed_in(installation: Installation, place: Path) -> None:
    put(place / "Durand/scan.txt")
    assert installation.watch_folder(place).look().handed_in == 1


def test_no_link_leads_out_of_the_place(installation: Installation, place: Path, tmp_path: Path) -> None:
    put(tmp_path / "secret/a.png")
    (place / "Durand").mkdir()
    (place / "Durand/link.png").symlink_to(tmp_path / "secret/a.png")
    (place / "all").symlink_to(tmp_path / "secret")
    assert installation.watch_folder(place).look() == installation.watch_folder(place).look()
    assert installation.documents == []
    assert tree(tmp_path / "secret") == ["a.png"]


def test_a_folder_that_becomes_a_link_while_it_is_handed_in_is_not_followed(
    installation: Installation, place: Path, tmp_path: Path
) -> None:
    put(tmp_path / "secret/a.png", scan(7))
    put(place / "Durand/a.png")
    watcher = installation.watch_folder(place)
    (arrival,) = watcher.place.look(lambda _: {})
    (place / "Durand").rename(tmp_path / "away")
    (place / "Durand").symlink_to(tmp_path / "secret")
    watcher.hand_in(arrival)
    assert installation.documents == []
    assert tree(tmp_path / "secret") == ["a.png"]


def test_a_link_in_place_of_done_takes_nothing_out_of_the_place(
    installation: Installation, place: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (place / "done").symlink_to(tmp_path / "elsewhere")
    put(place / "Durand/a.png")
    watcher = installation.watch_folder(place)
    assert watcher.look().handed_in == 1
    installation.read_all()
    assert (watcher.look().handed_in, watcher.look().handed_in) == (0, 0)
    assert tree(tmp_path / "elsewhere") == []
    (place / "done").unlink()
    assert (watcher.look().handed_in, tree(place)) == (0, ["Durand/a.png"])
    installation.clock.seconds += AGAIN_SECONDS
    assert (watcher.look().handed_in, tree(place)) == (0, ["done/Durand/a.png"])


def test_the_same_file_put_there_again_is_handed_in_once(installation: Installation, place: Path) -> None:
    watcher = installation.watch_folder(place)
    for _ in range(3):
        put(place / "Durand/a.png")
        watcher.look()
        installation.read_all()
        watcher.look()
    assert len(installation.documents) == 1
    assert tree(place) == ["done/Durand/a (2).png", "done/Durand/a (3).png", "done/Durand/a.png"]
    installation.check_originals()


def test_another_content_under_the_name_is_another_file(installation: Installation, place: Path) -> None:
    watcher = installation.watch_folder(place)
    for number in range(2):
        put(place / "Durand/a.png", scan(number))
        watcher.look()
    assert len(installation.documents) == 2


def test_the_same_content_for_another_person_is_another_file(installation: Installation, place: Path) -> None:
    put(place / "Durand/a.png")
    put(place / "Martin/a.png")
    assert installation.watch_folder(place).look().handed_in == 2


def test_places_within_each_other_hand_in_once(installation: Installation, place: Path) -> None:
    put(place / "paris/Durand/a.png")
    installation.watch_folder(place / "paris", moves=False).look()
    installation.watch_folder(place, moves=False).look()
    assert installation.handed_in == [("Durand", "a.png")]


def test_what_is_left_is_handed_in_once_also_after_a_start(installation: Installation, place: Path) -> None:
    path = put(place / "Durand/a.png")
    watcher = installation.watch_folder(place, moves=False)
    assert [watcher.look().handed_in, watcher.look().handed_in] == [1, 0]
    installation.read_all()
    path.chmod(0)  # it is not even read again
    again = installation.watch_folder(place, moves=False)
    assert [again.look().handed_in, again.look().failed] == [0, 0]
    assert tree(place) == ["Durand/a.png"]


def test_what_is_left_and_changed_is_handed_in_again(installation: Installation, place: Path) -> None:
    path = put(place / "Durand/a.png")
    watcher = installation.watch_folder(place, moves=False)
    watcher.look()
    path.write_bytes(scan(1))
    assert watcher.look().handed_in == 1


def test_a_batch_has_so_many_files_and_the_others_follow_at_once(installation: Installation, place: Path) -> None:
    for number in range(MAX_TOGETHER + 2):
        put(place / f"Durand/{number:03}.png", scan(number))
    watcher = installation.watch_folder(place)
    outcome = watcher.look()
    assert (outcome.handed_in, outcome.waiting, outcome.more) == (MAX_TOGETHER, 2, True)
    outcome = watcher.look()
    assert (outcome.handed_in, outcome.waiting, outcome.more) == (2, 0, False)


def test_a_file_that_changes_while_it_is_handed_in_stays_and_is_handed_in_whole(
    installation: Installation, place: Path
) -> None:
    path = put(place / "Durand/a.png")
    put(place / "Durand/b.png", scan(1))
    watcher = installation.watch_folder(place)
    (arrival,) = watcher.place.look(lambda _: {})
    path.write_bytes(SCAN + b"more")
    watcher.hand_in(arrival)
    assert installation.handed_in == [("Durand", "b.png")]
    watcher.look()
    assert installation.handed_in == [("Durand", "a.png"), ("Durand", "b.png")]
    installation.check_originals()


def test_a_file_that_takes_the_place_of_one_that_was_handed_in_is_not_moved_away(
    installation: Installation, place: Path
) -> None:
    path = put(place / "Durand/a.png")
    watcher = installation.watch_folder(place)

    watcher.look()
    installation.read_all()
    ended = installation.records.watched.find_outcomes

    def replace(stamps: Sequence[str]) -> Mapping[str, WatchedOutcome]:
        outcomes = ended(stamps)
        put(path.with_suffix(".new"), scan(2)).rename(path)
        return outcomes

    _ = list(watcher.place.look(replace))
    assert tree(place) == ["Durand/a.png"]
    watcher.look()
    installation.read_all()
    watcher.look()
    assert (len(installation.documents), tree(place)) == (2, ["done/Durand/a.png"])


def test_what_cannot_be_moved_aside_counts_once(installation: Installation, place: Path, tmp_path: Path) -> None:
    (place / "failed").symlink_to(tmp_path)
    put(place / "Durand/torn.png", b"no picture")
    watcher = installation.watch_folder(place)
    assert watcher.look().failed == 1
    installation.clock.seconds += AGAIN_SECONDS
    assert watcher.look().failed == 0
    (place / "failed").unlink()
    installation.clock.seconds += AGAIN_SECONDS
    watcher.look()
    assert tree(place) == ["failed/Durand/torn.png", "failed/Durand/torn.png.txt"]


def test_a_name_as_long_as_names_may_be_has_its_sentence(installation: Installation, place: Path) -> None:
    name = "é" * 125 + "a.png"
    put(place / "Durand" / name, b"no picture")
    outcome = installation.watch_folder(place).look()
    assert (outcome.failed, outcome.away) == (1, "")
    assert [len(path.encode()) for path in tree(place / "failed/Durand")] == [255, 255]


def test_what_cannot_be_handed_in_just_now_holds_up_nothing_else(installation: Installation, place: Path) -> None:
    class PartlyFullStore(FolderStore):
        def put(self, key: str, data: bytes, *, durable: bool = False) -> None:
            if data == scan(1):
                raise StorageUnavailable("store-not-a-folder", folder=self.root)
            super().put(key, data, durable=durable)

    put(place / "Durand/a.png", scan(1))
    put(place / "Martin/b.png", scan(2))
    watcher = installation.watch_folder(place)
    watcher.intake.store = PartlyFullStore(installation.store.root)
    assert (watcher.look().handed_in, watcher.place.backlog.waiting) == (1, 1)
    watcher.intake.store = installation.store
    assert watcher.look().handed_in == 1
    assert installation.handed_in == [("Durand", "a.png"), ("Martin", "b.png")]
    installation.check_originals()


def test_a_sentence_lies_beside_its_file_or_not_at_all(installation: Installation, place: Path) -> None:
    """Another watcher may have moved the file before."""
    path = put(place / "Durand/torn.png", b"no picture")
    watcher = installation.watch_folder(place)
    (arrival,) = watcher.place.look(lambda _: {})
    put(place / "failed/Durand/torn.png", path.read_bytes())
    path.unlink()
    watcher.place.conclude(arrival, (), [FailedFile(arrival.files[0], Message("empty-file"))])
    assert tree(place) == ["failed/Durand/torn.png"]


def test_a_file_closed_to_us_is_moved_aside_with_its_sentence(installation: Installation, place: Path) -> None:
    if os.getuid() == 0:
        pytest.skip("nothing is closed to root")
    put(place / "Durand/a.png").chmod(0)
    assert installation.watch_folder(place).look().failed == 1
    assert "may not read" in (place / "failed/Durand/a.png.txt").read_text()


def test_those_who_may_read_the_place_may_read_what_is_made_in_it(installation: Installation, place: Path) -> None:
    place.chmod(0o775)
    put(place / "Durand/a.png", b"torn")
    before = os.umask(0o077)
    try:
        installation.watch_folder(place).look()
    finally:
        os.umask(before)
    assert (place / "failed/Durand").stat().st_mode & 0o777 == 0o775
    assert (place / "failed/Durand/a.png.txt").stat().st_mode & 0o777 == 0o664


def test_a_place_that_is_away_says_so_once_and_goes_on_when_it_is_back(
    installation: Installation, place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sake_ray.watch")
    watcher = installation.watch_folder(place)
    place.rename(place.with_name("unmounted"))
    assert [bool(watcher.look().away) for _ in range(3)] == [True] * 3
    (state,) = installation.records.watched.list_places(datetime.now(UTC))
    assert "cannot be looked at" in state.away
    place.with_name("unmounted").rename(place)
    put(place / "Durand/a.png")
    assert watcher.look().handed_in == 1
    said = [record.message for record in caplog.records if record.name.startswith("sake_ray.watch")]
    assert said == ["place away", "files handed in", "place back"]


def test_logs_have_no_name_of_a_person(
    installation: Installation, place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sake_ray")
    put(place / "Durand, Marie/cv-durand.png")
    put(place / "Durand, Marie/durand-torn.png", b"torn")
    installation.watch_folder(place).look()
    assert caplog.records
    assert "urand" not in repr([vars(record) for record in caplog.records])


def test_how_a_place_fares_is_in_the_records(installation: Installation, place: Path) -> None:
    watcher = installation.watch_folder(place, seconds=10)
    put(place / "Durand/a.png")
    put(place / "Durand/b.png", b"torn")
    watcher.look()
    (state,) = installation.records.watched.list_places(datetime.now(UTC))
    assert (state.name, state.team, state.waiting, state.handed_in) == ("scans", "paris", 2, 0)
    assert state.oldest_at
    assert state.oldest_at <= state.looked_at
    installation.clock.seconds += 10
    watcher.look()
    (state,) = installation.records.watched.list_places(datetime.now(UTC))
    assert (state.waiting, state.handed_in, state.failed, state.oldest_at) == (0, 1, 1, None)
