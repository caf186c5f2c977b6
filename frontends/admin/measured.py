"""What Prometheus has measured, for people: what fires, which parts do not answer, how figures went in the last day."""

from datetime import datetime, timedelta

import streamlit as st

from frontends import session
from frontends.admin.formatting import format_decimal, format_duration, format_moment, format_percent
from frontends.i18n import Translations, literal
from sake_ray.domain.measurements import Unit
from sake_ray.schemas.measurements import AlertOut, CourseOut, MeasurementsOut

QUESTIONS = {
    "work": ("waiting", "oldest", "ended", "again", "errors"),
    "model": ("review", "accuracy", "drift"),
    "seconds": ("whole", "wait", "read", "classify"),
    "machine": ("cpu", "memory", "disk"),
}
"""Which figures answer which question."""
CURRENT = timedelta(minutes=31)
"""A figure that is older than two measurements is no figure of now."""
PLACES = {
    Unit.DOCUMENTS: 0,
    Unit.DOCUMENTS_PER_HOUR: 0,
    Unit.ATTEMPTS_PER_HOUR: 1,
    Unit.SECONDS: 1,
    Unit.SHARE: 3,
    Unit.INDEX: 2,
}
"""Decimals that count: a line fills its height, so that chance would look like change."""
WARNINGS = {"critical": st.error}


def show() -> None:
    """Show all of it; nothing where there is no Prometheus."""
    words, found = session.words(), session.client().system.measurements()
    if found.state == "none":
        return
    st.header(words("admin.measured.alerts"), anchor=False, divider="gray")
    if found.state == "unreachable":
        st.warning(words("admin.measured.unreachable"), icon=":material/cloud_off:")
    _show_alerts(found, words)
    _show_parts(found, words)
    courses = {course.name: course for course in found.courses}
    for question, names in QUESTIONS.items():
        if known := [courses[name] for name in names if name in courses]:
            st.header(words(f"admin.measured.question.{question}"), anchor=False, divider="gray")
            with st.container(horizontal=True):
                for course in known:
                    _show_course(course, found.at, words)
    if courses:
        st.caption(words("admin.measured.hint", at=format_moment(found.at, words)))


def _show_alerts(found: MeasurementsOut, words: Translations) -> None:
    """Show what fires, a sentence each, and how much may soon."""
    firing = [alert for alert in found.alerts if alert.is_firing]
    for alert in firing:
        WARNINGS.get(alert.severity, st.warning)(_describe(alert, words), icon=":material/notifications_active:")
    if found.state == "reached" and not firing:
        st.success(words("admin.measured.quiet"), icon=":material/notifications:")
    if pending := len(found.alerts) - len(firing):
        st.caption(words.count("admin.measured.pending", pending))


def _describe(alert: AlertOut, words: Translations) -> str:
    since = words("admin.measured.since", at=format_moment(alert.since, words))
    lines = [literal(alert.summary or alert.name), literal(f"{alert.name} · {since}")]
    if alert.runbook:
        is_link = alert.runbook.startswith(("https://", "http://"))
        where = f"[{literal(alert.runbook)}]({alert.runbook})" if is_link else f"`{alert.runbook}`"
        lines.append(words("admin.measured.runbook", where=where))
    return "  \n".join(lines)


def _show_parts(found: MeasurementsOut, words: Translations) -> None:
    """Show the parts that do not answer; else say that all do."""
    for part in found.parts:
        if missing := part.addresses - part.answering:
            st.warning(
                words("admin.measured.part_silent", part=literal(part.name), n=missing, of=part.addresses),
                icon=":material/link_off:",
            )
    if found.parts and all(part.answering == part.addresses for part in found.parts):
        names = ", ".join(part.name for part in found.parts)
        st.caption(words("admin.measured.parts_answer", names=literal(names)))


def _show_course(course: CourseOut, at: datetime | None, words: Translations) -> None:
    newest = course.points[-1] if course.points else None
    is_current = newest is not None and at is not None and at - newest.at < CURRENT
    st.metric(
        words(f"admin.measured.figure.{course.name}"),
        _format(newest.value, course.unit, words) if newest and is_current else "–",
        border=True,
        width=190,
        chart_data=[round(point.value, PLACES[course.unit]) for point in course.points] or None,
        help=words(f"admin.measured.help.{course.name}"),
    )


def _format(value: float, unit: Unit, words: Translations) -> str:
    if unit is Unit.SECONDS:
        if value >= 10:
            return format_duration(value, words)
        return words("admin.span.seconds", n=format_decimal(value, words, 1))
    if unit is Unit.SHARE:
        return format_percent(value, words)
    return format_decimal(value, words, 2) if unit is Unit.INDEX else str(round(value))
