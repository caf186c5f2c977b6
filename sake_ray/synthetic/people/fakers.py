"""Lend Fakers, which invent names and addresses, seeded anew each time."""

import random
from functools import lru_cache

from faker import Faker

LOCALES = {
    "fr": ("fr_FR",),
    "en": ("en_US", "en_US", "en_GB"),
    "de": ("de_DE",),
    "es": ("es_ES",),
    "it": ("it_IT",),
    "nl": ("nl_NL",),
}


@lru_cache(maxsize=64)
def _load_faker(locale: str) -> Faker:
    return Faker(locale)


def lend_faker(rng: random.Random, locale: str) -> Faker:
    """Lend the Faker of a locale; everybody shares it, so finish with it before asking for another."""
    faker = _load_faker(locale)
    faker.seed_instance(rng.getrandbits(32))
    return faker


def lend_speaker(rng: random.Random, language: str) -> Faker:
    """Lend the Faker of one of the locales of a language."""
    return lend_faker(rng, rng.choice(LOCALES[language]))
