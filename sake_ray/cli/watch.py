"""Watch places, and hand in what is put into them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from sake_ray.cli.bootstrap import load_settings, open_objects, open_records
from sake_ray.cli.terminal import report, stop_on_signals
from sake_ray.cli.watch_sidecar import forget_left_places
from sake_ray.domain.places import DEFAULT_TEAM, PlaceAddress, parse_place
from sake_ray.errors import NotFound, SetupError

if TYPE_CHECKING:
    from sake_ray.domain.accounts import Account
    from sake_ray.settings import Settings
    from sake_ray.storage.records import Records
    from sake_ray.watch.places import Place
    from sake_ray.watch.watcher import LookOutcome, Watcher

OWNER = "sake-watch"
"""Who hands in, where no account is named; nobody can sign in as it."""
END_SECONDS = 4.0
"""So long what is being handed in may take at the end; after a kill it is handed in the next time."""


def watch(
    places: Annotated[
        list[str] | None,
        typer.Argument(
            help="[TEAM=]FOLDER, s3://bucket/prefix or imaps://user@host/folder; by default those of SAKE_WATCH.",
            show_default=False,
        ),
    ] = None,
    team: Annotated[
        str, typer.Option(help="Whose the documents are, where a place names no team.", show_default="office")
    ] = "",
    owner: Annotated[
        str, typer.Option(help="The account that hands in; it and its team see them as its own.", show_default=OWNER)
    ] = "",
    every: Annotated[
        float | None, typer.Option(min=0, help="Seconds between two looks.", show_default="SAKE_WATCH_SECONDS")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Hand in what is there and at rest, and end.")] = False,
) -> None:
    """Hand in by itself what is put into folders, buckets and mailboxes. Ctrl-C ends it.

    A sub-folder or subject is the reference. Each file is handed in once, when it is the same in two looks. When it was read, it
    goes to `done` in its place, or to `failed` with a sentence that says why.
    """
    from sake_ray.logs import set_up_logs
    from sake_ray.tracing.spans import set_up_tracing

    settings, stop = load_settings(), threading.Event()
    seconds = settings.watch_seconds if every is None else every
    records = open_records(settings)
    account = _find_account(records, owner) if owner else None
    default_team = team or (account.team if account else DEFAULT_TEAM)
    addresses = [_parse(place, default_team) for place in places or ()] or settings.places
    if not addresses:
        raise SetupError("watch-without-places")
    set_up_logs("watch", folder=settings.home / "logs", level=settings.service_log_level, to_stderr=False)
    set_up_tracing("watch", settings.otlp_endpoint)
    watchers = make_watchers(settings, records, addresses, owner=owner or OWNER, seconds=seconds)
    stop_on_signals(stop)
    if not places:
        forget_left_places(settings, records)
    if once:
        total = _watch_once(watchers, stop, seconds)
        _forget(watchers, records, kept=settings.places)
        said = f"{total['in']} handed in, {total['failed']} failed, {total['waiting']} left, {total['in_work']} in work"
        print(said)  # noqa: T201 - the result
        return
    report(f"Watching {', '.join(watcher.place.name for watcher in watchers)}. Ctrl-C ends it.")
    # Each on a thread of its own: a network folder that hangs holds up no other place.
    threads = [threading.Thread(target=_watch, args=(one, stop, seconds), daemon=True) for one in watchers]
    for thread in threads:
        thread.start()
    while not stop.wait(1):
        pass
    for thread in threads:
        thread.join(END_SECONDS / len(threads))
    _forget(watchers, records, kept=settings.places)


def make_watchers(
    settings: Settings, records: Records, addresses: Sequence[PlaceAddress], *, owner: str, seconds: float
) -> list[Watcher]:
    """Make what watches each place. Raises SetupError."""
    from sake_ray.domain.accounts import Account, Role
    from sake_ray.domain.parts import SplitMode
    from sake_ray.serve.intake import Intake
    from sake_ray.serve.lease_renewal import LeaseRenewal
    from sake_ray.watch.watcher import Watcher

    store, renewal, split = open_objects(settings), LeaseRenewal(records), SplitMode(settings.split)
    intake = Intake(records, store, renewal, max_bytes=settings.read_bytes, split=split)
    names = Counter(address.name for address in addresses)
    watchers = []
    for number, address in enumerate(addresses, 1):
        name = address.name if names[address.name] == 1 else f"{address.name} ({number})"
        place = _open_place(settings, address, name, seconds)
        watchers.append(Watcher(address, place, intake, records, Account(owner, Role.USER, address.team)))
    return watchers


def _parse(text: str, team: str) -> PlaceAddress:
    try:
        return parse_place(text, team=team)
    except ValueError as error:
        raise SetupError("watch-place-invalid", error=error) from error


def _find_account(records: Records, name: str) -> Account:
    found = records.accounts.find(name)
    if not found or found[0].disabled:
        raise NotFound("account-not-found", name=name)
    return found[0]


def _open_place(settings: Settings, address: PlaceAddress, name: str, seconds: float) -> Place:
    moves = settings.watch_done == "move"
    if address.is_mailbox:
        from sake_ray.cli.watch_sidecar import read_mail_password
        from sake_ray.watch.imap import ImapFolder
        from sake_ray.watch.mailbox import WatchedMailbox

        return WatchedMailbox(ImapFolder(address.address, name, password=read_mail_password(settings)), moves=moves)
    if address.is_bucket:
        from sake_ray.storage.s3 import S3Store, split_s3_url
        from sake_ray.watch.bucket import WatchedBucket

        bucket, prefix = split_s3_url(address.address)
        store = S3Store(bucket, prefix, endpoint=settings.s3_endpoint or None, region=settings.s3_region)
        return WatchedBucket(address.address, name, store, moves=moves, seconds=seconds, max_bytes=settings.read_bytes)
    from sake_ray.watch.folder import WatchedFolder

    return WatchedFolder(address.address, name, moves=moves, seconds=seconds, max_bytes=settings.read_bytes)


def _watch(watcher: Watcher, stop: threading.Event, seconds: float) -> None:
    import logging

    away = ""
    while not stop.is_set():
        more = False
        try:
            outcome = watcher.look()
            away, more = _tell(watcher, outcome, away), outcome.more
        except Exception:  # whatever it is, the next look may do better
            logging.getLogger(__name__).exception("look failed")
        if not more:
            stop.wait(max(seconds, 0.05))


def _watch_once(watchers: Sequence[Watcher], stop: threading.Event, seconds: float) -> Counter[str]:
    """Look at each place twice, so that what rests is seen to rest, and on until nothing more can be handed in."""
    total: Counter[str] = Counter()
    away = {watcher.id: _tell(watcher, watcher.look(), "", total) for watcher in watchers}
    stop.wait(seconds)
    for watcher in watchers:
        more = True
        while more and not stop.is_set():
            outcome = watcher.look()
            away[watcher.id] = _tell(watcher, outcome, away[watcher.id], total)
            more = outcome.more
        total.update(waiting=outcome.waiting, in_work=outcome.in_work)
    return total


def _forget(watchers: Sequence[Watcher], records: Records, *, kept: Sequence[PlaceAddress]) -> None:
    """Forget how the places fare: whoever ended this knows that they are no longer watched, and is not to be told of it.

    Those of the settings are kept: another `sake watch` looks at them, or the next start does.
    """
    watched = {address.id for address in kept}
    records.watched.forget_places([watcher.id for watcher in watchers if watcher.id not in watched])


def _tell(watcher: Watcher, outcome: LookOutcome, away: str, total: Counter[str] | None = None) -> str:
    """Report a look of which there is something to say; return why the place is away, if it is."""
    if total is not None:
        total.update({"in": outcome.handed_in, "failed": outcome.failed})
    if outcome.away and outcome.away != away:
        report(outcome.away)
    if away and not outcome.away:
        report(f"{watcher.place.name} is back.")
    if outcome.handed_in or outcome.failed:
        files = "file" if outcome.handed_in == 1 else "files"
        report(f"{watcher.place.name}: {outcome.handed_in} {files} handed in, {outcome.failed} failed.")
    return outcome.away
