"""Whether the generated documents are part of the corpus, and which labels it has."""

from collections.abc import Collection, Mapping
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sake_ray.domain.verdicts import OTHER
from sake_ray.feedback.provenance import ImageOrigin
from sake_ray.workspace import LAYOUT

AUTO, ALWAYS = "auto", "always"


def includes_generated(choice: str, images: Collection[str], origins: Mapping[str, ImageOrigin]) -> bool:
    """Whether the generated documents are part of the corpus: `always`, or with `auto` as long as no image was added by hand.

    A few corrections are no corpus: until somebody adds one, they are trained on beside the generated documents.
    """
    by_hand = any(sha256 not in origins or origins[sha256].label is None for sha256 in images)
    return choice == ALWAYS or (choice == AUTO and not by_hand)


def find_known_labels(
    folder: Path, *, labels: Collection[str], images: Collection[str], origins: Mapping[str, ImageOrigin]
) -> frozenset[str]:
    """List the labels of the corpus of a workspace: of its images, the reserved one, and of generated documents in it."""
    known = {*labels, OTHER}
    if includes_generated(_read_choice(folder / LAYOUT.params), images, origins):
        from sake_ray.synthetic.generate import LABELS  # Faker takes half a second

        known |= set(LABELS)
    return frozenset(known)


def _read_choice(path: Path) -> str:
    """Read from params.yaml whether generated documents are used; before the first training the default."""
    try:
        return str(YAML(typ="safe").load(path.read_text(encoding="utf-8"))["corpus"]["generated"])
    except (OSError, YAMLError, ValueError, KeyError, TypeError):
        return AUTO  # the training reports what is wrong in it
