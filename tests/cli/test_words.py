"""Verdicts and error budgets are put into one sentence each, also where nothing can be told."""

from datetime import UTC, datetime

import pytest

from sake_ray.cli.comparison import describe_verdict, format_figures
from sake_ray.cli.policy import describe_budget
from sake_ray.schemas.comparison import CandidateOut, ComparisonOut, VerdictOut
from sake_ray.schemas.policy import PromiseOut


def found(standing: str, *, documents: int = 200) -> ComparisonOut:
    """A comparison with that verdict and no figures."""
    before, after = (
        CandidateOut(name=name, run="r", version=None, started=datetime.now(UTC), commit=None, labels=[])
        for name in ("version 1", "run 0af3")
    )
    verdict = VerdictOut.model_validate(
        {"standing": standing, "documents": documents, "corrected": 3, "broken": 4, "chance": 1, "at_worst": -0.013}
        | {"remark": "", "against": None}
    )
    return ComparisonOut(
        before=before,
        after=after,
        verdict=verdict,
        measures={},
        labels={},
        confusion=None,
        changed=[],
        left_out={"version 1 has learned from them": 9},
        parameters={"c": ("1.0", None)},
        data=None,
    )


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        ("better", "Run 0af3 is better than version 1: of 200 documents"),
        ("worse", "Run 0af3 is worse than version 1: of 200 documents"),
        ("not_worse", "corrects 3 and breaks 4; at worst 1.3 in a hundred more are wrong."),
        ("too_few", "Too few documents to tell how run 0af3 stands against version 1"),
    ],
)
def test_verdict_is_a_sentence(standing: str, words: str) -> None:
    assert words in describe_verdict(found(standing))


def test_what_differs_and_what_may_not_judge_is_told_without_any_figures() -> None:
    lines = format_figures(found("too_few", documents=0))
    assert "parameter c: 1.0 → -" in lines
    assert "left out: 9 of the test part, because version 1 has learned from them" in lines


def test_promise_that_cannot_be_made_says_why() -> None:
    few = PromiseOut(label="a", threshold=None, documents=40, accepted=0, wrong=0, at_most=1, needed=643)
    assert describe_budget(few, 200) == "all need review: too few documents (40; it takes 643 without an error)"
    assert "too many errors" in describe_budget(few.model_copy(update={"documents": 700}), 200)
    made = few.model_copy(update={"threshold": 0.93, "documents": 900, "accepted": 800, "wrong": 1, "at_most": 0.0045})
    assert describe_budget(made, 200) == "from 0.9300 accepted: 800 of 900, 1 wrong, credibly at most 0.90 in 200"
