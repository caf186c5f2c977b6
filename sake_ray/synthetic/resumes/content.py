"""Invent what one CV says, before anybody draws it."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sake_ray.synthetic.people.fakers import lend_speaker
from sake_ray.synthetic.people.money import choose_dates, choose_day
from sake_ray.synthetic.people.persons import Person, invent_firm, invent_person, spell_in_ascii
from sake_ray.synthetic.people.phrases import choose_some, happens, sentence, write, write_lorem
from sake_ray.synthetic.resumes.spans import Spans
from sake_ray.synthetic.wording import WordingSection, read_section, read_wording

Slots = dict[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Trade:
    """The templates of one line of work; `uses` says which more its jobs have: "stack", "software"."""

    titles: tuple[str, ...]
    tasks: tuple[str, ...]
    skills: tuple[str, ...]
    diplomas: tuple[str, ...]
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One job or one diploma: what, where, when, and lines about it."""

    title: str
    place: str
    dates: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it: a text, entries, or short items."""

    name: str
    heading: str
    text: str = ""
    entries: tuple[Entry, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resume:
    """All that one CV says; `facts` are the lines under the name."""

    language: str
    person: Person
    headline: str
    title: str
    facts: tuple[str, ...]
    sections: tuple[Section, ...]

    def section(self, name: str) -> Section | None:
        """Find a section by its name."""
        return next((section for section in self.sections if section.name == name), None)


@cache
def read_trades(language: str) -> tuple[Trade, ...]:
    """Read the trades of "fr" or "en"."""
    return tuple(
        Trade(trade["title"], trade["task"], trade["skill"], trade["diploma"], trade.wordings.get("uses", ()))
        for trade in read_wording(f"{language}/resume_trades").values()
    )


def read_text(language: str) -> WordingSection:
    """Read the templates of everything but headings and trades."""
    return read_section(f"{language}/resumes", "text")


def _read_headings(language: str) -> Mapping[str, tuple[str, ...]]:
    return read_section(f"{language}/resumes", "headings").wordings


def choose_headings(rng: random.Random, language: str) -> dict[str, str]:
    """Choose a wording for every heading, once for the whole CV; rarely those of a neighbouring language."""
    own = _read_headings(language)
    if happens(rng, 0.05):
        own = {**own, **_read_headings(rng.choice(("de", "es")))}
    chosen = {name: rng.choice(wordings) for name, wordings in own.items()}
    if happens(rng, 0.35):
        chosen = {name: text.upper() for name, text in chosen.items()}
    return chosen


def invent_resume(
    rng: random.Random, language: str, *, jobs: tuple[int, int] = (1, 5), tasks: tuple[int, int] = (1, 5)
) -> Resume:
    """Invent one CV, with between so many jobs and so many lines on each."""
    text = read_text(language)
    person = invent_person(rng, language)
    filler = happens(rng, 0.08)
    if filler and happens(rng, 0.5):
        name = rng.choice(text["template_name"])
        first, _, last = name.partition(" ")
        person = Person(first, last, person.address, person.city, person.phone, "hello@example.com")
    trade = rng.choice(read_trades(language))
    other = rng.choice(read_trades(language))
    slots = _slots(rng, language, person, trade)
    end = choose_day(rng, 2012, 2026)
    spans = Spans(rng, language, end)
    careers = [
        _job(rng, language, trade if happens(rng, 0.85) else other, spans, slots, tasks, filler=filler)
        for _ in range(rng.randint(*jobs))
    ]
    studies = [_study(rng, language, trade, spans, slots) for _ in range(rng.choice((1, 2, 2, 3, 3, 4)))]
    headline = rng.choice(trade.titles)
    headings = choose_headings(rng, language)
    sections = [
        Section("work", headings["work"], entries=tuple(careers)),
        Section("education", headings["education"], entries=tuple(studies)),
    ]
    sections += _short_sections(rng, language, trade, slots, headings, filler=filler)
    if happens(rng, 0.25):
        sections[0], sections[1] = sections[1], sections[0]
    if happens(rng, 0.4):
        tail = sections[2:]
        rng.shuffle(tail)
        sections[2:] = tail
    profile = next((s for s in sections if s.name == "profile"), None)
    if profile:
        sections.remove(profile)
        sections.insert(0, profile)
    facts = tuple(write(rng, fact, slots) for fact in choose_some(rng, text["fact"], 0, 3))
    title = rng.choice(text["title"]) if happens(rng, 0.22) else ""
    return Resume(language, person, headline, title, facts, tuple(sections))


def _slots(rng: random.Random, language: str, person: Person, trade: Trade) -> Slots:
    faker = lend_speaker(rng, language)
    lasts = [faker.last_name() for _ in range(6)]
    cities = [faker.city() for _ in range(5)] + [person.city] * 3
    firsts, phones = [faker.first_name() for _ in range(3)], [faker.phone_number() for _ in range(3)]
    slug = rng.choice(
        (
            f"{spell_in_ascii(person.first)}{spell_in_ascii(person.last)}",
            f"{spell_in_ascii(person.first)}-{spell_in_ascii(person.last)}",
        )
    )
    return {
        "last": lasts,
        "first": firsts,
        "phone": phones,
        "city": cities,
        "slug": [slug],
        "firm": [invent_firm(rng, language).name for _ in range(7)],
        "date": [choose_dates(rng, language)(choose_day(rng, 1955, 2005))],
        "tool": read_section("everywhere/resumes", "text")["tool"],
        "skill": trade.skills,
        "job": [title.lower() if language == "fr" else title for title in trade.titles],
    }


def _job(
    rng: random.Random, language: str, trade: Trade, spans: Spans, slots: Slots, tasks: tuple[int, int], *, filler: bool
) -> Entry:
    text = read_text(language)
    wordy = rng.choice((0.0, 0.2, 0.5, 0.9))
    lines = [_task(rng, language, trade, slots, wordy) for _ in range(rng.randint(*tasks))]
    if lines and happens(rng, 0.15):
        lines.insert(0, sentence(rng, rng.choice(text["place"]), slots))
    if lines and "stack" in trade.uses and happens(rng, 0.2):
        lines.append(write(rng, text.get_only("stack"), slots))
    if len(lines) > 1 and happens(rng, 0.15):
        lines = [". ".join(lines) + "."]
    if lines and happens(rng, 0.35):
        lines.append(sentence(rng, rng.choice(text["result"]), slots))
    if filler:
        lines = [write_lorem(rng, rng.randint(1, 3)) for _ in lines]
    place = rng.choice(slots["firm"])
    if happens(rng, 0.7):
        place += rng.choice((", ", " - ", " – ", " (", " | ")) + rng.choice(slots["city"])
        place += ")" if "(" in place else ""
    title = rng.choice(trade.titles)
    if filler and happens(rng, 0.5):
        title, place = rng.choice((text["template_job"],))
    if language == "fr" and happens(rng, 0.15):
        title += " " + write(rng, text.get_only("contract"))
    return Entry(title, place, spans.next(), tuple(dict.fromkeys(lines)))


def _task(rng: random.Random, language: str, trade: Trade, slots: Slots, wordy: float) -> str:
    text = read_text(language)
    task = sentence(rng, rng.choice(trade.tasks), slots)
    if happens(rng, wordy * 0.4):
        more = write(rng, rng.choice(trade.tasks), slots)
        task += (", " if happens(rng, 0.6) else f" {text.get_only('and')} ") + more[:1].lower() + more[1:]
    if happens(rng, wordy):
        task += " " + write(rng, rng.choice(text["tail"]), slots)
    return task + ("." if happens(rng, wordy * 0.5) else "")


def _study(rng: random.Random, language: str, trade: Trade, spans: Spans, slots: Slots) -> Entry:
    text = read_text(language)
    pool = trade.diplomas if happens(rng, 0.7) else text["degree"]
    details = (sentence(rng, rng.choice(text["detail"]), slots),) if happens(rng, 0.3) else ()
    school = write(rng, rng.choice(text["school"]), slots)
    return Entry(write(rng, rng.choice(pool), slots), school, spans.next(40), details)


def _short_sections(
    rng: random.Random, language: str, trade: Trade, slots: Slots, headings: dict[str, str], *, filler: bool
) -> list[Section]:
    def items(name: str, pool: Sequence[str], low: int, high: int) -> Section:
        return Section(
            name,
            headings[name],
            items=tuple(sentence(rng, entry, slots) for entry in choose_some(rng, pool, low, high)),
        )

    text, everywhere = read_text(language), read_section("everywhere/resumes", "text")
    levels = text["level"]
    link = rng.choice((" : ", " (", " - ", ", ") if language == "fr" else (": ", " (", " - ", " – "))
    spoken = [
        f"{tongue}{link}{write(rng, rng.choice(levels))}{')' if '(' in link else ''}"
        for tongue in choose_some(rng, text["language"], 1, 4)
    ]
    profile = " ".join(sentence(rng, line, slots) + "." for line in choose_some(rng, text["profile"], 1, 4))
    listed: dict[str, tuple[float, Callable[[], Section]]] = {
        "skills": (0.85, lambda: items("skills", trade.skills, 3, 11)),
        "tools": (
            0.2,
            lambda: items("tools", everywhere["tool" if "software" in trade.uses else "office"], 2, 7),
        ),
        "languages": (0.65, lambda: Section("languages", headings["languages"], items=tuple(spoken))),
        "certificates": (0.25, lambda: items("certificates", trade.diplomas, 1, 3)),
        "projects": (0.15, lambda: items("projects", text["project"], 1, 3)),
        "qualities": (0.25, lambda: items("qualities", text["quality"], 3, 7)),
        "volunteering": (0.1, lambda: items("volunteering", text["project"], 1, 1)),
        "interests": (0.55, lambda: items("interests", text["interest"], 2, 6)),
        "references": (
            0.15 if language == "fr" else 0.35,
            lambda: items("references", text["reference"], 1, 2),
        ),
    }
    sections = [make() for share, make in listed.values() if happens(rng, share)]
    if happens(rng, 0.55):
        sections.append(Section("profile", headings["profile"], text=write_lorem(rng, 5) if filler else profile))
    return sections
