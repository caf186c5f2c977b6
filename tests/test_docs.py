"""The documentation names what there is."""

import re
from pathlib import Path

from sake_ray import errors
from sake_ray.errors import SakeError
from sake_ray.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"


def test_every_setting_is_in_the_operations_guide_with_its_default() -> None:
    guide = (DOCS / "operations.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        shown = f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
        assert f"| `SAKE_{name.upper()}` | {f'`{shown}`' if shown else 'empty'} |" in guide
        assert (field.description or "missing") in guide.replace("`", "")


def test_every_error_is_explained() -> None:
    guide = (DOCS / "errors.md").read_text(encoding="utf-8")
    for name in dir(errors):
        kind = getattr(errors, name)
        if isinstance(kind, type) and issubclass(kind, SakeError) and not kind.__subclasses__():
            assert f"`{name}`" in guide
            assert name in (errors.__doc__ or "")


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
