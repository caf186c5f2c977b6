"""Fonts are found under other names and in other packages, and what is missing is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sake_ray.errors import SetupError
from sake_ray.synthetic import fonts
from sake_ray.synthetic.fonts import FAMILIES, SUBSTITUTES, find_font, has_font
from sake_ray.synthetic.people.typefaces import SHARES

CACHED = (fonts.find_font, fonts.load_font, fonts._list_files, fonts._list_faces)
OWN = {name: fonts.find_font(name) for name in ("LiberationSans-Bold", "OpenSans-Regular", "DejaVuSans-Oblique")}


def forget() -> None:
    for function in CACHED:
        function.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine whose fonts stand in one folder."""
    monkeypatch.setattr(fonts, "FOLDERS", (tmp_path,))
    monkeypatch.setattr(fonts, "MORE_FOLDERS", ())
    forget()
    yield tmp_path
    monkeypatch.undo()
    forget()


def test_font_is_found_by_the_name_of_its_file(folder: Path) -> None:
    (folder / "LiberationSans-Bold.ttf").symlink_to(OWN["OpenSans-Regular"])

    assert find_font("LiberationSans-Bold") == folder / "LiberationSans-Bold.ttf"


@pytest.mark.parametrize("name", OWN)
def test_font_in_a_renamed_file_is_found_by_the_name_inside(name: str, folder: Path) -> None:
    (folder / "x").mkdir()
    (folder / "x" / "renamed.ttf").symlink_to(OWN[name])

    assert has_font(name)
    assert find_font(name) == folder / "x" / "renamed.ttf"


def test_font_in_another_folder_is_found(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", (tmp_path / "none",))
    monkeypatch.setattr(fonts, "MORE_FOLDERS", (folder,))
    (folder / "liberation-bold.ttf").symlink_to(OWN["LiberationSans-Bold"])

    assert find_font("LiberationSans-Bold") == folder / "liberation-bold.ttf"


def test_font_of_a_like_build_serves_for_a_missing_one(folder: Path) -> None:
    (folder / "LiberationSans-Bold.ttf").symlink_to(OWN["LiberationSans-Bold"])

    assert not has_font("OpenSans-Bold")
    assert find_font("OpenSans-Bold") == folder / "LiberationSans-Bold.ttf"


@pytest.mark.parametrize("name", ["OpenSans-Regular", "OCRB", "Unheard-Of"])
def test_missing_font_is_said_with_what_to_do(name: str, folder: Path) -> None:
    (folder / "damaged.ttf").write_bytes(b"no font")

    with pytest.raises(SetupError, match=rf"the font {name} is not on this machine; install the fonts that packages"):
        find_font(name)


def test_every_family_named_is_known() -> None:
    named = {*SHARES, *SUBSTITUTES, *(other for others in SUBSTITUTES.values() for other in others)}

    assert named <= FAMILIES.keys()
