"""What is blank on a page: streaks, specks and show-through, but no letter however pale."""

import cv2
import numpy as np
import pytest

from sake_ray.data.ocr.blank import is_blank
from sake_ray.domain.datatypes import Pixels
from tests.pages import letter

HEIGHT, WIDTH = 2339, 1654


def empty_back(seed: int = 5) -> Pixels:
    """The back of a sheet out of a duplex scanner: its grain, uneven light, streaks along it, the front shining through."""
    rng = np.random.default_rng(seed)
    page = np.full((HEIGHT, WIDTH), 244.0) + rng.normal(0, 2.5, (HEIGHT, WIDTH))
    page -= 8 * np.sin(np.arange(HEIGHT) / 300)[:, None] ** 2
    for place in rng.integers(0, WIDTH - 40, 18):
        page[:, place : place + 30] -= np.linspace(26, 0, 30)
    front = np.asarray(letter().render(200).convert("L"), float)[:HEIGHT, :WIDTH]
    page[: front.shape[0], : front.shape[1]] -= 0.08 * (255 - cv2.GaussianBlur(front[:, ::-1], (0, 0), 2))
    return np.clip(page, 0, 255).astype(np.uint8)


def test_streaks_and_what_shines_through_are_nothing_to_read() -> None:
    assert is_blank(empty_back())


def test_marks_at_the_edges_are_nothing_to_read() -> None:
    page = empty_back()
    for left in (20, WIDTH - 90):
        cv2.putText(page, "0.5", (left, 60), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 30, 2)
    assert is_blank(page)


@pytest.mark.parametrize("text", ["FIN", "2/3"])
def test_a_short_word_on_such_a_page_is_something_to_read(text: str) -> None:
    page = empty_back()
    cv2.putText(page, text, (700, 1200), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 60, 2)
    assert not is_blank(page)


def test_pale_print_is_something_to_read() -> None:
    sheet = np.asarray(letter().render(200).convert("L"), float)
    assert not is_blank((255 - (255 - sheet) * 0.25).astype(np.uint8))


def test_light_letters_on_a_dark_page_are_something_to_read() -> None:
    assert not is_blank(255 - np.asarray(letter().render(100).convert("L")))
