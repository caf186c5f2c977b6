"""What generated identity documents promise to the training."""

import random
import re
from datetime import date

from sake_ray.synthetic.fonts import FAMILIES, find_font
from sake_ray.synthetic.identity import MAKERS
from sake_ray.synthetic.identity.holders import find_country, read_countries
from sake_ray.synthetic.identity.mrz import (
    Identity,
    compose_card_zone,
    compose_french_card_zone,
    compose_large_card_zone,
    compose_passport_zone,
    compose_visa_zone,
    compute_check_digit,
)
from sake_ray.synthetic.identity.passports import make_passport
from sake_ray.synthetic.sheet import Sheet, Text
from sake_ray.synthetic.wording import read_wording
from tests.synthetic.drawn import text_of

KINDS = tuple(dict.fromkeys(MAKERS))
CARD_SIZES = {(85.6, 54.0), (54.0, 85.6), (105.0, 74.0), (125.0, 88.0), (125.0, 176.0)}


def _specimen(document: str, number: str, optional: str = "") -> Identity:
    """The holder of the specimens that ICAO Doc 9303 prints."""
    return Identity(
        document, "UTO", number, "Eriksson", "Anna Maria", "UTO", date(1974, 8, 12), "F", date(2012, 4, 15), optional
    )


def _zones(sheet: Sheet) -> list[str]:
    return [mark.text for mark in sheet.marks if isinstance(mark, Text) and mark.font == "OCRB"]


def test_passport_zone_is_the_published_specimen() -> None:
    assert compose_passport_zone(_specimen("P", "L898902C3", "ZE184226B")) == (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    )


def test_card_zone_is_the_published_specimen() -> None:
    assert compose_card_zone(_specimen("I", "D23145890")) == (
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    )


def test_large_card_zone_is_the_published_specimen() -> None:
    assert compose_large_card_zone(_specimen("I", "D23145890")) == (
        "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
        "D231458907UTO7408122F1204159<<<<<<<6",
    )


def test_visa_zone_is_the_published_specimen() -> None:
    assert compose_visa_zone(_specimen("V", "L8988901C", "6ZE184226B")) == (
        "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L8988901C4UTO7408122F12041596ZE184226B<<<<<<",
    )


def test_old_french_zone_has_two_lines_of_36_and_a_final_check_digit() -> None:
    first, second = compose_french_card_zone(_specimen("ID", "12345"), department="75C", issued=date(2010, 3, 1))
    assert (len(first), len(second)) == (36, 36)
    assert first.startswith("IDFRAERIKSSON<<<")
    assert second[-1] == compute_check_digit(first + second[:-1])


def test_cards_have_their_physical_size() -> None:
    drawings = [make(random.Random(seed), "fr") for make in KINDS for seed in range(5)]
    sizes = {
        (sheet.width, sheet.height)
        for drawing in drawings
        if drawing.card and drawing.kind != "old_french_licence"
        for sheet in drawing.sheets
    }
    assert sizes <= CARD_SIZES


def test_only_known_fonts_are_used() -> None:
    sheets = [sheet for make in KINDS for seed in range(5) for sheet in make(random.Random(seed), "en").sheets]
    fonts = {mark.font for sheet in sheets for mark in sheet.marks if isinstance(mark, Text)}
    assert fonts <= {font for family in FAMILIES.values() for font in family}
    assert all(find_font(font) for font in fonts)


def test_machine_readable_zones_have_lines_of_standard_length() -> None:
    found = set()
    for make in KINDS:
        for seed in range(12):
            for sheet in make(random.Random(seed), "fr").sheets:
                if lines := _zones(sheet):
                    found.add((len(lines), *{len(line) for line in lines}))
                    assert all(re.fullmatch(r"[A-Z0-9<]+", line) for line in lines), lines
    assert found == {(2, 44), (2, 36), (3, 30)}


def test_passports_are_titled_in_many_languages() -> None:
    text = "\n".join(text_of(make_passport(random.Random(seed), "en")) for seed in range(300)).lower()
    for word in (
        "passport passeport reisepass pasaporte passaporto paspoort vegabréf putovnica paszport paşaport pașaport "
        "surname prénoms nationality nationalité expiry"
    ).split():
        assert word in text, word
    assert len(read_countries()) >= 80


def test_cards_speak_of_many_kinds() -> None:
    text = "\n".join(text_of(make(random.Random(seed), "fr")) for make in KINDS for seed in range(25)).lower()
    for word in "identification identité identity titre séjour residence licence license conduire vitale visa".split():
        assert word in text, word
    assert len(read_wording("identity/civil")) >= 50


def test_every_card_names_a_known_country() -> None:
    for file in ("identity/civil", "identity/services"):
        for section in read_wording(file).values():
            assert all(find_country(code) for code in section.wordings.get("country", ()))
