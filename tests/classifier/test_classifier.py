"""The classifier learns, doubts, explains and refuses."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from subprocess import run

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from sake_ray.classifier import Classifier, Explanation, Hyperparameters, fit
from sake_ray.classifier.linear_model import decision_function, fit_linear_model
from sake_ray.classifier.vectorized_corpus import assign_folds
from sake_ray.domain.texts import DocumentText, Token
from sake_ray.domain.verdicts import OTHER, Policy, Verdict
from sake_ray.errors import InputError
from tests.handmade import RECIPE, make_corpus, make_text

NOW = datetime(2026, 11, 23, tzinfo=UTC)
POLICY = Policy()


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    """Trained on twelve documents of each label."""
    return fit(*make_corpus(12))


def judge(classifier: Classifier, text: DocumentText) -> Verdict:
    """Predict one document."""
    return classifier.predict([text], policy=POLICY)[0]


def all_parts(explanation: Explanation) -> float:
    """Add up everything an explanation names."""
    words = sum(word.weight for word in explanation.words)
    return words + explanation.other_words + sum(explanation.cues.values()) + explanation.bias


class TestPredict:
    def test_documents_not_seen_before_get_their_label(self, classifier: Classifier) -> None:
        texts, truth = make_corpus(20, seed=9)
        verdicts = classifier.predict(texts, policy=POLICY)
        assert [verdict.label for verdict in verdicts] == truth

    def test_probabilities_sum_to_one_over_the_labels(self, classifier: Classifier) -> None:
        for verdict in classifier.predict(make_corpus(3, seed=4)[0], policy=POLICY):
            assert tuple(verdict.probabilities) == ("facture", "id_pieces", "other", "resume")
            assert sum(verdict.probabilities.values()) == pytest.approx(1)
            assert verdict.confidence == max(verdict.probabilities.values())

    def test_no_belief_is_a_certainty(self, classifier: Classifier) -> None:
        for verdict in classifier.predict(make_corpus(12)[0], policy=POLICY):
            assert 0.001 < min(verdict.probabilities.values()) < max(verdict.probabilities.values()) < 0.999

    @pytest.mark.parametrize("text", ["", " ", "\f\f", "| . - ~ ,\n_ —"])
    def test_document_without_text_gets_no_label(self, classifier: Classifier, text: str) -> None:
        verdict = judge(classifier, make_text(text))
        assert (verdict.label, verdict.confidence, dict(verdict.probabilities)) == (None, None, {})
        assert verdict.needs_review
        assert verdict.remark == "No text could be read; please scan it again."

    def test_document_without_a_page_gets_no_label(self, classifier: Classifier) -> None:
        assert judge(classifier, replace(make_text(""), pages=())).label is None

    def test_no_documents_give_no_verdicts(self, classifier: Classifier) -> None:
        assert classifier.predict([], policy=POLICY) == []

    def test_text_with_nothing_known_is_level_and_none_of_these(self, classifier: Classifier) -> None:
        verdict = judge(classifier, make_text("漢字 日本語 試験 文書"))
        assert set(verdict.probabilities.values()) == {0.25}
        assert verdict.label == OTHER
        assert verdict.needs_review

    def test_confident_verdict_with_enough_words_needs_no_review(self, classifier: Classifier) -> None:
        verdict = judge(classifier, make_corpus(1, seed=3)[0][0])
        assert not verdict.needs_review
        assert verdict.remark == ""

    def test_other_always_needs_review(self, classifier: Classifier) -> None:
        verdict = classifier.predict(make_corpus(1, labels=(OTHER,))[0], policy=Policy(threshold=0.0))[0]
        assert (verdict.label, verdict.needs_review) == (OTHER, True)

    def test_policy_decides_what_needs_review(self, classifier: Classifier) -> None:
        texts = make_corpus(1, seed=3)[0][:1]
        assert not classifier.predict(texts, policy=Policy(threshold=0.9))[0].needs_review
        assert classifier.predict(texts, policy=Policy(threshold=0.9999))[0].needs_review
        assert classifier.predict(texts, policy=Policy(min_tokens=500))[0].needs_review
        assert classifier.predict(texts, policy=Policy(min_tokens=500))[0].scant

    def test_strange_words_are_judged_like_any_other(self, classifier: Classifier) -> None:
        strange = ["x" * 100_000, "a\u00a0b", "\u2028", "\ud800", "\x00", "İ", "℡", "<" * 5000, "٣٤", "Zalgo̴̡͝"]
        text = make_text("facture")
        page = replace(text.pages[0], words=tuple(replace(text.words[0], text=word) for word in strange))
        tokens = (Token("two parts", 0), Token("", 1), Token("\ud800", 3))
        verdict = judge(classifier, replace(text, pages=(page,), tokens=tokens))
        assert sum(verdict.probabilities.values()) == pytest.approx(1)

    def test_thousands_of_documents_are_judged_in_order(self, classifier: Classifier) -> None:
        texts = [make_text(word) for word in ("facture", "passeport", "")]
        verdicts = classifier.predict(texts * 700, policy=POLICY)
        assert len(verdicts) == 2100
        assert [verdict.label for verdict in verdicts[-3:]] == ["facture", "id_pieces", None]


def test_label_goes_by_its_own_threshold_and_a_promise_accepts_nothing_it_was_not_made_of() -> None:
    plain, own = Policy(), Policy(thresholds={"facture": 0.9, "resume": None})
    promise = Policy(thresholds={"facture": 0.9}, wrong_in=200)
    for policy, label, confidence, expected in (
        (plain, "resume", 0.8, False),
        (own, "facture", 0.8, True),
        (own, "facture", 0.9, False),
        (own, "resume", 1.0, True),
        (own, "id_pieces", 0.8, False),
        (promise, "id_pieces", 1.0, True),
        (plain, OTHER, 1.0, True),
        (plain, None, None, True),
    ):
        assert policy.requires_review(label, confidence, scant=False) == expected
    assert plain.requires_review("facture", 1.0, scant=True)


class TestFit:
    def test_same_seed_gives_the_same_classifier(self, classifier: Classifier) -> None:
        texts, _ = make_corpus(4, seed=8)
        again = fit(*make_corpus(12))
        assert again.predict(texts, policy=POLICY) == classifier.predict(texts, policy=POLICY)

    @pytest.mark.parametrize("model", ["logistic", "svm"])
    def test_two_labels_are_told_apart(self, model: str) -> None:
        pair = fit(*make_corpus(8, labels=("resume", "facture")), parameters=Hyperparameters(model=model))
        texts, truth = make_corpus(8, seed=5, labels=("resume", "facture"))
        assert [verdict.label for verdict in pair.predict(texts, policy=POLICY)] == truth

    @pytest.mark.parametrize("rows", [1, 2])
    def test_label_with_few_documents_is_learned(self, rows: int) -> None:
        texts, labels = make_corpus(12)
        rare = [make_text(f"CARTE GRISE certificat d'immatriculation véhicule Renault {n}") for n in range(rows)]
        five = fit([*texts, *rare], [*labels, *["grise"] * rows])
        verdict = judge(five, make_text("certificat d'immatriculation du véhicule CARTE GRISE Peugeot"))
        assert verdict.label == "grise"

    def test_fifty_labels_are_told_apart(self) -> None:
        names = [f"label {Random(n).randbytes(5).hex()}" for n in range(50)]
        words = [" ".join(Random(f"{n}-{part}").randbytes(4).hex() for part in range(6)) for n in range(50)]
        many = fit([make_text(f"{text} copie {copy}") for copy in range(3) for text in words], names * 3)
        assert [verdict.label for verdict in many.predict([make_text(text) for text in words], policy=POLICY)] == names

    def test_thousands_of_short_texts_whose_words_are_all_rare_are_told_apart(self) -> None:
        random, labels, own, words = np.random.default_rng(5), 20, 1000, 8
        targets = np.arange(3000) % labels
        columns = np.array([label * own + random.choice(own, words, replace=False) for label in targets])
        rows = np.repeat(np.arange(len(targets)), words)
        values = np.full(rows.size, 1 / np.sqrt(words), dtype=np.float32)
        matrix = csr_matrix((values, (rows, columns.ravel())), shape=(len(targets), labels * own))
        weights = fit_linear_model(matrix, targets, Hyperparameters(), seed=0)
        assert (decision_function(matrix, weights).argmax(axis=1) == targets).mean() > 0.99

    def test_one_document_each_is_enough(self) -> None:
        pair = fit([make_text("une facture à payer"), make_text("un passeport valable")], ["a", "b"])
        assert judge(pair, make_text("facture à payer")).label == "a"

    def test_documents_without_text_are_left_out(self) -> None:
        texts, labels = make_corpus(6, labels=("facture", "resume"))
        with_blanks = fit([*texts, make_text(""), make_text("- |")], [*labels, "facture", "resume"])
        probe = make_corpus(2, seed=2)[0]
        assert with_blanks.predict(probe, policy=POLICY) == fit(texts, labels).predict(probe, policy=POLICY)

    def test_documents_of_one_group_stay_together(self) -> None:
        groups = [f"form {row % 7}" for row in range(60)]
        numbers = np.array([row % 3 for row in range(60)])
        folds = assign_folds(numbers, groups, 3, seed=1)
        assert all(len({fold for fold, g in zip(folds, groups, strict=True) if g == group}) == 1 for group in groups)
        assert all(set(numbers[folds == fold]) == {0, 1, 2} for fold in range(3))

    def test_labels_drawn_by_lot_are_not_believed_when_copies_are_one_group(self) -> None:
        texts, labels = make_corpus(8, labels=("facture", "resume"))
        Random(1).shuffle(labels)
        groups = [str(row) for row in range(len(texts))]
        bound = fit(texts * 4, labels * 4, groups=groups * 4)
        loose = fit(texts * 4, labels * 4)
        probe = make_corpus(3, seed=2)[0]
        belief = [sum(v.confidence or 0 for v in one.predict(probe, policy=POLICY)) / 12 for one in (bound, loose)]
        assert belief[0] < 0.65 < belief[1]

    def test_what_cannot_be_learned_from_is_refused(self) -> None:
        texts, labels = make_corpus(2)
        with pytest.raises(InputError, match="at least two labels"):
            fit(texts[:2], labels[:2])
        with pytest.raises(InputError, match="at least two labels"):
            fit([], [])
        with pytest.raises(InputError, match="exactly one label"):
            fit(texts, labels[:-1])
        with pytest.raises(InputError, match="'blank' has any text"):
            fit([*texts, make_text("")], [*labels, "blank"])
        with pytest.raises(InputError, match="the reading version is 1 there and 2 here"):
            fit([*texts, make_text("x", recipe=replace(RECIPE, reading_version=2))], [*labels, "facture"])
        with pytest.raises(InputError, match=r"c=-1.*char_ngram_min=4"):
            Hyperparameters(c=-1, char_ngram_min=4, char_ngram_max=3)


class TestExplain:
    @pytest.mark.parametrize("label", ["facture", "id_pieces", "other", "resume"])
    def test_parts_add_up_to_the_score(self, classifier: Classifier, label: str) -> None:
        text = make_corpus(1, seed=6, labels=("id_pieces",))[0][0]
        explanation = classifier.explain(text, label=label, max_words=5)
        assert len(explanation.words) == 5
        assert all_parts(explanation) == pytest.approx(explanation.score, abs=1e-9)

    def test_scores_are_those_of_the_prediction(self, classifier: Classifier) -> None:
        text = make_corpus(1, seed=6)[0][0]
        scores = [classifier.explain(text, label=label).score for label in classifier.labels]
        verdict = judge(classifier, text)
        assert classifier.labels[scores.index(max(scores))] == verdict.label == classifier.explain(text).label

    def test_telling_words_stand_first_with_their_place(self, classifier: Classifier) -> None:
        text = make_text("Bonjour ceci est une facture")
        word = classifier.explain(text).words[0]
        assert (word.word, word.text, word.weight > 0) == (4, "facture", True)

    def test_repeated_word_counts_at_each_place(self, classifier: Classifier) -> None:
        words = classifier.explain(make_text("passeport facture facture"), label="facture").words
        first, second = (word.weight for word in words if word.text == "facture")
        assert first == pytest.approx(second, rel=0.5)

    def test_document_without_text_explains_nothing(self, classifier: Classifier) -> None:
        assert classifier.explain(make_text("")) == Explanation(None, 0.0, (), 0.0, {}, 0.0)
        assert classifier.explain(make_text(""), label="facture").score == 0

    def test_unknown_label_is_refused(self, classifier: Classifier) -> None:
        with pytest.raises(InputError, match="knows no label 'passport'"):
            classifier.explain(make_text("x"), label="passport")


HEAVY = "[name for name in ('sklearn', 'scipy', 'skops', 'pandas') if name in sys.modules]"


def test_importing_the_classifier_loads_no_heavy_library() -> None:
    code = f"import sys, sake_ray.classifier; print({HEAVY})"
    assert run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_opening_a_model_loads_no_heavy_library(classifier: Classifier, tmp_path: Path) -> None:
    classifier.save(tmp_path, created=NOW)
    code = "import sys, pathlib; from sake_ray.classifier import load; load(pathlib.Path(sys.argv[1]), recipe=None)"
    code = f"{code}; print({HEAVY})"
    opened = run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert opened.stdout.strip() == "[]"
