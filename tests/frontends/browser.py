"""A real browser before the screens, in a process of their own as `sake up` runs them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.ports import free_port
from tests.waiting import wait_until

SHOTS = Path("var/shots")
START_SECONDS = 300.0
STILL = """() => document.getAnimations().every(
    one => one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity
)"""
expect.set_options(timeout=200_000)


@contextmanager
def running_screens(name: str, api: str, log: Path, *words: str, base: str = "", port: int = 0) -> Iterator[str]:
    """Run an application of the screens, with more words of its command and below that path; its address."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}{base}/"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "frontends.server", name, "--api", api, "--port", str(port), "--base", base, *words],
            stdout=out,
            stderr=out,
        )
    try:
        wait_until(lambda: _answers(url), timeout=START_SECONDS, interval=0.1, process=process, log=log.read_text)
        yield url
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield browser
        browser.close()


def new_page(browser: Browser, *, width: int = 1280, language: str = "en-GB") -> Page:
    """A browser of its own: no cookies yet."""
    context = browser.new_context(viewport={"width": width, "height": 1100}, locale=language)
    return context.new_page()


def settle(page: Page) -> None:
    """Wait until the view is complete, and nothing in it moves any more: an opening part closes a list opened in it."""
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible()
    expect(page.locator('[data-testid="stSkeleton"], [data-stale="true"]')).to_have_count(0)
    page.wait_for_function(STILL)


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the screen."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}_stcore/health").is_success
    except httpx.TransportError:
        return False
