"""The curve shows what every threshold does, and nothing that no threshold can do."""

from sake_ray.evaluation.curve import MAX_POINTS, MIN_ACCEPTED, CurvePoint, trace_curve
from sake_ray.evaluation.thresholds import ScoredDocument


def test_points_count_what_passes_and_what_of_it_is_right() -> None:
    scored = (
        [ScoredDocument(0.9, True)] * 12
        + [ScoredDocument(0.8, True)] * 3
        + [ScoredDocument(0.8, False)]
        + [ScoredDocument(0.6, False)] * 4
    )
    points = trace_curve(scored[::-1], 25)
    assert points == (CurvePoint(0.9, 25, 12, 12), CurvePoint(0.8, 25, 16, 15), CurvePoint(0.6, 25, 20, 15))
    assert [(point.share, point.precision) for point in points] == [(0.48, 1.0), (0.64, 0.9375), (0.8, 0.75)]


def test_few_accepted_documents_are_no_point_unless_there_are_no_more() -> None:
    scored = [ScoredDocument(0.9 - place / 1000, True) for place in range(30)]
    assert min(point.accepted for point in trace_curve(scored, 30)) == MIN_ACCEPTED
    assert trace_curve(scored[:3], 30) == (CurvePoint(0.898, 30, 3, 3),)
    assert trace_curve([], 30) == ()
    assert CurvePoint(0.7, 0, 0, 0).precision is None


def test_a_large_corpus_is_thinned_and_keeps_the_last_point() -> None:
    scored = [ScoredDocument(1 - place / 10_000, place % 50 != 0) for place in range(5000)]
    points = trace_curve(scored, 6000)
    assert len(points) <= MAX_POINTS + 1
    assert (points[-1].accepted, points[-1].right) == (5000, 4900)
