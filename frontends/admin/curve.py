"""Draw the share that passes without review against its precision, and explain it."""

import altair as alt
import streamlit as st

from frontends import theme
from frontends.admin.formatting import format_percent
from frontends.i18n import Translations
from frontends.user.results import empty_html
from sake_ray.schemas.policy import CurveOut, PointOut

MIN_RELIABLE = 200
NOW_COLOUR, WANTED_COLOUR, AIM_COLOUR = theme.INK, "#1d8a63", "#b0622a"
MIN_HEIGHT = 0.05
"""The least height of the scale: otherwise chance would look like a cliff where nearly all points are right."""
Row = dict[str, object]


def show_curve(curve: CurveOut, wrong_in: int | None, words: Translations) -> None:
    """Show the curve with the present rule and the one asked for, and the same in words."""
    st.markdown(f"**{words('admin.curve.title')}**")
    if not curve.points:
        st.html(empty_html(words("admin.curve.none"), words("admin.curve.none_hint")))
        return
    st.altair_chart(draw_chart(curve, wrong_in, words), width="stretch")
    for name, point in (("now", curve.now), ("wanted", curve.wanted)):
        if point:
            st.markdown(_sentence(name, point, words))
    aim = words("admin.curve.hint_aim") + " " if wrong_in else ""
    st.caption(words("admin.curve.hint") + " " + aim + words("admin.curve.counted"))
    if curve.documents < MIN_RELIABLE:
        st.caption(words.count("admin.curve.few", curve.documents))


def draw_chart(curve: CurveOut, wrong_in: int | None, words: Translations) -> alt.LayerChart | alt.FacetChart:
    """Draw a line through all thresholds, a dashed one for the error budget, and a dot for each rule."""
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
    tooltip = [alt.Tooltip(f"{name}:N", title=words(f"admin.curve.{name}")) for name in ("from", "passes", "right")]
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
        alt.Chart({"values": line}).mark_line(point=True, color=theme.ACCENT).encode(x=across, y=up, tooltip=tooltip)
    ]
    if aim:
        layers.append(
            alt.Chart({"values": [{"precision": aim}]}).mark_rule(strokeDash=[6, 4], color=AIM_COLOUR).encode(y=up)
        )
    if marks:
        base = alt.Chart({"values": marks}).encode(x=across, y=up, color=alt.Color("colour:N", scale=None))
        layers.append(base.mark_point(size=160, filled=True, opacity=1).encode(tooltip=tooltip))
        layers.append(base.mark_text(align="right", dx=-10, dy=14, fontWeight="bold").encode(text="rule:N"))
    return alt.layer(*layers).properties(height=300)


def _row(point: PointOut, words: Translations) -> Row:
    return {
        "share": point.share,
        "precision": point.precision,
        "from": words("admin.curve.by_class") if point.threshold is None else format_percent(point.threshold, words),
        "passes": format_percent(point.share, words),
        "right": format_percent(point.precision, words),
    }


def _sentence(name: str, point: PointOut, words: Translations) -> str:
    if not point.accepted:
        return words(f"admin.curve.{name}_nothing")
    return f"{words(f'admin.curve.{name}', share=format_percent(point.share, words))} {_wrong(point, words)}"


def _wrong(point: PointOut, words: Translations) -> str:
    wrong = point.accepted - point.right
    return words("admin.curve.wrong", n=wrong, of=point.accepted) if wrong else words("admin.curve.all_right")
