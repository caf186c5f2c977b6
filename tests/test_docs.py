"""The documentation names what there is."""

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
