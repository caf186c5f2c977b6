"""Training: start a training or a search, follow it, stop it, see earlier ones."""

import streamlit as st

from frontends import error_views, paging, session
from frontends.admin import jobs
from frontends.admin.actions import act, show_outcome, store_error
from frontends.admin.corpus_warnings import list_warnings
from frontends.admin.formatting import format_decimal, format_percent
from frontends.double_click import one_click
from frontends.i18n import Translations, literal
from frontends.user.document_state import label_name
from frontends.user.results import empty_html
from sake_ray.domain.jobs import JobState
from sake_ray.errors import NotFound, SakeError
from sake_ray.schemas.jobs import JobOut

TICK_SECONDS = 2.0
PAGE_SIZE = 10
KINDS = ("train", "tune")
MINUTES = (10, 30, 60, 120, 240)
# The limit in minutes usually ends a search first. (A comment: Streamlit shows strings that stand alone in a view.)
TRIALS = 200


def main() -> None:
    """Show the job in the address, or all jobs and the form that starts one."""
    words, number = session.words(), st.query_params.get("job", "")
    if number.isdecimal() and len(number) <= 10 and 0 < int(number) < 2_000_000_000:
        _show_one(int(number), words)
        return
    st.title(words("admin.training.title"), anchor=False)
    show_outcome(words)
    _show_form(words)
    _show_history(words)


def _show_form(words: Translations) -> None:
    images = session.client().images.list(page_size=1)
    with st.container(border=True, key="start"):
        if len(images.labels) < 2:
            st.html(empty_html(words("admin.training.too_early"), words("admin.training.too_early_hint")))
            st.page_link("views/images.py", label=words("admin.nav.images"), icon=":material/photo_library:")
            return
        count = sum(images.labels.values())
        st.markdown(words("admin.training.lead", n=count, labels=len(images.labels)))
        for warning in list_warnings(images.labels, words):
            st.caption(f":material/balance: {literal(warning)}")
        kind, minutes = KINDS[0], MINUTES[1]
        if len(KINDS) > 1:
            kind = st.radio(
                words("admin.training.kind"),
                KINDS,
                format_func=lambda one: words(f"admin.kind.{one}"),
                captions=[words(f"admin.kind_hint.{one}") for one in KINDS],
                key="kind",
            )
        if kind == "tune":
            minutes = st.select_slider(
                words("admin.training.minutes"),
                MINUTES,
                value=MINUTES[1],
                format_func=lambda one: words("admin.span.minutes", n=one),
                key="minutes",
            )
        if st.button(words(f"admin.start.{kind}"), type="primary", icon=":material/play_arrow:", key="start-job"):
            _start(kind, minutes)


def _start(kind: str, minutes: int) -> None:
    options: dict[str, object] = {"trials": TRIALS, "minutes": minutes} if kind == "tune" else {}
    try:
        with one_click("start", kind, minutes) as key:
            job = session.client().jobs.start(kind, options, key=key)
    except SakeError as error:
        store_error(error)
        st.rerun()
    st.query_params.from_dict({"job": str(job.number)})
    st.rerun()


def _show_history(words: Translations) -> None:
    st.header(words("admin.training.history"), anchor=False, divider="gray")
    found = session.client().jobs.list(cursor=paging.current_cursor("jobs"), page_size=PAGE_SIZE)
    if not found.items:
        st.caption(words("admin.training.none"))
    for job in found.items:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"job-{job.number}"):
            st.html(jobs.line_html(job, words), width="stretch")
            st.page_link(
                "views/training.py",
                label=words("card.open"),
                icon=":material/chevron_right:",
                query_params={"job": str(job.number)},
            )
    paging.show_pages("jobs", found, words)


def _show_one(number: int, words: Translations) -> None:
    st.page_link("views/training.py", label=words("admin.training.back"), icon=":material/arrow_back:")
    try:
        job = session.client().jobs.get(number)
    except NotFound:
        st.html(empty_html(words("admin.jobs.unknown", n=number), words("admin.jobs.unknown_hint")))
        return
    st.title(jobs.title_of(job, words), anchor=False)
    show_outcome(words)
    if job.state in jobs.OPEN:
        error_views.part(_show_live, every=TICK_SECONDS)(number)
    else:
        _show_ended(job, words)


def _show_live(number: int) -> None:
    words = session.words()
    job = session.client().jobs.get(number)
    if job.state not in jobs.OPEN:
        st.rerun(scope="app")
    st.html(f'<div class="document"><div class="facts">{jobs.facts_html(job, words)}</div></div>')
    jobs.show_progress(job, words)
    st.caption(words("admin.jobs.goes_on"))
    if not job.stop_asked:
        st.button(
            words("admin.jobs.stop"), icon=":material/stop_circle:", key="stop", on_click=_stop, args=(number, words)
        )
    jobs.show_log(job, words)


def _stop(number: int, words: Translations) -> None:
    act(lambda: session.client().jobs.stop(number), words("admin.jobs.stop_asked"))


def _show_ended(job: JobOut, words: Translations) -> None:
    st.html(f'<div class="document"><div class="facts">{jobs.facts_html(job, words)}</div></div>')
    metrics = job.result.get("metrics")
    if job.state is JobState.SUCCEEDED and isinstance(metrics, dict):
        _show_metrics(metrics, words)
    if job.state is JobState.SUCCEEDED and job.kind == "train":
        st.markdown(words("admin.training.next"))
        st.page_link("views/experiments.py", label=words("admin.nav.experiments"), icon=":material/science:")
    if job.kind == "tune":
        _show_search_result(job.result, words)
    for remark in jobs.read_remarks(job):
        st.caption(literal(words.translate(remark)))
    jobs.show_log(job, words)


def _show_search_result(result: dict[str, object], words: Translations) -> None:
    """Show the best result of a search."""
    best, before, metric = result.get("best"), result.get("before"), str(result.get("metric", ""))
    if not isinstance(best, float):
        return
    measure = words.get(f"admin.measure.{metric}") or metric
    st.metric(
        measure,
        format_percent(best, words),
        f"{format_decimal(100 * (best - before), words, 1, sign=True)} %" if isinstance(before, float) else None,
        border=True,
        width=420,
    )
    st.caption(words("admin.training.best", n=result.get("trials", "")))
    if result.get("changed"):
        st.markdown(words("admin.training.next_tuned"))


def _show_metrics(metrics: dict[str, object], words: Translations) -> None:
    figures = [name for name in ("accuracy", "macro_f1", "coverage_at_99") if isinstance(metrics.get(name), float)]
    for column, name in zip(st.columns(3), figures, strict=False):
        column.metric(words(f"admin.measure.{name}"), format_percent(float(str(metrics[name])), words), border=True)
        column.caption(words(f"admin.measure_hint.{name}"))
    labels = {name[3:]: float(str(value)) for name, value in metrics.items() if name.startswith("f1.")}
    if labels:
        weakest = min(labels, key=lambda label: labels[label])
        st.caption(
            words(
                "admin.training.weakest",
                label=literal(label_name(weakest, words)),
                f1=format_decimal(labels[weakest], words, 2),
            )
        )


main()
