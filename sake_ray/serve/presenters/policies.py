"""Present policies, with their error budget and coverage curve."""

from sake_ray.comparison.error_budget import CoverageCurve, PolicyProposal
from sake_ray.domain.verdicts import Policy
from sake_ray.registry.versions import ModelVersion
from sake_ray.schemas.policy import CurveOut, PolicyOut, ProposalOut


def present_policy(
    policy: Policy,
    champion: ModelVersion | None,
    proposal: PolicyProposal | None = None,
    curve: CoverageCurve | None = None,
) -> PolicyOut:
    """Present a policy, and whether its error budget was made for the model that serves."""
    return PolicyOut(
        version=policy.version,
        since=policy.since,
        threshold=policy.threshold,
        min_tokens=policy.min_tokens,
        thresholds=dict(policy.thresholds),
        wrong_in=policy.wrong_in,
        holds=policy.wrong_in is None or (champion is not None and champion.sha256 == policy.model_hash),
        proposal=ProposalOut.model_validate(proposal) if proposal else None,
        curve=CurveOut.model_validate(curve) if curve else None,
    )
