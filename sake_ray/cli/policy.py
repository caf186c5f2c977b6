"""The policy: which documents need review, and the error budget of the others."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from sake_ray.cli.bootstrap import (
    find_user_name,
    load_settings,
    make_comparison_context,
    open_records,
    open_registry,
)
from sake_ray.errors import InputError

if TYPE_CHECKING:
    from sake_ray.schemas.policy import PolicyOut, PromiseOut, ProposalOut
    from sake_ray.settings import Settings


def policy(
    wrong_in: Annotated[
        int | None, typer.Option(min=2, max=100_000, help="Error budget: at most one error in so many accepted.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Put the error budget in force, not only show it.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Use SAKE_REVIEW_THRESHOLD for all labels again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the policy as JSON.")] = False,
) -> None:
    """Show which documents need review.

    With --wrong-in, also show the thresholds that keep this error budget, and what they cost.
    """
    if apply and (plain or wrong_in is None):
        raise InputError("policy-options-conflict")
    settings = load_settings()
    found = end_error_budget(settings) if plain else find_or_apply(settings, wrong_in, apply=apply)
    print(found.model_dump_json(indent=1) if as_json else "\n".join(format_policy(found)))  # noqa: T201 - the result


def find_or_apply(settings: "Settings", wrong_in: int | None, *, apply: bool) -> "PolicyOut":
    """Find the policy in force and what an error budget would cost; put that in force where it is wanted."""
    from sake_ray.comparison.error_budget import (  # what classifies takes seconds to import
        activate_policy,
        propose_policy,
    )
    from sake_ray.serve.presenters.policies import present_policy

    records = open_records(settings)
    newest = records.policies.find_newest() or settings.policy
    if wrong_in is None:
        registry = open_registry(settings)
        registry.prepare()
        return present_policy(newest, registry.champion.get(), records.policies.measure_progress())
    context = make_comparison_context(settings)
    proposal = propose_policy(context, records, wrong_in)
    if apply:
        newest = activate_policy(records, proposal, by=find_user_name(), now=datetime.now(UTC))
    return present_policy(newest, context.registry.champion.get(), records.policies.measure_progress(), proposal)


def end_error_budget(settings: "Settings") -> "PolicyOut":
    """Go back to one threshold for all labels."""
    from sake_ray.comparison.error_budget import reset_policy
    from sake_ray.serve.presenters.policies import present_policy

    records = open_records(settings)
    plain = reset_policy(records, settings.review_threshold, by=find_user_name(), now=datetime.now(UTC))
    return present_policy(plain, None, records.policies.measure_progress())


def format_policy(found: "PolicyOut") -> list[str]:
    """Put the policy into words."""
    lines = [
        f"Policy {found.version}: documents below {found.threshold:g}, or with fewer than {found.min_tokens} words, "
        "need review."
    ]
    if found.wrong_in:
        lines = [f"Policy {found.version}: at most 1 error in {found.wrong_in} accepted."]
        lines += [
            f"{label:24}{'all need review' if threshold is None else f'below {threshold:.4f} need review'}"
            for label, threshold in found.thresholds.items()
        ]
    if not found.holds:
        lines.append("Another model serves than the one this error budget was measured on: apply it again.")
    if found.outdated_documents:
        lines.append(
            f"{found.outdated_documents} of {found.open_documents} open documents still carry an older policy; "
            "the service applies this one a few at a time."
        )
    return lines + (format_proposal(found.proposal) if found.proposal else [])


def format_proposal(proposal: "ProposalOut") -> list[str]:
    """Put an error budget into words, label by label, and what it costs."""
    return [
        "",
        f"At most 1 error in {proposal.wrong_in} accepted, measured on {proposal.documents} verified documents:",
        *(f"{promise.label:24}{describe_budget(promise, proposal.wrong_in)}" for promise in proposal.promises),
        f"Review is needed for {proposal.to_people} of these {proposal.documents}, and for {proposal.open_to_people} of "
        f"{proposal.open_documents} open documents (now {proposal.open_to_people_now}).",
    ]


def describe_budget(promise: "PromiseOut", wrong_in: int) -> str:
    """Put what a label can promise into words."""
    if promise.threshold is None:
        few = promise.documents < promise.needed
        reason = "too few documents" if few else "too many errors"
        return f"all need review: {reason} ({promise.documents}; it takes {promise.needed} without an error)"
    return (
        f"from {promise.threshold:.4f} accepted: {promise.accepted} of {promise.documents}, {promise.wrong} wrong, "
        f"credibly at most {promise.at_most * wrong_in:.2f} in {wrong_in}"
    )
