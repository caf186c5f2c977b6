"""What a training depends on besides the images: params.yaml, which the admin may edit, and the stages it is made of."""

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sake_ray.classifier import Hyperparameters
from sake_ray.domain.texts import Recipe
from sake_ray.errors import InputError
from sake_ray.files import atomic_path
from sake_ray.train.first_model import CORPUS

FILE = "params.yaml"
LESSONS = "data/lessons.parquet"
CHOICES = ("auto", "always", "never")
FEATURES = (
    "char_ngram_min", "char_ngram_max", "char_max_features", "token_ngram_max", "token_max_features", "min_df",
    "augmentations", "n_splits",
    "vocabulary_rows",
)  # fmt: skip
"""The parameters of the classifier that decide its rows of numbers; the others decide what is made of these."""
FIRST = """\
# What a training depends on. Change it, then `sake train`: only the stages that depend on the change run again.
corpus:
  generated: auto     # the texts that come with the program: auto (until images are added by hand), always or never
  answers: auto       # import what people answered before each training: auto or never
split:
  test_share: 0.2     # of each label; a document never changes sides
  seed: 7
train:
  streaming: auto     # learn block by block: auto (when the texts are many), always or never
  seed: 7
"""


@dataclass(frozen=True, slots=True)
class TrainingParams:
    """What params.yaml says."""

    generated: str
    answers: str
    test_share: float
    split_seed: int
    streaming: str
    seed: int
    classifier: Hyperparameters
    recipe: Recipe


def first_parameters(recipe: Recipe) -> str:
    """The params.yaml of a new workspace."""
    written = io.StringIO()
    classifier = {"classifier": asdict(Hyperparameters())}
    _yaml().dump(classifier | {"reading": _reading(recipe)}, written)
    return FIRST + written.getvalue()


def read_params(path: Path) -> TrainingParams:
    """Read params.yaml; raises InputError naming what is wrong in it."""
    content = _load(path)
    try:
        reading = dict(content["reading"])
        reading.pop("generated_corpus")
        plan = TrainingParams(
            generated=str(content["corpus"]["generated"]),
            answers=str(content["corpus"].get("answers", "auto")),  # younger than some workspaces
            test_share=float(content["split"]["test_share"]),
            split_seed=int(content["split"]["seed"]),
            streaming=str(content["train"]["streaming"]),
            seed=int(content["train"]["seed"]),
            classifier=_parameters(content["classifier"]),
            recipe=Recipe(**reading),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{FILE} is not as it should be: {type(error).__name__} {error}.") from error
    if plan.generated not in CHOICES or plan.streaming not in CHOICES or not 0 < plan.test_share < 1:
        raise InputError(
            f"{FILE}: generated and streaming are one of {', '.join(CHOICES)}; test_share is between 0 and 1."
        )
    if plan.answers not in ("auto", "never"):
        raise InputError(f"{FILE}: answers is auto or never.")
    return plan


def parameters_of(plan: TrainingParams) -> dict[str, object]:
    """What of a plan describes a training among others."""
    return asdict(plan.classifier) | {
        "generated": plan.generated, "test_share": plan.test_share, "split_seed": plan.split_seed, "seed": plan.seed,
    }  # fmt: skip


def note_recipe(path: Path, recipe: Recipe) -> None:
    """Write how documents are read here into params.yaml, when it changed: stages depend on it."""
    _note(path, {"reading": _reading(recipe)})


def note_found(path: Path, parameters: Hyperparameters, *, search: Mapping[str, object]) -> None:
    """Write the parameters a search has found into params.yaml, and which search it was: no stage depends on that."""
    _note(path, {"classifier": asdict(parameters), "search": search})


def pipeline() -> str:
    """The dvc.yaml: five stages, each one command, with what it depends on and what it makes. Paths are relative."""
    features = [f"classifier.{name}" for name in FEATURES]
    others = [f"classifier.{field.name}" for field in fields(Hyperparameters) if field.name not in FEATURES]
    reading = [f"reading.{name}" for name in ("engine", "engine_version", "languages", "reading_version")]
    stages: dict[str, dict[str, Any]] = {
        "ingest": {
            "deps": ["data/raw", "data/provenance.csv"],
            "params": ["corpus.generated", "reading.generated_corpus", *reading],
            "outs": ["data/texts.parquet"],
            "metrics": [{"metrics/ingest.json": {"cache": False}}],
        },
        "clean": {
            "deps": ["data/texts.parquet"],
            "params": ["reading.cleaning_version"],
            "outs": ["data/cleaned.parquet"],
        },
        "preprocess": {
            "deps": ["data/cleaned.parquet"],
            "params": ["split.test_share", "split.seed", "train.seed", "train.streaming", *features],
            "outs": ["data/prepared", LESSONS, {"split.csv": {"cache": False, "persist": True}}],
            "metrics": [{"metrics/split.json": {"cache": False}}],
        },
        "train": {
            "deps": ["data/prepared"],
            "params": ["train.seed", *others],
            "outs": ["model"],
        },
        "eval": {
            "deps": ["data/raw", "data/cleaned.parquet", "data/prepared/members.parquet", "model"],
            "outs": ["data/predictions.csv"],
            "metrics": [
                {f"metrics/{name}.json": {"cache": False}} for name in ("scores", "confusion_matrix", "run")
            ],
            "plots": [{f"metrics/{name}.png": {"cache": False}} for name in ("confusion_matrix", "calibration")],
        },
    }  # fmt: skip
    written = io.StringIO()
    written.write("# Made by sake_ray; `dvc repro` runs what changed.\n")
    _yaml().dump({"stages": {name: {"cmd": f"sake stage {name}", **stage} for name, stage in stages.items()}}, written)
    return written.getvalue()


def _reading(recipe: Recipe) -> dict[str, object]:
    # The corpus that comes with the program is an input like any other.
    return asdict(recipe) | {"generated_corpus": sha256(CORPUS.read_bytes()).hexdigest()[:16]}


def _parameters(content: Mapping[str, Any]) -> Hyperparameters:
    kinds = {field.name: field.type for field in fields(Hyperparameters)}
    if strange := sorted(set(content) - set(kinds)):
        raise InputError(f"{FILE}: the classifier has no parameter {strange[0]!r}.")
    converters: dict[Any, Any] = {int: int, float: float, str: str}
    return Hyperparameters(**{name: converters[kinds[name]](value) for name, value in content.items()})


def _note(path: Path, sections: Mapping[str, Mapping[str, object]]) -> None:
    content = _load(path)
    if all(dict(content.get(name, {})) == dict(values) for name, values in sections.items()):
        return
    for name, values in sections.items():
        content[name] = dict(values)
    with atomic_path(path) as part, part.open("w", encoding="utf-8") as file:
        _yaml().dump(content, file)


def _load(path: Path) -> Any:
    try:
        content = _yaml().load(path.read_text(encoding="utf-8"))
    except (OSError, YAMLError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {str(error).splitlines()[0]}.") from error
    if not isinstance(content, dict):
        raise InputError(f"{path} is not as it should be: it has no sections.")
    return content


def _yaml() -> YAML:
    # Round trip: the admin's comments and order stay.
    yaml = YAML()
    yaml.width = 120
    return yaml
