"""Write a dashboard as Grafana reads it: the JSON of its classic schema, which Grafana 10 and later take."""

from itertools import count
from typing import Any

from scripts.dashboards.model import BAD, GOOD, HEIGHT, PLAIN, WIDTH, Dashboard, Kind, Panel, Query

TAG = "sake_ray"
SCHEMA_VERSION = 39
COLUMNS = 24
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
TEXTS = (
    (
        "sake",
        "sake_ray",
        "https://localhost:8443",
        "The address of the gateway: of the screens and of the tools beside Grafana.",
    ),
    ("docs", "Documentation", "https://git.example.org/sake_ray/docs", "Where docs/ of sake_ray can be read."),
)
"""Addresses that links need, and everybody sets: `${sake}` and `${docs}` are what these variables of a dashboard say."""
STARTED = "process_start_time_seconds and on (instance) sake_sidecar_up"
"""When `sake up` was started: of its process the metrics of the sidecars are."""
CHANGES = {
    "Promotions": ("ray_sake_promotion_timestamp_seconds", GOOD, "A model went into service"),
    "Policies": ("ray_sake_policy_changed_timestamp_seconds", PLAIN, "What needs review was changed"),
    "Deployments": (STARTED, "purple", "The service was started"),
}
"""What is marked on every time axis: since when, in Unix time."""
Json = dict[str, Any]


def render(dashboard: Dashboard) -> Json:
    """Render a dashboard."""
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.about,
        "tags": [TAG],
        "schemaVersion": SCHEMA_VERSION,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "timezone": "browser",
        "time": {"from": dashboard.since, "to": "now"},
        "refresh": "30s",
        "templating": {"list": [_source_variable(), *(_text_variable(*of) for of in TEXTS)]},
        "annotations": {"list": [_annotation(name, *what) for name, what in CHANGES.items()]},
        "links": _top_links(dashboard),
        "panels": _place(dashboard),
    }


def _place(dashboard: Dashboard) -> list[Json]:
    """Place the panels of each row as high as there is room, then as far left."""
    placed, ids, top = list[Json](), count(1), 0
    for row in dashboard.rows:
        heading = {"type": "row", "title": row.title, "collapsed": False, "panels": [], "id": next(ids)}
        placed.append(heading | {"gridPos": {"x": 0, "y": top, "w": COLUMNS, "h": 1}})
        filled = [top + 1] * COLUMNS
        for panel in row.panels:
            width, height = panel.width or WIDTH[panel.kind], panel.height or HEIGHT[panel.kind]
            y, x = min((max(filled[x : x + width]), x) for x in range(COLUMNS - width + 1))
            filled[x : x + width] = [y + height] * width
            placed.append(_panel(panel) | {"id": next(ids), "gridPos": {"x": x, "y": y, "w": width, "h": height}})
        top = max(filled)
    return placed


def _panel(panel: Panel) -> Json:
    # With the variables, so that links of the next dashboard lead where those of this one do.
    links = [_link("More", f"/d/{panel.more}?${{__url_time_range}}&${{__all_variables}}")] if panel.more else []
    defaults: Json = {
        "unit": panel.unit,
        "noValue": panel.empty,
        "thresholds": {"mode": "absolute", "steps": _steps(panel)},
        "color": {"mode": "palette-classic" if panel.kind is Kind.SERIES else "thresholds"},
        "mappings": _mappings(panel),
        "custom": _custom(panel),
    }
    defaults |= {"min": 0} if panel.kind in {Kind.SERIES, Kind.BARS} else {}
    defaults |= {} if panel.maximum is None else {"max": panel.maximum}
    defaults |= {} if panel.decimals is None else {"decimals": panel.decimals}
    return {
        "type": panel.kind.value,
        "title": panel.title,
        "description": panel.about,
        "datasource": SOURCE,
        "targets": [_target(panel.kind, query, chr(ord("A") + place)) for place, query in enumerate(panel.queries)],
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": _options(panel),
        "transformations": _transformations(panel),
        "links": links,
    }


def _target(kind: Kind, query: Query, ref: str) -> Json:
    is_range = kind in {Kind.SERIES, Kind.STATES}
    target = {"refId": ref, "datasource": SOURCE, "expr": query.expression, "range": is_range, "instant": not is_range}
    target |= {"legendFormat": query.legend} if query.legend else {}
    return target | ({"format": "table"} if kind is Kind.TABLE else {})


def _steps(panel: Panel) -> list[Json]:
    first = PLAIN if panel.is_neutral or not panel.steps else GOOD
    # A figure of which little is bad begins with its worst colour.
    falling = bool(panel.steps) and panel.steps[-1][1] == GOOD
    return [{"value": None, "color": BAD if falling else first}] + [
        {"value": value, "color": colour} for value, colour in panel.steps
    ]


def _mappings(panel: Panel) -> list[Json]:
    if not panel.names:
        return []
    named = {f"{value:g}": {"text": text, "color": colour} for value, (text, colour) in panel.names.items()}
    return [{"type": "value", "options": named}]


def _custom(panel: Panel) -> Json:
    if panel.kind is Kind.SERIES:
        has_line = bool(panel.steps)
        return {
            "drawStyle": "line",
            "lineWidth": 1,
            "fillOpacity": 30 if panel.is_stacked else 8,
            "showPoints": "never",
            "spanNulls": False,
            "stacking": {"mode": "normal" if panel.is_stacked else "none", "group": "A"},
            "thresholdsStyle": {"mode": "dashed" if has_line else "off"},
        }
    if panel.kind is Kind.STATES:
        return {"fillOpacity": 80, "lineWidth": 0}
    return {"align": "auto"} if panel.kind is Kind.TABLE else {}


def _options(panel: Panel) -> Json:
    newest = {"calcs": ["lastNotNull"], "fields": "", "values": False}
    if panel.kind is Kind.STAT:
        return {
            "reduceOptions": newest,
            "graphMode": "none",
            "colorMode": "background",
            "justifyMode": "auto",
            "orientation": "auto",
            "textMode": "name" if panel.shows_name else "value",
        }
    if panel.kind is Kind.BARS:
        return {"reduceOptions": newest, "displayMode": "basic", "orientation": "horizontal", "showUnfilled": True}
    if panel.kind is Kind.STATES:
        return {"mergeValues": True, "showValue": "never", "rowHeight": 0.8, "legend": _legend()}
    if panel.kind is Kind.TABLE:
        return {"showHeader": True, "cellHeight": "sm", "sortBy": [{"displayName": _figure(panel), "desc": True}]}
    return {"legend": _legend(), "tooltip": {"mode": "multi", "sort": "desc"}}


def _legend() -> Json:
    return {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []}


def _transformations(panel: Panel) -> list[Json]:
    if panel.columns is None:
        return []
    places = {name: place for place, name in enumerate(panel.columns)}
    options = {"excludeByName": {"Time": True}, "renameByName": dict(panel.columns), "indexByName": places}
    return [{"id": "organize", "options": options}]


def _figure(panel: Panel) -> str:
    return (panel.columns or {}).get("Value", "Value")


def _annotation(name: str, moment: str, colour: str, text: str) -> Json:
    # True for a few minutes after the moment: longer than the metric needs to be there, and two of the steps below.
    return {
        "name": name,
        "datasource": SOURCE,
        "enable": True,
        "hide": False,
        "iconColor": colour,
        "expr": f"max({moment}) > time() - 180",
        "step": "60s",
        "titleFormat": text,
    }


def _source_variable() -> Json:
    return {
        "name": "datasource",
        "label": "Prometheus",
        "type": "datasource",
        "query": "prometheus",
        "current": {},
        "hide": 0,
    }


def _text_variable(name: str, label: str, value: str, about: str) -> Json:
    current = {"text": value, "value": value}
    variable = {"name": name, "label": label, "type": "textbox", "query": value, "current": current, "hide": 0}
    return variable | {"options": [current | {"selected": True}], "description": about}


def _top_links(dashboard: Dashboard) -> list[Json]:
    others = {"type": "dashboards", "title": "Dashboards", "tags": [TAG], "asDropdown": True, "keepTime": True}
    further = [
        _link(title, url) for title, url in (*dashboard.links, ("Monitoring page", "${sake}/admin-ui/monitoring"))
    ]
    docs = {"What to do": "runbooks.md", "Metrics": "metrics.md", "Logs": "metrics.md#logs"}
    return (
        [_link("", "") | others | {"includeVars": True}]
        + further
        + [_link(title, f"${{docs}}/{page}") | {"targetBlank": True} for title, page in docs.items()]
    )


def _link(title: str, url: str) -> Json:
    return {
        "type": "link", "title": title, "url": url, "icon": "external link", "tooltip": "", "tags": [],
        "asDropdown": False, "targetBlank": False, "includeVars": False, "keepTime": False,
    }  # fmt: skip
