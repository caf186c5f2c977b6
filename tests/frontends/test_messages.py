"""What the service says is said in the reader's language, by its code."""

import pytest

from frontends.i18n import LANGUAGES, Translations
from sake_ray.errors import Message, MessageFormatter, ModelRefused, PromotionRefused, TooManyPages, read_templates

ENGLISH, FRENCH = Translations("en"), Translations("fr")
NARROW = "\N{NARROW NO-BREAK SPACE}"


def test_sentence_is_said_by_its_code() -> None:
    message = TooManyPages("too-many-pages", pages=60, limit=50).message
    assert FRENCH.translate(message) == "Le fichier a 60 pages ; la limite est de 50. Divisez-le."
    assert ENGLISH.translate(message) == str(message)


def test_screens_may_word_it_otherwise_than_the_service() -> None:
    message = Message("no-training-images")
    assert "sake images" in message
    assert ENGLISH.translate(message) == "There are no training images yet; add some."


def test_figures_are_written_as_the_reader_writes_them() -> None:
    heavy = Message("file-too-large", bytes=20_000_001, limit=1_500_000, megabytes=1.5)
    assert f"20{NARROW}000{NARROW}001 octets" in FRENCH.translate(heavy)
    assert "(1,5 Mo)" in FRENCH.translate(heavy)
    assert "20,000,001 bytes" in ENGLISH.translate(heavy)
    assert "« a.b,c » <b>" in FRENCH.translate(Message("account-exists", name="a.b,c » <b>"))


def test_word_goes_with_its_number() -> None:
    assert FRENCH.translate(Message("answers-wait", documents=1)) == "1 document répondu attend une décision."
    assert FRENCH.translate(Message("answers-wait", documents=2)) == "2 documents répondus attendent une décision."
    assert "1 page ;" in FRENCH.translate(Message("too-many-pages", pages=1, limit=0))
    assert "1,5 seconde." in FRENCH.translate(Message("stage-stuck", stage="x", seconds=1.5))


def test_sentence_within_a_sentence_is_translated_too() -> None:
    objection = Message("model-not-compared", version=3, champion=2)
    assert FRENCH.translate(PromotionRefused("promotion-needs-reason", objection=objection).message) == (
        "Le modèle 3 n’a pas été comparé au modèle 2, qui est en service. "
        "Un motif est obligatoire ; il figurera dans l’historique."
    )


def test_lists_are_written_with_commas() -> None:
    said = FRENCH.translate(Message("required-label-unknown", label="x", labels=["facture", "resume"]))
    assert said.endswith("facture, resume.")


def test_what_is_not_known_is_said_as_the_service_says_it() -> None:
    newer = Message.restore("Nobody has heard of this.", "of-a-newer-service", {"n": 1})
    older = Message.restore("The file is empty.")
    changed = Message.restore("There are 60 pages.", "too-many-pages", {"pages": 60})
    odd = Message.restore("There are some pages.", "too-many-pages", {"pages": None, "limit": [1]})
    for message in (newer, older, changed, odd, Message.restore("")):
        assert FRENCH.translate(message) == message


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_code_can_be_said_with_what_it_comes_with(language: str) -> None:
    words = Translations(language)
    for code, template in read_templates().items():
        values = {name: 7 for _, name, _, _ in MessageFormatter().parse(template) if name}
        said = words.translate(Message(code, **values))
        assert said
        assert "{" not in said


def test_refused_model_says_why_in_french() -> None:
    inner = ModelRefused("model-format-unknown", version=9, supported=1)
    said = FRENCH.translate(ModelRefused("model-version-refused", version=3, error=inner).message)
    assert said == "Le modèle 3 est refusé. Le modèle a le format 9 ; ce programme lit le format 1."
