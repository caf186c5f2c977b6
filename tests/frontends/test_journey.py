"""A day of Marie's, in a real browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Page, expect

from sake_ray.synthetic.generate import generate_one
from tests.frontends.browser import new_page, open_browser, running_screens, settle, shoot
from tests.frontends.screens import serving
from tests.ports import free_port
from tests.served_office import PASSWORD, ServedOffice

SEED = 20
CORRUPT = {"name": "torn.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nthe rest was lost"}


@contextmanager
def working(office: ServedOffice, begin: threading.Event) -> Iterator[None]:
    """Read what waits, one document after the other, as the service would, once it is allowed to begin."""
    end = threading.Event()

    def work() -> None:
        begin.wait()
        while not end.is_set():
            office.work()
            end.wait(0.1)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    begin.set()
    end.set()
    thread.join()


@pytest.fixture(scope="module")
def files() -> list[dict[str, object]]:
    """Four generated documents, the first of them a PDF, and one that is corrupt."""
    made = [generate_one(index, seed=SEED) for index in (4, 1, 5, 3)]
    kinds = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}
    return [{"name": d.name, "mimeType": kinds.get(Path(d.name).suffix, "image/*"), "buffer": d.data} for d in made] + [
        CORRUPT
    ]


def test_marie_uploads_watches_corrects_and_finds_again(
    office: ServedOffice, marie: dict[str, str], files: list[dict[str, object]], tmp_path: Path
) -> None:
    port, begin = free_port(), threading.Event()
    with (
        serving(office, port) as api,
        running_screens("user", api, tmp_path / "screens.log") as url,
        open_browser() as browser,
    ):
        page = new_page(browser)
        sign_in(page, url)
        page.reload()  # F5
        expect(page.get_by_role("heading", name="Upload documents")).to_be_visible()
        second = page.context.new_page()  # a second tab
        second.goto(f"{url}results")
        expect(second.get_by_text("Nothing here yet")).to_be_visible()
        second.close()
        with working(office, begin):
            upload(page, files)
            expect(page.get_by_text("0 of 5 documents are done")).to_be_visible()
            shoot(page, "user-waiting")
            address = page.url
            page.goto("about:blank")  # the tab is closed
            begin.set()
            page.goto(address)
            expect(page.get_by_role("heading", name="1 could not be read")).to_be_visible()
            expect(page.get_by_text("being read")).to_have_count(0, timeout=300_000)
        settle(page)
        shoot(page, "user-results")
        correct_and_undo(page)
        search_and_see(page, url)
        in_french_on_a_phone(page, url, address)
        token = next(c["value"] for c in page.context.cookies() if c["name"] == "sake_user")
        assert token not in page.content()
        assert token not in page.url
        assert token not in (tmp_path / "screens.log").read_text()
        page.set_viewport_size({"width": 1280, "height": 1100})
        sign_out(page, url)


def test_the_screens_say_that_the_service_is_away_and_go_on_by_themselves(
    office: ServedOffice, marie: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    with (
        running_screens("user", f"http://127.0.0.1:{port}", tmp_path / "screens.log") as url,
        open_browser() as browser,
    ):
        page = new_page(browser)
        page.goto(url)
        page.fill("#name", "marie")
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        expect(page.get_by_text("The service is not responding")).to_be_visible()
        with serving(office, port):
            sign_in(page, url)
        page.goto(f"{url}results")
        expect(page.get_by_text("this page goes on by itself")).to_be_visible()
        shoot(page, "user-away")
        uuid = office.upload(marie, ("torn.pdf", b"%PDF-1.7\nthe rest was lost"))
        with serving(office, port):
            expect(page.get_by_text("1 being read")).to_be_visible()
            page.goto(f"{url}results?batch={uuid}")
            expect(page.get_by_text("0 of 1 documents are done")).to_be_visible()
        # Away in the midst of watching: it is said there, too.
        expect(page.get_by_text("this page goes on by itself")).to_be_visible()
        office.work()
        with serving(office, port):
            expect(page.get_by_role("heading", name="1 could not be read")).to_be_visible()


def sign_in(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    shoot(page, "user-sign-in")
    page.fill("#name", "marie")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    expect(page.get_by_role("heading", name="Upload documents")).to_be_visible()


def upload(page: Page, files: list[dict[str, object]]) -> None:
    name = page.get_by_role("textbox", name="Whose documents are these?")
    name.fill("Durand, Marie")
    name.press("Tab")
    page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    send = page.get_by_role("button", name=f"Upload {len(files)} documents")
    expect(send).to_be_enabled()
    shoot(page, "user-upload")
    send.click()
    expect(page.get_by_role("heading", name="Durand, Marie")).to_be_visible()
    assert "batch=" in page.url


def correct_and_undo(page: Page) -> None:
    card = page.locator('[class*="st-key-card-"]', has_text="00004-facture.pdf")
    expect(card.get_by_text("sure (")).to_be_visible()
    card.get_by_role("radio", name="CV").click()
    expect(page.get_by_text("00004-facture.pdf marked “CV”.")).to_be_visible()
    expect(card.get_by_text("corrected")).to_be_visible()
    shoot(page, "user-corrected")
    page.get_by_role("button", name="Undo").click()
    expect(card.get_by_text("sure (")).to_be_visible()


def search_and_see(page: Page, url: str) -> None:
    page.goto(f"{url}search")
    question = page.get_by_role("textbox", name="Words to find in the documents")
    question.fill("hermanos")
    question.press("Enter")
    expect(page.locator(".hit mark").first).to_be_visible()
    shoot(page, "user-search")
    page.get_by_role("link", name="Open").first.click()
    expect(page.locator(".sheet mark.found").first).to_be_visible()
    shoot(page, "user-found")
    page.goto(page.url.partition("&q=")[0])
    settle(page)
    expect(page.locator(".sheet mark.why").first).to_be_visible()
    shoot(page, "user-document")
    with page.expect_download(timeout=200_000) as download:
        page.get_by_role("button", name="Searchable PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
    with pdfium.PdfDocument(download.value.path()) as pdf:
        assert "hermanos" in pdf[0].get_textpage().get_text_range().lower()


def in_french_on_a_phone(page: Page, url: str, address: str) -> None:
    page.goto(address)
    settle(page)
    page.get_by_role("link", name="Français").click()
    expect(page.get_by_role("heading", name="Résultats")).to_be_visible()
    assert page.url == address
    page.set_viewport_size({"width": 390, "height": 1100})
    settle(page)
    shoot(page, "user-results-phone")
    page.goto(url)
    expect(page.get_by_role("heading", name="Déposer des documents")).to_be_visible()
    settle(page)
    shoot(page, "user-upload-phone")


def sign_out(page: Page, url: str) -> None:
    page.get_by_role("link", name="Se déconnecter", exact=True).click()
    expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()
    page.goto(f"{url}results")
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
