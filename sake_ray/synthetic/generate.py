"""Generate labelled documents whose text is known, the same ones for the same seed."""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from sake_ray.domain.progress import Progress, ignore_progress
from sake_ray.domain.verdicts import OTHER
from sake_ray.errors import InputError
from sake_ray.files import write_atomically
from sake_ray.synthetic import identity, invoices, others, resumes
from sake_ray.synthetic.channels import hand_in
from sake_ray.synthetic.files import SUFFIXES
from sake_ray.synthetic.sheet import Drawing

Maker = Callable[[random.Random, str], Drawing]
"""Draws one document in the language "fr" or "en"."""

MAKERS: Mapping[str, tuple[Maker, ...]] = MappingProxyType(
    {"facture": invoices.MAKERS, "id_pieces": identity.MAKERS, "resume": resumes.MAKERS, OTHER: others.MAKERS}
)
LABELS = tuple(MAKERS)
LANGUAGES = ("fr", "en")
TRUTH = "truth.jsonl"


@dataclass(frozen=True, slots=True)
class GeneratedDocument:
    """One file as a user might hand it in, and all that is true of it.

    `name` is a file name; `defect` is "none" for a PDF with a text layer, else what was done to the paper or the image;
    pages of `true_text` are parted by a form feed.
    """

    name: str
    label: str
    kind: str
    language: str
    media_type: str
    defect: str
    true_text: str
    data: bytes
    pages: int

    @property
    def sha256(self) -> str:
        """The sum of the bytes, in hexadecimal."""
        return sha256(self.data).hexdigest()


def generate(count: int, *, seed: int, labels: Sequence[str] = LABELS) -> Iterator[GeneratedDocument]:
    """Generate documents, the labels in turn; a shorter run is the beginning of a longer one."""
    for index in range(count):
        yield generate_one(index, seed=seed, labels=labels)


def generate_one(index: int, *, seed: int, labels: Sequence[str] = LABELS) -> GeneratedDocument:
    """Generate the document that stands at `index` of every run with this seed and these labels."""
    if unknown := [label for label in labels if label not in MAKERS]:
        raise InputError("generated-label-unknown", label=unknown[0], labels=LABELS)
    label = labels[index % len(labels)]
    language = LANGUAGES[index // len(labels) % len(LANGUAGES)]
    # A string seeds the same way in every process; a tuple would go through hash().
    chance = random.Random(f"sake {seed} {index}")
    drawing = chance.choice(MAKERS[label])(chance, language)
    handed = hand_in(drawing, chance)
    return GeneratedDocument(
        name=f"{index:05}-{label}{SUFFIXES[handed.media_type]}",
        label=label,
        kind=drawing.kind,
        language=drawing.language,
        media_type=handed.media_type,
        defect=handed.defect,
        true_text=handed.true_text,
        data=handed.data,
        pages=handed.pages,
    )


def write_samples(count: int, *, seed: int, out: Path, on_progress: Progress = ignore_progress) -> Path:
    """Write `<out>/<label>/<name>` for each document and, once all are there, `<out>/truth.jsonl`; return the latter.

    A line of the truth holds everything known of a document but its bytes.
    """
    lines: list[str] = []
    for done, document in enumerate(generate(count, seed=seed), start=1):
        folder = out / document.label
        folder.mkdir(parents=True, exist_ok=True)
        (folder / document.name).write_bytes(document.data)
        lines.append(json.dumps(describe_truth(document), ensure_ascii=False))
        on_progress(done, count)
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(out / TRUTH, "".join(f"{line}\n" for line in lines))
    return out / TRUTH


def describe_truth(document: GeneratedDocument) -> dict[str, str | int]:
    """One line of the truth file."""
    return {
        "name": document.name,
        "label": document.label,
        "kind": document.kind,
        "language": document.language,
        "defect": document.defect,
        "media_type": document.media_type,
        "pages": document.pages,
        "sha256": document.sha256,
        "true_text": document.true_text,
    }
