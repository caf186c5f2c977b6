"""Select the holdout of a comparison: documents of the newest test part that none of the models was trained on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from ruamel.yaml import YAML

from sake_ray.classifier.manifest import recipe_difference
from sake_ray.classifier.text_features import TextFeatures, extract_features
from sake_ray.comparison import ComparisonContext
from sake_ray.comparison.compared_models import ComparedModel, read_members
from sake_ray.data.corpus_tables import TEST, CorpusMember, read_table, to_features
from sake_ray.data.reading import to_document_text
from sake_ray.data.text_cache import fetch_pages
from sake_ray.domain.texts import Recipe
from sake_ray.errors import Message
from sake_ray.evaluation.metrics import Floats
from sake_ray.workspace import LAYOUT

BATCH_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Holdout:
    """Documents that no model was trained on, with the probabilities that each model predicts: one row a document.

    `left_out` counts the documents of the test part that may not be used, by reason.
    """

    ids: tuple[str, ...]
    true_labels: tuple[str, ...]
    token_counts: tuple[int, ...]
    probabilities: tuple[Floats, ...]
    left_out: Mapping[Message, int]


def predict_holdout(context: ComparisonContext, models: Sequence[ComparedModel]) -> Holdout:
    """Have every model predict the documents that none of them was trained on.

    Raises NotFound when nothing was trained in the workspace yet.
    """
    commit = context.workspace.git.require_head()
    members, left_out = select_holdout(context, models, read_members(context.workspace, commit))
    labels = {member.id: member.label for member in members}
    ids: list[str] = []
    token_counts: list[int] = []
    probabilities: list[list[Floats]] = [[np.empty((0, len(model.classifier.labels)))] for model in models]
    documents = read_features(context, commit, set(labels))
    while batch := list(islice(documents, BATCH_ROWS)):
        features = [document for _, document in batch]
        ids += [id for id, _ in batch]
        token_counts += [len(document.tokens) for document in features]
        for model, rows in zip(models, probabilities, strict=True):
            predicted = model.classifier.predict_proba(model.classifier.transform(features))
            rows.append(np.asarray(predicted, dtype=np.float64))
    if gone := len(labels) - len(ids):
        left_out[Message("text-gone")] = gone
    return Holdout(
        tuple(ids),
        tuple(labels[id] for id in ids),
        tuple(token_counts),
        tuple(np.vstack(rows) for rows in probabilities),
        left_out,
    )


def select_holdout(
    context: ComparisonContext, models: Sequence[ComparedModel], members: Sequence[CorpusMember]
) -> tuple[list[CorpusMember], dict[Message, int]]:
    """Select the documents of the test part that are like nothing a model was trained on; count the others by reason."""
    eligible = [member for member in members if member.part == TEST]
    left_out: dict[Message, int] = {}
    for model in models:
        excluded = model.history.excluded
        if model.history.generated_only:
            images = {image.sha256 for image in context.workspace.images.list()}
            excluded = frozenset(member.id for member in members if member.id not in images)
        groups = {member.group for member in members if member.id in excluded}
        remaining = [member for member in eligible if member.group not in groups]
        if len(eligible) > len(remaining):
            left_out[Message("learned-from-them", model=model.name)] = len(eligible) - len(remaining)
        eligible = remaining
    return eligible, left_out


def read_features(context: ComparisonContext, commit: str, ids: set[str]) -> Iterator[tuple[str, TextFeatures]]:
    """Read the features of documents from the table of that commit, or else from the text cache.

    The table comes from DVC's cache: in the workspace a training may be writing another.
    """
    missing = set(ids)
    table = context.workspace.dvc.outputs.find_cached(commit, LAYOUT.cleaned)
    if table and not recipe_difference(read_recipe(context, commit), context.recipe):
        for row in read_table(table):
            if row["id"] in missing:
                missing.discard(row["id"])
                yield row["id"], to_features(row)
    for id in sorted(missing):
        if pages := fetch_pages(context.store, id, context.recipe):
            yield id, extract_features(to_document_text(id, *pages, context.recipe))


def read_recipe(context: ComparisonContext, commit: str) -> Recipe:
    """Read from params.yaml how the documents of a commit were read."""
    reading = dict(YAML(typ="safe").load(context.workspace.git.read_file(commit, LAYOUT.params))["reading"])
    reading.pop("generated_corpus", None)
    return Recipe(**reading)
