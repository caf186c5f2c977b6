"""How long requests wait for their answer is measured by what they ask for."""

from sake_ray.metrics.service import ROUTES
from sake_ray.serve.http_app import create_app
from sake_ray.serve.request_times import LONG_OPERATIONS, UPLOAD
from tests.metrics.scraped import read
from tests.pages import letter, png
from tests.served_office import ServedOffice

SCAN = png(letter().render(60))


def count(office: ServedOffice) -> dict[str, float]:
    counts = {route: read(office.instruments, "sake_request_seconds_count", route=route) for route in ROUTES}
    return {route: number for route, number in counts.items() if number}


def test_requests_are_measured_by_the_first_part_of_their_route(office: ServedOffice) -> None:
    sign = office.account("marie")
    for path in ("/documents", "/documents/no-such/words", "/batches", "/predict/D", "/labels", "/nothing/here"):
        office.http.get(path, headers=sign)
    assert count(office) == {"/documents": 2, "/batches": 1, "/predict": 1, "other": 2}


def test_uploads_and_what_takes_long_by_what_it_is_are_apart(office: ServedOffice) -> None:
    sign = office.account("marie")
    office.upload(sign, ("a.png", SCAN))
    office.http.get("/documents/export", headers=sign)
    office.http.get("/documents/no-such/original", headers=sign)
    assert count(office) == {"uploads": 1, "long": 2}


def test_what_a_limit_refuses_is_measured_too(office: ServedOffice) -> None:
    office.http.post("/predict", headers={"Content-Length": "900000000000"})
    assert count(office) == {"other": 1}


def test_operations_that_take_long_are_those_of_the_service() -> None:
    paths = create_app(None).openapi()["paths"].values()
    operations = {operation["operationId"] for path in paths for operation in path.values()}
    assert operations >= LONG_OPERATIONS | {UPLOAD}
