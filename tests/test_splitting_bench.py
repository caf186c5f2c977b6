"""The bench of splitting in its small form: its stacks are sound, and what it measures can be measured."""

from itertools import pairwise

from bench.splitting import FEATURES, collect_evidence, fit_weights, make_pool, make_stacks, measure
from sake_ray.classifier import Classifier, fit
from sake_ray.splitting import find_boundaries
from tests.handmade import RECIPE, make_corpus

DOCUMENTS, STACKS = 12, 8


def make_classifier() -> Classifier:
    texts, labels = make_corpus(12)
    return fit(texts, labels)


def test_bench_makes_stacks_whose_documents_begin_where_it_says_and_measures_them() -> None:
    classifier, stacks = make_classifier(), list(make_stacks(make_pool(DOCUMENTS, seed=1), STACKS, RECIPE, seed=1))
    assert [stack.kind for stack in stacks[:3]] == ["mixed", "one class", "one document"]
    for stack in stacks:
        numbers = [page.number for page in stack.text.pages]
        assert numbers == list(range(1, len(numbers) + 1))
        assert all(1 < start <= len(numbers) and stack.text.pages[start - 1].words for start in stack.starts)
    perfect = list(
        measure(stacks, lambda text: {start: 1.0 for stack in stacks if stack.text is text for start in stack.starts})
    )
    assert all("| 1.000 | 1.000 | 1.00 | 0.000 |" in line for line in perfect[2:])
    bias, weights = fit_weights(*collect_evidence(stacks, classifier))
    assert set(weights) == set(FEATURES)
    assert isinstance(bias, float)
    for stack in stacks[:3]:
        pages = [boundary.page for boundary in find_boundaries(stack.text, classifier)]
        assert all(before < after for before, after in pairwise(pages))
        assert stack.starts <= set(pages)
