"""Answers of people become images, each once; what is not plain waits for an admin."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sake_ray.cli import app
from sake_ray.errors import InputError, NotFound
from sake_ray.feedback.provenance import provenance_file, unfinished_file
from tests.feedback.desk import PNG, Desk, open_desk, words_of

NOTHING = (0, 0, 0)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(tmp_path)


def steps(desk: Desk) -> tuple[int, int, int]:
    done = desk.import_answers()
    assert not unfinished_file(desk.workspace.folder).exists()
    return done.added, done.moved, done.removed


def test_answers_become_images_once_and_predictions_never_do(desk: Desk) -> None:
    a, b, c, d = (desk.hand_in(name) for name in "abcd")
    desk.hand_in("predicted only")
    desk.say(a, "facture")
    desk.say(b, "none_of_these")
    desk.say(c, "unreadable")
    desk.say(d, "resume")
    desk.say(d, "withdrawn")
    assert steps(desk) == (2, 0, 0)
    assert desk.images() == {"a": "facture", "b": "other"}
    assert steps(desk) == NOTHING
    with provenance_file(desk.workspace.folder).open(newline="") as lines:
        rows = {row["document"]: row for row in csv.DictReader(lines)}
    assert set(rows) == {a, b}
    assert (rows[a]["sha256"], rows[a]["label"], rows[a]["by"]) == (desk.sha(a), "facture", "marie")
    assert desk.records.answers.count_imported() == 2
    assert desk.feedback.preview().changes == ()


def test_newest_answer_counts_also_after_an_import(desk: Desk) -> None:
    a, b, c = (desk.hand_in(name) for name in "abc")
    for document in (a, b, c):
        desk.say(document, "resume")
        desk.say(document, "facture")
    desk.import_answers()
    assert desk.images() == dict.fromkeys("abc", "facture")
    desk.say(a, "resume")
    desk.say(b, "withdrawn")
    desk.say(c, "unreadable")
    assert steps(desk) == (0, 1, 2)
    assert desk.images() == {"a": "resume"}
    desk.say(b, "facture")
    assert steps(desk) == (1, 0, 0)


def test_what_a_hand_has_placed_stays(desk: Desk) -> None:
    moved, removed, added = (desk.hand_in(name) for name in ("moved", "removed", "added"))
    desk.workspace.images.add("facture", PNG + b"added", ending=".png")
    for document in (moved, removed, added):
        desk.say(document, "facture")
    assert steps(desk) == (2, 0, 0)
    desk.workspace.images.move(desk.sha(moved), "resume")
    desk.workspace.images.remove(desk.sha(removed))
    assert steps(desk) == NOTHING
    for document in (moved, removed, added):
        desk.say(document, "withdrawn")
    assert steps(desk) == NOTHING
    assert desk.images() == {"moved": "resume", "added": "facture"}
    assert desk.waits() == []
    # When people then say something else, an admin is asked, once.
    for document in (moved, removed, added):
        desk.say(document, "none_of_these")
    assert desk.waits() == [(document, "placed_by_hand") for document in (moved, removed, added)]
    desk.decide(moved, "skip")
    desk.decide(removed, "none_of_these")
    desk.decide(added, "unreadable")
    assert steps(desk) == (1, 0, 1)
    assert desk.images() == {"moved": "resume", "removed": "other"}
    # And a hand may overrule what was decided.
    desk.workspace.images.move(desk.sha(removed), "resume")
    desk.workspace.images.add("facture", PNG + b"added", ending=".png")
    assert (steps(desk), desk.waits()) == (NOTHING, [])


def test_people_who_differ_wait_for_a_decision_that_counts_until_they_say_something_else(desk: Desk) -> None:
    a, again, other = desk.hand_in("a"), desk.hand_in("a"), desk.hand_in("b")
    desk.say(a, "facture")
    desk.say(other, "facture", by="paul")
    desk.import_answers()
    desk.say(again, "resume", by="paul")
    desk.say(other, "resume", by="marie")
    assert dict(desk.waits()) == {again: "people_differ", other: "people_differ"}
    assert steps(desk) == NOTHING
    assert desk.images() == {"a": "facture", "b": "facture"}
    desk.decide(a, "resume")
    desk.decide(other, "skip")
    assert desk.waits() == []
    assert steps(desk) == (0, 1, 0)
    assert steps(desk) == NOTHING
    desk.say(again, "resume", by="paul")
    assert desk.waits() == []
    desk.say(a, "id_pieces")
    assert desk.waits() == [(a, "people_differ")]
    desk.say(again, "id_pieces", by="paul")
    assert steps(desk) == (0, 1, 0)
    assert desk.images()["a"] == "id_pieces"


def test_label_that_nobody_gives_any_more_is_left_while_the_new_one_waits(desk: Desk) -> None:
    a = desk.hand_in("a")
    desk.workspace.images.add("facture", PNG + b"by hand", ending=".png")
    desk.say(a, "facture")
    desk.import_answers()
    desk.say(a, "payslip")
    assert desk.waits() == [(a, "unknown_label")]
    assert steps(desk) == (0, 0, 1)
    with pytest.raises(InputError, match="nobody said it"):
        desk.decide(a, "pay slip")
    desk.decide(a, "payslip")
    assert steps(desk) == (1, 0, 0)
    assert desk.images()["a"] == "payslip"


def test_labels_of_generated_documents_are_known_until_images_are_added_by_hand(desk: Desk) -> None:
    a, b, c = (desk.hand_in(name) for name in "abc")
    desk.say(a, "facture")
    desk.import_answers()
    desk.say(b, "id_pieces")
    assert desk.waits() == []
    desk.workspace.images.add("payslip", PNG + b"by hand", ending=".png")
    desk.say(c, "none_of_these")
    assert desk.waits() == [(b, "unknown_label")]
    assert steps(desk) == (1, 0, 0)


def test_near_duplicates_of_images_and_of_each_other_wait(desk: Desk) -> None:
    text = words_of("a letter")
    image = desk.workspace.images.add("resume", PNG + b"by hand", ending=".png")
    desk.workspace.images.add("facture", PNG + b"never read", ending=".png")
    desk.read(image.sha256, text)
    rescan = desk.hand_in("rescan", text=text.rsplit(" ", 1)[0])
    first, second = desk.hand_in("first"), desk.hand_in("second", text=words_of("first"))
    blank, another = desk.hand_in("blank", text=""), desk.hand_in("another blank", text="")
    for document in (rescan, first, second, blank, another):
        desk.say(document, "facture")
    preview = desk.feedback.preview()
    assert preview.not_compared == 1
    assert [(w.content.document, w.why.value, w.like[0].sha256, w.like[0].label) for w in preview.waiting] == [
        (rescan, "near_duplicate", image.sha256, "resume"),
        (second, "near_duplicate", desk.sha(first), "facture"),
    ]
    assert steps(desk) == (3, 0, 0)
    assert [document for document, _ in desk.waits()] == [rescan, second]
    desk.decide(rescan, "facture")
    desk.decide(second, "skip")
    assert steps(desk) == (1, 0, 0)
    assert (desk.waits(), desk.images()["rescan"]) == ([], "facture")


def test_comparing_with_a_large_corpus_stops_in_time_and_says_so(desk: Desk) -> None:
    for number in range(3):
        image = desk.workspace.images.add("facture", PNG + b"%d" % number, ending=".png")
        desk.read(image.sha256, words_of(str(number)))
    desk.say(desk.hand_in("a"), "facture")
    assert desk.feedback.preview(seconds=0).not_compared == 4
    assert desk.feedback.preview().not_compared == 0
    assert desk.feedback.preview(seconds=0).not_compared == 0  # they are looked at once


def test_what_cannot_be_imported_is_told_and_tried_again(desk: Desk) -> None:
    lost, sound, failed = desk.hand_in("lost"), desk.hand_in("sound"), desk.hand_in("failed", failed=True)
    for document in (lost, sound, failed):
        desk.say(document, "facture")
    original = desk.records.documents.get(lost, team=None).original
    desk.store.delete(original)
    done = desk.import_answers()
    assert (done.added, [failure.document for failure in done.failed]) == (1, [lost])
    desk.store.put(original, PNG + b"lost")
    assert steps(desk) == (1, 0, 0)
    assert desk.images() == {"lost": "facture", "sound": "facture"}


def test_nothing_is_removed_that_these_records_know_nothing_of(desk: Desk, tmp_path: Path) -> None:
    desk.say(desk.hand_in("a"), "facture")
    desk.import_answers()
    (tmp_path / "elsewhere").mkdir()
    elsewhere = open_desk(tmp_path / "elsewhere")
    elsewhere.workspace = desk.workspace
    assert steps(elsewhere) == NOTHING
    assert elsewhere.images() == {"a": "facture"}


def test_only_answers_can_be_decided_about(desk: Desk) -> None:
    document = desk.hand_in("a")
    with pytest.raises(NotFound):
        desk.decide(document, "facture")
    with pytest.raises(NotFound):
        desk.decide("no such", "facture")


def test_admin_lists_decides_and_imports_by_the_command(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAKE_HOME", str(desk.home))
    sure, differ = desk.hand_in("sure"), desk.hand_in("dif\tfer")
    desk.say(sure, "facture")
    desk.say(differ, "facture")
    desk.say(differ, "resume", by="paul")

    def sake(*words: str) -> list[list[str]]:
        done = CliRunner().invoke(app, ["feedback", *words])
        assert done.exit_code == 0, (done.output, done.exception)
        return [line.split("\t") for line in done.stdout.splitlines()]

    listed = sake("list")
    assert [line[:3] for line in listed] == [["add", sure, "facture"], ["decide", differ, "people differ"]]
    assert [len(line) for line in listed] == [5, 5]
    sake("decide", differ, "none_of_these")
    assert sake("import") == [["2 added, 0 moved, 0 removed"]]
