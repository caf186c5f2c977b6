"""How it goes: is anything lost or late, which model answers, how much there is to check, how often people correct it."""

from html import escape

import streamlit as st

from frontends import error_views, session, theme
from frontends.admin.formatting import day, duration, percent, table_html, when
from frontends.i18n import Translations
from frontends.site import current_site
from sake_ray.schemas.monitoring import MonitoringOut

TICK_SECONDS = 10.0
LATE_SECONDS = 600


def main() -> None:
    """Show it, and look again by itself."""
    words = session.words()
    st.title(words("admin.monitoring.title"), anchor=False)
    error_views.part(_look, every=TICK_SECONDS)()
    links = [(name, url) for name, url in current_site().links if url]
    if links:
        st.header(words("admin.monitoring.more"), anchor=False, divider="gray")
        with st.container(horizontal=True):
            for name, url in links:
                st.link_button(name, url, icon=":material/open_in_new:")
        st.caption(words("admin.monitoring.more_hint"))


def _look() -> None:
    words = session.words()
    seen = session.client().system.monitoring()
    _show_health(seen, words)
    _show_figures(seen, words)
    st.header(words("admin.monitoring.hours"), anchor=False, divider="gray")
    hours = {words("admin.monitoring.hour"): [when(hour.since, words)[-5:] for hour in seen.ended_by_hour]}
    st.bar_chart(
        hours | {words("admin.monitoring.ended"): [hour.ended for hour in seen.ended_by_hour]},
        x=words("admin.monitoring.hour"),
        y=words("admin.monitoring.ended"),
        color=theme.ACCENT,
        sort=False,
        height=220,
    )
    _show_corrections(seen, words)
    _show_changes(seen, words)
    st.caption(words("admin.monitoring.at", at=when(seen.at, words)))


def _show_health(seen: MonitoringOut, words: Translations) -> None:
    """One sentence for each thing that is well, or is not."""
    work = seen.work
    if work.lost:
        st.error(words.count("admin.monitoring.lost", work.lost), icon=":material/error:")
    else:
        st.success(words("admin.monitoring.nothing_lost", n=work.accepted), icon=":material/check_circle:")
    if seen.model.version is None:
        st.error(words("admin.monitoring.no_model"), icon=":material/error:")
    if (late := work.oldest_waits_seconds) and late > LATE_SECONDS:
        st.warning(words("admin.monitoring.late", span=duration(late, words)), icon=":material/schedule:")
    if seen.attempts.lost or seen.attempts.put_back:
        st.info(
            words.count("admin.monitoring.again", seen.attempts.lost + seen.attempts.put_back), icon=":material/replay:"
        )
    if seen.jobs.failed:
        st.warning(words.count("admin.monitoring.jobs_failed", seen.jobs.failed), icon=":material/running_with_errors:")


def _show_figures(seen: MonitoringOut, words: Translations) -> None:
    waits = seen.work.oldest_waits_seconds
    figures = {
        "waiting": str(seen.work.waiting + seen.work.in_work),
        "oldest": duration(waits, words) if waits else "–",
        "model": words("admin.models.version", n=seen.model.version) if seen.model.version else "–",
        "day": str(sum(hour.ended for hour in seen.ended_by_hour)),
        "to_check": percent(seen.to_check.share, words),
        "failed": str(seen.work.failed),
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


def _show_corrections(seen: MonitoringOut, words: Translations) -> None:
    st.header(words("admin.monitoring.corrections"), anchor=False, divider="gray")
    st.caption(words("admin.monitoring.corrections_hint"))
    heads = [words(f"admin.monitoring.head.{name}") for name in ("week", "answered", "corrected", "share")]
    rows = [
        (day(week.since, words), str(week.answered), str(week.corrected), percent(week.share, words))
        for week in reversed(seen.corrections)
        if week.answered
    ]
    if rows:
        st.html(table_html(heads, rows, numbers=3))
    else:
        st.caption(words("admin.monitoring.no_answers"))


def _show_changes(seen: MonitoringOut, words: Translations) -> None:
    changes = [(one.at, words("admin.models.was_promoted", n=one.version), one.by) for one in seen.promotions]
    changes += [
        (one.at, words("admin.monitoring.policy", n=one.version, share=percent(one.threshold, words)), "")
        for one in seen.policies
    ]
    if changes:
        st.header(words("admin.monitoring.changes"), anchor=False, divider="gray")
        heads = [words(f"admin.models.head.{name}") for name in ("at", "what", "by")]
        changes.sort(key=lambda change: change[0], reverse=True)
        st.html(table_html(heads, [(when(at, words), what, escape(by)) for at, what, by in changes]))


main()
