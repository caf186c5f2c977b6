"""Who and what does one document speak of?"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sake_ray.synthetic.people.fakers import LOCALES, lend_faker, lend_speaker
from sake_ray.synthetic.people.money import choose_dates, choose_day, choose_money, name_month
from sake_ray.synthetic.people.persons import Firm, Person, invent_firm, invent_person
from sake_ray.synthetic.people.phrases import happens, sentence, write
from sake_ray.synthetic.wording import read_section


@dataclass(frozen=True, slots=True)
class Cast:
    """The persons, firms and phrases of one document, as slots of its templates."""

    rng: random.Random
    language: str
    persons: tuple[Person, ...]
    firms: tuple[Firm, ...]
    date: str
    slots: Mapping[str, Sequence[str]]

    def say(self, template: str) -> str:
        """Write a template as it stands."""
        return write(self.rng, template, self.slots)

    def sentence(self, template: str) -> str:
        """Write a template and begin it with a capital."""
        return sentence(self.rng, template, self.slots)


def choose_cast(rng: random.Random, language: str) -> Cast:
    """Choose whom and what one document speaks of; any language that persons are invented in."""
    persons = tuple(invent_person(rng, language) for _ in range(4))
    firms = tuple(invent_firm(rng, language) for _ in range(2))
    write_date, money = choose_dates(rng, language), choose_money(rng, language)
    first = choose_day(rng)
    days = [first + timedelta(days=rng.randrange(-200, 400)) for _ in range(5)]
    faker = lend_speaker(rng, language)
    jobs = [faker.job() for _ in range(5)]
    # The first locale of a language alone has words, the others fall back to Latin.
    words = lend_faker(rng, LOCALES[language][0])
    slots: dict[str, Sequence[str]] = dict(read_section(f"{language}/grammar", "slots").wordings)
    slots |= {
        "person": [person.name for person in persons],
        "first": [person.first for person in persons],
        "last": [person.last for person in persons],
        "city": [person.city for person in persons],
        "phone": [person.phone for person in persons],
        "email": [person.email for person in persons],
        "street": [person.address[0] for person in persons],
        "address": [", ".join(person.address) for person in persons],
        "firm": [firm.name for firm in firms],
        "site": [firm.site for firm in firms],
        "iban": [firms[0].iban],
        "bic": [firms[0].bic],
        "register": [firm.register for firm in firms],
        "date": [write_date(day) for day in days],
        "today": [write_date(first)],
        "birth": [write_date(choose_day(rng, 1948, 2004))],
        "month": [name_month(day, language) for day in days],
        "year": [str(day.year) for day in days],
        "amount": [money.amount(rng.choice((10, 100, 1000, 30000)) * rng.uniform(0.5, 3)) for _ in range(12)],
        "sum": [money.number(rng.choice((10, 100, 1000, 30000)) * rng.uniform(0.5, 3)) for _ in range(50)],
        "price": [money.number(rng.randrange(20, 600) / 10) for _ in range(20)],
        "hour": [_hour(rng, language) for _ in range(8)],
        "number": [str(rng.randrange(10 ** rng.randint(3, 9))) for _ in range(8)],
        "code": [_code(rng) for _ in range(6)],
        "job": jobs,
        "word": words.words(40),
        "salad": [words.sentence(rng.randint(6, 16)) for _ in range(14)],
    }
    return Cast(rng, language, persons, firms, write_date(first), slots)


def _hour(rng: random.Random, language: str) -> str:
    hour, minute = rng.randint(7, 20), rng.choice((0, 0, 15, 30, 45))
    if language == "en" and happens(rng, 0.6):
        return f"{(hour - 1) % 12 + 1}:{minute:02} {'am' if hour < 12 else 'pm'}"
    return f"{hour}h{minute:02}" if language == "fr" else f"{hour:02}:{minute:02}"


def _code(rng: random.Random) -> str:
    letters = "".join(rng.choice("ABCDEFGHKLMNPRSTUVX") for _ in range(rng.randint(1, 3)))
    return f"{letters}{rng.choice(('-', '', '/', ' '))}{rng.randrange(100, 99999)}"
