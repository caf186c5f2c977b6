"""A workspace as trainings leave it, without running them: committed splits, kept tables, runs with models."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import md5, sha256

from sake_ray.classifier import Classifier, Hyperparameters, fit
from sake_ray.comparison import ComparisonContext
from sake_ray.data.corpus_tables import CLEANED, TRAIN, CorpusMember, pack_pages, write_table
from sake_ray.domain.texts import Recipe
from sake_ray.registry.runs import COMMIT_TAG
from sake_ray.train.params import make_default_params
from sake_ray.train.stages.clean import clean_row
from sake_ray.train.stages.preprocess import write_split
from sake_ray.workspace import Workspace
from tests.handmade import make_corpus, make_text


@dataclass(frozen=True)
class Trained:
    """A document of a corpus, with its part."""

    text: str
    label: str
    part: str
    group: str = ""

    @property
    def id(self) -> str:
        return sha256(self.text.encode()).hexdigest()


@dataclass
class Place:
    """What `ComparisonContext` stands on, and how a training would change it."""

    context: ComparisonContext

    @property
    def workspace(self) -> Workspace:
        return self.context.workspace

    def commit(self, corpus: Sequence[Trained], *, images: bool = True) -> str:
        """Leave what a training leaves: split, table in DVC's cache, lock, parameters; return the commit."""
        folder, recipe = self.workspace.folder, self.context.recipe
        git, layout = self.workspace.git, self.workspace.layout
        folder.mkdir(parents=True, exist_ok=True)
        if not git.exists:
            git.run("init", "-q", "-b", "main")
            (folder / ".gitignore").write_text("/data\n/.dvc\n")
        rows = []
        for each in sorted(corpus, key=lambda each: each.id):
            text = make_text(each.text, recipe=recipe)
            row = {"id": each.id, "label": each.label, "part": "", "media_type": "image/png"}
            rows.append(clean_row(row | {"pages": pack_pages(text.pages)}, recipe))
            if images:
                path = layout.images / each.label / f"{each.id}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
        table = folder / "table.parquet"
        write_table(table, rows, CLEANED)
        digest = md5(table.read_bytes()).hexdigest()  # noqa: S324 - DVC's
        kept = layout.dvc_cache / digest[:2] / digest[2:]
        kept.parent.mkdir(parents=True, exist_ok=True)
        table.replace(kept)
        layout.dvc_lock.write_text(
            f"schema: '2.0'\nstages:\n  clean:\n    outs:\n    - path: data/cleaned.parquet\n      md5: {digest}\n"
        )
        layout.params.write_text(make_default_params(recipe))
        members = [CorpusMember(each.id, each.label, each.part, each.group or each.id) for each in corpus]
        write_split(layout.split, members)
        return git.commit("A training", allow_empty=True)

    def log(self, corpus: Sequence[Trained], commit: str, **parameters: object) -> str:
        """Log the run of a training on that corpus; return its id."""
        classifier = learn(tuple(each for each in corpus if each.part == TRAIN), self.context.recipe)
        saved = self.workspace.folder.parent / f"saved-{len(list(self.workspace.folder.parent.iterdir()))}"
        classifier.save(saved, created=datetime.now(UTC))
        tags = {COMMIT_TAG: commit}
        return self.context.registry.trainings.log(saved, name="training", parameters=parameters, metrics={}, tags=tags)


@cache
def learn(corpus: tuple[Trained, ...], recipe: Recipe) -> Classifier:
    """Learn from documents."""
    texts = [make_text(each.text, recipe=recipe) for each in corpus]
    return fit(texts, [each.label for each in corpus], parameters=Hyperparameters(augmentations=0))


def corpus_of(each: int, *, part: str, seed: int, labels: Sequence[str] = ("facture", "resume")) -> list[Trained]:
    """So many documents of every label."""
    texts, truth = make_corpus(each, seed=seed, labels=labels)
    return [Trained(text.text, label, part) for text, label in zip(texts, truth, strict=True)]
