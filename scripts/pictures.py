"""Make the pictures of the guides anew, of the real screens with generated documents: `make pictures`, a quarter of an hour.

.venv/bin/python scripts/pictures.py [NAME ...]    # without a name all of them, into docs/pictures
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Page, expect

TOP = Path(__file__).parents[1]
sys.path[:0] = [str(TOP)]  # for the tests' browser

from sake_ray.client import Client  # noqa: E402
from sake_ray.domain.accounts import Role  # noqa: E402
from sake_ray.synthetic.generate import GeneratedDocument, generate, generate_one  # noqa: E402
from tests.frontends.browser import open_browser, settle  # noqa: E402

PICTURES = Path("docs/pictures")
SAKE = Path(sys.executable).with_name("sake")
PORT = 8790
API, USERS, ADMINS = (f"http://127.0.0.1:{PORT + place}" for place in (0, 3, 4))
REFERENCE = "Durand, Marie"
PASSWORD = "of the pictures"  # noqa: S105 - the service ends with the pictures
FIRST, LATER = 48, 144
"""How many images the first model learns from, and the second."""


@contextmanager
def running_service(home: Path) -> Iterator[None]:
    """Run `sake up` with its screens in a home of its own."""
    ports = {
        "SAKE_PORT": 0,
        "SAKE_DASHBOARD_PORT": 1,
        "SAKE_METRICS_PORT": 10,
        "SAKE_USER_PORT": 3,
        "SAKE_ADMIN_PORT": 4,
    }
    no_metrics = dict.fromkeys(("SAKE_KEEPER_METRICS_PORT", "SAKE_USER_METRICS_PORT", "SAKE_ADMIN_METRICS_PORT"), "0")
    os.environ |= {"SAKE_HOME": str(home)} | no_metrics | {name: str(PORT + place) for name, place in ports.items()}
    home.mkdir()
    log = home / "up.log"
    with log.open("w") as out:
        service = subprocess.Popen([str(SAKE), "up"], stdout=out, stderr=subprocess.STDOUT)
    try:
        while "Ctrl-C" not in log.read_text():
            if service.poll() is not None:
                sys.exit(log.read_text())
            time.sleep(0.5)
        yield
    finally:
        service.send_signal(signal.SIGINT)
        service.wait()


def sake(*words: str) -> str:
    """Run the command, and return what it prints."""
    return subprocess.run([str(SAKE), *words], check=True, stdout=subprocess.PIPE, text=True).stdout


def make_documents() -> list[GeneratedDocument]:
    """What the candidate brings."""
    return [generate_one(place, seed=20) for place in (4, 1, 5, 3, 6)]


def upload_documents(client: Client) -> str:
    """Hand in what a candidate brings, and some more; return the batch of the candidate."""
    batch = client.batches.submit(REFERENCE, [(each.name, each.data) for each in make_documents()])
    more = client.batches.submit("Lefebvre, Paul", [(each.name, each.data) for each in generate(24, seed=47)])
    for each in (batch, more):
        client.batches.wait(each.uuid, seconds=900)
    return batch.uuid


def train_two_models(folder: Path) -> tuple[str, str]:
    """Train on some images and register the model, then on more of them; return both runs."""
    sake("samples", "--count", str(LATER), "--seed", "11", "--out", str(folder))
    by_label = {place.name: sorted(place.iterdir()) for place in sorted(folder.iterdir()) if place.is_dir()}
    share = FIRST // len(by_label)
    runs = []
    for some in (slice(share), slice(share, None)):
        for label, files in by_label.items():
            sake("images", "add", label, *map(str, files[some]))
        runs.append(json.loads(sake("train").splitlines()[-1])["run"])
        sake("register", runs[-1])
    return runs[0], runs[1]


def open_page(browser: Browser, url: str, name: str) -> Page:
    """Sign in, in a browser of its own."""
    page = browser.new_context(viewport={"width": 1280, "height": 1000}, locale="en-GB").new_page()
    page.goto(url)
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    settle(page)
    return page


def shoot(page: Page, name: str, *, height: int = 1000) -> None:
    """Keep a picture of the screen, unless only others were asked for."""
    page.set_viewport_size({"width": 1280, "height": height})
    settle(page)
    expect(page.locator('[data-testid="stException"], [data-testid="stAlertContentError"]')).to_have_count(0)
    if name in (sys.argv[1:] or [name]):
        page.screenshot(path=PICTURES / f"{name}.png")
        print(f"{name}.png", flush=True)  # noqa: T201


def picture_user_screens(page: Page, batch: str) -> None:
    """Upload, results, a document, a search, a candidate's file."""
    page.goto(USERS)
    reference = page.get_by_role("textbox", name="Whose documents are these?")
    reference.fill(REFERENCE)
    reference.press("Tab")
    files: list[FilePayload] = [
        {"name": each.name, "mimeType": "application/octet-stream", "buffer": each.data} for each in make_documents()
    ]
    page.locator("input[type=file]").set_input_files(files)
    expect(page.get_by_role("button", name="Upload 5 documents")).to_be_enabled()
    shoot(page, "upload", height=900)
    page.goto(f"{USERS}/results?batch={batch}")
    settle(page)
    card = page.locator('[class*="st-key-card-"]', has_text="00004-facture.pdf")
    card.get_by_role("radio", name="CV").click()
    expect(card.get_by_text("corrected")).to_be_visible()
    page.mouse.move(5, 5)  # nothing is to look as if it were pointed at
    card.evaluate("one => one.scrollIntoView({block: 'center'})")
    shoot(page, "results")
    page.get_by_role("button", name="Undo").click()
    expect(card.get_by_text("corrected")).to_have_count(0)
    page.goto(f"{USERS}/search")
    question = page.get_by_role("textbox", name="Words to find in the documents")
    question.fill("hermanos")
    question.press("Enter")
    expect(page.locator(".hit mark").first).to_be_visible()
    shoot(page, "search")
    page.get_by_role("link", name="Open").first.click()
    expect(page.locator(".sheet mark.found").first).to_be_visible()
    page.goto(page.url.partition("&q=")[0])
    expect(page.locator(".sheet mark.why").first).to_be_visible()
    shoot(page, "document", height=1100)
    page.goto(f"{USERS}/candidate?reference={REFERENCE}")
    expect(page.get_by_role("heading", name=REFERENCE)).to_be_visible()
    shoot(page, "candidate")


def picture_admin_screens(page: Page, runs: tuple[str, str]) -> None:
    """Images, the comparison of two trainings, models, review."""
    page.goto(ADMINS)
    expect(page.locator('[class*="st-key-image-"] img').first).to_be_visible()
    shoot(page, "admin-images")
    page.goto(f"{ADMINS}/experiments?a={runs[0]}&b={runs[1]}")
    expect(page.get_by_text("Which class is mistaken for which")).to_be_visible()
    shoot(page, "admin-compare", height=1500)
    page.goto(f"{ADMINS}/models")
    expect(page.get_by_role("heading", name="Models")).to_be_visible()
    shoot(page, "admin-models", height=1300)
    page.goto(f"{ADMINS}/review")
    expect(page.get_by_role("button", name="Identity document")).to_be_visible()
    shoot(page, "admin-review")


def main() -> None:
    """Make them."""
    with tempfile.TemporaryDirectory() as folder, running_service(Path(folder) / "home"):
        admin = (Path(folder) / "home" / "admin_password").read_text().strip()
        with Client(API) as client:
            client.accounts.sign_in("admin", admin)
            for name, role in (("marie", Role.USER), ("anna", Role.ADMIN)):
                made = client.accounts.add(name, role=role, team="paris")
                with Client(API) as own:
                    own.accounts.sign_in(name, made.password or "")
                    own.accounts.change_password(made.password or "", PASSWORD)
        with Client(API) as client:
            client.accounts.sign_in("marie", PASSWORD)
            batch = upload_documents(client)
        wanted = sys.argv[1:]
        runs = train_two_models(Path(folder) / "samples") if _any_of_admin(wanted) else ("", "")
        with open_browser() as browser:
            picture_user_screens(open_page(browser, USERS, "marie"), batch)
            if all(runs):
                picture_admin_screens(open_page(browser, ADMINS, "anna"), runs)


def _any_of_admin(wanted: list[str]) -> bool:
    return not wanted or any(name.startswith("admin-") for name in wanted)


if __name__ == "__main__":
    main()
