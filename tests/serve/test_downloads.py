"""Pages and originals: in ranges, and kept by whoever may see them."""

import pytest

from sake_ray.data.text_cache import image_key, thumbnail_key
from tests.small_service import SmallService

PAGE = b"\xff\xd8" + bytes(range(256)) * 8000 + b"\xff\xd9"
"""More than is read at a time."""


@pytest.fixture
def document(small: SmallService) -> str:
    """The address of a document of paris, whose page can be shown."""
    identity = small.office.add_classified("hello")
    found = small.records.documents.get(identity, team=None)
    assert found.reading
    small.store.put(image_key(found.sha256, found.reading.recipe, 1), PAGE)
    small.store.put(thumbnail_key(found.sha256, found.reading.recipe, 1), PAGE[:100] + PAGE[-2:])
    return f"/documents/{identity}"


@pytest.mark.parametrize("part", ["pages/1", "pages/1/thumbnail", "original"])
def test_what_the_caller_has_already_is_not_sent_again(small: SmallService, document: str, part: str) -> None:
    marie = small.sign("marie")
    first = small.http.get(f"{document}/{part}", headers=marie)
    assert (first.status_code, first.headers["cache-control"]) == (200, "private, no-cache")
    again = small.http.get(f"{document}/{part}", headers=marie | {"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert small.http.get(f"{document}/{part}", headers=marie | {"If-None-Match": '"other"'}).status_code == 200


def test_another_team_learns_nothing_from_a_tag(small: SmallService, document: str) -> None:
    marie, olga = small.sign("marie"), small.sign("olga", team="lyon")
    tag = {"If-None-Match": small.http.get(f"{document}/pages/1", headers=marie).headers["etag"]}
    for part in ("pages/1", "pages/1/thumbnail", "original"):
        assert small.http.get(f"{document}/{part}", headers=olga | tag).status_code == 404
        assert small.http.get(f"{document}/{part}", headers=olga | {"If-None-Match": "*"}).status_code == 404
        assert small.http.get(f"{document}/{part}", headers=tag).status_code == 401


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        ("bytes=0-9", PAGE[:10]), ("bytes=5-", PAGE[5:]), ("bytes=-7", PAGE[-7:]), ("bytes=100-99999999", PAGE[100:]),
        ("bytes=999999-1000001", PAGE[999999:1000002]),
    ],
)  # fmt: skip
def test_a_range_is_sent_as_a_range(small: SmallService, document: str, wanted: str, sent: bytes) -> None:
    answer = small.http.get(f"{document}/pages/1", headers=small.sign("marie") | {"Range": wanted})
    assert (answer.status_code, answer.content == sent) == (206, True)
    start = PAGE.index(sent) if len(sent) > 10 else int(answer.headers["content-range"].split()[1].split("-")[0])
    assert answer.headers["content-range"] == f"bytes {start}-{start + len(sent) - 1}/{len(PAGE)}"


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "bytes=9-3", "lines=1-2", "bytes=-", ""])
def test_what_is_no_single_range_is_answered_with_the_whole(small: SmallService, document: str, wanted: str) -> None:
    answer = small.http.get(f"{document}/pages/1", headers=small.sign("marie") | {"Range": wanted})
    assert (answer.status_code, answer.content == PAGE) == (200, True)


def test_a_range_of_another_content_is_answered_with_the_whole(small: SmallService, document: str) -> None:
    headers = small.sign("marie") | {"Range": "bytes=0-9", "If-Range": '"other"'}
    assert small.http.get(f"{document}/pages/1", headers=headers).content == PAGE


def test_a_range_behind_the_end_is_a_problem_that_tells_the_length(small: SmallService, document: str) -> None:
    answer = small.http.get(f"{document}/pages/1", headers=small.sign("marie") | {"Range": "bytes=99999999-"})
    assert (answer.status_code, answer.json()["code"]) == (416, "range-not-there")
    assert answer.headers["content-range"] == f"bytes */{len(PAGE)}"


def test_damaged_original_is_not_sent_in_part_either(small: SmallService, document: str) -> None:
    marie, found = small.sign("marie"), small.records.documents.get(document.rpartition("/")[2], team=None)
    small.store.put(found.original, small.store.get(found.original)[:-1] + b"x")
    for wanted in ({}, {"Range": "bytes=0-1"}):
        answer = small.http.get(f"{document}/original", headers=marie | wanted)
        assert (answer.status_code, answer.json()["code"]) == (404, "original-differs")
