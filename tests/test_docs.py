"""The documentation names what there is."""

import re
import tomllib
from pathlib import Path

import pytest

from sake_ray.errors.messages import read_templates
from sake_ray.errors.page import EXPLANATIONS, read_sections, simplify, to_html, to_markdown
from sake_ray.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"


def test_every_setting_is_in_the_operations_guide_with_its_default() -> None:
    guide = (DOCS / "operations.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        shown = f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
        assert f"| `SAKE_{name.upper()}` | {f'`{shown}`' if shown else 'empty'} |" in guide
        assert (field.description or "missing") in guide.replace("`", "")


def test_every_code_is_explained() -> None:
    assert tomllib.loads(EXPLANATIONS.read_text(encoding="utf-8")).keys() == read_templates().keys()
    sections = list(read_sections())
    assert all(entry.cause and entry.way_out for section in sections for entry in section.entries)


def test_guide_to_errors_is_the_one_made_from_the_catalogue() -> None:
    """`make contract` makes it again."""
    assert (DOCS / "errors.md").read_text(encoding="utf-8") == to_markdown()


def test_explanations_name_settings_that_there_are() -> None:
    named = set(re.findall(r"SAKE_([A-Z0-9_]+)", to_markdown()))
    # SAKE_SECRETS is none itself: it says where there are files of settings.
    assert named - {name.upper() for name in Settings.model_fields} == {"SECRETS"}


def test_page_of_errors_has_a_place_for_every_code() -> None:
    places = re.findall(r'id="([^"]+)"', to_html())
    assert sorted(places) == sorted(read_templates())


def test_templates_are_shown_as_people_read_them() -> None:
    assert simplify("The {kind!r} has {n:,} {n:page|pages}.") == "The '{kind}' has {n} pages."


def test_every_module_the_architecture_names_is_there() -> None:
    top = DOCS.parent
    for name in re.findall(r"`([\w/]+(?:\.py|/))`", (DOCS / "architecture.md").read_text(encoding="utf-8")):
        assert any((place / name).exists() for place in (top, top / "sake_ray", top / "sake_ray/train")), name


def test_every_link_between_the_pages_leads_somewhere() -> None:
    top = DOCS.parent
    pages = [*top.glob("*.md"), *DOCS.glob("*.md")]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
            path, _, anchor = link.partition("#")
            target = page.parent / path if path else page
            assert target.exists(), f"{page.name} links to {link}"
            if anchor and target.suffix == ".md":
                headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
                assert anchor in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}, link


@pytest.mark.parametrize("page", ["reliability.md", "security.md"])
def test_every_threat_and_fault_is_stopped_and_names_tests_that_there_are(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    tables = re.findall(r"^\| (?:threat|fault) \|.*\| test \|\n\|[-|]+\|\n((?:\|.*\n?)+)", text, re.MULTILINE)
    rows = [row for table in tables for row in table.splitlines()]
    assert len(rows) > 20
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        assert len(cells) in {3, 6}, row  # what happens, or what it costs in figures
        assert all(cells), row
        named = re.findall(r"`([^`]+)`", cells[-1])
        assert named, row
        assert [name for name in named if not is_there(name)] == [], row


def is_there(name: str) -> bool:
    """Whether there is a test, a class or a file of this name."""
    path, _, rest = name.rpartition("::") if "::" in name else (name, "", "") if "/" in name else ("", "", name)
    files = [DOCS.parent / path] if path else list((DOCS.parent / "tests").rglob("test_*.py"))
    wanted = re.compile(rf"^\s*(?:async def|def|class) {re.escape(rest.split('[')[0])}\b", re.MULTILINE)
    return any(file.exists() and (not rest or wanted.search(file.read_text(encoding="utf-8"))) for file in files)
