"""Draw the dashboards as pictures, from what a Prometheus answers: `make dashboard-pictures`.

.venv/bin/python scripts/dashboard_pictures.py                                # a made-up day, into docs/pictures
.venv/bin/python scripts/dashboard_pictures.py --prometheus URL --into DIR    # what a real one knows
"""

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import Browser

TOP = Path(__file__).parents[1]
sys.path[:0] = [str(TOP)]  # for the tests' browser, Prometheus and made-up day

from scripts.dashboards.drawing import COLOURS, WIDTH, Series, draw  # noqa: E402
from tests.frontends.browser import open_browser  # noqa: E402
from tests.grafana.asking import Answer, ask, list_panels, read_dashboards  # noqa: E402
from tests.grafana.example_metrics import write_day  # noqa: E402
from tests.live_prometheus import run_prometheus  # noqa: E402

DAY = 86400
SHADES = 128
"""Colours of a picture: enough for flat areas and thin lines, and a quarter of the size."""


def main() -> None:
    """Draw all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prometheus", help="its address, with the path where it has one")
    parser.add_argument("--into", type=Path, default=TOP / "docs" / "pictures")
    given = parser.parse_args()
    # The made-up day ends at five in the afternoon, and in the past.
    five = time.time() // DAY * DAY - 7 * 3600
    now = float(round(time.time()) - 60) if given.prometheus else five
    given.into.mkdir(parents=True, exist_ok=True)
    with (
        open_prometheus(given.prometheus, now) as url,
        httpx.Client(base_url=url, trust_env=False, timeout=300) as http,
        open_browser() as browser,
    ):
        for uid, dashboard in read_dashboards().items():
            path = given.into / f"dashboard-{uid.removeprefix('sake-')}.png"
            draw_picture(http, browser, dashboard, path, now=now)
            print(path)  # noqa: T201


@contextmanager
def open_prometheus(url: str | None, now: float) -> Iterator[str]:
    """The Prometheus that is there, or one with a made-up day."""
    if url:
        yield url.rstrip("/")
        return
    with tempfile.TemporaryDirectory() as folder:
        day = Path(folder) / "day.txt"
        write_day(day, now=now)
        with run_prometheus(Path(folder) / "prometheus", history=day) as own:
            yield own


def draw_picture(http: httpx.Client, browser: Browser, dashboard: dict[str, Any], path: Path, *, now: float) -> None:
    """Draw one dashboard."""
    answers = {
        panel["id"]: [one for answer in ask(http, panel, now=now) for one in to_series(panel, answer)]
        for panel in list_panels(dashboard)
    }
    page = browser.new_page(viewport={"width": WIDTH, "height": 600})
    page.set_content(draw(dashboard, answers, list(find_marks(http, dashboard, now=now))))
    page.screenshot(path=path, full_page=True)
    page.close()
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(SHADES, dither=Image.Dither.NONE).save(path, optimize=True)


def to_series(panel: dict[str, Any], answer: Answer) -> Iterator[Series]:
    """Name the series of an answer by its legend, those of a table by its labels; only what can be drawn."""
    columns = [name for one in panel["transformations"] for name in one["options"]["renameByName"] if name != "Value"]
    for labels, points in answer.series:
        name = "\t".join(labels.get(column, "") for column in columns) or answer.target.get("legendFormat", "")
        for label, value in labels.items():
            name = name.replace("{{" + label + "}}", value)
        if drawn := [point for point in points if math.isfinite(point[1])]:
            yield name, drawn


def find_marks(http: httpx.Client, dashboard: dict[str, Any], *, now: float) -> Iterator[tuple[float, str]]:
    """When something changed, and its colour."""
    for mark in dashboard["annotations"]["list"]:
        query = {"query": mark["expr"], "start": now - 86400, "end": now, "step": 60}
        for found in http.post("/api/v1/query_range", data=query).json()["data"]["result"]:
            yield float(found["values"][0][0]), COLOURS[mark["iconColor"]]


if __name__ == "__main__":
    main()
