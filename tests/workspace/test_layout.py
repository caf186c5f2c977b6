"""Every file of a workspace is named once, in the layout."""

import ast
from dataclasses import astuple, fields
from pathlib import Path

import sake_ray
from sake_ray.train.stages.pipeline import make_pipeline
from sake_ray.workspace import LAYOUT, WorkspaceLayout

PACKAGE = Path(sake_ray.__file__).parent


def test_no_two_entries_are_one_file() -> None:
    paths = astuple(LAYOUT)
    assert len(set(paths)) == len(paths)


def test_layout_of_a_folder_has_absolute_paths(tmp_path: Path) -> None:
    layout = LAYOUT.at(tmp_path)
    assert layout.folder == tmp_path
    for field in fields(WorkspaceLayout):
        assert getattr(layout, field.name) == tmp_path / getattr(LAYOUT, field.name)


def test_no_other_module_spells_a_file_of_the_workspace() -> None:
    files = {path for path in astuple(LAYOUT) if path.suffix}
    names = {path.as_posix() for path in files} | {path.name for path in files}
    texts = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    del texts[PACKAGE / "workspace" / "layout.py"]
    spelled = [
        f"{path.relative_to(PACKAGE)}: {node.value}"
        for path, text in texts.items()
        if any(name in text for name in names)  # parsing all of the package takes seconds
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and node.value in names
    ]
    assert spelled == []


def test_every_file_of_the_pipeline_is_in_the_layout() -> None:
    lines = (line.strip().removeprefix("- ").rstrip(":") for line in make_pipeline().splitlines())
    named = {line for line in lines if line.startswith(("data/", "metrics/")) or line.endswith(".csv")}
    assert len(named) > 10
    assert named <= {path.as_posix() for path in astuple(LAYOUT)}
