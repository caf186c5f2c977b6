"""Draw a dashboard as a page of HTML and SVG, from what Prometheus answers: about what Grafana shows, for pictures."""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from string import Template
from typing import Any

Json = dict[str, Any]
Points = Sequence[tuple[float, float]]
Series = tuple[str, Points]
"""A name, and its points over time; one point where only now was asked."""
UNIT, GAP, WIDTH = 34, 8, 1400
COLOURS = {"green": "#37872d", "orange": "#d9822b", "red": "#c4162a", "blue": "#1f60c4", "purple": "#8f3bb8"}
LINES = ("#37872d", "#e0b400", "#1f60c4", "#fa6400", "#8f3bb8", "#c4162a", "#2b8a8a", "#7c5c3a", "#6b7a86", "#c15c9c")
PAGE = Template("""<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #eef0f3; font: 13px "DejaVu Sans", sans-serif; color: #22272e; width: ${width}px }
h1 { font-size: 19px; margin: 0; padding: 12px 10px 2px } p.about { margin: 0; padding: 0 10px 8px; color: #5b6570 }
main { position: relative; height: ${height}px } main > * { position: absolute; box-sizing: border-box }
h2 { font-size: 14px; margin: 0; padding: 9px 4px 0 }
section { background: #fff; border: 1px solid #dde1e6; border-radius: 3px; padding: 4px 8px; overflow: hidden; display: flex; flex-direction: column }
h3 { font-size: 12px; font-weight: 600; margin: 0 0 2px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; flex: none }
.stat { flex: 1; color: #fff; border-radius: 3px; display: flex; align-items: center; justify-content: center; font-size: 27px; margin: 2px 0 4px }
.stat.long { font-size: 17px; text-align: center } .empty { color: #7a848e; margin: auto; font-size: 15px; text-align: center }
.legend { display: flex; flex-wrap: wrap; gap: 0 12px; font-size: 11px; max-height: 32px; overflow: hidden; flex: none } .legend i { display: inline-block; width: 12px; height: 3px; margin: 0 4px 3px 0 }
.bar { display: grid; grid-template-columns: 42% 1fr 70px; gap: 6px; align-items: center; font-size: 12px; height: 26px; flex: none }
.bar > span:first-child { white-space: nowrap; overflow: hidden; text-overflow: ellipsis } .bar div { background: #eef0f3; height: 14px } .bar b { display: block; height: 14px } .bar em { font-style: normal; text-align: right }
table { border-collapse: collapse; font-size: 12px; width: 100% } td, th { text-align: left; border-bottom: 1px solid #e6e9ed; padding: 3px 6px }
svg { flex: 1; min-height: 0; width: 100% } svg rect { shape-rendering: crispEdges } svg text { font-size: 10px; fill: #5b6570 }
</style><h1>${title}</h1><p class="about">${about} Dashed on a time axis: a promotion (green), a policy (blue), a start of the service (purple).</p><main>${panels}</main>""")


def draw(dashboard: Json, answers: Mapping[int, Sequence[Series]], marks: Sequence[tuple[float, str]]) -> str:
    """Draw a dashboard; answers by the ids of panels, marks of what changed by the moment with a colour."""
    places = [panel["gridPos"] for panel in dashboard["panels"]]
    drawn = "".join(_place(panel, answers.get(panel["id"], ()), marks) for panel in dashboard["panels"])
    height = max(place["y"] + place["h"] for place in places) * UNIT + GAP
    title, about = escape(dashboard["title"]), escape(dashboard["description"])
    return PAGE.substitute(width=WIDTH, height=height, title=title, about=about, panels=drawn)


def format_value(value: float, unit: str, decimals: int | None = None) -> str:
    """A value as Grafana words it, about."""
    if unit == "percentunit":
        return f"{100 * value:.{1 if decimals is None else decimals}f} %"
    if unit == "s":
        for size, name in ((86400, "days"), (3600, "h"), (60, "min")):
            if abs(value) >= 2 * size:
                return f"{value / size:.3g} {name}"
        return f"{value:.3g} s" if abs(value) >= 1 or value == 0 else f"{1000 * value:.3g} ms"
    if unit in {"bytes", "Bps"}:
        power = min(4, int(math.log(abs(value), 1024))) if abs(value) >= 1 else 0
        return f"{value / 1024**power:.3g} {('B', 'KiB', 'MiB', 'GiB', 'TiB')[power]}{'/s' if unit == 'Bps' else ''}"
    text = f"{value:.{decimals}f}" if decimals is not None else f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{text} /s" if unit == "reqps" else text


def _place(panel: Json, series: Sequence[Series], marks: Sequence[tuple[float, str]]) -> str:
    at, column = panel["gridPos"], WIDTH / 24
    left, width = at["x"] * column + GAP / 2, at["w"] * column - GAP
    style = f"left:{left:.0f}px;top:{at['y'] * UNIT}px;width:{width:.0f}px;height:{at['h'] * UNIT - GAP}px"
    if panel["type"] == "row":
        return f'<h2 style="{style}">{escape(panel["title"])}</h2>'
    shown = {"stat": _stat, "timeseries": _lines, "bargauge": _bars, "table": _table, "state-timeline": _states}[
        panel["type"]
    ]
    content = shown(panel, series, marks, int(width) - 18) if series else _empty(panel)
    return f'<section style="{style}"><h3>{escape(panel["title"])}</h3>{content}</section>'


def _empty(panel: Json) -> str:
    """What it says where there is nothing to show."""
    text = escape(panel["fieldConfig"]["defaults"]["noValue"])
    if panel["type"] == "stat":
        return f'<div class="stat long" style="background:#7a848e">{text}</div>'
    return f'<div class="empty">{text}</div>'


def _colour(panel: Json, value: float) -> str:
    """The colour of a value by its name or the thresholds."""
    shown = panel["fieldConfig"]["defaults"]
    for mapping in shown["mappings"]:
        if f"{value:g}" in mapping["options"]:
            return COLOURS[mapping["options"][f"{value:g}"]["color"]]
    passed = [step for step in shown["thresholds"]["steps"] if step["value"] is None or value >= step["value"]]
    return COLOURS[passed[-1]["color"]]


def _word(panel: Json, value: float) -> str:
    shown = panel["fieldConfig"]["defaults"]
    for mapping in shown["mappings"]:
        if f"{value:g}" in mapping["options"]:
            return str(mapping["options"][f"{value:g}"]["text"])
    return format_value(value, shown["unit"], shown.get("decimals"))


def _stat(panel: Json, series: Sequence[Series], _: object, __: int) -> str:
    name, points = series[0]
    value = points[-1][1]
    text = name if panel["options"]["textMode"] == "name" else _word(panel, value)
    return f'<div class="stat" style="background:{_colour(panel, value)}">{escape(text)}</div>'


def _bars(panel: Json, series: Sequence[Series], _: object, __: int) -> str:
    values = [(name, points[-1][1]) for name, points in series]
    most = panel["fieldConfig"]["defaults"].get("max") or max((value for _, value in values), default=1) or 1
    return "".join(
        f'<div class="bar"><span>{escape(name)}</span><div><b style="width:{min(100, 100 * value / most):.0f}%;'
        f'background:{_colour(panel, value)}"></b></div><em>{escape(_word(panel, value))}</em></div>'
        for name, value in sorted(values, key=lambda one: -one[1])[:9]
    )


def _table(panel: Json, series: Sequence[Series], _: object, __: int) -> str:
    (organize,) = panel["transformations"]
    heads = list(organize["options"]["renameByName"].values())
    rows = sorted(((name.split("\t"), points[-1][1]) for name, points in series), key=lambda row: -row[1])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in (*cells, _word(panel, value))) + "</tr>"
        for cells, value in rows[:8]
    )
    return f"<table><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>{body}</table>"


def _lines(panel: Json, series: Sequence[Series], marks: Sequence[tuple[float, str]], width: int) -> str:
    shown, height, left, bottom = panel["fieldConfig"]["defaults"], panel["gridPos"]["h"] * UNIT - 80, 62, 18
    stacked = shown["custom"]["stacking"]["mode"] == "normal"
    drawn = list(_stack(series)) if stacked else [(name, points, None) for name, points in series]
    highest = max((value for _, points, _ in drawn for _, value in points), default=0)
    lines = [step["value"] for step in shown["thresholds"]["steps"] if step["value"] is not None]
    top = shown.get("max") or _round_up(highest)
    first, last = min(points[0][0] for _, points, _ in drawn), max(points[-1][0] for _, points, _ in drawn)

    def x(at: float) -> float:
        return left + (at - first) / max(1.0, last - first) * (width - left - 4)

    def y(value: float) -> float:
        return 6 + (1 - min(value, top) / top) * (height - bottom - 6)

    parts = [f'<svg viewBox="0 0 {width} {height}">']
    for share in (0, 0.5, 1):
        at = y(share * top)
        parts.append(
            f'<path d="M{left} {at:.1f}H{width}" stroke="#e3e6ea"/><text x="{left - 5}" y="{at + 3:.1f}" text-anchor="end">'
        )
        parts.append(f"{escape(format_value(share * top, shown['unit']))}</text>")
    parts += _hours(first, last, x, height)
    parts += [
        f'<path d="M{x(at):.1f} 0V{height - bottom}" stroke="{colour}" stroke-dasharray="3 2"/>'
        for at, colour in marks
        if first <= at <= last
    ]
    if shown["custom"]["thresholdsStyle"]["mode"] != "off":
        parts += [
            f'<path d="M{left} {y(v):.1f}H{width}" stroke="{_colour(panel, v)}" stroke-dasharray="6 4"/>'
            for v in lines
            if v <= top
        ]
    for place, (_, points, below) in enumerate(drawn):
        colour = LINES[place % len(LINES)]
        path = "L".join(f"{x(at):.1f} {y(value):.1f}" for at, value in points)
        if below is not None:
            back = "L".join(f"{x(at):.1f} {y(value):.1f}" for at, value in reversed(below))
            parts.append(f'<path d="M{path}L{back}Z" fill="{colour}" fill-opacity=".35"/>')
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.4"/>')
    names = "".join(
        f'<span><i style="background:{LINES[n % len(LINES)]}"></i>{escape(name)}</span>'
        for n, (name, *_) in enumerate(drawn)
    )
    return "".join(parts) + f'</svg><div class="legend">{names}</div>'


def _states(panel: Json, series: Sequence[Series], _: object, width: int) -> str:
    height, left, bottom = panel["gridPos"]["h"] * UNIT - 46, 190, 18
    first, last = min(points[0][0] for _, points in series), max(points[-1][0] for _, points in series)
    step = min((points[1][0] - points[0][0] for _, points in series if len(points) > 1), default=60.0)

    def x(at: float) -> float:
        return left + (at - first) / max(1.0, last - first) * (width - left - 4)

    each = (height - bottom) / len(series)
    parts = [f'<svg viewBox="0 0 {width} {height}">', *_hours(first, last, x, height)]
    for place, (name, points) in enumerate(series):
        y = place * each
        parts.append(f'<text x="{left - 6}" y="{y + each / 2 + 3:.1f}" text-anchor="end">{escape(name[:34])}</text>')
        for at, value in points:
            wide = max(1.0, min(x(at + step), width - 4) - x(at) + 0.3)
            parts.append(
                f'<rect x="{x(at):.1f}" y="{y + 1:.1f}" width="{wide:.1f}" height="{each - 2:.1f}" fill="{_colour(panel, value)}"/>'
            )
    return "".join(parts) + "</svg>"


def _stack(series: Sequence[Series]) -> Iterator[tuple[str, Points, Points]]:
    """Put each series on those before it."""
    total: dict[float, float] = {at: 0.0 for _, points in series for at, _ in points}
    for name, points in series:
        values, below = dict(points), [(at, total[at]) for at in sorted(total)]
        for at in total:
            total[at] += values.get(at, 0.0)
        yield name, [(at, total[at]) for at in sorted(total)], below


def _hours(first: float, last: float, x: Any, height: int) -> Iterator[str]:
    every = next(size for size in (1800, 3600, 4 * 3600, 86400, 10 * 86400) if (last - first) / size <= 8)
    at = math.ceil(first / every) * every
    while at < last:
        text = time.strftime("%H:%M" if every < 86400 else "%d.%m.", time.gmtime(at))
        yield f'<text x="{x(at):.1f}" y="{height - 5}" text-anchor="middle">{text}</text>'
        at += every


def _round_up(value: float) -> float:
    """The next round number above, for the top of an axis."""
    if value <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(value))
    return next(size * step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if value <= size * step * 1.0001)
