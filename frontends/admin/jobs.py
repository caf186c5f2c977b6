"""Show jobs: their state in words, their progress and their log."""

import re
from html import escape

import streamlit as st

from frontends import session
from frontends.admin.formatting import format_duration, format_moment, format_percent
from frontends.i18n import Translations, literal
from sake_ray.domain.jobs import JobState
from sake_ray.errors import Message
from sake_ray.schemas.jobs import JobOut

OPEN = {JobState.QUEUED, JobState.RUNNING}
TONES = {
    JobState.QUEUED: "wait",
    JobState.RUNNING: "wait",
    JobState.SUCCEEDED: "sure",
    JobState.FAILED: "bad",
    JobState.STOPPED: "check",
}
BEST = re.compile(r"search, best (?P<metric>\w+) (?P<value>[\d.]+) \(trial (?P<trial>\d+)\)")
MAX_PIECES, MAX_LINES = 40, 300
"""At most so many pieces of a log are fetched at once, and so many of its lines shown."""


def name_of(job: JobOut, words: Translations) -> str:
    """What a job does; a kind we have no words for as it is written."""
    return words.get(f"admin.kind.{job.kind}") or job.kind


def stage_of(job: JobOut, words: Translations) -> str:
    """Its stage and progress, in words where we have them."""
    if found := BEST.fullmatch(job.stage):
        measure = words.get(f"admin.measure.{found['metric']}") or found["metric"]
        stage = words(
            "admin.jobs.best", measure=measure, value=format_percent(float(found["value"]), words), n=found["trial"]
        )
    else:
        stage = words.get(f"admin.stage.{job.stage}") or job.stage or words("admin.jobs.begins")
    return words("admin.jobs.progress", stage=stage, n=job.done, of=job.total) if job.total else stage


def line_html(job: JobOut, words: Translations) -> str:
    """One job in a list."""
    name = f'<div class="name">{escape(title_of(job, words))}</div>'
    progress = f'<div class="meta">{escape(stage_of(job, words))}</div>' if job.state is JobState.RUNNING else ""
    return f'<div class="document"><div class="facts">{name}{facts_html(job, words)}{progress}</div></div>'


def facts_html(job: JobOut, words: Translations) -> str:
    """Its state, who started it when, how long it took, why it failed."""
    facts = [format_moment(job.created_at, words), words("admin.jobs.by", name=job.by)]
    if job.started_at and job.ended_at:
        facts.append(format_duration((job.ended_at - job.started_at).total_seconds(), words))
    why = f'<div class="meta">{escape(describe_reason(job, words))}</div>' if job.why and job.state not in OPEN else ""
    return f'{state_html(job, words)}<div class="meta">{escape(" · ".join(facts))}</div>{why}'


def describe_reason(job: JobOut, words: Translations) -> str:
    """What it waits for, or why it failed."""
    return words.translate(Message.restore(job.why, job.why_code, job.why_params))


def read_remarks(job: JobOut) -> list[Message]:
    """What there is to tell of its result."""
    remarks = job.result.get("remarks")
    if isinstance(remarks, list):
        return [Message.from_json(remark) for remark in remarks]
    remark = job.result.get("remark")  # a job from before remarks had codes
    return [Message.restore(str(remark))] if remark else []


def title_of(job: JobOut, words: Translations) -> str:
    """Its number and what it does."""
    return words("admin.jobs.title", n=job.number, kind=name_of(job, words))


def state_html(job: JobOut, words: Translations) -> str:
    """Its state as a coloured word."""
    state = "stopping" if job.stop_asked and job.state in OPEN else job.state.value
    return f'<span class="{TONES[job.state]}">{escape(words(f"admin.state.{state}"))}</span>'


def show_progress(job: JobOut, words: Translations) -> None:
    """Show the progress of an open job."""
    if job.state is JobState.QUEUED:
        st.info(words("admin.jobs.waits"), icon=":material/hourglass_top:")
    else:
        share = job.done / job.total if job.total else 0.0
        st.progress(min(1.0, share), text=stage_of(job, words))
    if job.why:
        st.caption(literal(describe_reason(job, words)))


def show_log(job: JobOut, words: Translations) -> None:
    """Show the last lines of its log; what was fetched before stays in the session."""
    stored: dict[str, object] = st.session_state.setdefault(f"log-{job.number}", {"text": "", "offset": 0})
    text, offset = str(stored["text"]), int(str(stored["offset"]))
    for _ in range(MAX_PIECES):
        piece = session.client().jobs.log(job.number, offset=offset)
        text, offset = text + piece.text, piece.offset
        if piece.ended or not piece.text:
            break
    lines = text.splitlines()[-MAX_LINES:]
    stored.update(text="\n".join(lines) + ("\n" if text.endswith("\n") else ""), offset=offset)
    with st.expander(words("admin.jobs.log"), expanded=job.state is not JobState.SUCCEEDED, icon=":material/notes:"):
        if lines:
            st.code("\n".join(lines), language=None, wrap_lines=True, height=320)
        else:
            st.caption(words("admin.jobs.no_log"))
