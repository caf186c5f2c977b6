"""Invent the holder of an identity document and know the countries that issue them."""

import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from faker import Faker

WORDING = Path(__file__).parent / "wording"
EUROPE = "FR BE LU DE AT ES IT NL PT HR PL RO HU CZ SK SI SE DK FI EE LV LT GR CY BG MT IE".split()
NEARBY = (*EUROPE, *"GB IS NO CH MC TR RS UA MA MA DZ DZ TN TN SN CI CM CD".split())
MONTHS = {
    "en": "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(),
    "fr": "JAN FÉV MARS AVR MAI JUIN JUIL AOÛT SEPT OCT NOV DÉC".split(),
}
EYES = {
    "en": ("BROWN", "BLUE", "GREEN", "HAZEL", "GREY"),
    "fr": ("MARRON", "BLEU", "VERT", "NOISETTE", "GRIS", "BRUN"),
    "de": ("BRAUN", "BLAU", "GRÜN", "GRAU"),
    "es": ("MARRÓN", "AZUL", "VERDE"),
    "it": ("CASTANI", "AZZURRI", "VERDI", "MARRONI"),
}


@dataclass(frozen=True, slots=True)
class Country:
    """A country as its documents name it; `languages` are the languages of its labels, its own first."""

    code: str
    mrz: str
    names: str
    languages: tuple[str, ...]
    official: tuple[str, ...]
    english: str
    french: str
    nationality: tuple[str, ...]
    authority: tuple[str, ...]
    city: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """The person of an identity document, and its dates."""

    country: Country
    surname: str
    given: str
    sex: str
    birth: date
    birthplace: str
    nationality: str
    number: str
    issue: date
    expiry: date
    authority: str
    address: tuple[str, str]
    height: int
    eyes: str


@lru_cache(maxsize=8)
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Read a table of this folder's wording: first row the columns, cells parted by bars."""
    head, *rows = (WORDING / f"{name}.txt").read_text("utf-8").splitlines()
    columns = head.split("|")
    return tuple(dict(zip(columns, row.split("|"), strict=True)) for row in rows if row)


@lru_cache(maxsize=1)
def countries() -> tuple[Country, ...]:
    """Every country of the table."""
    return tuple(
        Country(
            code=row["code"],
            mrz=row["mrz"],
            names=row["names"],
            languages=tuple(row["languages"].split()),
            official=tuple(row["official"].split("~")),
            english=row["english"],
            french=row["french"],
            nationality=tuple(row["nationality"].split("~")),
            authority=tuple(row["authority"].split("~")),
            city=tuple(row["city"].split("~")),
        )
        for row in read_table("countries")
    )


def country_of(code: str) -> Country:
    """Find a country by its code of two letters."""
    return next(country for country in countries() if country.code == code)


def pick_country(rng: random.Random, language: str, *, home: float = 0.3) -> Country:
    """Choose a country; with the share `home` one where documents are in the given language alone or first."""
    if rng.random() < home:
        return country_of(
            rng.choice(("FR", "FR", "FR", "BE", "LU", "CH") if language == "fr" else ("US", "GB", "IE", "CA", "AU"))
        )
    if rng.random() < 0.4:
        return country_of(rng.choice(NEARBY))
    return rng.choice(countries())


@lru_cache(maxsize=64)
def _faker(locale: str) -> Faker:
    return Faker(locale)


def faker(rng: random.Random, locale: str) -> Faker:
    """Hand out the Faker of a locale, seeded anew from the given randomness."""
    made = _faker(locale)
    made.seed_instance(rng.getrandbits(32))
    return made


def name_of(rng: random.Random, pool: str, sex: str) -> tuple[str, str]:
    """Invent surname and given names in Latin letters; pool is a Faker locale or a row of names.txt."""
    rows = {row["pool"]: row for row in read_table("names")}
    if pool in rows:
        row = rows[pool]
        given = rng.choice(row["men" if sex == "M" else "women"].split())
        return rng.choice(row["surnames"].split()), given
    made = faker(rng, pool)
    given = made.first_name_male() if sex == "M" else made.first_name_female()
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        given += " " + (made.first_name_male() if sex == "M" else made.first_name_female())
    return made.last_name(), given


def invent_holder(rng: random.Random, country: Country, *, years: int = 10) -> Holder:
    """Invent a grown-up citizen and a document valid for so many years."""
    sex = rng.choice("MF")
    surname, given = name_of(rng, country.names, sex)
    birth = date(1945, 1, 1) + timedelta(days=rng.randrange(61 * 365))
    issue = date(2006, 1, 1) + timedelta(days=rng.randrange(20 * 365))
    eyes = EYES.get(country.languages[0], EYES["en"])
    return Holder(
        country=country,
        surname=surname,
        given=given,
        sex=sex,
        birth=birth,
        birthplace=rng.choice(country.city),
        nationality=rng.choice(country.nationality),
        number=document_number(rng),
        issue=issue,
        expiry=issue.replace(year=issue.year + years, day=min(issue.day, 28)),
        authority=rng.choice(country.authority),
        address=invent_address(rng, country),
        height=rng.randrange(150, 203),
        eyes=rng.choice(eyes),
    )


def invent_address(rng: random.Random, country: Country) -> tuple[str, str]:
    """Invent a street and a town, in Latin letters."""
    pools = {row["pool"] for row in read_table("names")}
    locale = ("fr_FR" if "fr" in country.languages else "en_GB") if country.names in pools else country.names
    made = faker(rng, locale)
    street = made.street_address().replace("\n", " ")
    if locale == "it_IT":
        # Faker takes Italian cities and postcodes from a set: another process would draw others.
        town = f"{rng.randrange(10, 98_000):05} {rng.choice(country.city)}"
    else:
        town = rng.choice(country.city) if country.names in pools else f"{made.postcode()} {made.city()}"
    return _latin(street), _latin(town)


def _latin(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFC", text) if ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x2000)


def document_number(rng: random.Random) -> str:
    """Invent a document number of up to nine characters, in one of the patterns countries use."""
    pattern = rng.choice(
        ("#########", "##@@#####", "@########", "@@#######", "@@@######", "########", "@##@@####", "@#######")
    )
    letters = "ABCDEFGHJKLMNPRTVWXYZ"
    return "".join(rng.choice(letters) if c == "@" else rng.choice("0123456789") for c in pattern)


def pick_date_style(rng: random.Random, language: str) -> "DateStyle":
    """Choose how one document writes all its dates."""
    return DateStyle(rng.randrange(7), language)


@dataclass(frozen=True, slots=True)
class DateStyle:
    """A way to write dates; call it with a date."""

    style: int
    language: str

    def __call__(self, day: date) -> str:
        english = MONTHS["en"][day.month - 1]
        own = MONTHS.get(self.language, MONTHS["en"])[day.month - 1]
        both = english if own == english else f"{own}/{english}"
        return (
            f"{day:%d.%m.%Y}",
            f"{day:%d/%m/%Y}",
            f"{day:%d %m %Y}",
            f"{day.day:02} {both} {day.year}",
            f"{day.day:02} {english} {day.year}",
            f"{day.day:02} {english} /{english} {day:%y}",
            f"{day:%Y-%m-%d}",
        )[self.style]
