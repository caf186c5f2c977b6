"""The page Monitoring with a Prometheus that knows a day, in a real browser."""

import time
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import expect

from sake_ray.domain.accounts import Role
from sake_ray.serve.measurements import Measuring
from sake_ray.serve.prometheus import Prometheus
from tests.frontends.browser import new_page, open_browser, running_screens, settle, shoot
from tests.frontends.screens import serving
from tests.grafana.example_metrics import write_day
from tests.live_prometheus import RULES, run_prometheus
from tests.served_office import PASSWORD, ServedOffice
from tests.waiting import wait_until


def test_otto_sees_what_fires_and_how_the_day_went_also_on_a_phone(office: ServedOffice, tmp_path: Path) -> None:
    office.account("otto", Role.OPS)
    write_day(tmp_path / "day.txt", now=time.time() - 30)
    links = ("--link=Grafana=http://127.0.0.1:3000", "--link=Prometheus=http://127.0.0.1:9090")
    with (
        run_prometheus(tmp_path / "prometheus", rules=RULES[2:], history=tmp_path / "day.txt") as url,
        serving(office) as api,
        running_screens("admin", api, tmp_path / "screens.log", *links) as screens,
        open_browser() as browser,
    ):
        measuring = Measuring(Prometheus(url))
        office.http.app.state.services = replace(office.http.app.state.services, measuring=measuring)
        wait_until(lambda: len(Measuring(Prometheus(url)).get().alerts) == 2, interval=0.3)
        page = new_page(browser)
        page.goto(screens)
        page.fill("#name", "otto")
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        expect(page.get_by_text("Two documents need ops.")).to_be_visible()
        machine = page.get_by_role("heading", name="Is the machine big enough?")
        expect(machine).to_be_visible()
        figures = page.locator('[data-testid="stMetric"]', has=page.locator("canvas, svg.marks"))
        expect(figures).to_have_count(15)
        expect(page.get_by_role("link", name="Grafana")).to_have_attribute("href", "http://127.0.0.1:3000")
        settle(page)
        page.set_viewport_size({"width": 1280, "height": 2600})
        settle(page)
        shoot(page, "ops-monitoring")
        page.get_by_role("link", name="Français").click()
        expect(page.get_by_role("heading", name="La machine suffit-elle ?")).to_be_visible()
        page.set_viewport_size({"width": 390, "height": 1100})
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        shoot(page, "ops-monitoring-phone")
