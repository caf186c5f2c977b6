"""Retention: how long documents are kept."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import find_user_name, load_settings, open_records
from sake_ray.cli.terminal import report
from sake_ray.domain.retention import MAX_MONTHS, RetentionRule


def retention(
    team: Annotated[str, typer.Option(help="Team; without it the rule is for teams without one of their own.")] = "",
    label: Annotated[str, typer.Option(help="Label; without it the rule is for labels without one of their own.")] = "",
    months: Annotated[
        int | None, typer.Option(min=1, max=MAX_MONTHS, help="Set a rule: erase what is older than so many months.")
    ] = None,
    for_ever: Annotated[bool, typer.Option("--for-ever", help="Set a rule: erase nothing by its age.")] = False,
    with_waiting: Annotated[
        bool, typer.Option("--with-waiting", help="With --months: also what still waits for people.")
    ] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Remove the rule.")] = False,
) -> None:
    """Show how long documents are kept, or change it.

    Rules are shown as team, label, months, whether what waits for people is erased too, by whom, when. Of several that
    fit, the narrowest counts. What is older is erased for good by the service, soon after.
    """
    if (months is not None) + for_ever + withdraw > 1:
        raise typer.BadParameter("give one of --months, --for-ever and --withdraw")
    settings = load_settings()
    records = open_records(settings)
    if months is not None or for_ever or withdraw:
        rule = RetentionRule(team, label, months, with_waiting, find_user_name(), datetime.now(UTC))
        records.retention.set_rule(rule, withdrawn=withdraw)
    for rule in (one for _, one in sorted(records.retention.find_rules().items())):
        time = "for ever" if rule.months is None else str(rule.months)
        waiting = "with what waits" if rule.with_waiting else ""
        columns = (rule.team or "all teams", rule.label or "all labels", time, waiting, rule.by)
        print("\t".join((*columns, f"{rule.at:%Y-%m-%d %H:%M}")))  # noqa: T201 - the result
    default = f"{settings.retention_months} months" if settings.retention_months else "for ever"
    report(f"Everything else is kept {default}.")
