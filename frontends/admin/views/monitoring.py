"""Monitoring: lost or late documents, the model in service, the share that needs review, the corrections."""

import time
from html import escape

import streamlit as st

from frontends import error_views, session, theme
from frontends.admin import measured, needs_ops
from frontends.admin.formatting import format_day, format_duration, format_moment, format_percent, table_html
from frontends.i18n import Translations, literal
from frontends.site import current_site
from sake_ray.errors import Message
from sake_ray.schemas.monitoring import ChangeOut, LedgerOut, MonitoringOut

TICK_SECONDS = 10.0
MEASURED_SECONDS = 30.0  # as often as the service asks Prometheus
HISTORY_SECONDS = 60.0
LATE_SECONDS = 600
SEVERITIES = {
    "lost": (st.error, ":material/error:"),
    "to_mend": (st.warning, ":material/build:"),
    "remade": (st.info, ":material/replay:"),
}


def main() -> None:
    """Show the status, and refresh it."""
    words = session.words()
    st.title(words("admin.monitoring.title"), anchor=False)
    error_views.part(_show_live, every=TICK_SECONDS)()
    error_views.part(measured.show, every=MEASURED_SECONDS)()
    error_views.part(_show_history, every=HISTORY_SECONDS)()
    links = [(name, url) for name, url in current_site().links if url]
    if links:
        st.header(words("admin.monitoring.more"), anchor=False, divider="gray")
        with st.container(horizontal=True):
            for name, url in links:
                st.link_button(name, url, icon=":material/open_in_new:")
        st.caption(words("admin.monitoring.more_hint"))


def _show_live() -> None:
    words, status = session.words(), _ask()
    _show_health(status, words)
    _show_figures(status, words)
    if (seconds := status.seconds) is not None:
        spans = {name: format_duration(getattr(seconds, name), words) for name in ("waiting", "working", "most")}
        st.caption(words("admin.monitoring.seconds", **spans))
    needs_ops.show(words, any_left=bool(status.work.needs_ops))
    st.caption(words("admin.monitoring.at", at=format_moment(status.at, words)))


def _show_history() -> None:
    words, status = session.words(), _recall()
    st.header(words("admin.monitoring.hours"), anchor=False, divider="gray")
    hours = {words("admin.monitoring.hour"): [format_moment(hour.since, words)[-5:] for hour in status.ended_by_hour]}
    st.bar_chart(
        hours | {words("admin.monitoring.ended"): [hour.ended for hour in status.ended_by_hour]},
        x=words("admin.monitoring.hour"),
        y=words("admin.monitoring.ended"),
        color=theme.ACCENT,
        sort=False,
        height=220,
    )
    _show_watched(status, words)
    _show_corrections(status, words)
    _show_changes(status, words)


def _ask() -> MonitoringOut:
    status = session.client().system.monitoring()
    st.session_state["monitoring"] = (time.monotonic(), status)
    return status


def _recall() -> MonitoringOut:
    """What the service said in the last seconds: of the two parts of the page only one asks it."""
    known: tuple[float, MonitoringOut] | None = st.session_state.get("monitoring")
    return known[1] if known and time.monotonic() - known[0] <= TICK_SECONDS else _ask()


def _show_health(status: MonitoringOut, words: Translations) -> None:
    """Show a sentence for each thing that is right or wrong."""
    work = status.work
    if work.lost:
        st.error(words.count("admin.monitoring.lost", work.lost), icon=":material/error:")
    elif not any(found.severity == "lost" for found in status.ledger.faults):
        st.success(words("admin.monitoring.nothing_lost", n=work.accepted), icon=":material/check_circle:")
    _show_ledger(status.ledger, words)
    if work.needs_ops:
        st.error(words.count("admin.monitoring.needs_ops", work.needs_ops), icon=":material/build:")
    if status.model.version is None:
        st.error(words("admin.monitoring.no_model"), icon=":material/error:")
    if (late := work.oldest_waits_seconds) and late > LATE_SECONDS:
        st.warning(words("admin.monitoring.late", span=format_duration(late, words)), icon=":material/schedule:")
    if status.attempts.lost or status.attempts.put_back:
        st.info(
            words.count("admin.monitoring.again", status.attempts.lost + status.attempts.put_back),
            icon=":material/replay:",
        )
    if status.jobs.failed:
        st.warning(
            words.count("admin.monitoring.jobs_failed", status.jobs.failed), icon=":material/running_with_errors:"
        )


def _show_ledger(ledger: LedgerOut, words: Translations) -> None:
    """Show what the checks found, a sentence for each kind, and when they were made."""
    examples = {fault.kind: fault for fault in reversed(ledger.examples)}
    for found in ledger.faults:
        show, icon = SEVERITIES.get(found.severity, SEVERITIES["to_mend"])
        if (fault := examples.get(found.kind)) is None:  # mended since they were counted
            continue
        sentence = words.translate(Message.restore(fault.detail, fault.kind, fault.params))
        show(words.count("admin.monitoring.fault", found.n, example=literal(sentence)), icon=icon)
    if ledger.checked_at is None:
        st.caption(words("admin.monitoring.not_checked"))
        return
    values = {"checked": ledger.checked, "documents": ledger.documents, "at": format_moment(ledger.checked_at, words)}
    lines = [words("admin.monitoring.checked", **values)]
    if ledger.round_completed_at:
        lines.append(words("admin.monitoring.checked_all", at=format_moment(ledger.round_completed_at, words)))
    if ledger.whole_at:
        lines.append(words("admin.monitoring.checked_whole", at=format_moment(ledger.whole_at, words)))
    if ledger.faults:
        lines.append(words("admin.monitoring.faults_hint"))
    st.caption(" ".join(lines))


def _show_figures(status: MonitoringOut, words: Translations) -> None:
    waits = status.work.oldest_waits_seconds
    figures = {
        "waiting": str(status.work.waiting + status.work.in_work),
        "oldest": format_duration(waits, words) if waits else "–",
        "model": words("admin.models.version", n=status.model.version) if status.model.version else "–",
        "day": str(sum(hour.ended for hour in status.ended_by_hour)),
        "to_check": format_percent(status.to_check.share, words),
        "failed": str(status.work.failed),
    }
    with st.container(horizontal=True):
        for name, value in figures.items():
            st.metric(
                words(f"admin.monitoring.figure.{name}"),
                value,
                border=True,
                width=160,
                help=words(f"admin.monitoring.help.{name}"),
            )


def _show_watched(status: MonitoringOut, words: Translations) -> None:
    """Show the places whose files are handed in by themselves, if there are any."""
    if not status.watched:
        return
    st.header(words("admin.watched.title"), anchor=False, divider="gray")
    for place in status.watched:
        silent = (status.at - place.looked_at).total_seconds() > LATE_SECONDS
        if place.away or silent:
            moment = format_moment(place.looked_at, words)
            sentence = words(
                "admin.watched.away" if place.away else "admin.watched.silent", place=literal(place.name), at=moment
            )
            st.warning(sentence, icon=":material/folder_off:")
    heads = [
        words(f"admin.watched.head.{name}") for name in ("place", "team", "looked_at", "handed_in", "waiting", "failed")
    ]
    rows = [
        (
            escape(place.name),
            escape(place.team),
            format_moment(place.looked_at, words),
            str(place.handed_in),
            str(place.waiting),
            str(place.failed),
        )
        for place in status.watched
    ]
    st.html(table_html(heads, rows, numbers=3))
    st.caption(words("admin.watched.hint"))


def _show_corrections(status: MonitoringOut, words: Translations) -> None:
    st.header(words("admin.monitoring.corrections"), anchor=False, divider="gray")
    st.caption(words("admin.monitoring.corrections_hint"))
    heads = [words(f"admin.monitoring.head.{name}") for name in ("week", "answered", "corrected", "share")]
    rows = [
        (format_day(week.since, words), str(week.answered), str(week.corrected), format_percent(week.share, words))
        for week in reversed(status.corrections)
        if week.answered
    ]
    if rows:
        st.html(table_html(heads, rows, numbers=3))
    else:
        st.caption(words("admin.monitoring.no_answers"))


def _show_changes(status: MonitoringOut, words: Translations) -> None:
    if not status.changes:
        return
    st.header(words("admin.monitoring.changes"), anchor=False, divider="gray")
    heads = [words(f"admin.models.head.{name}") for name in ("at", "what", "by")]
    rows = [(format_moment(one.at, words), escape(_describe(one, words)), escape(one.by)) for one in status.changes]
    st.html(table_html(heads, rows))


def _describe(change: ChangeOut, words: Translations) -> str:
    """Say what was done, and to what where that is a number that people know from the other pages."""
    kind, _, id = change.subject.partition(":")
    what = words(f"admin.audit.action.{change.action}")
    if kind == "model":
        return f"{what}: {words('admin.models.version', n=id)}"
    if kind == "job":
        return f"{what}: {id} {change.kind}".rstrip()
    return what


main()
