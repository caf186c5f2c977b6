"""What the service words in English is said in the reader's language."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import sake_ray.data
from frontends.i18n import LANGUAGES, Translations, read_catalogue
from frontends.sentences import translate
from sake_ray import errors
from sake_ray.data.pages.media import REFUSED

FRENCH = Translations("fr")
OF_DOCUMENTS = [
    kind
    for kind in vars(errors).values()
    if inspect.isclass(kind) and issubclass(kind, errors.UnreadableDocument | errors.LimitExceeded)
]


@pytest.mark.parametrize("kind", [kind for kind in OF_DOCUMENTS if kind is not errors.LimitExceeded])
def test_every_error_a_document_can_end_with_has_words_in_every_language(kind: type) -> None:
    for language in LANGUAGES:
        assert [key for key in read_catalogue(language) if key.startswith(f"said.{kind.__name__}.")], kind


def test_every_sentence_a_document_can_end_with_is_known() -> None:
    sentences = [*raised(), *(sentence for _, sentence in REFUSED)]
    assert len(sentences) > 20
    assert [sentence for sentence in sentences if translate(sentence, FRENCH) == sentence] == []


def test_figures_and_names_are_kept_and_written_as_there() -> None:
    assert translate("The file has 60 pages; the limit is 50. Split it.", FRENCH) == (
        "Le fichier a 60 pages ; la limite est de 50. Divisez-le."
    )
    heavy = translate("The file has 20,000,001 bytes; the limit is 1,500,000 (1.5 MB).", FRENCH)
    assert "20\N{NARROW NO-BREAK SPACE}000\N{NARROW NO-BREAK SPACE}001 octets" in heavy
    assert "(1,5 Mo)" in heavy
    assert "« » <b>" in translate("There is an account '« » <b>' already.", FRENCH)


def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    said = translate(
        "Model version 3 was not compared with version 2, which serves. Forcing it needs a reason, for the log.", FRENCH
    )
    assert said == "Le modèle 3 n’a pas été comparé au modèle 2, qui répond. Il faut une raison, pour le journal."


def test_what_is_not_known_and_what_is_english_already_stays() -> None:
    assert translate("Nobody has heard of this.", FRENCH) == "Nobody has heard of this."
    assert translate("The PDF has no pages.", Translations("en")) == "The PDF has no pages."
    assert translate("", FRENCH) == ""


def raised() -> Iterator[str]:
    """Every sentence with which reading gives a document up, 7 in each place that varies."""
    names = {kind.__name__ for kind in OF_DOCUMENTS}
    for path in Path(sake_ray.data.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        module = ".".join(("sake_ray", *path.relative_to(Path(sake_ray.__file__).parent).with_suffix("").parts))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node.func) in names and node.args:
                yield from filter(None, [sentence_of(node.args[0], module)])


def name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def sentence_of(node: ast.expr, module: str) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return str(getattr(import_module(module), name, ""))
        case ast.JoinedStr(values=parts):
            return "".join(sentence_of(part, module) for part in parts)
        case ast.FormattedValue():
            return "7"
        case _:
            return ""
