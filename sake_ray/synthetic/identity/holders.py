"""Invent the holder of an identity document and know the countries that issue them."""

import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sake_ray.synthetic.identity.mrz import Identity
from sake_ray.synthetic.people.fakers import lend_faker
from sake_ray.synthetic.wording import read_section, read_wording

EUROPE = "FR BE LU DE AT ES IT NL PT HR PL RO HU CZ SK SI SE DK FI EE LV LT GR CY BG MT IE".split()
NEARBY = (*EUROPE, *"GB IS NO CH MC TR RS UA MA MA DZ DZ TN TN SN CI CM CD".split())


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

    def identify(self, document: str, *, issuer: str = "", number: str = "", optional: str = "") -> Identity:
        """Say what the machine-readable zone of a document says of its holder; the issuer is mostly the own country."""
        return Identity(
            document,
            issuer or self.country.mrz,
            number or self.number,
            self.surname,
            self.given,
            self.country.mrz,
            self.birth,
            self.sex,
            self.expiry,
            optional,
        )


@cache
def read_countries() -> tuple[Country, ...]:
    """Every country of the wording."""
    return tuple(
        Country(
            code=code,
            mrz=section.get_only("mrz"),
            names=section.get_only("names"),
            languages=section["language"],
            official=section["official"],
            english=section.get_only("english"),
            french=section.get_only("french"),
            nationality=section["nationality"],
            authority=section["authority"],
            city=section["city"],
        )
        for code, section in read_wording("identity/countries").items()
    )


def read_values(language: str, key: str) -> tuple[str, ...]:
    """Read what a document in a language says behind a label; what the language lacks is said in English."""
    own = read_wording("identity/values").get(language)
    return own[key] if own and key in own.wordings else read_section("identity/values", "en")[key]


def find_country(code: str) -> Country:
    """Find a country by its code of two letters."""
    return next(country for country in read_countries() if country.code == code)


def pick_country(rng: random.Random, language: str, *, home: float = 0.3) -> Country:
    """Choose a country; with the share `home` one where documents are in the given language alone or first."""
    if rng.random() < home:
        return find_country(
            rng.choice(("FR", "FR", "FR", "BE", "LU", "CH") if language == "fr" else ("US", "GB", "IE", "CA", "AU"))
        )
    if rng.random() < 0.4:
        return find_country(rng.choice(NEARBY))
    return rng.choice(read_countries())


def invent_name(rng: random.Random, pool: str, sex: str) -> tuple[str, str]:
    """Invent surname and given names in Latin letters; pool is a Faker locale or a section of names."""
    pools = read_wording("identity/names")
    if pool in pools:
        given = rng.choice(pools[pool]["man" if sex == "M" else "woman"])
        return rng.choice(pools[pool]["surname"]), given
    made = lend_faker(rng, pool)
    given = made.first_name_male() if sex == "M" else made.first_name_female()
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        given += " " + (made.first_name_male() if sex == "M" else made.first_name_female())
    return made.last_name(), given


def invent_holder(rng: random.Random, country: Country, *, years: int = 10) -> Holder:
    """Invent a grown-up citizen and a document valid for so many years."""
    sex = rng.choice("MF")
    surname, given = invent_name(rng, country.names, sex)
    birth = date(1945, 1, 1) + timedelta(days=rng.randrange(61 * 365))
    issue = date(2006, 1, 1) + timedelta(days=rng.randrange(20 * 365))
    return Holder(
        country=country,
        surname=surname,
        given=given,
        sex=sex,
        birth=birth,
        birthplace=rng.choice(country.city),
        nationality=rng.choice(country.nationality),
        number=invent_document_number(rng),
        issue=issue,
        expiry=issue.replace(year=issue.year + years, day=min(issue.day, 28)),
        authority=rng.choice(country.authority),
        address=invent_address(rng, country),
        height=rng.randrange(150, 203),
        eyes=rng.choice(read_values(country.languages[0], "eyes")),
    )


def invent_address(rng: random.Random, country: Country) -> tuple[str, str]:
    """Invent a street and a town, in Latin letters."""
    pools = read_wording("identity/names")
    locale = ("fr_FR" if "fr" in country.languages else "en_GB") if country.names in pools else country.names
    made = lend_faker(rng, locale)
    street = made.street_address().replace("\n", " ")
    if locale == "it_IT":
        # Faker takes Italian cities and postcodes from a set: another process would draw others.
        town = f"{rng.randrange(10, 98_000):05} {rng.choice(country.city)}"
    else:
        town = rng.choice(country.city) if country.names in pools else f"{made.postcode()} {made.city()}"
    return _latin(street), _latin(town)


def _latin(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFC", text) if ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x2000)


def invent_document_number(rng: random.Random) -> str:
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
        english = read_values("en", "month")[day.month - 1]
        own = read_values(self.language, "month")[day.month - 1]
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
