"""Every defect spoils a page the same way for the same seed, and loses none of it."""

import numpy as np
import pytest

from sake_ray.domain.datatypes import Pixels
from sake_ray.synthetic.defects import DEFECTS, copy_card_on_page, photograph_card
from sake_ray.synthetic.sheet import Sheet

KEEPS_THE_IMAGE = {"none"}


@pytest.fixture(scope="module")
def page() -> Pixels:
    """A page of A5 with a frame of ink 8 mm from its edges."""
    sheet = Sheet(148, 210)
    for line in range(20):
        sheet.text(
            15, 15 + 9 * line, "Le texte d'une page ordinaire, assez long pour être lu", font="DejaVuSans", size=10
        )
    sheet.block(8, 8, 132, 194, outline=(0, 0, 0))
    return np.asarray(sheet.render(120), dtype=np.uint8)


@pytest.fixture(scope="module")
def card() -> Pixels:
    sheet = Sheet(85.6, 54, paper=(210, 225, 240))
    sheet.text(8, 8, "CARTE D'IDENTITÉ", font="DejaVuSans-Bold", size=9)
    return np.asarray(sheet.render(300), dtype=np.uint8)


@pytest.mark.parametrize("name", DEFECTS)
def test_defect_repeats_with_its_seed_and_leaves_its_input_alone(name: str, page: Pixels) -> None:
    before = page.copy()

    first, again = (DEFECTS[name](page, np.random.default_rng(5)) for _ in range(2))

    assert first.dtype == np.uint8
    assert first.ndim == 3
    assert first.shape[2] == 3
    assert np.array_equal(first, again)
    assert np.array_equal(page, before)
    assert name in KEEPS_THE_IMAGE or not np.array_equal(first, page)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", DEFECTS)
def test_defect_leaves_ink_on_paper(name: str, seed: int, page: Pixels) -> None:
    spoilt = DEFECTS[name](page, np.random.default_rng(seed)).astype(np.float32).mean(axis=2)

    assert np.percentile(spoilt, 99) - np.percentile(spoilt, 1) > 50


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", ["small_rotation", "any_angle", "skew"])
def test_turned_page_keeps_its_four_corners(name: str, seed: int) -> None:
    marked = np.full((500, 400, 3), 255, np.uint8)
    for y in (0, 480):
        for x in (0, 380):
            marked[y : y + 20, x : x + 20] = (255, 0, 0)

    turned = DEFECTS[name](marked, np.random.default_rng(seed)).astype(np.int16)

    red = int(((turned[..., 0] > 200) & (turned[..., 1] < 100)).sum())
    assert red > 4 * 20 * 20 * 0.85


@pytest.mark.parametrize("seed", range(12))
def test_crop_never_cuts_ink(seed: int, page: Pixels) -> None:
    cropped = DEFECTS["crop"](page, np.random.default_rng(seed))

    assert (cropped < 128).sum() == (page < 128).sum()


def test_crop_leaves_a_blank_page_whole() -> None:
    blank = np.full((80, 60, 3), 255, np.uint8)

    assert DEFECTS["crop"](blank, np.random.default_rng(1)).shape == blank.shape


def test_fax_is_black_and_white_only(page: Pixels) -> None:
    assert np.unique(DEFECTS["fax"](page, np.random.default_rng(3))).tolist() == [0, 255]


@pytest.mark.parametrize("seed", range(15))
@pytest.mark.parametrize("sides", [1, 2])
def test_photo_of_a_card_is_as_wide_as_people_send_them(sides: int, seed: int, card: Pixels) -> None:
    photo = photograph_card([card] * sides, np.random.default_rng(seed))

    assert 280 <= photo.shape[1] <= 1201


@pytest.mark.parametrize("seed", range(10))
def test_copied_card_lies_wholly_on_a_page_of_a4(seed: int, card: Pixels) -> None:
    blue = np.full_like(card, (30, 60, 220))

    page = copy_card_on_page([blue, blue], np.random.default_rng(seed), width_mm=85.6, dpi=100)

    assert page.shape[:2] == (1169, 827)
    dark = (page.astype(np.int16).min(axis=2) < 140).sum()
    assert dark > 2 * 0.95 * (85.6 * 54) * (100 / 25.4) ** 2


def test_side_larger_than_the_page_is_made_to_fit() -> None:
    wide = np.full((700, 1000, 3), 90, np.uint8)

    page = copy_card_on_page([wide, wide], np.random.default_rng(2), width_mm=400, dpi=80)

    assert page.shape[:2] == (935, 661)
