"""The screens behind the gateway, in a real browser over TLS: nothing comes from elsewhere, nothing they need is forbidden."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

from sake_ray.domain.accounts import Role
from sake_ray.synthetic.generate import generate_one
from tests.frontends.browser import open_browser, running_screens, settle, shoot
from tests.frontends.screens import serving
from tests.frontends.test_admin_journey import SCREENS
from tests.gateway.front import make_config, running
from tests.ports import free_ports
from tests.serve.conftest import office, open_office, trained
from tests.served_office import PASSWORD, PEERS, ServedOffice
from tests.small_service import SmallService
from tests.waiting import wait_until

__all__ = ["office", "open_office", "trained"]


def address_of(url: str) -> str:
    return urlsplit(url).netloc


def test_people_sign_in_work_and_are_led_on_through_the_gateway(office: ServedOffice, tmp_path: Path) -> None:
    office.account("anna", Role.ADMIN)
    office.account("marie")
    key = tmp_path / "key"
    key.write_text(PEERS.screens_key)
    tools = ("--link", "admin=/admin-ui/", "--link", "Ray=/ray/")
    words = ("--key-file", str(key))
    with (
        serving(office) as api,
        running_screens("user", api, tmp_path / "user.log", *words, *tools) as user,
        running_screens("admin", api, tmp_path / "admin.log", *words, base="/admin-ui") as admin,
        running(
            tmp_path / "gateway",
            make_config(
                tmp_path, address_of(api), user_screens=(address_of(user),), admin_screens=(address_of(admin),)
            ),
        ) as front,
        open_browser() as browser,
    ):
        context = browser.new_context(
            ignore_https_errors=True, locale="en-GB", viewport={"width": 1280, "height": 1100}
        )
        strange = watch(context, address_of(front.url))
        page = context.new_page()
        page.goto(f"{front.url}/results")
        sign_in(page, "marie")
        expect(page).to_have_url(f"{front.url}/results")
        upload(page, front.url)
        cookie = next(cookie for cookie in context.cookies() if cookie["name"] == "sake_user")
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")

        page.goto(f"{front.url}/start")
        expect(page.get_by_text("You are signed in as marie")).to_be_visible()
        expect(page.get_by_role("link", name="Administration")).to_have_count(0)

        page.goto(f"{front.url}/admin-ui/models")
        sign_in(page, "anna")
        for screen in SCREENS:
            page.goto(f"{front.url}/admin-ui/{screen}")
            settle(page)
        assert page.url.startswith(f"{front.url}/admin-ui/")
        page.goto(f"{front.url}/start")
        expect(page.get_by_role("link", name="Ray")).to_be_visible()
        shoot(page, "start")
        page.get_by_role("link", name="Administration").click()
        expect(page.get_by_text("There are no training images yet")).to_be_visible()
        page.get_by_role("link", name="Français").click()
        expect(page.get_by_role("link", name="Se déconnecter", exact=True)).to_be_visible()
        page.get_by_role("link", name="Se déconnecter", exact=True).click()
        expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()
        assert page.url.startswith(f"{front.url}/admin-ui/sign-in")

        page.goto(f"{front.url}/docs")
        expect(page.get_by_text("/batches/{uuid}/documents")).to_be_visible()
        assert strange == []


def watch(context: BrowserContext, here: str) -> list[str]:
    """Note what is fetched from elsewhere, and what the browser forbids a page."""
    strange: list[str] = []
    context.on("request", lambda asked: note(strange, asked.url, here))
    context.on("console", lambda said: strange.append(said.text) if "Content Security Policy" in said.text else None)
    return strange


def note(strange: list[str], url: str, here: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"data", "blob", "about"} and parts.netloc != here:
        strange.append(url)


def sign_in(page: Page, name: str) -> None:
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    settle(page)


def upload(page: Page, url: str) -> None:
    page.goto(f"{url}/")
    scan = generate_one(1, seed=20)
    name = page.get_by_role("textbox", name="Whose documents are these?")
    name.fill("Durand, Marie")
    name.press("Tab")
    page.locator("input[type=file]").set_input_files(
        {"name": scan.name, "mimeType": "image/png", "buffer": scan.data}  # type: ignore[arg-type]
    )
    send = page.get_by_role("button", name="Upload 1 document")
    expect(send).to_be_enabled()
    send.click()
    expect(page.get_by_role("heading", name="Durand, Marie")).to_be_visible()
    assert "/results?batch=" in page.url


def test_with_two_gateways_and_two_screens_and_one_of_each_killed_marie_works_on(tmp_path: Path) -> None:
    service = SmallService(tmp_path, peers=PEERS)
    service.sign("marie", password=PASSWORD)
    with ExitStack() as stack:
        api = stack.enter_context(serving(service))
        screens = {name: ExitStack() for name in ("first", "second")}
        (tmp_path / "key").write_text(PEERS.screens_key)
        words = ("--key-file", str(tmp_path / "key"))
        addresses = []
        for name, own in screens.items():
            stack.callback(own.close)
            url = own.enter_context(running_screens("user", api, tmp_path / f"{name}.log", *words))
            addresses.append(address_of(url))
        config = make_config(tmp_path, address_of(api), user_screens=tuple(addresses))
        going = ExitStack()
        stack.callback(going.close)
        killed = going.enter_context(running(tmp_path / "one", config))
        port, http_port = free_ports(2)
        other = replace(config, port=port, http_port=http_port)
        left = stack.enter_context(running(tmp_path / "two", other))
        page = stack.enter_context(open_browser()).new_context(ignore_https_errors=True, locale="en-GB").new_page()
        page.goto(f"{killed.url}/results")
        sign_in(page, "marie")
        expect(page.get_by_text("Nothing here yet")).to_be_visible()
        going.close()
        page.goto(f"{left.url}/results")  # as a load balancer, or a second entry of the name, leads there
        expect(page.get_by_text("Nothing here yet")).to_be_visible()
        screens["first"].close()
        go_to(page, "Search", "Search")
        address = addresses[0].rpartition(":")[2]
        with running_screens("user", api, tmp_path / "third.log", *words, port=int(address)):
            screens["second"].close()
            go_to(page, "Upload", "Upload documents")
    service.http.close()


def go_to(page: Page, link: str, heading: str) -> None:
    """Click as often as people do: what is clicked while the page looks for another process is lost."""

    def click() -> bool:
        page.get_by_role("link", name=link).click()
        page.wait_for_timeout(2000)
        return page.get_by_role("heading", name=heading).is_visible()

    wait_until(click)
