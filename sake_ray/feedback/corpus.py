"""What does the corpus consist of: images only, or the generated documents too?"""

from collections.abc import Collection, Mapping
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sake_ray.domain.verdicts import OTHER
from sake_ray.feedback.provenance import ImageOrigin
from sake_ray.workspace import LAYOUT

AUTO, ALWAYS = "auto", "always"


def with_generated(choice: str, images: Collection[str], origins: Mapping[str, ImageOrigin]) -> bool:
    """Whether the generated documents are part of the corpus: `always`, or with `auto` as long as no image was added by hand.

    A few corrections are no corpus: until somebody brings one, they are learnt beside the generated documents.
    """
    by_hand = any(sha256 not in origins or origins[sha256].label is None for sha256 in images)
    return choice == ALWAYS or (choice == AUTO and not by_hand)


def known_labels(
    folder: Path, *, labels: Collection[str], images: Collection[str], origins: Mapping[str, ImageOrigin]
) -> frozenset[str]:
    """The labels of the corpus of a workspace: those of its images, the reserved one, and those of generated documents in it."""
    known = {*labels, OTHER}
    if with_generated(_choice(folder / LAYOUT.params), images, origins):
        from sake_ray.synthetic.generate import LABELS  # Faker takes half a second

        known |= set(LABELS)
    return frozenset(known)


def _choice(path: Path) -> str:
    """What params.yaml says of generated documents; before the first training what it is going to say."""
    try:
        return str(YAML(typ="safe").load(path.read_text(encoding="utf-8"))["corpus"]["generated"])
    except (OSError, YAMLError, ValueError, KeyError, TypeError):
        return AUTO  # the training tells what is wrong in it
