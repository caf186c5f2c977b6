"""Experiments: all trainings with their metrics; compare two, register one as a model, restore one."""

from collections.abc import Callable
from html import escape

import streamlit as st

from frontends import session
from frontends.admin.actions import act, show_error, show_outcome
from frontends.admin.comparison import fetch_comparison, show_comparison
from frontends.admin.formatting import format_moment, format_percent, table_html
from frontends.admin.slow_client import patient_client
from frontends.double_click import one_click
from frontends.i18n import Translations
from frontends.user.results import empty_html
from sake_ray.errors import InputError, ModelError, NotFound
from sake_ray.schemas.models import RunOut

MAX_RUNS = 100
FIGURES = ("accuracy", "macro_f1", "coverage_at_99")


def main() -> None:
    """Show the comparison that the address names, or the table."""
    words = session.words()
    before, after = st.query_params.get("a", ""), st.query_params.get("b", "")
    if before and after:
        _show_pair(before, after, words)
        return
    st.title(words("admin.experiments.title"), anchor=False)
    show_outcome(words)
    runs = session.client().runs.list(page_size=MAX_RUNS).items
    if not runs:
        st.html(empty_html(words("admin.experiments.none"), words("admin.models.none_hint")))
        return
    st.caption(words("admin.experiments.lead"))
    st.html(_table(runs, words))
    _show_choice(runs, words)
    _show_register([run for run in runs if run.version is None and run.status == "FINISHED"], words)
    _show_restore([run for run in runs if "sake.commit" in run.tags], words)


def _table(runs: list[RunOut], words: Translations) -> str:
    heads = [words(f"admin.experiments.head.{name}") for name in ("training", "model", "documents")]
    heads += [words(f"admin.measure.{name}") for name in FIGURES]
    rows = [
        [
            escape(_name(run, words)),
            escape(words("admin.models.version", n=run.version)).replace(" ", "&nbsp;") if run.version else "",
            str(round(run.metrics["documents"])) if "documents" in run.metrics else "–",
            *(format_percent(run.metrics.get(name), words) for name in FIGURES),
        ]
        for run in runs
    ]
    return table_html(heads, rows, numbers=4)


def _name(run: RunOut, words: Translations) -> str:
    if run.tags.get("corpus") == "generated":
        return words("admin.experiments.first", at=format_moment(run.started, words))
    text = words("admin.experiments.run", at=format_moment(run.started, words))
    return text if run.status == "FINISHED" else f"{text} ({words('admin.experiments.failed')})"


def _show_choice(runs: list[RunOut], words: Translations) -> None:
    fit = [run for run in runs if run.status == "FINISHED"]
    if len(fit) < 2:
        return
    st.header(words("admin.compare.title"), anchor=False, divider="gray")
    names = {run.id: _title(run, words) for run in fit}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        before = st.selectbox(
            words("admin.compare.before"), names, index=1, format_func=names.__getitem__, key="before", width=400
        )
        after = st.selectbox(words("admin.compare.after"), names, format_func=names.__getitem__, key="after", width=400)
        same = before == after
        if st.button(words("admin.compare.go"), type="primary", disabled=same, key="compare") and before and after:
            st.query_params.from_dict({"a": before, "b": after})
            st.rerun()


def _title(run: RunOut, words: Translations) -> str:
    name = _name(run, words)
    return f"{words('admin.models.version', n=run.version)} · {name}" if run.version else name


def _show_register(runs: list[RunOut], words: Translations) -> None:
    _show_action("register", runs, words, _register)


def _show_restore(runs: list[RunOut], words: Translations) -> None:
    """Only a training of the workspace can be restored: the first model has no images."""
    _show_action("restore", runs, words, _restore)


def _show_action(action: str, runs: list[RunOut], words: Translations, perform: Callable[[str], int]) -> None:
    """Let the reader choose a training for an action; the action returns the number to report."""
    if not runs:
        return
    st.header(words(f"admin.experiments.{action}"), anchor=False, divider="gray")
    st.caption(words(f"admin.experiments.{action}_hint"))
    names = {run.id: _title(run, words) for run in runs}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            words("admin.experiments.which"), names, format_func=names.__getitem__, key=action, width=400
        )
        label = words(f"admin.experiments.{action}_yes")
        st.button(label, key=f"{action}-yes", on_click=_perform, args=(action, chosen, words, perform))


def _perform(action: str, run: str, words: Translations, perform: Callable[[str], int]) -> None:
    made: list[int] = []
    if act(lambda: made.append(perform(run)), ""):
        st.session_state["done"] = words(f"admin.experiments.{action}_done", n=made[0])


def _register(run: str) -> int:
    with patient_client() as client, one_click("register", run) as key:
        return client.runs.register(run, key=key).number


def _restore(run: str) -> int:
    with one_click("restore", run) as key:
        return session.client().jobs.start("restore", {"target": run}, key=key).number


def _show_pair(before: str, after: str, words: Translations) -> None:
    st.page_link("views/experiments.py", label=words("admin.experiments.back"), icon=":material/arrow_back:")
    st.title(words("admin.compare.title"), anchor=False)
    try:
        show_comparison(fetch_comparison(before, after, words), words)
    except (InputError, NotFound, ModelError) as error:
        show_error(error, words)


main()
