"""Cleaning makes the same tokens of the same things, whatever the document does."""

import random
import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sake_ray.data import stop_words
from sake_ray.data.cleaning import (
    FIRST_STEPS,
    LAST_STEPS,
    MAX_LETTERS,
    MRZ,
    Tokens,
    clean_words,
    detect_language,
    drop_one_letter,
    drop_stop_words,
    lemmatize,
    lower_case,
    tokenize,
)
from sake_ray.domain.texts import Token

FRENCH = """Nous vous prions de bien vouloir régler cette facture avant la date indiquée ci-dessous, faute de quoi des
pénalités seront appliquées conformément aux conditions générales de vente de notre société""".split()
ENGLISH = """Please find below the invoice for the services provided to your company during this month; payment must be
received before the due date stated above, otherwise interest will be charged""".split()

CLASS_BEARING = {
    "fr": """date total montant facture facturation nom prénom prénoms sexe né née naissance travail expérience numéro page taxe
        taxes hors toutes dont net payer règlement échéance quantité prix unitaire désignation client adresse carte identité
        passeport nationalité taille préfecture titulaire valable permis signature compétences formation langues loisirs stage
        diplôme emploi poste chez depuis contrat bulletin salaire attestation relevé compte somme avis devis loyer sans""",
    "en": """date total amount bill invoice name sex work working experience number page tax due payable payment subtotal quantity
        price unit customer address card identity passport surname given nationality holder birth expiry issued license driving
        signature skills education languages hobbies references degree university job employment since present contract
        payslip salary statement account sum notice quote rent receipt balance it may us shall must""",
}


def as_tokens(*texts: str) -> Tokens:
    return tuple(Token(text, index) for index, text in enumerate(texts))


def texts(tokens: Tokens) -> list[str]:
    return [token.text for token in tokens]


def split(text: str) -> list[str]:
    """The tokens of a text before anything is dropped."""
    return texts(tokenize(lower_case(as_tokens(*text.split(" ")), ""), ""))


class TestSteps:
    def test_the_steps_and_their_order_are_visible(self) -> None:
        assert [step.__name__ for step in FIRST_STEPS] == ["lower_case", "tokenize"]
        assert [step.__name__ for step in LAST_STEPS] == ["lemmatize", "drop_stop_words", "drop_one_letter"]

    def test_capitals_become_small_also_beyond_ascii(self) -> None:
        assert texts(lower_case(as_tokens("ÉCHÉANCE", "Straße", "ΑΒΓ"), "")) == ["échéance", "straße", "αβγ"]

    def test_letters_are_written_one_way(self) -> None:
        written = ["ﬁnance", "e\u0301cole", "œuvre", "Ｆａｃｔｕｒｅ", "l’an", "l`an", "l´an", "fac\u00adture"]
        assert texts(lower_case(as_tokens(*written), "")) == [
            *("finance", "école", "oeuvre", "facture", "l'an", "l'an", "l'an", "facture")
        ]

    def test_words_that_are_nothing_vanish_and_the_others_keep_their_index(self) -> None:
        assert lower_case(as_tokens("", "\u200b", "A"), "") == (Token("a", 2),)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Total:net/brut", "total net brut"),
            ("sous-traitant", "sous traitant"),
            ("snake_case", "snake case"),
            (
                "l'adresse d’un qu'il jusqu'au lorsqu'elle j'ai n'est s'il c'est m'a t'a",
                "adresse un il au elle ai est il est a a",
            ),
            ("company's men's", "company men"),
            ("don't isn't", ""),
            ("aujourd'hui prud'hommes", "aujourdhui prudhommes"),
            ("facture n° 12 Nº 7 №8", "facture numéro 12 numéro 7 numéro 8"),
            ("html5 a4 m²", "html5 a4 m2"),
        ],
    )
    def test_a_word_is_split_at_all_but_letters_and_digits(self, text: str, expected: str) -> None:
        assert split(text) == expected.split()

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("P<FRADUPONT<<JEAN<PIERRE<<<<<<<<<<", "p fradupont << jean pierre <<"),
            ("12AB345671FRA8001019M3001015<<<<<<<<06", "_code << 06"),
            ("LD53601896DNK8509125F2501017<<<<06", "_code << 06"),
            ("IDFRADUPONT<<<<<<<<<<<<<<<<<<<<", "idfradupont <<"),
            ("DUPONT«JEAN", "dupont << jean"),
            ("« Bonjour »", "bonjour"),
            ("a < b", "a b"),
        ],
    )
    def test_the_fillers_of_a_machine_readable_zone_are_one_token(self, text: str, expected: str) -> None:
        assert split(text) == expected.split()
        assert MRZ == "<<"

    @pytest.mark.parametrize(
        ("kind", "examples"),
        {
            "_email": ["jean.dupont@exemple.fr", "A_B+c@mail.example.co.uk"],
            "_url": [
                "https://exemple.fr/a?b=c#d",
                "http://localhost:80",
                "www.exemple.fr",
                "exemple.com/page",
                "Ma-Boite.FR",
            ],
            "_iban": [
                "FR76 3000 6000 0112 3456 7890 189",
                "FR7630006000011234567890189",
                "GB29 NWBK 6016 1331 9268 19",
            ],
            "_phone": [
                *("01 23 45 67 89", "06.12.34.56.78", "0612345678", "+33 6 12 34 56 78", "+33 (0)1 23 45 67 89"),
                *(
                    "0033 1 23 45 67 89",
                    "0 800 123 456",
                    "(555) 123-4567",
                    "+44 20 7946 0958",
                    "01234 567 890",
                    "(0121) 496 0200",
                ),
                *("01184960605", "+44(0)1174960973", "(379)461-1197", "001-402-811-3680x3524", "1-366-912-8489"),
            ],
            "_amount": [
                *(
                    "1 234,56 €",
                    "1\u202f234,56\u00a0€",
                    "1.234,56 EUR",
                    "$1,234.50",
                    "£12",
                    "12€50",
                    "1 500 €",
                    "500 euros",
                ),
                *("100,00", "1 234,56", "1'234.50", "45 k€", "€ 12.50", "0,99€"),
            ],
            "_date": [
                *(
                    "12/03/2024",
                    "1.2.24",
                    "12-03-2024",
                    "2024-03-12",
                    "12 mars 2024",
                    "1er janvier 2023",
                    "March 12, 2024",
                ),
                *(
                    "12th of March 2024",
                    "13 JUIL/JUL 90",
                    "13 JUL / JUIL 1990",
                    "12 05 1990",
                    "03 FEV 1985",
                    "12 décembre",
                    "DEC 25 2020",
                ),
            ],
            "_height": ["1,75 m", "1.68m", "1m82"],
            "_month": ["Janvier 2020", "sept. 2019", "09/2018", "August 2021"],
            "_time": ["14h30", "9:05", "23:59:59"],
            "_percent": ["20%", "20 %", "5,5 %", "19.6%"],
            "_year": ["1985", "2024"],
            "_number": ["12345", "123 456 789 00012", "123 456 789", "9001", "3.141", "1 85 05 78 006 084 36"],
            "_code": ["FR12345678901", "12AB34567", "x123"],
        }.items(),
    )
    def test_what_never_repeats_literally_is_named_by_its_kind(self, kind: str, examples: list[str]) -> None:
        for example in examples:
            assert split(example) == [kind], example
            assert split(f"voir {example} ici") == ["voir", kind, "ici"], example

    def test_a_kind_over_several_words_has_the_index_of_the_first(self) -> None:
        tokens = tokenize(as_tokens("total", "1", "234,56", "€", "payé"), "")
        assert tokens == (Token("total", 0), Token("_amount", 1), Token("payé", 4))

    def test_short_figures_stay(self) -> None:
        assert split("article 293 b lot 12") == ["article", "293", "b", "lot", "12"]

    def test_a_run_too_long_for_a_word_is_dropped(self) -> None:
        assert split("a" * MAX_LETTERS) == ["a" * MAX_LETTERS]
        assert split("a" * (MAX_LETTERS + 1)) == []

    def test_french_and_english_are_told_apart(self) -> None:
        assert clean_words(FRENCH).language == "fr"
        assert clean_words(ENGLISH).language == "en"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Facture payée",
            "12 34 56 78 90 € % 2024 12/03/2024 100,00",
            "xkq wvz qsd mlkj fghh trz zzpq ijk qqq lmno",
            "sehr geehrte damen und herren hiermit bestätigen wir den eingang ihrer zahlung für die rechnung",
            "estimado cliente adjuntamos la factura correspondiente al mes de enero por importe total con fecha de vencimiento",
            "gentile cliente in allegato la fattura relativa al mese di gennaio per un importo totale di euro",
        ],
    )
    def test_too_little_or_foreign_text_is_of_unknown_language(self, text: str) -> None:
        assert clean_words(text.split()).language == "unknown"

    def test_figures_and_kinds_are_no_evidence_of_a_language(self) -> None:
        assert detect_language(as_tokens(*["_amount", "12", "<<"] * 20)) == "unknown"

    def test_words_become_their_dictionary_form(self) -> None:
        assert texts(lemmatize(as_tokens("factures", "compétences"), "fr")) == ["facture", "compétence"]
        assert texts(lemmatize(as_tokens("invoices", "worked"), "en")) == ["invoice", "work"]

    def test_an_unknown_language_changes_no_word(self) -> None:
        assert texts(lemmatize(as_tokens("factures", "invoices"), "unknown")) == ["factures", "invoices"]

    def test_kinds_have_no_dictionary_form(self) -> None:
        kinds = as_tokens("_amount", "_date", MRZ, "html5", "12")
        assert lemmatize(kinds, "fr") == lemmatize(kinds, "en") == kinds

    def test_stop_words_go_by_language(self) -> None:
        words = as_tokens("le", "total", "of", "vos", "the")
        assert texts(drop_stop_words(words, "fr")) == ["total", "of", "the"]
        assert texts(drop_stop_words(words, "en")) == ["le", "total", "vos"]
        assert texts(drop_stop_words(words, "unknown")) == ["total"]

    def test_stop_words_are_known_without_their_accents(self) -> None:
        assert {"très", "tres", "être", "etre"} <= stop_words.FRENCH

    def test_single_letters_and_digits_go(self) -> None:
        assert texts(drop_one_letter(as_tokens("a", "7", "ht", "é", "中"), "")) == ["ht"]

    def test_stop_words_are_dropped_after_they_were_seen_by_the_lemmas(self) -> None:
        cleaned = clean_words([*FRENCH, "vos", "leurs", "sommes"])
        assert all(token.word < len(FRENCH) for token in cleaned.tokens)


class TestWhole:
    def test_a_line_of_an_invoice(self) -> None:
        words = [*FRENCH, "Montants", "à", "payer", ":", "1", "234,56", "€", "le", "12/03/2024"]
        tokens = [token for token in clean_words(words).tokens if token.word >= len(FRENCH)]
        first = len(FRENCH)
        assert tokens == [
            *(
                Token("montant", first),
                Token("payer", first + 2),
                Token("_amount", first + 4),
                Token("_date", first + 8),
            )
        ]

    @pytest.mark.parametrize("language", ["fr", "en", "unknown"])
    def test_words_that_bear_a_class_survive(self, language: str) -> None:
        context = {"fr": FRENCH, "en": ENGLISH, "unknown": []}[language]
        for word in " ".join(CLASS_BEARING.values() if language == "unknown" else [CLASS_BEARING[language]]).split():
            for written in (word, word.upper()):
                cleaned = clean_words([*context, written])
                assert cleaned.language == language
                assert cleaned.tokens, written
                assert cleaned.tokens[-1].word == len(context), written

    def test_there_are_sixty_such_words_of_each_language(self) -> None:
        assert all(len(set(words.split())) >= 60 for words in CLASS_BEARING.values())

    def test_no_word_is_no_token(self) -> None:
        assert clean_words([]).tokens == ()
        assert clean_words(["", " ", "\0", "---"]).tokens == ()

    def test_strange_characters_do_no_harm(self) -> None:
        words = [
            "😀",
            "\ud800",
            "a\udfffb",
            "\x00\x07",
            "שלום",
            "مرحبا",
            "中文字",
            "é" * 3,
            "\ufdfa",
            "İstanbul",
            "facture",
        ]
        found = {token.word: token.text for token in clean_words(words * 3).tokens}
        assert found[4] == "שלום"
        assert found[10] == "facture"

    def test_two_hundred_thousand_words_are_cleaned_in_reasonable_time(self) -> None:
        choose = random.Random(1)
        words = [
            choose.choice(FRENCH + ENGLISH + ["1", "234,56", "€", "l'an", "a@b.fr", "01", "<<<<"])
            for _ in range(200_000)
        ]
        begun = time.process_time()
        assert len(clean_words(words).tokens) > 50_000
        assert time.process_time() - begun < 15

    @pytest.mark.parametrize(
        "piece",
        [
            "1",
            "1 ",
            "1, ",
            "a.",
            "a-",
            "a@",
            "a.b ",
            "+1 ",
            "fr76 ",
            "1/1/",
            "l'",
            "<",
            "http://",
            "mars ",
            "0 8",
            "(",
            "' ",
        ],
    )
    def test_no_repetition_is_slow(self, piece: str) -> None:
        text = piece * (60_000 // len(piece))
        for words in ([text], text.split()):
            begun = time.process_time()
            clean_words(words)
            assert time.process_time() - begun < 8

    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(
            st.one_of(st.text(max_size=12), st.sampled_from([*FRENCH, *ENGLISH, "1", "2,50", "€", "<<", "12/03/2024"]))
        )
    )
    def test_every_token_comes_from_a_word_in_order_and_again_the_same(self, words: list[str]) -> None:
        cleaned = clean_words(words)
        indices = [token.word for token in cleaned.tokens]
        assert indices == sorted(indices)
        assert all(0 <= index < len(words) for index in indices)
        assert all(len(token.text) > 1 and " " not in token.text for token in cleaned.tokens)
        assert cleaned == clean_words(words)
        assert cleaned.language in {"fr", "en", "unknown"}


def group(digits: str, sizes: list[int], by: str) -> str:
    parts, start = [], 0
    for size in sizes:
        parts.append(digits[start : start + size])
        start += size
    return by.join(part for part in [*parts, digits[start:]] if part)


def luhn(digits: str) -> str:
    """Add the check digit of a card."""
    doubled = [int(digit) * 2 if index % 2 == 0 else int(digit) for index, digit in enumerate(reversed(digits))]
    return digits + str(-sum(number // 10 + number % 10 for number in doubled) % 10)


def draw_digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def draw_iban(chance: random.Random) -> str:
    country, length = chance.choice([("FR", 23), ("DE", 18), ("ES", 20), ("BE", 12), ("PL", 24)])
    account = draw_digits(chance, length)
    as_number = account + "".join(str(ord(letter) - 55) for letter in country) + "00"
    whole = f"{country}{98 - int(as_number) % 97:02}{account}"
    return chance.choice([whole, group(whole, [4] * 8, " ")])


def draw_card(chance: random.Random) -> str:
    sizes, count = chance.choice([([4, 4, 4, 4], 15), ([4, 6, 5], 14)])
    return group(luhn(chance.choice("345") + draw_digits(chance, count - 1)), sizes, chance.choice(["", " ", "-"]))


def draw_social_security_number(chance: random.Random) -> str:
    number = f"{chance.choice('12')}{chance.randrange(100):02}{chance.randint(1, 12):02}{chance.randint(1, 95):02}"
    number += draw_digits(chance, 6)
    key = f"{97 - int(number) % 97:02}"
    return chance.choice([number + key, f"{group(number, [1, 2, 2, 2, 3, 3], ' ')} {key}", f"{number} {key}"])


def draw_phone(chance: random.Random) -> str:
    number = f"0{chance.randint(1, 9)}{draw_digits(chance, 8)}"
    by = chance.choice(["", " ", ".", "-"])
    return chance.choice([group(number, [2] * 5, by), "+33 " + group(number[1:], [1, 2, 2, 2, 2], by)])


def draw_machine_readable_zone(chance: random.Random) -> str:
    day, expiry = draw_digits(chance, 6), draw_digits(chance, 6)
    number = draw_digits(chance, 2) + "AB" + draw_digits(chance, 5)
    end = f"{day}{draw_digits(chance, 1)}F{expiry}{draw_digits(chance, 1)}"
    return chance.choice(
        [f"{number}4FRA{end}<<<<<<<<<<<<<<04", f"IDFRA{number}4<<<<<<<<<<<<<<<", f"{end}FRA<<<<<<<<<<<6"]
    )


@pytest.mark.parametrize(
    "draw", [draw_iban, draw_card, draw_social_security_number, draw_phone, draw_machine_readable_zone]
)
class TestNumbersOfPersons:
    """Of an account, card, social security, phone or document number no more than fragments gets to the classifier."""

    def test_no_token_holds_more_than_three_digits_of_one(self, draw: Callable[[random.Random], str]) -> None:
        chance = random.Random(7)
        for _ in range(500):
            number = draw(chance)
            tokens = [token.text for token in clean_words(["Numéro", *number.split(), "du", "dossier"]).tokens]
            assert not [token for token in tokens if re.search(r"\d{4}|\d.*\d.*\d.*\d", token)], number

    def test_less_than_half_of_its_digits_are_left(self, draw: Callable[[random.Random], str]) -> None:
        chance = random.Random(8)
        for _ in range(500):
            number = draw(chance)
            tokens = clean_words(["Numéro", *number.split(), "du", "dossier"]).tokens
            left = re.sub(r"\D", "", "".join(token.text for token in tokens))
            assert len(left) * 2 < len(re.sub(r"\D", "", number)), (number, left)
