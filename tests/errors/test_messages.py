"""Every error says a sentence of the catalogue, under one code, with the values it needs."""

import ast
import inspect
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import frontends
import sake_ray
from sake_ray import errors
from sake_ray.errors import Message, SakeError, TooManyPages, to_error
from sake_ray.errors.messages import read_catalogue, read_templates

CLASSES = {name: kind for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, SakeError)}
SOURCES = [
    path for package in (sake_ray, frontends) for path in sorted(Path(str(package.__file__)).parent.rglob("*.py"))
]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Where an error or a message is made: the place, the name of the class, the call."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
                if name in CLASSES or name == "Message":
                    yield f"{path}:{node.lineno}", name, node


def test_every_place_names_a_code_of_its_class_with_the_values_of_its_sentence() -> None:
    wrong, seen = [], 0
    for place, name, call in calls():
        code = call.args[0] if call.args else None
        if isinstance(code, ast.JoinedStr):
            wrong.append(f"{place}: a sentence stands here in place of a code")
        if not (isinstance(code, ast.Constant) and isinstance(code.value, str)):
            continue  # a message made elsewhere, or one of several codes: mypy or the test below sees to it
        seen += 1
        known = read_templates() if name == "Message" else read_catalogue()[name]
        given = {keyword.arg for keyword in call.keywords}
        if code.value not in known:
            wrong.append(f"{place}: {name} has no {code.value!r}")
        elif None not in given and given != placeholders(known[code.value]):
            wrong.append(f"{place}: {code.value} needs {placeholders(known[code.value])}")
    assert wrong == []
    assert seen > 200


def test_every_code_is_said_somewhere() -> None:
    words = {
        node.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(read_templates().keys() - words) == []


def test_no_code_is_used_twice_and_all_are_written_alike() -> None:
    codes = [code for templates in read_catalogue().values() for code in templates]
    assert sorted(codes) == sorted(set(codes))
    assert [code for code in codes if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)] == []


def test_every_class_says_something_and_stands_in_the_tree() -> None:
    assert set(read_catalogue()) <= {*CLASSES, "Message"}
    silent = [name for name, kind in CLASSES.items() if name not in read_catalogue() and not kind.__subclasses__()]
    assert silent == []
    assert [name for name in CLASSES if name not in str(errors.__doc__)] == []


def test_only_the_first_error_class_has_an_init() -> None:
    assert [name for name, kind in CLASSES.items() if "__init__" in vars(kind)] == ["SakeError"]


@pytest.mark.parametrize("name", sorted(read_catalogue()))
def test_errors_are_the_same_after_pickling(name: str) -> None:
    for code, template in read_catalogue()[name].items():
        # A number stands for anything: it takes every format.
        message = Message(code, **dict.fromkeys(placeholders(template), 7))
        error = to_error(message)
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        assert (type(again), str(again), again.code, again.params) == (type(error), str(error), code, error.params)
        assert type(error).__name__ == ("SakeError" if name == "Message" else name)


def test_unknown_code_and_missing_value_are_noticed() -> None:
    with pytest.raises(KeyError):
        TooManyPages("too-many-pagse", pages=1, limit=1)
    with pytest.raises(KeyError):
        TooManyPages("too-many-pages", pages=1)


def test_sentence_is_made_of_its_values() -> None:
    error = TooManyPages("too-many-pages", pages=60, limit=50)
    assert str(error) == "The file has 60 pages; the limit is 50. Split it."
    assert (error.code, error.params) == ("too-many-pages", {"pages": 60, "limit": 50})
    assert Message("answers-wait", documents=1).startswith("1 answered document waits ")
    assert Message("answers-wait", documents=2).startswith("2 answered documents wait ")
    assert Message("stage-unknown", stage="x", stages=["a", "b"]) == "There is no stage 'x'; there are a, b."


def test_sentence_within_a_sentence_keeps_its_code_as_json_and_pickled() -> None:
    inner = errors.ModelRefused("model-format-unknown", version=9, supported=1)
    outer = errors.ModelRefused("model-version-refused", version=3, error=inner).message
    for again in (Message.from_json(outer.to_json()), pickle.loads(pickle.dumps(outer))):  # noqa: S301 - our own
        assert again == "Model version 3 is refused. The model has format version 9; this program reads version 1."
        assert again.params == {"version": 3, "error": inner.message}
        assert isinstance(again.params["error"], Message)
        assert again.params["error"].code == "model-format-unknown"


def test_message_from_elsewhere_stays_as_it_was_said() -> None:
    newer = Message.from_json({"detail": "Something new.", "code": "of-a-newer-server", "params": {"n": 1}})
    assert (newer, newer.code) == ("Something new.", "of-a-newer-server")
    assert type(to_error(newer, errors.NotFound)) is errors.NotFound
    older = Message.from_json({"detail": "Something old."})
    assert (older, older.code, older.params) == ("Something old.", "", {})


def test_what_is_no_json_is_written_out() -> None:
    params = Message("source-not-found", path=Path("/a/b")).params
    assert params == {"path": "/a/b"}
