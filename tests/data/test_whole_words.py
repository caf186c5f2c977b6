"""Words are whole: accents over their letters, letters together, no word torn by the end of a line."""

import pytest

from sake_ray.data.pages.whole_words import compose_accents, mend_words
from sake_ray.domain.texts import Box, Word


def line(text: str, number: int = 0, *, gap: float = 0.004, left: float = 0.1) -> list[Word]:
    """Words side by side, each letter 0.01 wide and 0.02 high; two spaces make a gap three times as wide."""
    words, place = [], left
    for part in text.split(" "):
        if not part:
            place += 2 * gap
            continue
        right = place + 0.01 * len(part)
        words.append(Word(part, Box(place, 0.1 + 0.03 * number, right, 0.12 + 0.03 * number), 100.0, number))
        place = right + gap
    return words


def mended(*lines: str) -> list[str]:
    return [
        word.text for word in mend_words([word for number, text in enumerate(lines) for word in line(text, number)])
    ]


@pytest.mark.parametrize(
    ("apart", "whole"),
    [
        ("D´esignation", "Désignation"), ("T´el.", "Tél."), ("`a", "à"), ("fran¸cais", "français"), ("na¨ıve", "naïve"),
        ("ch^ene", "chêne"), ("chˆene", "chêne"), ("d'´ech´eance", "d'échéance"), ("cr´e´ee", "créée"), ("Qualite´", "Qualité"),
        ("e\u0301te\u0301", "été"), ("Espa˜na", "España"), ("˚Angstr¨om", "Ångström"), ("N´eant", "Néant"),
        ("H´el`ene", "Hélène"), ("l´entreprise", "l'entreprise"), ("qu´elle", "qu'elle"), ("`quoted`", "`quoted`"),
        ("10^6", "10^6"), ("x~y", "x~y"),
        ("/~name", "/~name"), ("´", "´"), ("a", "a"),
    ],
)  # fmt: skip
def test_accents_are_over_their_letters(apart: str, whole: str) -> None:
    assert compose_accents(apart) == whole


def test_letters_set_apart_are_a_word() -> None:
    assert mended("F A C T U R E") == ["FACTURE"]


def test_a_wider_gap_parts_two_such_words() -> None:
    assert mended("B O N  D E  C O M M A N D E") == ["BON", "DE", "COMMANDE"]


def test_letters_set_apart_among_words_are_closed() -> None:
    assert mended("A P L Co. Pte L t d") == ["APL", "Co.", "Pte", "Ltd"]


def test_the_box_of_a_closed_word_holds_its_letters() -> None:
    words = line("F A C T U R E")
    (word,) = mend_words(words)
    assert (word.box.left, word.box.right) == (words[0].box.left, words[-1].box.right)


@pytest.mark.parametrize("text", ["A B", "x y", "à À â Â ä Ä", "a 1 b 2 c 3"])
def test_single_letters_that_are_no_word_stay(text: str) -> None:
    assert mended(text) == text.split()


def test_columns_of_single_letters_stay() -> None:
    assert [word.text for word in mend_words(line("A B C D", gap=0.05))] == list("ABCD")


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("une longue repré-", "sentation de", "représentation"), ("the employ-", "ment of", "employment"),
        ("un rendez-", "vous à", "rendez-vous"), ("rue de Saint-", "Denis et", "Saint-Denis"),
        ("la FACTU-", "RATION", "FACTURATION"),
    ],
)  # fmt: skip
def test_words_torn_at_the_end_of_a_line_are_joined(first: str, second: str, whole: str) -> None:
    assert whole in mended(first, second)


def test_a_joined_word_has_the_box_of_its_first_part() -> None:
    words = [*line("une repré-", 0), *line("sentation", 1)]
    assert mend_words(words)[-1].box == words[1].box


@pytest.mark.parametrize(
    ("first", "second"), [("2020 -", "aujourd'hui"), ("réf. AB-", "total"), ("N-", "bis"), ("page 1-", "suite")]
)
def test_hyphens_that_tear_no_word_stay(first: str, second: str) -> None:
    assert mended(first, second) == f"{first} {second}".split()
