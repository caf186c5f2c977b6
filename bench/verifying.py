"""Count the clicks and seconds until a person has verified twenty scans of a folder, in a browser with a real `sake up`.

    .venv/bin/python -m bench.verifying [--scans 20] [--seed 5]

Signs in, uploads the scans, waits until all are read, confirms with one click the correct labels that the service is sure of, and
answers the others one by one. A field that is typed into counts as a click; the time to read a scan does not count.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from sake_ray.client import Client
from sake_ray.errors import SakeError
from sake_ray.synthetic.generate import generate_one

SAKE = Path(sys.executable).with_name("sake")
PORT, PASSWORD = 8890, "a password for a bench"
NAMES = {"facture": "Invoice", "id_pieces": "Identity document", "resume": "CV", "other": "Other document"}
READ_MS = 600_000


class CountingUser:
    """Clicks and types, and counts that."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.started = page, 0, time.monotonic()

    def click(self, role: str, name: str) -> None:
        """Click the element of that role and name."""
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        self.clicks += 1

    def type(self, field: str, text: str) -> None:
        """Type into a field."""
        self.page.get_by_label(field).and_(self.page.locator("input")).fill(text)
        self.clicks += 1

    def report(self, step: str) -> None:
        """Print the clicks and seconds up to this step."""
        print(f"{step}: {self.clicks} clicks, {time.monotonic() - self.started:.0f} s", flush=True)


def main() -> None:
    """Print the clicks and seconds."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--scans", type=int, default=20)
    options.add_argument("--seed", type=int, default=5)
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, scans = Path(folder) / "home", Path(folder) / "scans"
        truth = write_scans(scans, wanted.scans, wanted.seed)
        ports = {"SAKE_PORT": PORT, "SAKE_DASHBOARD_PORT": PORT + 1, "SAKE_METRICS_PORT": PORT + 2}
        ports |= {"SAKE_USER_PORT": PORT + 5, "SAKE_ADMIN_PORT": PORT + 6}
        ports |= {"SAKE_KEEPER_METRICS_PORT": 0, "SAKE_USER_METRICS_PORT": 0, "SAKE_ADMIN_METRICS_PORT": 0}
        environment = os.environ | {"SAKE_HOME": str(home)} | {name: str(port) for name, port in ports.items()}
        service = subprocess.Popen([SAKE, "up"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until_ready()
            add = [SAKE, "user", "add", "marie", "--password-stdin", "--keep-password"]
            subprocess.run(add, env=environment, input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
                page = browser.new_context(viewport={"width": 1280, "height": 1100}, locale="en-GB").new_page()
                page.set_default_timeout(60_000)
                verify(page, sorted(scans.iterdir()), truth)
                browser.close()
        finally:
            service.send_signal(signal.SIGTERM)
            service.wait()


def write_scans(folder: Path, count: int, seed: int) -> dict[str, str]:
    """Write generated scans; return the true label of each, by name."""
    folder.mkdir(parents=True)
    made = [generate_one(index, seed=seed) for index in range(count)]
    for document in made:
        (folder / document.name).write_bytes(document.data)
    return {document.name: document.label for document in made}


def wait_until_ready() -> None:
    """Return when the service classifies."""
    with Client(f"http://127.0.0.1:{PORT}", patience=0) as client:
        while True:
            try:
                client.system.ready()
                return
            except SakeError:
                time.sleep(0.5)


def verify(page: Page, scans: list[Path], truth: dict[str, str]) -> None:
    """Upload, wait, confirm and correct."""
    page.goto(f"http://127.0.0.1:{PORT + 5}/")
    user = CountingUser(page)
    user.type("Name", "marie")
    user.type("Password", PASSWORD)
    user.click("button", "Sign in")
    user.type("Whose documents are these?", "Durand, Marie")
    page.keyboard.press("Tab")
    page.locator("input[type=file]").set_input_files(scans)
    user.clicks += 3  # "Browse", all files of the folder, "Open"
    user.click("button", f"Upload {len(scans)} documents")
    expect(page).to_have_url(re.compile("batch="), timeout=120_000)
    user.report("uploaded")
    reading = page.get_by_text("the work continues")
    expect(reading).to_be_visible(timeout=READ_MS)
    expect(reading).to_have_count(0, timeout=READ_MS)
    user.report("all are read")
    confirm(page, user, truth)
    user.report("all are verified")


def confirm(page: Page, user: CountingUser, truth: dict[str, str]) -> None:
    """Correct the wrong ones among the sure, confirm the rest of them at once, and answer the others one by one."""
    wrong = 0
    for name, label in truth.items():
        card = page.locator('[class*="st-key-card-"]', has_text=name)
        shown = (card.locator(".badge").text_content() or "") if card.locator(".badge").count() else ""
        sure = card.get_by_text("sure (").count() > 0
        wrong += shown != NAMES[label]
        if sure and shown == NAMES[label]:
            continue
        card.get_by_role("radio", name=NAMES[label]).click()
        user.clicks += 1
        expect(page.get_by_text(f"{name} marked")).to_be_visible(timeout=60_000)
    user.click("button", "I have checked")
    expect(page.get_by_text("are confirmed.")).to_be_visible(timeout=60_000)
    print(f"{wrong} of {len(truth)} had a wrong label")


if __name__ == "__main__":
    main()
