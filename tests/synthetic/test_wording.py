"""A translator edits plain text; what he gets wrong is said with its file and line."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from sake_ray.errors import SetupError
from sake_ray.synthetic import wording
from sake_ray.synthetic.others.wording import read_kinds
from sake_ray.synthetic.wording import FOLDER, read_section, read_wording

FILES = sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.txt"))
OWN_FILES = sorted({Path(name).name for name in FILES if name.startswith(("fr/", "en/"))})
# An English contract names an account where French has IBAN alone; French jobs name their contract.
ONE_LANGUAGE_ONLY = {"account", "sort_code", "contract"}


def write(folder: Path, text: str) -> None:
    (folder / "some.txt").write_text(text, "utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in place of the program's wording."""
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    monkeypatch.setattr(wording, "read_wording", read_wording.__wrapped__)
    return tmp_path


def test_wordings_come_in_order_and_line_by_line(folder: Path) -> None:
    write(folder, "# remark\n[a b]\nkey: one; two\\; still two;\n  three\n\nkey: four\nother: #5\n")

    section = wording.read_section("some", "a b")

    assert section["key"] == ("one", "two; still two", "three", "four")
    assert section.lines["key"] == (("one", "two; still two", "three"), ("four",))
    assert list(section.wordings) == ["key", "other"]
    assert section.get_only("other") == "#5"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("key: one\n", r"line 1: a file begins with a section"),
        ("[a]\n\nno key\n", r"line 3: a line is a key, a colon, a space and its wordings, not 'no key'"),
        ("[a]\nkey:\n", r"line 2: a line is a key"),
        ("[a]\nkey: one;\n  ; two\n", r"line 2: nothing stands between two semicolons"),
        ("[a]\nkey: one {two|three\n", r"line 2: a brace is not closed.*one \{two"),
        ("[a]\nkey: }one{\n", r"line 2: a brace is not closed, or not opened"),
        ("[a]\nkey: one\n[a]\n", r"line 3: the section \[a\] is there twice"),
    ],
)
def test_malformed_file_is_refused_with_its_line(folder: Path, text: str, complaint: str) -> None:
    write(folder, text)

    with pytest.raises(SetupError, match=r"some\.txt, " + complaint):
        wording.read_wording("some")


def test_file_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "some.txt").write_bytes("[a]\nkey: é\n".encode("latin-1"))

    with pytest.raises(SetupError, match=r"some\.txt is not UTF-8"):
        wording.read_wording("some")


def test_what_is_missing_is_named(folder: Path) -> None:
    write(folder, "[a]\nkey: one; two\n")

    with pytest.raises(SetupError, match=r"there is no wording .*other\.txt"):
        wording.read_wording("other")
    with pytest.raises(SetupError, match=r"some\.txt lacks the section \[b\]"):
        wording.read_section("some", "b")
    with pytest.raises(SetupError, match=r"some\.txt \[a\] lacks the key gone"):
        wording.read_section("some", "a")["gone"]
    with pytest.raises(SetupError, match=r"some\.txt \[a\] has 2 wordings of key"):
        wording.read_section("some", "a").get_only("key")


def test_kind_with_an_unknown_key_is_refused(folder: Path) -> None:
    for name in ("letters", "work", "papers", "press"):
        (folder / "xx").mkdir(exist_ok=True)
        (folder / "xx" / f"{name}.txt").write_text(f"[{name}]\nlien: a\n", "utf-8")
    read_wording.cache_clear()

    with pytest.raises(SetupError, match=r"letters\.txt \[letters\] has the unknown key lien; known are title, "):
        read_kinds("xx")


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_well_formed(name: str) -> None:
    assert read_wording(name)


@pytest.mark.parametrize("file", OWN_FILES)
def test_french_and_english_say_the_same_things(file: str) -> None:
    french, english = read_wording(f"fr/{file}"), read_wording(f"en/{file}")

    if file not in {"invoice_items", "resume_trades"}:
        assert french.keys() == english.keys()
    if file in {"invoices", "resumes", "people", "grammar"}:
        for section in french:
            assert french[section].wordings.keys() ^ english[section].wordings.keys() <= ONE_LANGUAGE_ONLY, section


def test_every_trade_of_an_invoice_has_items() -> None:
    for language in ("fr", "en"):
        sold = read_wording(f"{language}/invoice_items")
        for section in ("supply", "subscription", "cloud", "hotel", "freight", "care", "shop"):
            assert set(read_section(f"{language}/invoices", section)["trade"]) <= sold.keys()
        assert all(re.fullmatch(r".+ @ \d+-\d+ .+", item) for trade in sold.values() for item in trade["item"])


def test_importing_reads_no_wording() -> None:
    script = (
        "from sake_ray.synthetic import generate\n"
        "from sake_ray.synthetic.wording import read_wording\n"
        "print(read_wording.cache_info().currsize)\n"
    )

    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert told.stdout == "0\n"


def test_package_ships_every_file() -> None:
    builder = WheelBuilder(str(FOLDER.parents[2]))

    shipped = {file.distribution_path for file in builder.recurse_included_files()}

    assert {f"sake_ray/synthetic/wording/{name}.txt" for name in FILES} <= shipped
