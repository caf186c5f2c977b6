"""A day of the admin's, in a real browser."""

import random
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from sake_ray.data.corpus_tables import TEST, TRAIN
from sake_ray.domain.accounts import Role
from sake_ray.domain.jobs import JobState
from tests.comparison.place import Place, Trained, corpus_of
from tests.frontends.browser import new_page, open_browser, running_screens, settle, shoot
from tests.frontends.screens import serving
from tests.pages import letter, png
from tests.served_office import PASSWORD, ServedOffice

SCREENS = ("", "corrections", "review", "training", "experiments", "models", "monitoring", "settings")
WORDS = "window garden river mountain teacher bicycle kitchen planet market bridge harbour lantern".split()


def scan(line: str) -> bytes:
    """A small scan with words of its own: those with the same ones are near-duplicates, as soon as they are read."""
    return png(letter((line, " ".join(random.Random(line).sample(WORDS, 6)))).render(40))


def test_anna_adds_images_trains_compares_promotes_rolls_back_and_reviews(office: ServedOffice, tmp_path: Path) -> None:
    office.account("anna", Role.ADMIN)
    office.upload(office.account("marie"), ("first.png", scan("Invoice 1")), ("second.png", scan("Invoice 2")))
    office.work()
    good, poor = two_trainings(office)
    registry = office.admin_services.registry
    registry.champion.promote(registry.versions.register(good).number)
    registry.versions.register(poor)
    with (
        serving(office) as api,
        running_screens("admin", api, tmp_path / "screens.log") as url,
        open_browser() as browser,
    ):
        page = new_page(browser)
        sign_in(page, url)
        add_images(page)
        move_delete_and_undo(page)
        review(page, url)
        import_corrections(page, url)
        train(page, url)
        compare(page, url, good, poor)
        promote_and_go_back(page, url, office)
        see_all_in_french_on_a_phone(page, url)
        page.get_by_role("link", name="Se déconnecter", exact=True).click()
        expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()
    assert office.admin_services.workspace.images.count_by_label() == {"facture": 3, "resume": 2}
    assert office.records.jobs.get(1).state is JobState.STOPPED


def two_trainings(office: ServedOffice) -> tuple[str, str]:
    """A training that went well, and one whose images lay under the wrong labels, judged by the same documents."""
    place = Place(office.admin_services.comparison_context)
    learned, judges = corpus_of(6, part=TRAIN, seed=1), corpus_of(40, part=TEST, seed=2)
    good = place.log(learned, place.commit([*learned, *judges], images=False), c=1.0)
    mixed = [replace(each, label=swapped(each)) for each in learned]
    return good, place.log(mixed, place.commit([*mixed, *judges], images=False), c=4.0)


def swapped(each: Trained) -> str:
    return {"facture": "resume", "resume": "facture"}[each.label]


def sign_in(page: Page, url: str) -> None:
    page.goto(url)
    shoot(page, "admin-sign-in")
    page.fill("#name", "anna")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    expect(page.get_by_text("There are no training images yet")).to_be_visible()
    settle(page)
    shoot(page, "admin-images-empty")


def add_images(page: Page) -> None:
    add(page, "Invoice", ["one", "two"])
    page.get_by_text("Add images", exact=True).click()  # with images there, the form is folded up
    add(page, "CV", ["three"])
    page.get_by_role("radio", name="All · 3").click()
    expect(page.locator('[class*="st-key-image-"] img')).to_have_count(3)
    settle(page)
    shoot(page, "admin-images")


def add(page: Page, label: str, names: list[str]) -> None:
    form = page.locator('[data-testid="stExpander"]', has_text="Class of these images")
    choose(page, form.get_by_role("combobox"), label)
    page.locator("input[type=file]").set_input_files(
        [{"name": f"{name}.png", "mimeType": "image/png", "buffer": scan(name)} for name in names]
    )
    page.get_by_role("button", name="Add 1 image" if len(names) == 1 else f"Add {len(names)} images").click()
    expect(page.get_by_text(f"added to “{label}”")).to_be_visible()
    settle(page)


def move_delete_and_undo(page: Page) -> None:
    select(page)
    choose(page, page.locator(".st-key-picked").get_by_role("combobox"), "Identity document")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_text("1 image moved to “Identity document”.")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: 1 image is as it was.")).to_be_visible()
    select(page)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog").get_by_text("Delete 1 image?")).to_be_visible()
    settle(page)
    shoot(page, "admin-images-delete")
    page.get_by_role("button", name="Yes, delete").click()
    expect(page.get_by_text("1 image deleted.")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("radio", name="All · 3")).to_be_visible()


def select(page: Page) -> None:
    settle(page)
    page.locator('[class*="st-key-image-"]', has_text="CV").locator("label").click()
    expect(page.get_by_text("1 image selected.")).to_be_visible()
    settle(page)


def choose(page: Page, box: Locator, label: str) -> None:
    """Choose from a list by typing."""
    settle(page)
    box.fill(label)
    expect(page.get_by_role("option", name=label)).to_be_visible()
    box.press("Enter")
    settle(page)


def review(page: Page, url: str) -> None:
    page.goto(f"{url}review")
    expect(page.get_by_text("2 documents")).to_be_visible()
    settle(page)
    shoot(page, "admin-review")
    page.get_by_role("button", name="CV").click()
    expect(page.get_by_text("marked “CV”")).to_be_visible()
    settle(page)
    page.keyboard.press("u")
    expect(page.get_by_text("2 documents")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="CV").click()
    expect(page.get_by_text("marked “CV”")).to_be_visible()
    settle(page)
    page.keyboard.press("1")
    expect(page.get_by_text("Nothing to review")).to_be_visible()
    settle(page)
    shoot(page, "admin-review-empty")


def import_corrections(page: Page, url: str) -> None:
    page.goto(f"{url}corrections")
    expect(page.get_by_text("Images to add: 2")).to_be_visible()
    settle(page)
    shoot(page, "admin-corrections")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("Images added: 2")).to_be_visible()


def train(page: Page, url: str) -> None:
    page.goto(f"{url}training")
    settle(page)
    page.get_by_role("button", name="Start a training").click()
    expect(page.get_by_text("waiting for its turn")).to_be_visible()
    address = page.url
    assert address.endswith("job=1")
    page.goto("about:blank")  # the tab is closed
    page.goto(address)
    expect(page.get_by_text("waiting for its turn")).to_be_visible()
    shoot(page, "admin-job")
    page.get_by_role("button", name="Stop this job").click()
    expect(page.get_by_text("stopped", exact=True)).to_be_visible()
    page.get_by_role("link", name="All trainings").click()
    expect(page.get_by_text("Job 1: Training")).to_be_visible()
    settle(page)
    shoot(page, "admin-training")


def compare(page: Page, url: str, good: str, poor: str) -> None:
    page.goto(f"{url}experiments")
    settle(page)
    shoot(page, "admin-experiments")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("Which class is mistaken for which")).to_be_visible()
    assert f"a={good}" in page.url
    assert f"b={poor}" in page.url
    expect(page.get_by_text("is worse than")).to_be_visible()
    settle(page)
    shoot(page, "admin-compare")


def promote_and_go_back(page: Page, url: str, office: ServedOffice) -> None:
    page.goto(f"{url}models")
    settle(page)
    page.get_by_role("button", name="Put in service").click()
    expect(page.get_by_text("Model 3 is worse than Model 2")).to_be_visible()
    settle(page)
    shoot(page, "admin-promote")
    page.get_by_role("button", name="Put in service anyway").click()
    expect(page.get_by_text("A reason is required")).to_be_visible()
    why = page.get_by_role("textbox", name="Reason (required")
    why.fill("It is from Lyon.")
    why.press("Tab")
    settle(page)
    page.get_by_role("button", name="Put in service anyway").click()
    expect(page.get_by_text("Model 3 will be in service within ten seconds.")).to_be_visible()
    assert champion(office) == 3
    settle(page)
    page.get_by_role("button", name="Go back to this model").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    settle(page)
    shoot(page, "admin-rollback")
    page.get_by_role("button", name="Yes, go back").click()
    expect(page.get_by_text("Model 2 will be in service within ten seconds.")).to_be_visible()
    assert champion(office) == 2
    settle(page)
    shoot(page, "admin-models")


def champion(office: ServedOffice) -> int:
    found = office.admin_services.registry.champion.get()
    assert found
    return found.number


def see_all_in_french_on_a_phone(page: Page, url: str) -> None:
    for name in ("monitoring", "settings"):
        page.goto(f"{url}{name}")
        settle(page)
        shoot(page, f"admin-{name}")
    page.get_by_role("link", name="Français").click()
    expect(page.get_by_role("heading", name="Réglages")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 1100})
    for name in SCREENS:
        page.goto(f"{url}{name}")
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        shoot(page, f"admin-{name or 'images'}-phone")
