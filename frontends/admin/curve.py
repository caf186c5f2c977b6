"""Draw how much passes without a person against how much of that is right, and say what it means."""

import altair as alt
import streamlit as st

from frontends import theme
from frontends.admin.formatting import percent
from frontends.i18n import Translations
from frontends.user.results import empty_html
from sake_ray.schemas.policy import CurveOut, PointOut

FEW = 200
NOW_COLOUR, WANTED_COLOUR, AIM_COLOUR = theme.INK, "#1d8a63", "#b0622a"
MIN_HEIGHT = 0.05
"""A curve whose points are all nearly right is not blown up until chance looks like a cliff."""
Row = dict[str, object]


def show_curve(curve: CurveOut, wrong_in: int | None, words: Translations) -> None:
    """Show the curve with the rule in force, the one that is wished for and its aim, and the same in words."""
    st.markdown(f"**{words('admin.curve.title')}**")
    if not curve.points:
        st.html(empty_html(words("admin.curve.none"), words("admin.curve.none_hint")))
        return
    st.altair_chart(draw(curve, wrong_in, words), width="stretch")
    for name, point in (("now", curve.now), ("wanted", curve.wanted)):
        if point:
            st.markdown(_sentence(name, point, words))
    aim = words("admin.curve.hint_aim") + " " if wrong_in else ""
    st.caption(words("admin.curve.hint") + " " + aim + words("admin.curve.counted"))
    if curve.documents < FEW:
        st.caption(words.count("admin.curve.few", curve.documents))


def draw(curve: CurveOut, wrong_in: int | None, words: Translations) -> alt.LayerChart | alt.FacetChart:
    """The chart: a line of all thresholds, a dashed one for the aim, a dot for each rule."""
    line = [_row(point, words) for point in curve.points]
    marks = [
        _row(point, words) | {"rule": words(f"admin.curve.mark.{name}"), "colour": colour}
        for name, point, colour in (("now", curve.now, NOW_COLOUR), ("wanted", curve.wanted, WANTED_COLOUR))
        if point and point.accepted
    ]
    aim = 1 - 1 / wrong_in if wrong_in else None
    heights = [
        point.precision for point in (*curve.points, curve.now, curve.wanted) if point and point.precision is not None
    ]
    lowest = min([1 - MIN_HEIGHT, *heights, *([aim] if aim else [])])
    shown = [alt.Tooltip(f"{name}:N", title=words(f"admin.curve.{name}")) for name in ("from", "passes", "right")]
    across = alt.X(
        "share:Q", title=words("admin.curve.across"), scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")
    )
    up = alt.Y(
        "precision:Q",
        title=words("admin.curve.up"),
        scale=alt.Scale(domain=[max(0.0, lowest - 0.01), 1.0]),
        axis=alt.Axis(format="~%"),
    )
    layers = [
        alt.Chart({"values": line}).mark_line(point=True, color=theme.ACCENT).encode(x=across, y=up, tooltip=shown)
    ]
    if aim:
        layers.append(
            alt.Chart({"values": [{"precision": aim}]}).mark_rule(strokeDash=[6, 4], color=AIM_COLOUR).encode(y=up)
        )
    if marks:
        base = alt.Chart({"values": marks}).encode(x=across, y=up, color=alt.Color("colour:N", scale=None))
        layers.append(base.mark_point(size=160, filled=True, opacity=1).encode(tooltip=shown))
        layers.append(base.mark_text(align="right", dx=-10, dy=14, fontWeight="bold").encode(text="rule:N"))
    return alt.layer(*layers).properties(height=300)


def _row(point: PointOut, words: Translations) -> Row:
    return {
        "share": point.share,
        "precision": point.precision,
        "from": words("admin.curve.by_class") if point.threshold is None else percent(point.threshold, words),
        "passes": percent(point.share, words),
        "right": percent(point.precision, words),
    }


def _sentence(name: str, point: PointOut, words: Translations) -> str:
    if not point.accepted:
        return words(f"admin.curve.{name}_nothing")
    return f"{words(f'admin.curve.{name}', share=percent(point.share, words))} {_wrong(point, words)}"


def _wrong(point: PointOut, words: Translations) -> str:
    wrong = point.accepted - point.right
    return words("admin.curve.wrong", n=wrong, of=point.accepted) if wrong else words("admin.curve.all_right")
