"""The routes beside the pages answer whatever is sent, and never with a failure of ours."""

# ruff: noqa: E501 - lists of odd values read best in long lines

import pytest
from starlette.testclient import TestClient

from tests.frontends.test_auth_routes import browser  # noqa: F401

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BODIES = {
    "nothing": b"", "NUL": b"name=%00&password=%00", "no UTF-8": b"name=%ff&password=%fe", "half a surrogate": b"name=%ed%a0%80&password=x",
    "long": b"name=" + b"a" * 500_000 + b"&password=x", "long password": b"name=marie&password=" + b"a" * 5000, "10,000 fields": b"name=a&" * 10_000,
    "separators": b"&=;%", "markup": b"name=%3Cscript%3E&password=x", "line breaks": b"name=a%0d%0aX:%20y&password=x", "raw bytes": b"\xff\x00\x80",
    "bidi": "name=\u202emarie&password=x".encode(),
}  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-32", "multipart/form-data; boundary=b", "multipart/form-data",
    "multipart/form-data; boundary=" + "x" * 10_000, "application/json", "text/\xff", "",
)  # fmt: skip
HEADERS = {
    "Cookie": (
        "sake_user=\xff",
        "sake_user=" + "x" * 50_000,
        "; ".join(["a=b"] * 5000),
        "sake_user=a\x00b",
        'sake_user="a\\012X: y"',
        "=;=;",
        "sake_language=\xff",
    ),
    "Accept-Language": ("\xff", "fr;q=x, " * 5000, "*", ";;;", "fr;q=" + "9" * 5000),
    "Origin": ("null", "\xff", "http://[::1", "javascript:alert(1)", "http://screens:99999", "//"),
    "Host": ("\xff", "[::1", "a b", "screens:x", "screens:" + "9" * 5000, ""),
    "X-Forwarded-For": ("\xff", "1.2.3.4, " * 5000, "::ffff:1.2.3.4%eth0", "999.1.1.1"),
    "X-Forwarded-Proto": ("\xff", "https, http"),
    "Sec-Fetch-Site": ("\xff", "nonsense"),
}
GOALS = (
    "%00",
    "%ff",
    "%ed%a0%80",
    "//other.example",
    "http://[::1",
    "\\\\other.example",
    "%0d%0aX:%20y",
    "a" * 20_000,
    "..%2f..%2f",
    "javascript:alert(1)",
    "?%3F=%3D",
)


@pytest.mark.parametrize("name", BODIES)
def test_hostile_forms_are_answered(browser: TestClient, name: str) -> None:  # noqa: F811
    for path in ("/sign-in", "/password"):
        assert browser.post(path, content=BODIES[name], headers=FORM).status_code < 500


@pytest.mark.parametrize("kind", TYPES)
def test_forms_of_hostile_types_are_answered(browser: TestClient, kind: str) -> None:  # noqa: F811
    named = [(b"content-type", kind.encode("latin-1"))]
    assert browser.post("/sign-in", content=BODIES["bidi"], headers=named).status_code < 500


@pytest.mark.parametrize(("header", "value"), [(name, value) for name, values in HEADERS.items() for value in values])
def test_hostile_headers_are_answered(browser: TestClient, header: str, value: str) -> None:  # noqa: F811
    named = [(header.lower().encode(), value.encode("latin-1"))]
    for method, path in (
        ("GET", "/"),
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/sign-out"),
        ("GET", "/language?to=fr"),
        ("POST", "/password"),
    ):
        content = b"name=marie&password=x" if method == "POST" else None
        kind = [(b"content-type", b"application/x-www-form-urlencoded")] if content else []
        assert browser.request(method, path, content=content, headers=named + kind).status_code < 500, (method, path)


@pytest.mark.parametrize("goal", GOALS)
def test_hostile_goals_lead_nowhere_else(browser: TestClient, goal: str) -> None:  # noqa: F811
    for path in (
        f"/sign-in?next={goal}",
        f"/language?to=fr&next={goal}",
        f"/{goal}",
        f"/sign-in?why={goal}",
        f"/results?batch={goal}",
    ):
        answer = browser.get(path)
        assert answer.status_code < 500, path
        place = answer.headers.get("location", "")
        assert ":" not in place.partition("?")[0]
        assert not place.startswith(("//", "\\"))
        assert "\n" not in place
