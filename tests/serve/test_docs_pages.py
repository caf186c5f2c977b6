"""The pages for people who write programs hold nothing of another host."""

import re
from html.parser import HTMLParser

import pytest
from playwright.sync_api import sync_playwright

from tests.small_service import SmallService, serve_guarded


class Addresses(HTMLParser):
    """Collects what a page loads or leads to, and the scripts within it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inline = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.found += [value for name in ("src", "href", "action") if (value := given.get(name))]
        self.inline += tag == "script" and "src" not in given


@pytest.mark.parametrize("path", ["/docs", "/docs/errors"])
def test_a_page_names_no_other_host_and_has_no_script_within(small: SmallService, path: str) -> None:
    answer = small.http.get(path)
    page = Addresses()
    page.feed(answer.text)
    assert [address for address in page.found if re.match(r"(https?:)?//", address)] == []
    assert page.inline == 0
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy


def test_what_the_page_loads_is_there(small: SmallService) -> None:
    page = Addresses()
    page.feed(small.http.get("/docs").text)
    loaded = [address for address in page.found if not address.startswith("data:")]
    assert len(loaded) == 3
    for address in loaded:
        assert small.http.get(f"/{address}").status_code == 200, address
    assert small.http.get("/docs/other.js").status_code == 404


def test_a_browser_draws_operations_and_sign_in_without_asking_another_host(small: SmallService) -> None:
    with serve_guarded(small.app) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        page = browser.new_page()
        asked: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(f"http://127.0.0.1:{port}/docs", timeout=400_000)
        page.set_default_timeout(400_000)
        page.get_by_text("Hand in documents", exact=True).first.click()
        page.get_by_role("button", name="Try it out").first.wait_for()
        page.get_by_role("button", name="Authorize").first.click()
        page.locator("input[type=password]").first.wait_for()
        browser.close()
    assert [url for url in asked if not url.startswith((f"http://127.0.0.1:{port}/", "data:"))] == []
    assert complaints == []
