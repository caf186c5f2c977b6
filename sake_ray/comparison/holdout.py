"""Find the documents that may judge models: those of the newest test part that none of them has learned from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from ruamel.yaml import YAML

from sake_ray.classifier.manifest import recipe_difference
from sake_ray.classifier.text_features import TextFeatures, extract_features
from sake_ray.comparison import ComparisonContext
from sake_ray.comparison.candidates import TEST, ComparedModel, read_members
from sake_ray.data.corpus_tables import CorpusMember, features_of, read_table
from sake_ray.data.reading import to_document_text
from sake_ray.data.text_cache import fetch_pages
from sake_ray.domain.texts import Recipe
from sake_ray.evaluation.measures import Floats
from sake_ray.workspace import LAYOUT

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Holdout:
    """Documents that no candidate has learned from, with what each candidate says of them: a row a document.

    `tokens` counts those of each document. `left_out` tells how many of the test part may not judge, and why.
    """

    ids: tuple[str, ...]
    truth: tuple[str, ...]
    tokens: tuple[int, ...]
    chances: tuple[Floats, ...]
    left_out: Mapping[str, int]


def judge_held_out(bench: ComparisonContext, candidates: Sequence[ComparedModel]) -> Holdout:
    """Have every candidate judge the documents that none of them has learned from.

    Raises NotFound when nothing was trained in the workspace yet.
    """
    commit = bench.workspace.git.require_head()
    fair, left_out = select_holdout(bench, candidates, read_members(bench.workspace, commit))
    wanted = {member.id: member.label for member in fair}
    ids: list[str] = []
    tokens: list[int] = []
    chances: list[list[Floats]] = [[np.empty((0, len(each.classifier.labels)))] for each in candidates]
    glimpses = read_glimpses(bench, commit, wanted)
    while portion := list(islice(glimpses, AT_ONCE)):
        ids += [id for id, _ in portion]
        tokens += [len(glimpse.tokens) for _, glimpse in portion]
        for candidate, rows in zip(candidates, chances, strict=True):
            classifier = candidate.classifier
            judged = classifier.predict_proba(classifier.transform([glimpse for _, glimpse in portion]))
            rows.append(np.asarray(judged, dtype=np.float64))
    if gone := len(wanted) - len(ids):
        left_out["their text is gone"] = gone
    truth = tuple(wanted[id] for id in ids)
    return Holdout(tuple(ids), truth, tuple(tokens), tuple(np.vstack(rows) for rows in chances), left_out)


def select_holdout(
    bench: ComparisonContext, candidates: Sequence[ComparedModel], members: Sequence[CorpusMember]
) -> tuple[list[CorpusMember], dict[str, int]]:
    """The documents of the test part that are like nothing a candidate has learned from; and why others are not."""
    fair = [member for member in members if member.part == TEST]
    left_out: dict[str, int] = {}
    for candidate in candidates:
        barred = candidate.taught.barred
        if candidate.taught.generated_only:
            images = {image.sha256 for image in bench.workspace.images.list()}
            barred = frozenset(member.id for member in members if member.id not in images)
        groups = {member.group for member in members if member.id in barred}
        remaining = [member for member in fair if member.group not in groups]
        if len(fair) > len(remaining):
            left_out[f"{candidate.name} has learned from them"] = len(fair) - len(remaining)
        fair = remaining
    return fair, left_out


def read_glimpses(
    bench: ComparisonContext, commit: str, wanted: Mapping[str, str]
) -> Iterator[tuple[str, TextFeatures]]:
    """The wanted documents as the classifier looks at them, from the table of that commit or else from the text cache.

    The table is taken from where DVC keeps it: in the workspace a training may be writing another.
    """
    missing = set(wanted)
    table = bench.workspace.dvc.outputs.find_cached(commit, LAYOUT.cleaned)
    if table and not recipe_difference(read_recipe(bench, commit), bench.recipe):
        for row in read_table(table):
            if row["id"] in missing:
                missing.discard(row["id"])
                yield row["id"], features_of(row)
    for id in sorted(missing):
        if kept := fetch_pages(bench.store, id, bench.recipe):
            yield id, extract_features(to_document_text(id, *kept, bench.recipe))


def read_recipe(bench: ComparisonContext, commit: str) -> Recipe:
    """How the documents of a commit were read."""
    reading = dict(YAML(typ="safe").load(bench.workspace.git.read_file(commit, LAYOUT.params))["reading"])
    reading.pop("generated_corpus", None)
    return Recipe(**reading)
