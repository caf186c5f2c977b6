"""Invent persons and firms with everything that is printed of them."""

import random
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from faker import Faker

from sake_ray.synthetic.people.phrases import chance, split_list, write

LOCALES = {
    "fr": ("fr_FR",),
    "en": ("en_US", "en_US", "en_GB"),
    "de": ("de_DE",),
    "es": ("es_ES",),
    "it": ("it_IT",),
    "nl": ("nl_NL",),
}
# Faker names people of one country only; an office meets names from everywhere.
FIRST_NAMES = split_list(
    """Mohamed; Fatima; Aminata; Yassine; Karim; Nadia; Ibrahim; Priya; Rahul; Wei; Minh; Thi Lan; Olena; Piotr;
    Agnieszka; Ana; João; Carlos; Lucía; Giulia; Marco; Ayşe; Mehmet; Kofi; Chidi; Ngozi; Moussa; Awa;
    Leïla; Samira; Hugo;
    Inès;
    Zoé; Dmitri; Svetlana; Ion; Elena; Hassan; Khadija; Arjun; Deepa; Sven; Ingrid; Bogdan; Zofia; Rui; Yuki; Hiroshi;
    Omar"""
)
LAST_NAMES = split_list(
    """Benali; Diallo; Traoré; Nguyen; Tran; Singh; Patel; Kumar; Kowalski; Nowak; Ferreira; da Silva; García; Martínez;
    Rossi; Bianchi; Yılmaz; Kaya; Mensah; Okafor; Haddad; El Amrani; Bouzid; Cissé; Koné; Popescu; Ivanov; Shevchenko;
    Wang; Chen; Kim; Tanaka; Andersen; Johansson; Novák; Horvat; Sharma; Reddy; Hussain; Ahmed; Abdi;
    Mbaye; Sow; Ouattara"""
)
ITALIAN_CITIES = ("Milano", "Torino", "Bologna", "Napoli", "Verona", "Bari", "Genova", "Firenze", "Parma", "Udine")
FIRM_FORMS = {
    "fr": """{last} {&|et} {Fils|Associés|Cie|Frères};
    {Ets|Établissements|Maison|Groupe|Atelier|Cabinet|Garage} {last}; {root}{end}
    {last} {Services|Bâtiment|Conseil|Transports|Distribution|Rénovation|Énergies|Formation};
    {last} {Logistique|Propreté|Électricité|Industrie};
    {root} {France|Europe|Services|Solutions|Industrie|Île-de-France|Sud-Ouest}; {last}; {last} {last};
    {root} {&|et} {root}""",
    "en": """{last} {&|and} {Sons|Co|Partners|Associates|Daughters};
    {last} {Group|Consulting|Supplies|Services|Logistics|Holdings};
    {root}{end};
    {root} {Systems|Solutions|Labs|Technologies|Works|Trading|Studio|Foods|Engineering|Energy|Staffing|Media}
    {last}, {last} and {last}; {last}-{last}; {The|} {root} {Company|Shop|Collective|Agency|Factory};
    {root} {International|UK|US}""",
}
ROOTS = split_list(
    """Alti; Nova; Terra; Sol; Media; Axi; Pro; Delta; Orion; Vega; Luma; Clari; Opti; Inno; Data; Blue; Green; Hexa;
    Quanta; Verti; Stella; Arbor; Aqua; Ferro; Vita; Omni; Prima; Silver; North; Harbor; River; Oak; Summit; Pixel;
    Cyber;
    Agri;
    Auto; Batim"""
)
ENDS = split_list(
    "tech; net; sys; plus; logic; line; nova; form; corp; source; wave; point; labs; max; soft; pro; care; gen; via; is"
)


@lru_cache(maxsize=16)
def _faker(locale: str) -> Faker:
    return Faker(locale)


def new_faker(rng: random.Random, language: str) -> Faker:
    """Hand out a Faker of that language, seeded from the rng;
    it is shared, so finish with it before asking for another."""
    faker = _faker(rng.choice(LOCALES[language]))
    faker.seed_instance(rng.getrandbits(32))
    return faker


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


def ascii_word(text: str) -> str:
    """Write a text as it stands in an e-mail address."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(c for c in plain.lower() if c.isalnum())


def invent_person(rng: random.Random, language: str) -> Person:
    """Invent a person living where the language is spoken."""
    faker = new_faker(rng, language)
    first = rng.choice(FIRST_NAMES) if chance(rng, 0.15) else faker.first_name()
    last = rng.choice(LAST_NAMES) if chance(rng, 0.2) else faker.last_name()
    if chance(rng, 0.2):
        last = last.upper()
    host = rng.choice(
        split_list(
            "gmail.com; gmail.com; yahoo.fr; orange.fr; hotmail.com; outlook.com; free.fr; icloud.com; email.com"
        )
    )
    local = write(rng, "{first.last|firstlast|f.last|last.first|first_last|firstNN}")
    words = {"first": ascii_word(first), "last": ascii_word(last), "NN": str(rng.randint(1, 99))}
    for key, value in words.items():
        local = local.replace(key, value)
    local = local.replace("f.", words["first"][:1] + ".") if local.startswith("f.") else local
    city = _city(faker)
    return Person(first, last, _address(rng, faker, city, language), city, _phone(rng, faker), f"{local}@{host}")


def invent_firm(rng: random.Random, language: str) -> Firm:
    """Invent a firm of the country of a language."""
    faker = new_faker(rng, language)
    slots = {"last": [faker.last_name() for _ in range(4)], "root": ROOTS, "end": ENDS}
    forms = split_list(FIRM_FORMS.get(language, FIRM_FORMS["en"]))
    name = write(rng, rng.choice(forms), slots) if chance(rng, 0.75) else faker.company()
    host = (ascii_word(name)[:16] or "firm") + rng.choice(
        (".fr", ".com", ".eu") if language == "fr" else (".com", ".co.uk", ".io", ".net")
    )
    city = _city(faker)
    digits = "".join(str(rng.randint(0, 9)) for _ in range(14))
    legal = {
        "fr": "SARL; SARL; SAS; SAS; SA; EURL; SASU; SCOP; EI; SNC; Auto-entrepreneur",
        "en": "Ltd; Ltd; Inc.; Inc.; LLC; LLC; PLC; Limited; Corp.; LLP; Pty Ltd",
        "de": "GmbH; AG; KG; UG; e.K.",
        "es": "S.L.; S.A.; S.L.U.",
        "it": "S.r.l.; S.p.A.; S.n.c.",
        "nl": "B.V.; N.V.; V.O.F.",
    }
    mailbox = rng.choice(split_list("contact; info; compta; facturation; billing; accounts; hello; sales; office"))
    return Firm(
        name=name,
        form=rng.choice(split_list(legal[language])),
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
    return str(faker.random_element(ITALIAN_CITIES) if "it_IT" in faker.locales else faker.city())


def _address(rng: random.Random, faker: Faker, city: str, language: str) -> tuple[str, ...]:
    street = str(faker.street_address()).replace("\n", ", ")
    lines = [street]
    if chance(rng, 0.18):
        extra = {
            "fr": """{Bât.|Bâtiment} {A|B|C|D}; ZA {du Moulin|des Prés|Nord|de la Gare}; BP {10-999}; {2-4}e étage;
                Résidence {les Pins|du Parc}"""
        }
        lines.append(
            write(
                rng,
                rng.choice(
                    split_list(extra.get(language, "Suite {100-999}; Unit {1-40}; Floor {2-20}; PO Box {10-999}"))
                ),
            )
        )
    if language == "en" and "_US" in faker.locales[0]:
        lines.append(f"{city}, {faker.state_abbr()} {faker.postcode()}")
    elif language == "en":
        lines += [city, faker.postcode()] if chance(rng, 0.6) else [f"{city} {faker.postcode()}"]
    else:
        postcode = faker.numerify("%####") if "it_IT" in faker.locales else faker.postcode()
        lines.append(f"{postcode} {city.upper() if chance(rng, 0.3) else city}")
    return tuple(lines)


def _phone(rng: random.Random, faker: Faker) -> str:
    if faker.locales[0] != "fr_FR":
        return str(faker.phone_number())
    digits = f"0{rng.choice('123456679')}" + "".join(str(rng.randint(0, 9)) for _ in range(8))
    pairs = [digits[i : i + 2] for i in range(0, 10, 2)]
    if chance(rng, 0.12):
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
