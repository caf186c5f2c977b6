"""The source of the views: Streamlit runs them as scripts, and writes on the page what stands in them by itself."""

import ast
from pathlib import Path

import pytest

import frontends
from frontends.theme import OPTIONS

SCREENS = Path(frontends.__file__).parent
VIEWS = sorted([*SCREENS.glob("*/app.py"), *SCREENS.glob("*/views/*.py")])


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: "/".join(path.parts[-3:]))
def test_no_string_of_a_view_stands_by_itself(path: Path) -> None:
    _, *rest = ast.parse(path.read_text(encoding="utf-8")).body
    assert not [node for node in rest if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]


def test_streamlit_writes_nothing_by_itself() -> None:
    assert OPTIONS["runner.magicEnabled"] is False
