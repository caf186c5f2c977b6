"""What a question forgives: the same word in another form, another way of writing."""

import pytest

from sake_ray.data.terms import MAX_INDEXED_LETTERS, MAX_PART_LETTERS, find_matching_words, parse_query, to_index_terms
from sake_ray.errors import InputError

ALIKE = """
facture factures | facturée facture | réglées régler | reglees réglé | ELECTRICITE électricité | travaux travail
nationale nationaux | payons payer | développeuse développeur | Œuvre oeuvres | impayées impayé | hôpitaux hopital
companies company | paid paying | delivered delivery | children child | studies studied | billing bills
""".replace("\n", "|").split("|")
APART = "facture facteur | assurance assumer | contrat contraire | nom nombre | universe university | 118 119"


def finds(question: str, text: str, language: str = "unknown") -> bool:
    """Whether every word of the question is answered by one of the text."""
    terms = {term for word in to_index_terms(text.split(), language) for term in word}
    return all(not terms.isdisjoint(one) for one in parse_query(question))


def test_accents_capitals_and_forms_of_a_word_are_forgiven() -> None:
    for pair in filter(None, map(str.strip, ALIKE)):
        one, other = pair.split()
        assert finds(one, other), pair
        assert finds(other, one), pair
    for pair in APART.split("|"):
        one, other = pair.split()
        assert not finds(one, other), pair


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("l’électricité", "d'électricité,"), ("facture de janvier", "Factures janvier"), ("(2024-118)", "N°2024-118."),
        ("jean.durand@mail.fr", "jean.durand@mail.fr"), ("de la", "de la"), ("Straße", "STRASSE"), ("日本", "日本"),
    ],
)  # fmt: skip
def test_what_stands_around_the_words_does_not_count(question: str, text: str) -> None:
    assert finds(question, text)


def test_a_text_is_stemmed_in_its_own_language_and_a_question_in_both() -> None:
    for language in ("fr", "en", "unknown"):
        assert finds("studies", "study", language) or language == "fr"
        assert finds("réglée", "régler", language) or language == "en"


def test_the_words_that_match_are_told_by_their_place() -> None:
    words = ["La", "facture", "d'électricité", "est", "réglée"]
    assert find_matching_words(words, "fr", parse_query("regler electricite")) == (2, 4)


def test_any_question_is_harmless() -> None:
    for question in (
        "",
        "!?…",
        "\0",
        "\ud800",
        '"',
        "a AND",
        "NEAR(x",
        "x" * 10_000,
        "' ; drop table x",
        "*",
        "-a:b^2",
    ):
        for terms in parse_query(question):
            assert terms
            assert all(term.isascii() and term.isalnum() and len(term) < 400 for term in terms)
    with pytest.raises(InputError, match="at most 32"):
        parse_query(" ".join(map(str, range(33))))


def test_an_endless_text_is_indexed_at_its_beginning() -> None:
    terms = to_index_terms([f"w{number}" for number in range(1_000_000)], "unknown")
    assert 0 < sum(len(term) for word in terms for term in word) <= MAX_INDEXED_LETTERS


def test_a_word_of_any_length_has_terms_of_bounded_length() -> None:
    ((written, *_),) = to_index_terms(["a" * 1000], "unknown")
    assert len(written) == 1 + MAX_PART_LETTERS
