"""Show how one model compares with another, in sentences and tables."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from frontends.admin.formatting import (
    badge_html,
    fetch_thumbnails,
    format_decimal,
    format_moment,
    format_percent,
    picture_html,
    table_html,
)
from frontends.admin.slow_client import patient_client
from frontends.i18n import Translations
from frontends.user.document_state import label_name
from sake_ray.domain.promotions import ComparisonOutcome
from sake_ray.errors import Message
from sake_ray.schemas.comparison import CandidateOut, ChangedOut, ComparisonOut, LeftOutOut, MeasureOut, VerdictOut

SHARES = ("accuracy", "macro_f1", "coverage_at_99")
MAX_SHOWN = 24
TONES = {
    ComparisonOutcome.BETTER: "sure",
    ComparisonOutcome.NOT_WORSE: "sure",
    ComparisonOutcome.WORSE: "bad",
    ComparisonOutcome.TOO_FEW: "check",
    ComparisonOutcome.UNKNOWN: "check",
}
ACCEPTABLE = {ComparisonOutcome.BETTER, ComparisonOutcome.NOT_WORSE}
"""With these outcomes a version may be promoted without force."""


def fetch_comparison(before: str, after: str, words: Translations) -> ComparisonOut:
    """Have both classify the same documents; cached for two minutes, since it takes a while."""
    with st.spinner(words("admin.compare.running")):
        return _fetch(before, after)


@st.cache_data(ttl=120, max_entries=20, show_spinner=False, scope="session")
def _fetch(before: str, after: str) -> ComparisonOut:
    with patient_client() as client:
        return client.runs.compare(before, after)


def verdict_html(found: ComparisonOut, words: Translations) -> str:
    """The verdict as a sentence, with the numbers behind it."""
    verdict = found.verdict
    remark = Message.restore(verdict.remark, verdict.remark_code, verdict.remark_params)
    tone = TONES[verdict.standing]
    title = words(f"admin.outcome.{verdict.standing}", name=_the(found.after, words), other=_the(found.before, words))
    title = title[:1].upper() + title[1:]
    return (
        f'<div class="verdict {tone}"><b>{escape(title)}</b><div>{escape(describe_counts(verdict, words))}</div>'
        + (f"<div>{escape(words.translate(remark))}</div>" if remark else "")
        + "</div>"
    )


def describe_counts(verdict: VerdictOut, words: Translations) -> str:
    """The numbers behind the verdict, as a sentence."""
    text = words.count("admin.compare.documents", verdict.documents)
    if not verdict.documents:
        return text
    text += " " + words("admin.compare.sides", corrected=verdict.corrected, broken=verdict.broken)
    if verdict.standing is ComparisonOutcome.NOT_WORSE:
        text += " " + words("admin.compare.at_worst", n=format_decimal(100 * max(0.0, -verdict.at_worst), words, 1))
    return text


def name_of(candidate: CandidateOut, words: Translations) -> str:
    """A model by its number, or else by its training."""
    if candidate.version:
        return words("admin.models.version", n=candidate.version)
    return words("admin.compare.training_of", at=format_moment(candidate.started, words))


def _the(candidate: CandidateOut, words: Translations) -> str:
    """A model as it is called within a sentence."""
    if candidate.version:
        return words("admin.compare.the_model", n=candidate.version)
    return words("admin.compare.the_training", at=format_moment(candidate.started, words))


def show_comparison(found: ComparisonOut, words: Translations) -> None:
    """Show the whole comparison, most important first."""
    st.html(verdict_html(found, words))
    if found.measures:
        st.header(words("admin.compare.measures"), anchor=False, divider="gray")
        st.html(_measures_html(found, words))
        st.caption(words("admin.compare.range_hint"))
        st.header(words("admin.compare.classes"), anchor=False, divider="gray")
        st.html(_labels_html(found, words))
    if found.confusion:
        st.header(words("admin.compare.confusion"), anchor=False, divider="gray")
        st.caption(words("admin.compare.confusion_hint"))
        with st.container(horizontal=True, gap="large"):
            for model, counted in ((found.before, found.confusion.before), (found.after, found.confusion.after)):
                with st.container(width="content"):
                    st.markdown(f"**{name_of(model, words)}**")
                    st.html(_confusion_html(found.confusion.labels, counted, words))
    if found.changed:
        st.header(words.count("admin.compare.changed", len(found.changed)), anchor=False, divider="gray")
        _show_changed(found.changed, words)
    _show_differences(found, words)


def _measures_html(found: ComparisonOut, words: Translations) -> str:
    heads = [words("admin.compare.measure"), name_of(found.before, words), name_of(found.after, words)]
    heads += [words("admin.compare.difference"), words("admin.compare.range")]
    return table_html(heads, [_measure_row(name, one, words) for name, one in found.measures.items()], numbers=4)


def _measure_row(name: str, one: MeasureOut, words: Translations) -> list[str]:
    factor, unit = (100, " %") if name in SHARES else (1, "")
    places = 1 if name in SHARES else 3

    def format_value(value: float, *, sign: bool = False) -> str:
        return format_decimal(factor * value, words, places, sign=sign)

    interval = "–"
    if one.low is not None and one.high is not None:
        interval = f"{format_value(one.low, sign=True)} … {format_value(one.high, sign=True)}"
    title = escape(words.get(f"admin.measure.{name}") or name)
    return [
        title,
        format_value(one.before) + unit,
        format_value(one.after) + unit,
        format_value(one.difference, sign=True),
        interval,
    ]


def _labels_html(found: ComparisonOut, words: Translations) -> str:
    heads = [
        words(f"admin.compare.head.{name}") for name in ("class", "documents", "found_before", "found_after", "sides")
    ]
    rows = [
        [
            badge_html(label, words),
            str(one.after.documents),
            format_percent(one.before.recall, words),
            format_percent(one.after.recall, words),
            f"+{one.corrected} / −{one.broken}",
        ]
        for label, one in found.labels.items()
    ]
    return table_html(heads, rows, numbers=4)


def _confusion_html(labels: list[str], counted: list[list[int]], words: Translations) -> str:
    """A table whose cells are darker the more documents they hold; the diagonal is right."""
    names = [escape(label_name(label, words)) for label in labels]
    head = "".join(f"<th><span>{name}</span></th>" for name in names)
    rows = []
    for row, (name, counts) in enumerate(zip(names, counted, strict=True)):
        total = max(1, sum(counts))
        cells = [
            f'<td class="{"right" if row == column else "mixed"}" style="--share:{count / total:.2f}">{count or ""}</td>'
            for column, count in enumerate(counts)
        ]
        rows.append(f"<tr><th>{name}</th>{''.join(cells)}</tr>")
    return f'<div class="wide"><table class="confusion"><tr><th></th>{head}</tr>{"".join(rows)}</table></div>'


def _show_changed(changed: list[ChangedOut], words: Translations) -> None:
    st.caption(words("admin.compare.changed_hint"))
    pictures = fetch_thumbnails([one.id for one in changed[:MAX_SHOWN]])
    with st.container(horizontal=True, gap="small"):
        for one in changed[:MAX_SHOWN]:
            with st.container(border=True, width=230, gap="xxsmall"):
                st.html(picture_html(pictures[one.id]) + _changed_html(one, words))
    if len(changed) > MAX_SHOWN:
        st.caption(words("admin.compare.more", n=len(changed) - MAX_SHOWN))


def _changed_html(one: ChangedOut, words: Translations) -> str:
    tone, text = ("sure", "corrected") if one.corrected else ("bad", "broken")
    lines = [
        words("admin.compare.is", label=label_name(one.truth, words)),
        words(
            "admin.compare.answer_before",
            label=label_name(one.before.label, words),
            n=round(100 * one.before.confidence),
        ),
        words(
            "admin.compare.answer_after", label=label_name(one.after.label, words), n=round(100 * one.after.confidence)
        ),
    ]
    facts = "".join(f'<div class="meta">{escape(line)}</div>' for line in lines)
    mark = f'<span class="{tone}">{escape(words(f"admin.compare.{text}"))}</span>'
    return f'<div class="document"><div class="facts">{mark}{facts}</div></div>'


def _show_differences(found: ComparisonOut, words: Translations) -> None:
    rows = [(escape(name), *(escape(_plain(value)) for value in pair)) for name, pair in found.parameters.items()]
    if not rows and not found.data and not found.left_out_reasons:
        return
    st.header(words("admin.compare.differences"), anchor=False, divider="gray")
    if data := found.data:
        st.markdown(words("admin.compare.data", **data.model_dump()))
    if rows:
        heads = [words("admin.compare.setting"), name_of(found.before, words), name_of(found.after, words)]
        st.html(table_html(heads, rows))
    if found.left_out_reasons:
        st.caption(words("admin.compare.left_out", reasons=_reasons(found.left_out_reasons, words)))


def _reasons(left_out: Sequence[LeftOutOut], words: Translations) -> str:
    reasons = [(one.documents, Message.restore(one.reason, one.reason_code, one.reason_params)) for one in left_out]
    return ", ".join(f"{documents} ({words.translate(reason)})" for documents, reason in reasons)


def _plain(value: str | None) -> str:
    return "–" if value is None else value
