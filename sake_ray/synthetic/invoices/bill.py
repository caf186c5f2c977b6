"""Invent what one invoice says, before anybody draws it."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sake_ray.synthetic.people.fakers import lend_speaker
from sake_ray.synthetic.people.money import DateWriter, Money, choose_dates, choose_day, choose_money
from sake_ray.synthetic.people.persons import Firm, invent_firm, invent_person
from sake_ray.synthetic.people.phrases import happens, sentence, write, write_lorem
from sake_ray.synthetic.wording import read_section, read_wording

ABROAD = ("de", "es", "it", "nl")
RATES = {
    "fr": (20.0, 20.0, 20.0, 10.0, 5.5, 0.0),
    "en": (20.0, 20.0, 0.0, 5.0, 8.25, 7.0, 10.0, 18.0, 13.0),
    "de": (19.0, 7.0),
    "es": (21.0,),
    "it": (22.0,),
    "nl": (21.0,),
}
FIELDS_KEPT_ALONE = ("iban", "bic", "page")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an invoice."""

    reference: str
    text: str
    quantity: float
    unit: str
    price: float
    rate: float

    @property
    def amount(self) -> float:
        """Quantity times price."""
        return round(self.quantity * self.price, 2)


@dataclass(frozen=True, slots=True)
class Bill:
    """All that one invoice says; `labels` is the wording chosen for each field."""

    language: str
    labels: Mapping[str, str]
    seller: Firm
    buyer: tuple[str, ...]
    place: tuple[str, ...]
    number: str
    day: date
    due: date
    items: tuple[Item, ...]
    notes: tuple[str, ...]
    terms: str
    money: Money
    write_date: DateWriter
    rate: float

    @property
    def subtotal(self) -> float:
        """The sum of all lines."""
        return round(sum(item.amount for item in self.items), 2)

    @property
    def tax(self) -> float:
        """The tax on all lines."""
        return round(sum(item.amount * item.rate / 100 for item in self.items), 2)

    @property
    def total(self) -> float:
        """What is to be paid."""
        return round(self.subtotal + self.tax, 2)


def _read_labels(language: str) -> Mapping[str, tuple[str, ...]]:
    return read_section(f"{language}/invoices", "labels").wordings


def choose_tongue(rng: random.Random, language: str) -> str:
    """Choose the language the labels are in: mostly the document's own, sometimes a foreign one or two at once."""
    return rng.choice((*ABROAD, "two", "two")) if happens(rng, 0.12) else language


def choose_labels(rng: random.Random, language: str, tongue: str) -> dict[str, str]:
    """Choose a wording for every field, once for the whole document."""
    english, french = _read_labels("en"), _read_labels("fr")
    base = french if language == "fr" else english
    if tongue in ABROAD:
        base = {**english, **_read_labels(tongue)}
    labels = {key: rng.choice(base.get(key, french[key])) for key in french}
    if tongue == "two":
        foreign = rng.choice(
            (english, french if language == "en" else english, *(_read_labels(abroad) for abroad in ABROAD))
        )
        mark = rng.choice((" / ", "/", " - "))
        for key in labels:
            other = rng.choice(foreign.get(key, (labels[key],)))
            if other.lower() != labels[key].lower() and key not in FIELDS_KEPT_ALONE:
                labels[key] += mark + other
    return labels


def invent_items(
    rng: random.Random, language: str, count: int, *, trade: str = "", rate: float = 20.0, tongue: str = ""
) -> list[Item]:
    """Invent that many lines of one trade, or of one chosen at random."""
    file = f"{language}/invoice_items"
    names = [trade] if trade else rng.choices(list(read_wording(file)), k=rng.choice((1, 1, 1, 1, 2, 3)))
    templates = [template for name in names for template in read_section(file, name)["item"]]
    faker = lend_speaker(rng, language)
    slots = {"city": [faker.city() for _ in range(4)], "last": [faker.last_name() for _ in range(4)]}
    filler = happens(rng, 0.04)
    coded = rng.choice(
        ("{100-99999}", "{A|B|C|D|F}{10-999}", "{1000-9999}-{10-99}", "{AB|PR|SV|MO|FR|X}{10-99}-{100-999}")
    )
    items = []
    for _ in range(count):
        text, _, price = rng.choice(templates).partition(" @ ")
        prices, _, units = price.partition(" ")
        low, high = (int(part) for part in prices.split("-"))
        unit = rng.choice(units.split("|"))
        text = sentence(rng, text, slots)
        if tongue in ABROAD and happens(rng, 0.85):
            text = rng.choice(read_section(f"{tongue}/invoices", "text")["item"])
        if filler:
            text = write_lorem(rng, rng.randint(1, 2))
        quantity = rng.choice((1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 35, 50, 100))
        if high > 500:
            quantity = rng.choice((1, 1, 1, 1, 2, 3))
        exact = float(rng.randint(low, high)) + rng.choice((0, 0, 0, 0.5, 0.9, 0.95, 0.99, rng.randint(1, 99) / 100))
        line_rate = rate if happens(rng, 0.9) or not rate else rng.choice((rate, 5.5 if language == "fr" else 0.0))
        part = (
            rng.choice((0, 0, 0, 0.5)) if quantity < 10 and unit in {"h", "hrs", "hours", "kg", "m²", "day", "j"} else 0
        )
        items.append(Item(write(rng, coded), text, quantity + part, unit, exact, line_rate))
    return items


def invent_buyer(rng: random.Random, language: str) -> tuple[str, ...]:
    """Invent who pays, as the lines of an address."""
    person = invent_person(rng, language)
    text = read_section(f"{language}/invoices", "text")
    titles = [f"{title} " for title in text["polite"]] + [""] * (2 if language == "fr" else 4)
    if happens(rng, 0.4):
        lines: tuple[str, ...] = (rng.choice(titles) + person.name, *person.address)
    else:
        firm = invent_firm(rng, language)
        lines = (f"{firm.name} {firm.form}" if happens(rng, 0.4) else firm.name, *firm.address)
        if happens(rng, 0.35):
            attention = rng.choice(text["attention"]).replace("{name}", person.name)
            lines = (lines[0], attention, *lines[1:])
    return (*lines, rng.choice(text["country"])) if happens(rng, 0.2) else lines


def invent_number(rng: random.Random, day: date) -> str:
    """Invent an invoice number."""
    form = rng.choice(read_section("everywhere/invoices", "text")["number"])
    form = form.replace("{Y}", str(day.year)).replace("{yy}", f"{day.year % 100:02}").replace("{mm}", f"{day.month:02}")
    return write(rng, form)


def invent_bill(rng: random.Random, language: str, *, trade: str = "", items: tuple[int, int] = (1, 12)) -> Bill:
    """Invent one invoice, with between so many lines."""
    tongue = choose_tongue(rng, language)
    home = tongue if tongue in ABROAD else language
    rate = rng.choice(RATES[home])
    day = choose_day(rng)
    text = read_section(f"{language}/invoices", "text")
    notes = read_section(f"{home}/invoices", "text")["note"]
    buyer = invent_buyer(rng, language)
    return Bill(
        language=language,
        labels=choose_labels(rng, language, tongue),
        seller=invent_firm(rng, home),
        buyer=buyer,
        place=invent_buyer(rng, language) if happens(rng, 0.4) else buyer,
        number=invent_number(rng, day),
        day=day,
        due=day + timedelta(days=rng.choice((0, 7, 10, 14, 15, 30, 30, 30, 45, 60))),
        items=tuple(invent_items(rng, language, rng.randint(*items), trade=trade, rate=rate, tongue=tongue)),
        notes=tuple(
            sentence(rng, note).replace(" ,", ",")
            for note in rng.sample(notes, min(len(notes), rng.choice((0, 1, 1, 2, 2, 3, 4, 6))))
        ),
        terms=write(rng, rng.choice(text["terms"])),
        money=choose_money(rng, home),
        write_date=choose_dates(rng, home),
        rate=rate,
    )
