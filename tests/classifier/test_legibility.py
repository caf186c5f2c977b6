"""Words that nobody knows are no evidence: a script that the reader does not know gives such."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from sake_ray.classifier import Classifier, fit
from sake_ray.classifier.legibility import (
    LEGIBLE,
    LETTERS,
    measure_legibility,
    measure_word,
    read_table,
    weigh_evidence,
)
from sake_ray.data.reading import Reader
from sake_ray.domain.verdicts import OTHER, Policy, Verdict
from sake_ray.synthetic.sheet import Sheet
from tests.handmade import make_text
from tests.homes import champion_of
from tests.pages import png

# As Tesseract read them.
HEBREW = (
    "N2nA1 YW TWH TN? 1279 ANDY ANTI? AVN LWWID AT? RNI2917712 ,2NINV DPN TDR) RIT RNID2NT NYT NNN PNA TWN7ND D'NTINNA"
)
RUSSIAN = (
    "TopAeesa Hukuta Beccourposuy OO0 «lopHsbix» r. YcTb-Kamenoropcxk HapoAnHbIA 6-p 3aAepiKaTb KOHCTpyKuMA npoLUeNTaTb"
)
ENGLISH = "Invoice number 2024-118 of the northern branch. The workshop delivered twelve wooden tables; total amount due 1,240.00"
FRENCH = "Facture n° 2024-118. Menuiserie Kervadec, à l'attention de Mme Lefèvre. Total TTC 1 240,00 € à régler sous trente jours"
GERMAN = "Rechnung Nr. 118 vom 3. März. Lieferung von zwölf Tischen an die Zweigstelle Köln, zahlbar innerhalb von dreißig Tagen"
POLISH = "Faktura VAT nr 118. Sprzedawca: Przedsiębiorstwo Wielobranżowe Błażejewski, ul. Świętokrzyska 12, Łódź Razem do zapłaty"
ZONE = "P<FRALEFEVRE<<MARIE<ANNE<<<<<<<<<<<<<<<<<<<< 12AB345678FRA8001019F3001012<<<<<<<<<<<<<<06"

SCRIPTS = {
    "Hebrew": "חשבונית מס עבור שירותי ייעוץ לחודש ינואר סכום לתשלום בתוך שלושים יום העתק נאמן למקור",
    "Russian": "Счёт на оплату за услуги перевозки груза по договору итого к оплате в течение тридцати дней получатель платежа",
    "Greek": "Τιμολόγιο για υπηρεσίες μεταφοράς εμπορευμάτων συνολικό ποσό πληρωτέο εντός τριάντα ημερών αριθμός πελάτη",
    "Armenian": "Հաշիվ ապրանքագիր տրանսպորտային ծառայությունների համար ընդամենը վճարման ենթակա գումարը երեսուն օրվա ընթացքում",
}


def weight_of(text: str) -> float:
    """How much a text counts."""
    return float(weigh_evidence(np.array([measure_legibility(text.split())]), LEGIBLE)[0])


@pytest.mark.parametrize("text", [ENGLISH, FRENCH, GERMAN, POLISH, ZONE], ids=["en", "fr", "de", "pl", "zone"])
def test_text_in_latin_letters_counts_in_full(text: str) -> None:
    assert weight_of(text) == 1


@pytest.mark.parametrize("text", [HEBREW, RUSSIAN], ids=["hebrew", "russian"])
def test_what_an_unknown_script_is_read_as_counts_for_nothing(text: str) -> None:
    assert weight_of(text) == 0


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_another_script_in_a_text_layer_counts_for_nothing(text: str) -> None:
    assert weight_of(text) == 0


@pytest.mark.parametrize("words", [(), ("12", "€", "a1"), ("2024-118",)], ids=["none", "short", "digits"])
def test_text_without_words_is_not_judged_by_them(words: Sequence[str]) -> None:
    assert measure_legibility(words) == LEGIBLE


def test_the_second_language_of_a_passport_does_not_count_against_the_first() -> None:
    passport = (
        "REPUBLIC OF CHINA 中華民國 PASSPORT Name 林健聖 LIN CHIEN-SHENG Nationality Date of birth 出生日期 TAIWAN"
    )
    assert weight_of(passport) == 1


def test_a_machine_readable_zone_counts_among_words_that_were_hardly_read() -> None:
    assert weight_of(f"dCory coCd brlCate eapiryOate imva7Cate {ZONE}") == 1


def test_codes_say_nothing() -> None:
    assert weight_of("DRIVER LICENSE WDLABCD456DG DDWDLABCD456DG1234567XX1101 STREET ADDRESS CITY RESTRICTIONS") == 1


def test_evidence_grows_with_legibility_from_nothing_to_all() -> None:
    weights = weigh_evidence(np.array([-3, 0.1, 0.35, 0.6, 2]), LEGIBLE)
    assert weights == pytest.approx([0, 0, 0.5, 1, 1])


def test_who_trains_on_another_script_or_on_codes_wants_it_to_count() -> None:
    words = SCRIPTS["Russian"].split()
    texts = [make_text(" ".join(words[n % 3 : n % 3 + 4] + words[8 + n % 3 :])) for n in range(12)]
    classifier = fit(texts, ["bill" if n % 3 else "note" for n in range(12)])
    assert [verdict.label for verdict in classifier.predict(texts[:3], policy=Policy())] == ["note", "bill", "bill"]
    assert not any(verdict.remark for verdict in classifier.predict(texts, policy=Policy()))


@pytest.mark.parametrize("word", ["TWN7ND", "tHe", "RNI2917712", "KOHCTpyKuMA"])
def test_mixed_cases_and_digits_among_letters_are_odd(word: str) -> None:
    assert measure_word(word).odd


@pytest.mark.parametrize(
    "word", ["Facture", "FACTURE", "facture", "Kamen-Oster", "l'attention", "A4", "n°12", "jean@x.fr"]
)
def test_ordinary_spelling_is_not_odd(word: str) -> None:
    assert not measure_word(word).odd


def test_every_word_is_measured_whatever_it_holds() -> None:
    strange = ["x" * 100_000, "\ud800\ud800\ud800", "İİİ", "ﬁﬁﬁ", "Zalgo̴̡͝", "漢字漢字", "ǅabc", "ªªª"]
    assert -10 < measure_legibility(strange) < 3


def test_table_has_a_step_for_each_three_letters() -> None:
    table = read_table()
    assert table.shape == (len(LETTERS),) * 3
    usual, unheard_of = ([LETTERS.index(letter) for letter in letters] for letters in ("ion", "_bb"))
    assert table[*usual] > 3 > 0 > table[*unheard_of]


@pytest.fixture(scope="module")
def first_model(home: Path, reader: Reader) -> Classifier:
    """The model that a new home has."""
    return champion_of(home, reader)[1]


def judge_scan(text: str, reader: Reader, classifier: Classifier) -> Verdict:
    """The verdict on a page of these words, read by OCR."""
    words, sheet = text.split() * 6, Sheet()
    for number in range(len(words) // 5):
        line = " ".join(words[5 * number : 5 * number + 5])
        sheet.text(20, 25 + 11 * number, line, font="DejaVuSans", size=13)
    return classifier.predict([reader.read(png(sheet.render(150)))], policy=Policy())[0]


@pytest.mark.parametrize("script", SCRIPTS)
def test_scan_in_an_unknown_script_is_of_no_class_and_goes_to_people(
    script: str, reader: Reader, first_model: Classifier
) -> None:
    verdict = judge_scan(SCRIPTS[script], reader, first_model)
    assert (verdict.label, verdict.needs_review, verdict.scant) == (OTHER, True, True)
    assert "words that can be read" in str(verdict.remark)


def test_crop_of_a_machine_readable_zone_is_an_identity_document(first_model: Classifier) -> None:
    verdict = first_model.predict([make_text(ZONE, recipe=first_model.recipe)], policy=Policy())[0]
    assert (verdict.label, str(verdict.remark)) == ("id_pieces", "")
