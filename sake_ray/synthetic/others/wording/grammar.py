"""What can a sentence of any document be made of, by language?"""

from sake_ray.synthetic.others.wording import phrases_abroad, phrases_en, phrases_fr
from sake_ray.synthetic.people.phrases import paragraphs


def _read(text: str) -> dict[str, tuple[str, ...]]:
    """Read slots: each line is the name of a slot, then its choices between semicolons."""
    slots: dict[str, tuple[str, ...]] = {}
    for entry in paragraphs(text):
        name, _, choices = entry.partition(" ")
        slots[name] = slots.get(name, ()) + tuple(choice.strip() for choice in choices.split(";") if choice.strip())
    return slots


GRAMMAR = {"fr": _read(phrases_fr.TEXT), "en": _read(phrases_en.TEXT)} | {
    language: _read(text) for language, text in phrases_abroad.TEXTS.items()
}
