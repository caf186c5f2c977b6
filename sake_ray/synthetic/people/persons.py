"""Invent persons and firms with everything that is printed of them."""

import random
import unicodedata
from dataclasses import dataclass

from faker import Faker

from sake_ray.synthetic.people.fakers import lend_speaker
from sake_ray.synthetic.people.phrases import happens, write
from sake_ray.synthetic.wording import read_section

EVERYWHERE = "everywhere/people"


@dataclass(frozen=True, slots=True)
class Person:
    """A person with a postal address and ways to be reached."""

    first: str
    last: str
    address: tuple[str, ...]
    city: str
    phone: str
    email: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm with its address and its numbers."""

    name: str
    form: str
    address: tuple[str, ...]
    city: str
    phone: str
    email: str
    site: str
    register: str
    vat: str
    iban: str
    bic: str
    capital: int


def spell_in_ascii(text: str) -> str:
    """Write a text as it stands in an e-mail address."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(c for c in plain.lower() if c.isalnum())


def invent_person(rng: random.Random, language: str) -> Person:
    """Invent a person living where the language is spoken."""
    faker = lend_speaker(rng, language)
    # Faker names people of one country only; an office meets names from everywhere.
    everywhere = read_section(EVERYWHERE, "person")
    first = rng.choice(everywhere["first"]) if happens(rng, 0.15) else faker.first_name()
    last = rng.choice(everywhere["last"]) if happens(rng, 0.2) else faker.last_name()
    if happens(rng, 0.2):
        last = last.upper()
    host = rng.choice(everywhere["host"])
    local = write(rng, everywhere.get_only("mailbox"))
    words = {"first": spell_in_ascii(first), "last": spell_in_ascii(last), "NN": str(rng.randint(1, 99))}
    for key, value in words.items():
        local = local.replace(key, value)
    local = local.replace("f.", words["first"][:1] + ".") if local.startswith("f.") else local
    city = _city(faker)
    return Person(first, last, _address(rng, faker, city, language), city, _phone(rng, faker), f"{local}@{host}")


def invent_firm(rng: random.Random, language: str) -> Firm:
    """Invent a firm of the country of a language."""
    faker = lend_speaker(rng, language)
    own, everywhere = read_section(f"{language}/people", "firm"), read_section(EVERYWHERE, "firm")
    names = own.wordings.get("name") or read_section("en/people", "firm")["name"]
    slots = {
        "last": [faker.last_name() for _ in range(4)],
        "root": everywhere["root"],
        "end": everywhere["end"],
    }
    name = write(rng, rng.choice(names), slots) if happens(rng, 0.75) else faker.company()
    host = (spell_in_ascii(name)[:16] or "firm") + rng.choice(
        (".fr", ".com", ".eu") if language == "fr" else (".com", ".co.uk", ".io", ".net")
    )
    city = _city(faker)
    digits = "".join(str(rng.randint(0, 9)) for _ in range(14))
    mailbox = rng.choice(everywhere["mailbox"])
    return Firm(
        name=name,
        form=rng.choice(own["form"]),
        address=_address(rng, faker, city, language),
        city=city,
        phone=_phone(rng, faker),
        email=f"{mailbox}@{host}",
        site=rng.choice(("www.", "www.", "https://www.", "")) + host,
        register=digits,
        vat=_vat(digits, language),
        iban=faker.iban(),
        bic=faker.swift(length=rng.choice((8, 11))),
        capital=rng.choice((1, 500, 1000, 5000, 7500, 8000, 10000, 15000, 37000, 50000, 100000, 250000, 1500000)),
    )


def _city(faker: Faker) -> str:
    # Faker draws an Italian city from a set, whose order changes from one process to the next.
    if "it_IT" in faker.locales:
        return str(faker.random_element(read_section(EVERYWHERE, "address")["italian_city"]))
    return str(faker.city())


def _address(rng: random.Random, faker: Faker, city: str, language: str) -> tuple[str, ...]:
    street = str(faker.street_address()).replace("\n", ", ")
    lines = [street]
    if happens(rng, 0.18):
        spoken = "fr" if language == "fr" else "en"
        lines.append(write(rng, rng.choice(read_section(f"{spoken}/people", "address")["extra"])))
    if language == "en" and "_US" in faker.locales[0]:
        lines.append(f"{city}, {faker.state_abbr()} {faker.postcode()}")
    elif language == "en":
        lines += [city, faker.postcode()] if happens(rng, 0.6) else [f"{city} {faker.postcode()}"]
    else:
        postcode = faker.numerify("%####") if "it_IT" in faker.locales else faker.postcode()
        lines.append(f"{postcode} {city.upper() if happens(rng, 0.3) else city}")
    return tuple(lines)


def _phone(rng: random.Random, faker: Faker) -> str:
    if faker.locales[0] != "fr_FR":
        return str(faker.phone_number())
    digits = f"0{rng.choice('123456679')}" + "".join(str(rng.randint(0, 9)) for _ in range(8))
    pairs = [digits[i : i + 2] for i in range(0, 10, 2)]
    if happens(rng, 0.12):
        return "+33 " + " ".join([pairs[0][1], *pairs[1:]])
    return rng.choice((" ", " ", " ", ".", "-", "")).join(pairs)


def _vat(digits: str, language: str) -> str:
    return {
        "fr": f"FR{digits[9:11]}{digits[:9]}",
        "en": f"GB {digits[:3]} {digits[3:7]} {digits[7:9]}",
        "de": f"DE{digits[:9]}",
        "es": f"B{digits[:8]}",
        "it": f"IT{digits[:11]}",
        "nl": f"NL{digits[:9]}B{digits[9:11]}",
    }[language]
