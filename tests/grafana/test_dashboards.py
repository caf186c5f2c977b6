"""The dashboards are what the code says, fit Grafana's schema, and tell a first-time viewer what they show."""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard
from ruamel.yaml import YAML

from scripts.dashboards.__main__ import write_all
from tests.grafana.asking import FOLDER, list_panels, read_dashboards

TOP = FOLDER.parents[2]
DASHBOARDS = read_dashboards()
OF_PROMETHEUS = {"step", "titleFormat"}
"""What an annotation has besides its schema, for the Prometheus plugin."""
RAY_UIDS = Path("ray/dashboard/modules/metrics/dashboards")
each = pytest.mark.parametrize("uid", DASHBOARDS)


def test_the_files_are_what_the_code_makes(tmp_path: Path) -> None:
    write_all(tmp_path)
    made, committed = ({path.name: path.read_text() for path in folder.iterdir()} for folder in (tmp_path, FOLDER))
    assert made.keys() == committed.keys()
    assert [name for name in made if made[name] != committed[name]] == [], "run `make dashboards`"


@each
def test_every_field_is_one_that_grafana_knows(uid: str) -> None:
    register_default_plugins()
    read = json.loads(JSONEncoder().encode(Dashboard.from_json(json.loads(json.dumps(DASHBOARDS[uid])))))
    assert list(find_lost(DASHBOARDS[uid], read)) == []


def find_lost(ours: Any, read: Any, path: str = "") -> Any:
    """What reading and writing by Grafana's types has lost or changed, by its path."""
    if isinstance(ours, dict) and isinstance(read, dict):
        for name, value in ours.items():
            if name not in OF_PROMETHEUS or "annotations" not in path:
                yield from find_lost(value, read.get(name, "nothing"), f"{path}.{name}")
    elif isinstance(ours, list) and isinstance(read, list) and len(ours) == len(read):
        for place, (one, other) in enumerate(zip(ours, read, strict=True)):
            yield from find_lost(one, other, f"{path}[{place}]")
    elif ours != read:
        yield path, ours, read


@each
def test_every_panel_says_what_it_shows_in_which_unit_and_what_is_bad(uid: str) -> None:
    panels = list_panels(DASHBOARDS[uid])
    for panel in panels:
        shown = panel["fieldConfig"]["defaults"]
        assert panel["title"][0].isupper(), panel["title"]
        assert panel["description"].endswith("."), panel["title"]
        assert all((shown["unit"], shown["noValue"])), panel["title"]
        assert shown["thresholds"]["steps"][0]["value"] is None, panel["title"]
        assert all(target["expr"].strip() for target in panel["targets"]), panel["title"]
    titles = [panel["title"] for panel in panels]
    assert len(titles) == len(set(titles))


@each
def test_no_panel_lies_over_another(uid: str) -> None:
    panels = DASHBOARDS[uid]["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [panel["gridPos"] for panel in panels]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert beside or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"], (one, other)


@each
def test_every_panel_asks_the_prometheus_that_was_chosen(uid: str) -> None:
    chosen = {"type": "prometheus", "uid": "${datasource}"}
    panels = list_panels(DASHBOARDS[uid])
    sources = [one["datasource"] for panel in panels for one in (panel, *panel["targets"])]
    assert all(
        source == chosen
        for source in [*sources, *(one["datasource"] for one in DASHBOARDS[uid]["annotations"]["list"])]
    )


@each
def test_links_lead_to_dashboards_and_pages_that_are_there(uid: str) -> None:
    import ray

    rays = {
        found
        for path in (Path(ray.__file__).parents[1] / RAY_UIDS).glob("*_panels.py")
        for found in re.findall(r'default_uid="(\w+)"', path.read_text())
    }
    links = DASHBOARDS[uid]["links"] + [link for panel in list_panels(DASHBOARDS[uid]) for link in panel["links"]]
    for url in filter(None, (link["url"] for link in links)):
        if found := re.match(r"/d/([\w-]+)", url):
            assert found[1] in DASHBOARDS.keys() | rays, url
        else:
            assert url.startswith(("${docs}/", "${sake}/")), url


def test_what_several_dashboards_show_is_the_same_on_each() -> None:
    said: dict[tuple[str, ...], set[str]] = {}
    for panel in (panel for dashboard in DASHBOARDS.values() for panel in list_panels(dashboard)):
        asked = (panel["type"], *(target["expr"] for target in panel["targets"]))
        shown = {name: panel[name] for name in ("title", "description", "fieldConfig")}
        said.setdefault(asked, set()).add(json.dumps(shown, sort_keys=True))
    assert [asked for asked, shown in said.items() if len(shown) > 1] == []


@each
def test_links_between_dashboards_keep_the_time_and_what_was_said_on_top(uid: str) -> None:
    dashboard = DASHBOARDS[uid]
    for link in (link for panel in list_panels(dashboard) for link in panel["links"]):
        assert link["url"].split("?")[1] == "${__url_time_range}&${__all_variables}", link["url"]
    (others,) = (link for link in dashboard["links"] if link["type"] == "dashboards")
    assert (others["keepTime"], others["includeVars"]) == (True, True)


def test_the_overview_answers_its_questions_and_leads_to_every_other_dashboard() -> None:
    overview = DASHBOARDS["sake-overview"]
    headings = " ".join(panel["title"] for panel in overview["panels"] if panel["type"] == "row")
    for asked in ("lost", "oldest", "Who answers", "what changed", "still right", "seconds go", "fail"):
        assert asked in headings
    led_to = {link["url"].split("?")[0] for panel in list_panels(overview) for link in panel["links"]}
    assert led_to == {f"/d/{uid}" for uid in DASHBOARDS.keys() - {"sake-overview"}}


def test_grafana_is_told_where_prometheus_and_the_dashboards_are() -> None:
    read = YAML(typ="safe", pure=True).load
    (source,) = read(TOP / "cluster/grafana/provisioning/datasources/sake.yaml")["datasources"]
    assert (source["type"], source["url"]) == ("prometheus", "$PROMETHEUS_URL")
    providers = read(TOP / "cluster/grafana/provisioning/dashboards/sake.yaml")["providers"]
    assert [one["options"]["path"] for one in providers] == ["$SAKE_DASHBOARDS", "$RAY_DASHBOARDS"]
