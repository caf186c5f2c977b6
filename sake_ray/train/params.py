"""Read and write params.yaml: what a training depends on besides the images. The admin may edit it."""

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
from sake_ray.workspace import LAYOUT

FILE = LAYOUT.params.name
CHOICES = ("auto", "always", "never")
DEFAULTS = """\
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
    """The content of params.yaml."""

    generated: str
    answers: str
    test_share: float
    split_seed: int
    streaming: str
    seed: int
    hyperparameters: Hyperparameters
    recipe: Recipe


def make_default_params(recipe: Recipe) -> str:
    """Make the params.yaml of a new workspace."""
    sections = io.StringIO()
    make_yaml().dump({"classifier": asdict(Hyperparameters()), "reading": _to_section(recipe)}, sections)
    return DEFAULTS + sections.getvalue()


def read_params(path: Path) -> TrainingParams:
    """Read params.yaml; raises InputError naming what is wrong in it."""
    content = _load(path)
    try:
        reading = dict(content["reading"])
        reading.pop("generated_corpus")
        params = TrainingParams(
            generated=str(content["corpus"]["generated"]),
            answers=str(content["corpus"].get("answers", "auto")),  # younger than some workspaces
            test_share=float(content["split"]["test_share"]),
            split_seed=int(content["split"]["seed"]),
            streaming=str(content["train"]["streaming"]),
            seed=int(content["train"]["seed"]),
            hyperparameters=_to_hyperparameters(content["classifier"]),
            recipe=Recipe(**reading),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("params-invalid", file=FILE, kind=type(error).__name__, error=error) from error
    if params.generated not in CHOICES or params.streaming not in CHOICES or not 0 < params.test_share < 1:
        raise InputError("params-choice-invalid", file=FILE, choices=CHOICES)
    if params.answers not in ("auto", "never"):
        raise InputError("params-answers-invalid", file=FILE)
    return params


def to_logged_params(params: TrainingParams) -> dict[str, object]:
    """Choose the parameters by which trainings are told apart in MLflow."""
    return asdict(params.hyperparameters) | {
        "generated": params.generated,
        "test_share": params.test_share,
        "split_seed": params.split_seed,
        "seed": params.seed,
    }


def write_recipe(path: Path, recipe: Recipe) -> None:
    """Write how documents are read here into params.yaml, when it changed: stages depend on it."""
    _update(path, {"reading": _to_section(recipe)})


def write_hyperparameters(path: Path, parameters: Hyperparameters, *, search: Mapping[str, object]) -> None:
    """Write the hyperparameters that a search found into params.yaml, and which search it was: no stage depends on that."""
    _update(path, {"classifier": asdict(parameters), "search": search})


def _to_section(recipe: Recipe) -> dict[str, object]:
    # The corpus that comes with the program is an input like any other.
    return asdict(recipe) | {"generated_corpus": sha256(CORPUS.read_bytes()).hexdigest()[:16]}


def _to_hyperparameters(content: Mapping[str, Any]) -> Hyperparameters:
    types = {field.name: field.type for field in fields(Hyperparameters)}
    if unknown := sorted(set(content) - set(types)):
        raise InputError("params-classifier-unknown", file=FILE, parameter=unknown[0])
    converters: dict[Any, Any] = {int: int, float: float, str: str}
    return Hyperparameters(**{name: converters[types[name]](value) for name, value in content.items()})


def _update(path: Path, sections: Mapping[str, Mapping[str, object]]) -> None:
    content = _load(path)
    if all(dict(content.get(name, {})) == dict(values) for name, values in sections.items()):
        return
    for name, values in sections.items():
        content[name] = dict(values)
    with atomic_path(path) as part, part.open("w", encoding="utf-8") as file:
        make_yaml().dump(content, file)


def _load(path: Path) -> Any:
    try:
        content = make_yaml().load(path.read_text(encoding="utf-8"))
    except (OSError, YAMLError, ValueError) as error:
        raise InputError("params-unreadable", file=path, error=str(error).splitlines()[0]) from error
    if not isinstance(content, dict):
        raise InputError("params-without-sections", file=path)
    return content


def make_yaml() -> YAML:
    """Make a YAML parser that keeps comments and order: what the admin wrote stays."""
    yaml = YAML()
    yaml.width = 120
    return yaml
