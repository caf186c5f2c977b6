"""Erase a reference: what a person has the right to ask for."""

from typing import TYPE_CHECKING, Annotated

import typer

from sake_ray.cli.bootstrap import find_token_key, find_user_name, list_all, load_settings, open_eraser
from sake_ray.cli.terminal import report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sake_ray.domain.erasures import Erasure, ErasurePlace

NOT_YET = 1


def erase(
    reference: Annotated[str | None, typer.Option(help="The reference, exactly as it was handed in.")] = None,
    team: Annotated[str | None, typer.Option(help="Only the documents of this team.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase; without it the command only says what would go.")] = False,
) -> None:
    """Erase all of a reference for good, or list erasures.

    Its documents, texts, answers and training images go, and what was made of them. Without --yes nothing is erased.
    Without --reference go on with erasures that wait, and list all: number, cause, time, person, state, documents, model
    versions that learned from them, what it waits for.
    """
    settings = load_settings()
    eraser = open_eraser(settings)
    if reference is None:
        while eraser.run_next(now=eraser.records.clock.now()):
            pass
        for one in list_all(eraser.records.erasures.list):
            print("\t".join(_format(one)))  # noqa: T201 - the result
        return
    if not yes:
        plan = eraser.plan(reference, team=team)
        _print_counts(plan.counts)
        report(f"Nothing is erased yet. Teams: {', '.join(plan.teams)}. Add --yes to erase it for good.")
        return
    from sake_ray.serve.tokens import load_key

    secret = load_key(find_token_key(settings))
    begun = eraser.begin(reference, team=team, token=None, secret=secret, by=find_user_name())
    ended = eraser.carry_out(begun)
    _print_counts(ended.counts)
    if ended.models:
        versions = ", ".join(map(str, ended.models))
        report(f"Model versions that learned from it, and may know single words of it: {versions}. Train a new one.")
    if not ended.is_erased:
        report(f"Its documents are gone. The rest waits: {ended.error} The service goes on with it, or `sake erase`.")
        raise typer.Exit(NOT_YET)


def _print_counts(counts: "Mapping[ErasurePlace, int]") -> None:
    for place, count in counts.items():
        print(f"{place.value}\t{count}")  # noqa: T201 - the result


def _format(one: "Erasure") -> tuple[str, ...]:
    from sake_ray.domain.erasures import ErasurePlace

    versions, at = ",".join(map(str, one.models)), f"{one.asked_at:%Y-%m-%d %H:%M}"
    state = "erased" if one.is_erased else "unfinished"
    documents = str(one.counts.get(ErasurePlace.DOCUMENTS, 0))
    return str(one.number), one.cause.value, at, one.by, state, documents, versions, str(one.error)
