"""The tests themselves: each one that is written also runs."""

import ast
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parent


def test_no_test_is_written_where_pytest_does_not_look() -> None:
    hidden = []
    for path in sorted(TESTS.rglob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        reachable = {
            id(child)
            for node in [module, *(node for node in module.body if isinstance(node, ast.ClassDef))]
            for child in node.body
        }
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found = id(node) in reachable and path.name.startswith("test_")
                hidden += [] if found else [f"{path.relative_to(TESTS)}:{node.lineno} {node.name}"]
    assert hidden == []


def test_no_test_hides_another_of_the_same_name() -> None:
    for path in sorted(TESTS.rglob("test_*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        names = Counter(node.name for node in module.body if isinstance(node, ast.FunctionDef))
        assert [name for name, count in names.items() if count > 1] == [], path.name


def test_every_test_can_fail() -> None:
    """A test that neither asserts, nor expects an error, nor calls what does, passes whatever the program does."""
    functions = [
        node
        for path in TESTS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]
    checking = {node.name for node in functions if checks(node)}
    # What calls a function that checks, does so too; a few rounds reach the ends of the chains.
    for _ in range(4):
        checking |= {node.name for node in functions if calls(node) & checking}
    assert [node.name for node in functions if node.name.startswith("test_") and node.name not in checking] == []


def checks(function: ast.FunctionDef) -> bool:
    """Whether it asserts, raises, or expects an error or a visible element itself."""
    words = {
        "raises",
        "fail",
        "expect",
        "wait_for",
        "wait_for_selector",
        "run_state_machine_as_test",
        "call_and_validate",
    }
    return any(isinstance(part, ast.Assert | ast.Raise) for part in ast.walk(function)) or bool(calls(function) & words)


def calls(function: ast.FunctionDef) -> set[str]:
    """The names of what it calls."""
    called = (part.func for part in ast.walk(function) if isinstance(part, ast.Call))
    return {
        func.id if isinstance(func, ast.Name) else func.attr
        for func in called
        if isinstance(func, ast.Name | ast.Attribute)
    }
