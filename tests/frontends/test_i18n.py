"""Every text is there in every language, and none is left over."""

import re
from pathlib import Path
from string import Formatter

import pytest

import frontends
from frontends.i18n import LANGUAGES, Translations, choose_language, literal, read_catalogue
from sake_ray.errors import read_templates

SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in Path(frontends.__file__).parent.rglob("*.py"))
MADE_UP = re.compile(r"f\"([a-z_.]*)\{")


def test_no_language_lacks_a_key() -> None:
    english, french = read_catalogue("en"), read_catalogue("fr")
    assert set(LANGUAGES) == {"en", "fr"}
    assert set(english) == set(french)
    assert all(text.strip() for text in (*english.values(), *french.values()))


def test_no_text_uses_the_words_that_puzzled_readers() -> None:
    english, french = (
        r"[Hh]and(ed)? in|\bpromis|None of these|to people|[Tt]ake over",
        r"Aucun de ceux|promesse|Promettre|instruisent",
    )
    puzzling = f"{english}|{french}"
    for language in LANGUAGES:
        texts = {key: text for key, text in read_catalogue(language).items() if not key.startswith(("said.", "error"))}
        assert {key: text for key, text in texts.items() if re.search(puzzling, text)} == {}


def test_both_languages_fill_in_the_same_places() -> None:
    for key, text in read_catalogue("en").items():
        # "1 document" may say its number in words.
        assert places(text) - {"n"} == places(read_catalogue("fr")[key]) - {"n"}, key


def test_every_key_is_used_and_every_used_key_is_there() -> None:
    known = set(read_catalogue("en"))
    literal = set(re.findall(r"\"([a-z_]+(?:\.[A-Za-z_]+)+)\"", SOURCE))
    prefixes = tuple(prefix for prefix in MADE_UP.findall(SOURCE) if "." in prefix or prefix == "")
    begun = tuple(prefix for prefix in prefixes if prefix)
    counted = {key.rpartition(".")[0] for key in known if key.endswith((".one", ".many"))}
    unused = {
        key
        for key in known
        if key not in literal
        and not key.startswith(begun)
        and key.rpartition(".")[0] not in literal & counted
        and not re.match(r"(user|admin)\.nav\.", key)
    }
    assert not unused
    called = set(re.findall(r"words(?:\(|\.count\(\s*)\"([^\"]+)\"", SOURCE.replace("\n", " ")))
    assert {key for key in called if key not in known and f"{key}.one" not in known} == set()


def test_every_code_is_worded_in_every_language() -> None:
    codes = {f"errors.{code}" for code in read_templates()}
    for language in LANGUAGES:
        assert {key for key in read_catalogue(language) if key.startswith("errors.")} == codes


def test_every_language_says_all_that_an_error_knows() -> None:
    for code, template in read_templates().items():
        for language in LANGUAGES:
            assert places(read_catalogue(language)[f"errors.{code}"]) == places(template), (code, language)


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        ("", "fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("", "de-DE, en;q=0.4, fr;q=0.7", "fr"),
        ("", "de", "en"),
        ("", "", "en"),
        ("", "en;q=x, fr", "fr"),
        ("fr", "en", "fr"),
        ("xx", "en", "en"),
    ],
)
def test_the_choice_goes_before_the_browser(chosen: str, accepted: str, language: str) -> None:
    assert choose_language(chosen, accepted) == language


def test_in_french_nought_is_singular() -> None:
    assert Translations("fr").count("state.done", 0) == "0 prêt"
    assert Translations("en").count("state.done", 2) == "2 done"


def test_a_count_agrees_with_its_noun() -> None:
    never_one = {
        "candidate.more", "results.cut", "admin.images.dwarfed", "admin.training.lead",
        "admin.policy.guaranteed", "admin.policy.applied", "admin.policy.not_yet",
    }  # fmt: skip
    for language in LANGUAGES:
        plural = {
            key
            for key, text in read_catalogue(language).items()
            if re.search(r"\{n\}\**( \S+)? (documents?|images?|files?|fichiers?|versions?)\b", text)
        }
        counted = {key for key in plural if key.endswith((".one", ".many"))}
        assert {key for key in plural - counted if not key.startswith(("said.", "errors."))} <= never_one


def test_addresses_in_names_become_no_links() -> None:
    assert literal("a@b.fr, http://b.fr, WWW.b.fr") == (
        "a\\@\N{WORD JOINER}b\\.fr\\, http\\:\\/\\/\N{WORD JOINER}b\\.fr\\, WWW\N{WORD JOINER}\\.b\\.fr"
    )


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
