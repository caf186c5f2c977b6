"""The same seed draws the same documents as ever, on any machine.

`digests.txt` was recorded once. It depends on no font: letters are as wide as they are many here, and a page that a
scanner or a phone spoils is a small grey one. It does depend on the version of Faker, which invents names and towns.
Record it anew, where a document is meant to change, by `python -m tests.synthetic.test_digests`.
"""

import io
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from hashlib import sha256
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from sake_ray.synthetic import channels, files, sheet
from sake_ray.synthetic.channels import FIRST_DEFECT, HandedFile, hand_in
from sake_ray.synthetic.generate import LANGUAGES, MAKERS, Maker
from sake_ray.synthetic.others.cast import choose_cast
from sake_ray.synthetic.people import typefaces
from sake_ray.synthetic.people.fakers import LOCALES
from sake_ray.synthetic.sheet import Drawing, Picture, Sheet

RECORDED = Path(__file__).parent / "digests.txt"
SEEDS = range(2)
HANDED_IN = range(482, 595)
"""The shortest run of files in which every defect comes."""


def measure(text: str, font: str) -> float:
    """Letters of one width, bold ones wider: at 100 pixels, as the true measure is."""
    return len(text) * (56.0 if "Bold" in font else 52.0)


def render_grey(page: Sheet, dpi: float = 200.0) -> Image.Image:
    """A small page in the proportions of the true one, grey to the right, without a letter."""
    size = (240, max(60, round(240 * page.height / page.width)))
    return Image.linear_gradient("L").rotate(90).resize(size).convert("RGB")


@contextmanager
def any_machine(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Draw without the fonts of this machine."""
    with patch.context() as inside:
        inside.setattr(sheet, "_length", measure)
        inside.setattr(typefaces, "has_font", lambda name: True)
        inside.setattr(Sheet, "render", render_grey)
        inside.setattr(channels, "sheets_to_pdf", lambda sheets: b"drawn with the fonts of one machine")
        yield


def digest(*parts: object) -> str:
    """The sum of what is told."""
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]


def describe_sheet(page: Sheet) -> Iterator[object]:
    """Say all that was drawn but the pixels of pictures, to the thousandth of a millimetre."""
    yield page.width, page.height, page.paper
    for mark in page.marks:
        place = (mark.x, mark.y, mark.width, mark.height, mark.image.size) if isinstance(mark, Picture) else None
        fields = place or astuple(mark)
        yield type(mark).__name__, *(round(field, 3) if isinstance(field, float) else field for field in fields)


def describe_drawing(drawing: Drawing) -> Iterator[object]:
    """Say what a drawing is and what its sheets show."""
    yield drawing.label, drawing.kind, drawing.language, drawing.card
    for page in drawing.sheets:
        yield from describe_sheet(page)


def digest_of_maker(make: Maker, language: str) -> str:
    """What one maker draws in one language by a few seeds, and where it leaves the randomness."""
    parts: list[object] = []
    for seed in SEEDS:
        rng = random.Random(f"digest {seed}")
        parts += describe_drawing(make(rng, language))
        parts.append(rng.getrandbits(64))
    return digest(*parts)


def sizes_of(handed: HandedFile) -> list[tuple[float, float]]:
    """The size of each page of a file."""
    if handed.media_type == files.PDF:
        with pypdfium2.PdfDocument(handed.data) as pdf:
            return [(round(page.get_width(), 1), round(page.get_height(), 1)) for page in pdf]
    with Image.open(io.BytesIO(handed.data)) as image:
        return [image.size]


def describe_file(index: int) -> str:
    """Say what a drawing becomes when it is handed in: its form, not its pixels, which differ by processor."""
    rng = random.Random(f"handed in {index}")
    makers = tuple(MAKERS.values())[index % len(MAKERS)]
    handed = hand_in(rng.choice(makers)(rng, "fr"), rng)
    form = "" if handed.defect == "none" else sizes_of(handed)
    told = digest(handed.media_type, handed.pages, handed.true_text, form, rng.getrandbits(64))
    return f"{index} {handed.defect} {told}"


def digest_of_cast(language: str) -> str:
    """Whom and what documents speak of in a language, also one that only foreign documents speak."""
    casts = [choose_cast(random.Random(f"cast {seed}"), language) for seed in SEEDS]
    return digest(*((cast.persons, cast.firms, cast.date, sorted(cast.slots.items())) for cast in casts))


def record() -> str:
    """Every digest, a line each."""
    lines = [
        f"{label} {make.__name__} {language} {digest_of_maker(make, language)}\n"
        for label, makers in MAKERS.items()
        for make in dict.fromkeys(makers)
        for language in LANGUAGES
    ]
    lines += [f"cast {language} {digest_of_cast(language)}\n" for language in LOCALES]
    lines += [f"file {describe_file(index)}\n" for index in HANDED_IN]
    return "".join(lines)


def test_same_seed_draws_what_it_always_drew(monkeypatch: pytest.MonkeyPatch) -> None:
    with any_machine(monkeypatch):
        drawn = record().splitlines()

    assert drawn == RECORDED.read_text("utf-8").splitlines()


def test_every_defect_is_among_the_recorded_files() -> None:
    recorded = {line.split()[2] for line in RECORDED.read_text("utf-8").splitlines() if line.startswith("file ")}

    assert recorded == {"none", *(defect for defects in FIRST_DEFECT.values() for defect in defects)}


if __name__ == "__main__":
    with any_machine(pytest.MonkeyPatch()):
        RECORDED.write_text(record(), "utf-8")
