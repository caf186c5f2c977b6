"""Present policies, with their error budget and coverage curve."""

from sake_ray.comparison.error_budget import CoverageCurve, PolicyProposal
from sake_ray.domain.verdicts import Policy
from sake_ray.registry.versions import ModelVersion
from sake_ray.schemas.policy import PolicyOut
from sake_ray.storage.records import PolicyProgress


def present_policy(
    policy: Policy,
    champion: ModelVersion | None,
    progress: PolicyProgress,
    proposal: PolicyProposal | None = None,
    curve: CoverageCurve | None = None,
) -> PolicyOut:
    """Present a policy, how far it is applied, and whether its error budget was made for the model that serves."""
    return PolicyOut.from_domain(
        policy,
        holds=policy.wrong_in is None or (champion is not None and champion.sha256 == policy.model_hash),
        outdated_documents=progress.outdated,
        open_documents=progress.open,
        proposal=proposal,
        curve=curve,
    )
