"""Compose the machine-readable zone of an identity document.

Check digits after ICAO Doc 9303, part 3 section 4.9; formats after part 4 (TD3, passports), part 5 (TD1, cards) and
part 6 (TD2, larger cards). The French card of 1988-2021 has a format of its own, 2 lines of 36.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from itertools import cycle

WEIGHTS = (7, 3, 1)
# ICAO Doc 9303 part 3 section 6: the letters that do not simply lose their accent.
SPELLINGS = {
    "Ä": "AE", "Ö": "OE", "Ü": "UE", "ß": "SS", "ẞ": "SS", "Å": "AA", "Æ": "AE", "Ø": "OE", "Œ": "OE", "Þ": "TH", "Ð": "D",
    "Đ": "D", "Ł": "L", "İ": "I", "ı": "I", "Ħ": "H", "Ŋ": "N", "Ŧ": "T", "'": "", "’": "", ".": "", ",": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identity:
    """What a machine-readable zone says; countries are codes of three letters (Germany: "D")."""

    document: str
    issuer: str
    number: str
    surname: str
    given: str
    nationality: str
    birth: date
    sex: str
    expiry: date
    optional: str = ""


def compute_check_digit(characters: str) -> str:
    """Compute the check digit of a field: digits count as themselves, letters 10 to 35, fillers 0, weights 7 3 1."""
    values = (0 if c == "<" else int(c, 36) for c in characters)
    return str(sum(value * weight for value, weight in zip(values, cycle(WEIGHTS), strict=False)) % 10)


def transliterate(name: str) -> str:
    """Write a name with the 26 letters and fillers only; what has no Latin base letter is dropped."""
    upper = "".join(SPELLINGS.get(c, SPELLINGS.get(c.upper(), c)) for c in unicodedata.normalize("NFC", name)).upper()
    plain = unicodedata.normalize("NFKD", upper)
    return "".join(c if "A" <= c <= "Z" else "<" for c in plain if c in " -<" or "A" <= c <= "Z")


def compose_passport_zone(identity: Identity) -> tuple[str, str]:
    """Compose the two lines of 44 of a passport (TD3)."""
    optional = _filled(identity.optional, 14)
    number = _checked(_filled(identity.number, 9))
    body = number + _filled(identity.nationality, 3) + _dates(identity)
    optional_checked = _checked(optional)
    composite = compute_check_digit(number + body[13:20] + body[21:28] + optional_checked)
    first = _filled(identity.document, 2) + _filled(identity.issuer, 3) + _names(identity, 39)
    return first, body + optional_checked + composite


def compose_card_zone(identity: Identity) -> tuple[str, str, str]:
    """Compose the three lines of 30 of a card (TD1)."""
    number = _checked(_filled(identity.number, 9)) + _filled(identity.optional, 15)
    first = _filled(identity.document, 2) + _filled(identity.issuer, 3) + number
    dates, rest = _dates(identity), _filled("", 11)
    composite = compute_check_digit(number + dates[:7] + dates[8:] + rest)
    return first, dates + _filled(identity.nationality, 3) + rest + composite, _names(identity, 30)


def compose_large_card_zone(identity: Identity) -> tuple[str, str]:
    """Compose the two lines of 36 of a larger card (TD2)."""
    number, dates, optional = _checked(_filled(identity.number, 9)), _dates(identity), _filled(identity.optional, 7)
    composite = compute_check_digit(number + dates[:7] + dates[8:] + optional)
    first = _filled(identity.document, 2) + _filled(identity.issuer, 3) + _names(identity, 31)
    return first, number + _filled(identity.nationality, 3) + dates + optional + composite


def compose_visa_zone(identity: Identity) -> tuple[str, str]:
    """Compose the two lines of 44 of a visa (MRV-A, part 7), which has no composite check digit."""
    first = _filled(identity.document, 2) + _filled(identity.issuer, 3) + _names(identity, 39)
    second = _checked(_filled(identity.number, 9)) + _filled(identity.nationality, 3) + _dates(identity)
    return first, second + _filled(identity.optional, 16)


def compose_french_card_zone(identity: Identity, *, department: str, issued: date) -> tuple[str, str]:
    """Compose the two lines of 36 of the French card of 1988-2021; department is three characters, e.g. "75C".

    Format after the French ministry's description of the card: the number is year, month, department and five digits.
    """
    first = "IDFRA" + _filled(transliterate(identity.surname), 25) + _filled(department, 3) + "001"
    number = _checked(f"{issued:%y%m}{_filled(department, 3)}{_filled(identity.number[-5:], 5)}")
    given = _filled(transliterate(identity.given).replace("<", "<<", 1), 14)
    second = number + given + _checked(f"{identity.birth:%y%m%d}") + _filled(identity.sex, 1)
    return first, second + compute_check_digit(first + second)


def _names(identity: Identity, length: int) -> str:
    return _filled(f"{transliterate(identity.surname)}<<{transliterate(identity.given)}", length)


def _dates(identity: Identity) -> str:
    sex = identity.sex if identity.sex in {"M", "F"} else "<"
    return _checked(f"{identity.birth:%y%m%d}") + sex + _checked(f"{identity.expiry:%y%m%d}")


def _filled(value: str, length: int) -> str:
    return value.upper().replace(" ", "<").replace("-", "<").ljust(length, "<")[:length]


def _checked(field: str) -> str:
    return field + compute_check_digit(field)
