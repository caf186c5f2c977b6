"""Compare two models: figures side by side, and the verdict in one sentence."""

from typing import TYPE_CHECKING, Annotated

import typer

from sake_ray.cli.bootstrap import load_settings, make_comparison_context
from sake_ray.domain.promotions import ComparisonOutcome

if TYPE_CHECKING:
    from sake_ray.schemas.comparison import ComparisonOut

Model = Annotated[str, typer.Argument(help="Version number, run id or `champion`.")]
MAX_CHANGED = 20


def compare(
    a: Model, b: Model, as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False
) -> None:
    """Compare model B with model A, on the newest documents that neither has learned from."""
    from sake_ray.comparison.compare import compare_models  # what classifies takes seconds to import
    from sake_ray.serve.presenters.comparisons import present_comparison

    result = compare_models(make_comparison_context(load_settings()), a, b)
    shown = present_comparison(result, max_changed=len(result.comparison.changed))
    print(  # noqa: T201 - the result
        shown.model_dump_json(indent=1) if as_json else "\n".join([*format_figures(shown), describe_verdict(shown)])
    )


def format_figures(found: "ComparisonOut") -> list[str]:
    """Format the figures, as lines."""
    one, other = found.before.name, found.after.name
    lines = [f"{'':24}{one:>14}{other:>14}  difference (95 %)"]
    for name, measure in found.measures.items():
        interval = "" if measure.low is None else f"  ({measure.low:+.3f} to {measure.high:+.3f})"
        lines.append(f"{name:24}{measure.before:14.3f}{measure.after:14.3f}  {measure.difference:+.3f}{interval}")
    lines += ["", f"{'F1 of':24}{one:>14}{other:>14}  documents, corrected, broken"]
    for label, change in found.labels.items():
        documents = max(change.before.documents, change.after.documents)
        figures = f"{documents}, {change.corrected}, {change.broken}"
        lines.append(f"{label:24}{change.before.f1:14.3f}{change.after.f1:14.3f}  {figures}")
    lines.append("")
    for each in found.changed[:MAX_CHANGED]:
        answers = " → ".join(f"{opinion.label} {opinion.confidence:.2f}" for opinion in (each.before, each.after))
        lines.append(f"{'corrected' if each.corrected else 'broken':10}{each.id[:12]}  {each.truth}: {answers}")
    if len(found.changed) > MAX_CHANGED:
        lines.append(f"… and {len(found.changed) - MAX_CHANGED} more; --json has them all")
    for name, (before, after) in found.parameters.items():
        lines.append(f"parameter {name}: {before or '-'} → {after or '-'}")
    if data := found.data:
        lines.append(
            f"learned from {data.before} → {data.after} documents: {data.added} added, {data.removed} removed, "
            f"{data.relabelled} with another label"
        )
    lines += [f"left out: {count} of the test part, because {why}" for why, count in found.left_out.items()]
    return [*lines, ""]


def describe_verdict(found: "ComparisonOut") -> str:
    """Put the verdict into a sentence."""
    verdict, one, other = found.verdict, found.before.name, found.after.name.capitalize()
    counts = (
        f"of {verdict.documents} documents that neither has learned from it corrects {verdict.corrected} "
        f"and breaks {verdict.broken}"
    )
    if verdict.standing is ComparisonOutcome.BETTER:
        return f"{other} is better than {one}: {counts}."
    if verdict.standing is ComparisonOutcome.WORSE:
        return f"{other} is worse than {one}: {counts}."
    if verdict.standing is ComparisonOutcome.NOT_WORSE:
        worst = max(0.0, -verdict.at_worst) * 100
        return f"{other} is not worse than {one}: {counts}; at worst {worst:.1f} in a hundred more are wrong."
    return f"Too few documents to tell how {found.after.name} stands against {one}: {counts}."
