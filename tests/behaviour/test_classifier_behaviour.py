"""The classifier behaves on documents unlike those it was trained on."""

from collections.abc import Mapping
from random import Random

import pytest

from sake_ray.classifier import Classifier, fit
from sake_ray.domain.verdicts import Policy, Verdict
from tests.handmade import A4, CARD, make_corpus, make_text

INVOICE = """EDF Particuliers
Votre facture d'électricité du 3 mars 2024
Abonnement 24,12 € Contributions et taxes 41,90 €
Montant à régler avant le 27/03/2024 : 251,33 €"""
RECEIPT = """ACME Stores Ltd VAT No. GB 123 4567 89
Receipt 00231 Till 2
Paper 2 x 3.20 6.40
Subtotal 6.40 VAT 20% 1.28
Total due 7.68 paid by card"""
PERMIT = """TITRE DE SEJOUR REPUBLIQUE FRANCAISE
DIALLO MAMADOU M GIN 01.01.1990
IRFRAX4RTBPFW46<<<<<<<<<<<<<<<
9001015M2802113GIN<<<<<<<<<<<6
DIALLO<<MAMADOU<<<<<<<<<<<<<<<"""
IRISH = """ÉIRE IRELAND PASSPORT
Surname MURPHY Given names AOIFE Nationality IRISH
Date of birth 04 MAR 1991 Sex F Place of birth CORK
Date of issue 01 JUN 2019 Date of expiry 31 MAY 2029"""
DEVELOPER = """Jean-Marc Petit
Développeur, 8 ans d'expérience professionnelle
Conception de services et travail en équipe
Formation : Master informatique, Université de Rennes, 2014
Compétences Python, SQL. Anglais courant"""
SALES = """Jane Doe, Sales leader
Summary: motivated manager with experience in medical devices
Experience: regional manager March 2016 - Present
Education: BSc Economics, University of York
Skills: negotiation, project management. Languages: French"""
APPLICATION = """Objet : candidature
Madame, Monsieur,
Je me permets de vous adresser ma candidature et reste à votre disposition.
Je vous prie d'agréer, Madame, Monsieur, mes salutations distinguées"""
MINUTES = """Minutes of the annual meeting of the tenants, held in the hall
The committee thanked everybody for the summer party and discussed the new roof
The next meeting will be held in the autumn"""

DOCUMENTS: Mapping[str, tuple[str, ...]] = {
    "facture": (INVOICE, RECEIPT),
    "id_pieces": (PERMIT, IRISH),
    "resume": (DEVELOPER, SALES),
    "other": (APPLICATION, MINUTES),
}
EACH = [(label, text) for label, texts in DOCUMENTS.items() for text in texts]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    """Trained on thirty composed documents of each label."""
    return fit(*make_corpus(30))


def judge(classifier: Classifier, text: str, size: tuple[int, int] = A4, colour: float = 0.0) -> Verdict:
    """Predict one document."""
    return classifier.predict([make_text(text, size=size, colour=colour)], policy=Policy())[0]


@pytest.mark.parametrize(("label", "text"), EACH)
class TestWhatMustHold:
    def test_plain_case_is_told(self, classifier: Classifier, label: str, text: str) -> None:
        assert judge(classifier, text).label == label

    def test_paper_shape_and_colour_do_not_decide(self, classifier: Classifier, label: str, text: str) -> None:
        for size in (A4, CARD, (2339, 1654), (4000, 3000)):
            for colour in (0.0, 0.6):
                assert judge(classifier, text, size, colour).label == label

    def test_capitals_accents_and_spaces_do_not_decide(self, classifier: Classifier, label: str, text: str) -> None:
        bare = text.replace("é", "e").replace("É", "E").replace("à", "a")
        assert {judge(classifier, form).label for form in (text.upper(), bare, text.replace("\n", "  "))} == {label}

    def test_other_names_and_figures_do_not_decide(self, classifier: Classifier, label: str, text: str) -> None:
        for old, new in (("7", "4"), ("20", "19"), ("MURPHY", "O'BRIEN"), ("Jane Doe", "Li Wei"), ("Petit", "Nguyen")):
            text = text.replace(old, new)
        assert judge(classifier, text).label == label

    def test_order_of_the_lines_does_not_decide(self, classifier: Classifier, label: str, text: str) -> None:
        assert judge(classifier, "\n".join(reversed(text.split("\n")))).label == label

    def test_specks_and_a_blank_page_do_not_decide(self, classifier: Classifier, label: str, text: str) -> None:
        assert judge(classifier, f"| . ,\n{text}\n- ' ~\f. |").label == label

    def test_few_misread_letters_do_not_decide(self, classifier: Classifier, label: str, text: str) -> None:
        random = Random(3)
        blurred = "".join("c" if letter == "e" and random.random() < 0.15 else letter for letter in text)
        assert judge(classifier, blurred.replace("rn", "m")).label == label

    def test_fewer_words_are_never_believed_much_more(self, classifier: Classifier, label: str, text: str) -> None:
        whole, part = judge(classifier, text), judge(classifier, " ".join(text.split()[:3]))
        assert part.probabilities[label] <= whole.probabilities[label] + 0.1


def test_evidence_adds_up(classifier: Classifier) -> None:
    chances = [
        judge(classifier, text).probabilities["facture"]
        for text in (
            "Monsieur",
            "Monsieur la facture",
            "Monsieur la facture total TTC",
            "la facture total TTC net à payer",
        )
    ]
    assert chances == sorted(chances)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "12",
        "zzqk wvxq jjkq pffx ggrw hhtz",
        "漢字 日本語 文書",
        "Πληροφορίες για το έγγραφο",
        "Это письмо о погоде",
        "lI1| oO0 ;:,. rnm",
        "El perro corre por el parque mientras los niños juegan",
        "Lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor",
    ],
)
def test_text_of_no_class_goes_to_a_person(classifier: Classifier, text: str) -> None:
    verdict = judge(classifier, text)
    assert verdict.needs_review
    assert max(chance for label, chance in verdict.probabilities.items() if label != "other") < 0.6


def test_single_common_word_goes_to_a_person(classifier: Classifier) -> None:
    for word in ("Lyon", "date", "Monsieur", "2024", "facture"):
        assert judge(classifier, word).needs_review


def test_long_rubbish_is_not_believed_for_its_length(classifier: Classifier) -> None:
    random = Random(5)
    words = ["".join(random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(7)) for _ in range(2000)]
    assert judge(classifier, " ".join(words)).needs_review


def test_confidence_on_unseen_documents_is_about_right() -> None:
    small = fit(*make_corpus(8))
    texts, truth = make_corpus(40, seed=11)
    clipped = [make_text(" ".join(text.text.split()[start : start + 5])) for start in (0, 9) for text in texts]
    verdicts = [v for v in zip(small.predict(clipped, policy=Policy()), truth * 2, strict=True) if v[0].label]
    belief = sum(verdict.confidence or 0 for verdict, _ in verdicts) / len(verdicts)
    right = sum(verdict.label == label for verdict, label in verdicts) / len(verdicts)
    assert belief == pytest.approx(right, abs=0.2)
    assert belief < right + 0.05
