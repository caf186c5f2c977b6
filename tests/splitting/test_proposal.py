"""A file that seems to be several documents is never accepted as one, and its parts are proposed."""

from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest

from sake_ray.batch.classification import classify_texts
from sake_ray.classifier import Classifier, fit
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.parts import SURE, ProposedPart, SplitMode, differ_in_class, select_sure
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.verdicts import Policy, Verdict
from sake_ray.errors import Message
from sake_ray.splitting import find_boundaries
from sake_ray.splitting.proposal import apply_mode, predict_documents, propose_parts
from tests.handmade import LINES, make_corpus, make_text

ANY = Policy(threshold=0.0, min_tokens=0)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    texts, labels = make_corpus(30)
    return fit(texts, labels)


def page_of(label: str, *, seed: int = 1, foot: str = "") -> str:
    """A full page of a class, with a line at its foot."""
    chance = Random(seed)
    person = chance.choice(("Claire Dupont", "James Smith", "Amina Benali"))
    text = "\n".join(LINES[label][:6]).format(
        number=chance.randint(10_000, 99_999), date="12/05/2024", amount="99,00", person=person
    )
    return text + ("\n" * (45 - text.count("\n")) + foot if foot else "")


def stack(*pages: str) -> DocumentText:
    return make_text("\f".join(pages))


def ranges_of(text: DocumentText, classifier: Classifier) -> list[tuple[int, int]]:
    return [(part.pages.first, part.pages.last) for part in propose_parts(text, classifier)]


def test_three_classes_in_one_file_are_three_parts(classifier: Classifier) -> None:
    text = stack(page_of("id_pieces"), page_of("resume"), page_of("facture"))
    parts = propose_parts(text, classifier)
    assert [part.label for part in parts] == ["id_pieces", "resume", "facture"]
    assert [part.pages for part in parts] == [PageRange(1, 1), PageRange(2, 2), PageRange(3, 3)]


def test_what_seems_to_be_several_documents_is_never_accepted_as_one(classifier: Classifier) -> None:
    text = stack(page_of("id_pieces"), page_of("resume"), page_of("facture"))
    (verdict,) = predict_documents(classifier, [text], policy=ANY)
    assert isinstance(verdict, Verdict)
    assert verdict.needs_review
    assert verdict.several


def test_one_page_is_one_document(classifier: Classifier) -> None:
    text = stack(page_of("facture"))
    assert find_boundaries(text, classifier) == ()
    (verdict,) = predict_documents(classifier, [text], policy=ANY)
    assert isinstance(verdict, Verdict)
    assert not verdict.several


def test_numbered_pages_are_one_document(classifier: Classifier) -> None:
    page = page_of("facture")
    text = stack(*(page.replace("Désignation", f"Désignation {n}") + "\n" * 30 + f"Page {n}/3" for n in (1, 2, 3)))
    assert propose_parts(text, classifier) == ()


def test_page_numbers_that_begin_anew_part_documents_of_one_class(classifier: Classifier) -> None:
    pages = [page_of("facture", seed=n, foot=f"Page {n % 2 + 1}/2") for n in (0, 1)]
    pages = [*pages, *(page_of("facture", seed=n + 5, foot=f"Page {n % 2 + 1}/2") for n in (0, 1))]
    assert 3 in [boundary.page for boundary in find_boundaries(stack(*pages), classifier) if boundary.sureness >= 0.5]


def test_blank_backs_belong_to_the_document_before(classifier: Classifier) -> None:
    text = stack(page_of("id_pieces"), "", page_of("resume"), ". -")
    assert ranges_of(text, classifier) == [(1, 2), (3, 4)]


def test_a_file_of_blank_pages_is_one_document(classifier: Classifier) -> None:
    (verdict,) = predict_documents(classifier, [stack("", "", ".")], policy=ANY)
    assert isinstance(verdict, Verdict)
    assert (verdict.label, verdict.parts) == (None, ())


def test_the_parts_have_every_page_once(classifier: Classifier) -> None:
    labels = ("facture", "resume", "facture", "id_pieces", "other", "resume")
    text = stack(*(page_of(label, seed=n) for n, label in enumerate(labels)))
    parts = propose_parts(text, classifier)
    assert (parts[0].pages.first, parts[-1].pages.last) == (1, len(labels))
    assert len(parts) > 3
    assert all(after.pages.first == before.pages.last + 1 for before, after in pairwise(parts))


def test_a_file_that_stays_whole_goes_to_people_when_its_pages_differ_in_class(classifier: Classifier) -> None:
    text = stack(page_of("id_pieces"), page_of("resume"), page_of("facture"))
    (verdict,) = predict_documents(classifier, [text], policy=ANY, modes=[SplitMode.NEVER])
    assert isinstance(verdict, Verdict)
    assert (verdict.parts, verdict.several, verdict.needs_review) == ((), True, True)


def test_a_classification_says_which_documents_a_file_seems_to_hold(classifier: Classifier) -> None:
    text = stack(page_of("id_pieces"), page_of("resume"), page_of("facture"))
    (result,) = classify_texts([text], classifier, ANY)
    assert isinstance(result.error, Message)
    assert (result.error.code, result.error.params) == (
        "several-documents",
        {"documents": 3, "first_pages": ["1", "2", "3"]},
    )
    assert result.needs_review


def test_a_file_of_one_class_that_stays_whole_is_accepted() -> None:
    parts = tuple(ProposedPart(PageRange(n, n), "facture", 0.9, 0.8, "head") for n in (1, 2))
    verdict = Verdict("facture", 0.9, {"facture": 0.9}, False)
    assert apply_mode(verdict, parts, SplitMode.NEVER) == verdict
    assert apply_mode(verdict, parts, SplitMode.PROPOSE) == replace(
        verdict, parts=parts, several=True, needs_review=True
    )


def test_doubtful_boundaries_do_not_split_by_themselves() -> None:
    parts = [
        ProposedPart(PageRange(1, 2), "facture", 0.9, 1.0, ""),
        ProposedPart(PageRange(3, 3), "resume", 0.9, SURE, "class"),
        ProposedPart(PageRange(4, 6), "resume", 0.9, SURE - 0.01, "head"),
    ]
    assert select_sure(parts) == (PageRange(1, 2), PageRange(3, 6))
    assert select_sure(parts[::2]) == ()
    assert differ_in_class(parts)


def test_pages_of_a_text_are_selected_with_their_tokens() -> None:
    text = stack("alpha beta", "gamma delta", "epsilon zeta")
    selected = text.select_pages(2, 3)
    assert selected.text == "gamma delta\fepsilon zeta"
    assert [page.number for page in selected.pages] == [1, 2]
    assert [selected.words[token.word].text for token in selected.tokens] == ["gamma", "delta", "epsilon", "zeta"]
