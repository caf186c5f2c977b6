"""What the classifier sees of a text is the same on every Python."""

from sake_ray.classifier.text_features import measure_page_cues
from sake_ray.domain.texts import Page, WordSource


def test_cues_of_pages_do_not_hang_on_how_this_python_adds() -> None:
    """Python 3.12 adds floats more exactly than 3.11: the mean of ten times 0.1 is 0.1 on both."""
    pages = [Page(number, 1241, 1754, (), WordSource.OCR, colour=0.1) for number in range(1, 11)]
    assert 0.1 in measure_page_cues(pages)
