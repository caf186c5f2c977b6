"""The policy: when a document goes to a person, and what is promised of the others."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import bench_of, records_of, registry_of, who
from sake_ray.errors import InputError
from sake_ray.schemas.policy import PolicyOut, PromiseOut, ProposalOut
from sake_ray.settings import Settings, read_settings


def policy(
    wrong_in: Annotated[
        int | None, typer.Option(min=2, max=100_000, help="At most one wrong in so many accepted.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Put it in force; without it only show it.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Back to SAKE_REVIEW_THRESHOLD for all labels.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Show when documents go to people; with --wrong-in the thresholds that keep such a promise, and what they cost."""
    if apply and (plain or wrong_in is None):
        raise InputError("--apply goes with --wrong-in; --plain takes a promise back by itself.")
    found = take_back(read_settings()) if plain else look_or_apply(read_settings(), wrong_in, apply=apply)
    print(found.model_dump_json(indent=1) if as_json else "\n".join(lines_of(found)))  # noqa: T201 - the result


def look_or_apply(settings: Settings, wrong_in: int | None, *, apply: bool) -> PolicyOut:
    """The policy, with what a promise would be and cost, put in force where that is wanted."""
    from sake_ray.comparison.error_budget import propose, put_in_force  # what classifies takes seconds to import
    from sake_ray.serve.presenters.policies import present_policy

    records = records_of(settings)
    newest = records.policies.newest() or settings.policy
    if wrong_in is None:
        registry = registry_of(settings)
        registry.prepare()
        return present_policy(newest, registry.champion.get())
    bench = bench_of(settings)
    proposal = propose(bench, records, wrong_in)
    if apply:
        newest = put_in_force(records, proposal, by=who(), now=datetime.now(UTC))
    return present_policy(newest, bench.registry.champion.get(), proposal)


def take_back(settings: Settings) -> PolicyOut:
    """One threshold for all labels again."""
    from sake_ray.comparison.error_budget import go_plain
    from sake_ray.serve.presenters.policies import present_policy

    return present_policy(
        go_plain(records_of(settings), settings.review_threshold, by=who(), now=datetime.now(UTC)), None
    )


def lines_of(found: PolicyOut) -> list[str]:
    """The policy in words."""
    lines = [
        f"Policy {found.version}: below {found.threshold:g}, or with fewer than {found.min_tokens} words, to people."
    ]
    if found.wrong_in:
        lines = [f"Policy {found.version}: at most 1 wrong in {found.wrong_in} accepted."]
        lines += [
            f"{label:24}{'all to people' if least is None else f'below {least:.4f} to people'}"
            for label, least in found.thresholds.items()
        ]
    if not found.holds:
        lines.append("Another model serves than the one this was promised of: make the promise anew.")
    return lines + (lines_of_proposal(found.proposal) if found.proposal else [])


def lines_of_proposal(proposal: ProposalOut) -> list[str]:
    """What a promise would be, label by label, and what it costs."""
    return [
        "",
        f"At most 1 wrong in {proposal.wrong_in} accepted, by {proposal.documents} verified documents:",
        *(f"{promise.label:24}{words_of(promise, proposal.wrong_in)}" for promise in proposal.promises),
        f"To people go {proposal.to_people} of these {proposal.documents}, and {proposal.open_to_people} of "
        f"{proposal.open_documents} open documents (now {proposal.open_to_people_now}).",
    ]


def words_of(promise: PromiseOut, wrong_in: int) -> str:
    """What can be promised of a label."""
    if promise.threshold is None:
        few = promise.documents < promise.needed
        why = "too few documents to promise this" if few else "too many are wrong to promise this"
        return f"all to people: {why} ({promise.documents}; it takes {promise.needed}, all right)"
    return (
        f"from {promise.threshold:.4f} accepted: {promise.accepted} of {promise.documents}, {promise.wrong} wrong, "
        f"credibly at most {promise.at_most * wrong_in:.2f} in {wrong_in}"
    )
