"""Answers of people become images, each once; what is not plain waits for an admin."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sake_ray.cli import app
from sake_ray.errors import InputError, NotFound
from sake_ray.feedback.provenance import provenance_file, unfinished_file
from tests.office import PNG, Office, make_office, words_of

NOTHING = (0, 0, 0)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


def steps(office: Office) -> tuple[int, int, int]:
    done = office.import_answers()
    assert not unfinished_file(office.workspace.folder).exists()
    return done.added, done.moved, done.removed


def test_answers_become_images_once_and_predictions_never_do(office: Office) -> None:
    a, b, c, d = (office.add_classified(name) for name in "abcd")
    office.add_classified("predicted only")
    office.say(a, "facture")
    office.say(b, "none_of_these")
    office.say(c, "unreadable")
    office.say(d, "resume")
    office.say(d, "withdrawn")
    assert steps(office) == (2, 0, 0)
    assert office.images() == {"a": "facture", "b": "other"}
    assert steps(office) == NOTHING
    with provenance_file(office.workspace.folder).open(newline="") as lines:
        rows = {row["document"]: row for row in csv.DictReader(lines)}
    assert set(rows) == {a, b}
    assert (rows[a]["sha256"], rows[a]["label"], rows[a]["by"]) == (office.sha(a), "facture", "marie")
    assert office.records.answers.count_imported() == 2
    assert office.feedback.preview().changes == ()


def test_newest_answer_counts_also_after_an_import(office: Office) -> None:
    a, b, c = (office.add_classified(name) for name in "abc")
    for document in (a, b, c):
        office.say(document, "resume")
        office.say(document, "facture")
    office.import_answers()
    assert office.images() == dict.fromkeys("abc", "facture")
    office.say(a, "resume")
    office.say(b, "withdrawn")
    office.say(c, "unreadable")
    assert steps(office) == (0, 1, 2)
    assert office.images() == {"a": "resume"}
    office.say(b, "facture")
    assert steps(office) == (1, 0, 0)


def test_what_a_hand_has_placed_stays(office: Office) -> None:
    moved, removed, added = (office.add_classified(name) for name in ("moved", "removed", "added"))
    office.workspace.images.add("facture", PNG + b"added", ending=".png")
    for document in (moved, removed, added):
        office.say(document, "facture")
    assert steps(office) == (2, 0, 0)
    office.workspace.images.move(office.sha(moved), "resume")
    office.workspace.images.remove(office.sha(removed))
    assert steps(office) == NOTHING
    for document in (moved, removed, added):
        office.say(document, "withdrawn")
    assert steps(office) == NOTHING
    assert office.images() == {"moved": "resume", "added": "facture"}
    assert office.waits() == []
    # When people then say something else, an admin is asked, once.
    for document in (moved, removed, added):
        office.say(document, "none_of_these")
    assert office.waits() == [(document, "placed_by_hand") for document in (moved, removed, added)]
    office.decide(moved, "skip")
    office.decide(removed, "none_of_these")
    office.decide(added, "unreadable")
    assert steps(office) == (1, 0, 1)
    assert office.images() == {"moved": "resume", "removed": "other"}
    # And a hand may overrule what was decided.
    office.workspace.images.move(office.sha(removed), "resume")
    office.workspace.images.add("facture", PNG + b"added", ending=".png")
    assert (steps(office), office.waits()) == (NOTHING, [])


def test_a_hand_overrules_a_decision_for_the_label_that_it_had_given(office: Office) -> None:
    document = office.add_classified("a")
    office.workspace.images.add("facture", PNG + b"a", ending=".png")
    office.say(document, "facture")
    office.decide(document, "facture")
    assert steps(office) == NOTHING
    office.workspace.images.move(office.sha(document), "resume")
    assert steps(office) == NOTHING
    assert office.images() == {"a": "resume"}


def test_people_who_differ_wait_for_a_decision_that_counts_until_they_say_something_else(office: Office) -> None:
    a, again, other = office.add_classified("a"), office.add_classified("a"), office.add_classified("b")
    office.say(a, "facture")
    office.say(other, "facture", by="paul")
    office.import_answers()
    office.say(again, "resume", by="paul")
    office.say(other, "resume", by="marie")
    assert dict(office.waits()) == {again: "people_differ", other: "people_differ"}
    assert steps(office) == NOTHING
    assert office.images() == {"a": "facture", "b": "facture"}
    office.decide(a, "resume")
    office.decide(other, "skip")
    assert office.waits() == []
    assert steps(office) == (0, 1, 0)
    assert steps(office) == NOTHING
    office.say(again, "resume", by="paul")
    assert office.waits() == []
    office.say(a, "id_pieces")
    assert office.waits() == [(a, "people_differ")]
    office.say(again, "id_pieces", by="paul")
    assert steps(office) == (0, 1, 0)
    assert office.images()["a"] == "id_pieces"


def test_label_that_nobody_gives_any_more_is_left_while_the_new_one_waits(office: Office) -> None:
    a = office.add_classified("a")
    office.workspace.images.add("facture", PNG + b"by hand", ending=".png")
    office.say(a, "facture")
    office.import_answers()
    office.say(a, "payslip")
    assert office.waits() == [(a, "unknown_label")]
    assert steps(office) == (0, 0, 1)
    with pytest.raises(InputError, match="nobody said it"):
        office.decide(a, "pay slip")
    office.decide(a, "payslip")
    assert steps(office) == (1, 0, 0)
    assert office.images()["a"] == "payslip"


def test_labels_of_generated_documents_are_known_until_images_are_added_by_hand(office: Office) -> None:
    a, b, c = (office.add_classified(name) for name in "abc")
    office.say(a, "facture")
    office.import_answers()
    office.say(b, "id_pieces")
    assert office.waits() == []
    office.workspace.images.add("payslip", PNG + b"by hand", ending=".png")
    office.say(c, "none_of_these")
    assert office.waits() == [(b, "unknown_label")]
    assert steps(office) == (1, 0, 0)


def test_near_duplicates_of_images_and_of_each_other_wait(office: Office) -> None:
    text = words_of("a letter")
    image = office.workspace.images.add("resume", PNG + b"by hand", ending=".png")
    office.workspace.images.add("facture", PNG + b"never read", ending=".png")
    office.read(image.sha256, text)
    rescan = office.add_classified("rescan", text=text.rsplit(" ", 1)[0])
    first, second = office.add_classified("first"), office.add_classified("second", text=words_of("first"))
    blank, another = office.add_classified("blank", text=""), office.add_classified("another blank", text="")
    for document in (rescan, first, second, blank, another):
        office.say(document, "facture")
    preview = office.feedback.preview()
    assert preview.not_compared == 1
    assert [(w.content.document, w.why.value, w.like[0].sha256, w.like[0].label) for w in preview.waiting] == [
        (rescan, "near_duplicate", image.sha256, "resume"),
        (second, "near_duplicate", office.sha(first), "facture"),
    ]
    assert steps(office) == (3, 0, 0)
    assert [document for document, _ in office.waits()] == [rescan, second]
    office.decide(rescan, "facture")
    office.decide(second, "skip")
    assert steps(office) == (1, 0, 0)
    assert (office.waits(), office.images()["rescan"]) == ([], "facture")


def test_comparing_with_a_large_corpus_stops_in_time_and_says_so(office: Office) -> None:
    for number in range(3):
        image = office.workspace.images.add("facture", PNG + b"%d" % number, ending=".png")
        office.read(image.sha256, words_of(str(number)))
    office.say(office.add_classified("a"), "facture")
    assert office.feedback.preview(seconds=0).not_compared == 4
    assert office.feedback.preview().not_compared == 0
    assert office.feedback.preview(seconds=0).not_compared == 0  # they are looked at once


def test_what_cannot_be_imported_is_told_and_tried_again(office: Office) -> None:
    lost, sound, failed = (
        office.add_classified("lost"),
        office.add_classified("sound"),
        office.add_classified("failed", failed=True),
    )
    for document in (lost, sound, failed):
        office.say(document, "facture")
    original = office.records.documents.get(lost, team=None).original
    office.store.delete(original)
    done = office.import_answers()
    assert (done.added, [failure.document for failure in done.failed]) == (1, [lost])
    office.store.put(original, PNG + b"lost")
    assert steps(office) == (1, 0, 0)
    assert office.images() == {"lost": "facture", "sound": "facture"}


def test_nothing_is_removed_that_these_records_know_nothing_of(office: Office, tmp_path: Path) -> None:
    office.say(office.add_classified("a"), "facture")
    office.import_answers()
    (tmp_path / "elsewhere").mkdir()
    elsewhere = make_office(tmp_path / "elsewhere")
    elsewhere.workspace = office.workspace
    assert steps(elsewhere) == NOTHING
    assert elsewhere.images() == {"a": "facture"}


def test_only_answers_can_be_decided_about(office: Office) -> None:
    document = office.add_classified("a")
    with pytest.raises(NotFound):
        office.decide(document, "facture")
    with pytest.raises(NotFound):
        office.decide("no such", "facture")


def test_admin_lists_decides_and_imports_by_the_command(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAKE_HOME", str(office.home))
    sure, differ = office.add_classified("sure"), office.add_classified("dif\tfer")
    office.say(sure, "facture")
    office.say(differ, "facture")
    office.say(differ, "resume", by="paul")

    def sake(*words: str) -> list[list[str]]:
        done = CliRunner().invoke(app, ["feedback", *words])
        assert done.exit_code == 0, (done.output, done.exception)
        return [line.split("\t") for line in done.stdout.splitlines()]

    listed = sake("list")
    assert [line[:3] for line in listed] == [["add", sure, "facture"], ["decide", differ, "people differ"]]
    assert [len(line) for line in listed] == [5, 5]
    sake("decide", differ, "none_of_these")
    assert sake("import") == [["2 added, 0 moved, 0 removed"]]
