"""Present erasures, and what would be erased."""

from collections.abc import Mapping

from sake_ray.domain.erasures import Erasure, ErasurePlace, ErasurePlan
from sake_ray.schemas.erasures import ErasureOut, ErasurePlanOut


def present_plan(plan: ErasurePlan) -> ErasurePlanOut:
    """Present what would be erased."""
    return ErasurePlanOut(counts=_name(plan.counts), teams=list(plan.teams), token=plan.token)


def present_begun(erasure: Erasure, token: str) -> ErasurePlanOut:
    """Present an erasure whose rows are gone."""
    teams = sorted({document.team for document in erasure.targets.documents}) if erasure.targets else []
    return ErasurePlanOut(counts=_name(erasure.counts), teams=teams, token=token, erasure=present_erasure(erasure))


def present_erasure(erasure: Erasure) -> ErasureOut:
    """Present an erasure."""
    return ErasureOut(
        number=erasure.number,
        cause=erasure.cause,
        subject=erasure.subject,
        team=erasure.team,
        by=erasure.by,
        asked_at=erasure.asked_at,
        step=erasure.step,
        error=str(erasure.error),
        error_code=erasure.error.code or None,
        counts=_name(erasure.counts),
        models=list(erasure.models),
        erased_at=erasure.erased_at,
        swept_at=erasure.swept_at,
    )


def _name(counts: Mapping[ErasurePlace, int]) -> dict[str, int]:
    return {place.value: count for place, count in counts.items()}
