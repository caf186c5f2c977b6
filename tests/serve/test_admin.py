"""The admin over HTTP: images, jobs, trainings, models; nobody else."""

import threading
from io import BytesIO

import pytest
from PIL import Image

from sake_ray.domain.accounts import Role
from sake_ray.domain.jobs import JobState
from tests.pages import letter, png
from tests.served_office import ServedOffice

PAGE = png(letter().render(60))


def add(
    office: ServedOffice, sign: dict[str, str], label: str, *files: tuple[str, bytes], status: int = 201
) -> dict[str, list]:
    answer = office.http.post("/admin/images", headers=sign, data={"label": label}, files=[("files", f) for f in files])
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.fixture
def admin(office: ServedOffice) -> dict[str, str]:
    """The header of an admin."""
    return office.account("ada", Role.ADMIN)


def test_nobody_but_an_admin_reaches_the_admin_routes(office: ServedOffice) -> None:
    for role in (Role.USER, Role.OPS):
        sign = office.account(f"a {role}", role)
        for path, operations in office.http.app.openapi()["paths"].items():
            for method in operations if path.startswith("/admin/") else ():
                at = path.format(sha256="0" * 64, number=1, id="x", **{"name": "x", "document": "x"})
                answer = office.http.request(method, at, headers=sign, json={})
                allowed = role is Role.OPS and path in {"/admin/monitoring", "/admin/measurements"}
                assert answer.status_code == (200 if allowed else 403), (role, method, path)


def test_images_are_added_shown_moved_removed_and_put_back(office: ServedOffice, admin: dict[str, str]) -> None:
    added = add(office, admin, "facture", ("a.png", PAGE), ("b.txt", b"no image"))
    assert [refused["name"] for refused in added["refused"]] == ["b.txt"]
    (sha,) = [image["sha256"] for image in added["images"]]
    assert add(office, admin, "facture", ("again.png", PAGE))["images"][0]["sha256"] == sha
    assert "under the label 'facture'" in str(add(office, admin, "lettre", ("a.png", PAGE), status=422))

    for thread in [thread for thread in threading.enumerate() if thread.name == "previews"]:
        thread.join()
    assert office.store.get(f"previews/{sha[:2]}/{sha}.jpg")  # made before anybody asks for it
    at = f"/admin/images/{sha}"
    picture = office.http.get(f"{at}/thumbnail", headers=admin)
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert max(Image.open(BytesIO(picture.content)).size) == 320

    assert office.http.post(f"{at}/move", headers=admin, json={"label": "lettre"}).json()["label"] == "lettre"
    assert office.http.delete(at, headers=admin).status_code == 204
    listed = office.http.get("/admin/images", headers=admin).json()
    assert (listed["labels"], listed["total"], [image["label"] for image in listed["removed"]]) == ({}, 0, ["lettre"])
    assert office.http.post(f"{at}/put-back", headers=admin).json()["label"] == "lettre"
    assert office.http.get("/admin/images?label=lettre", headers=admin).json()["total"] == 1
    assert office.http.post(f"/admin/images/{'0' * 64}/put-back", headers=admin).status_code == 404


def test_image_that_cannot_be_decoded_has_no_thumbnail_but_a_sentence(
    office: ServedOffice, admin: dict[str, str]
) -> None:
    (image,) = add(office, admin, "facture", ("a.png", PAGE[: len(PAGE) // 2]))["images"]
    answer = office.http.get(f"/admin/images/{image['sha256']}/thumbnail", headers=admin)
    assert answer.status_code == 422
    assert answer.json()["title"]


def test_images_wait_while_a_training_holds_them(
    office: ServedOffice, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sake_ray.serve.routes.images.HOLD_SECONDS", 0.1)
    with office.admin_services.workspace.hold("job 7 (train, by ada)", seconds=1):
        answer = office.http.post(
            "/admin/images", headers=admin, data={"label": "x"}, files=[("files", ("a.png", PAGE))]
        )
        assert office.http.get("/admin/images", headers=admin).json()["held_by"] == "job 7 (train, by ada)"
    assert (answer.status_code, "job 7 (train, by ada)" in answer.json()["detail"]) == (409, True)


def test_job_is_queued_listed_followed_and_stopped(office: ServedOffice, admin: dict[str, str]) -> None:
    answer = office.http.post("/admin/jobs", headers=admin, json={"kind": "train", "options": {}})
    job = answer.json()
    assert (answer.status_code, answer.headers["Location"], job["state"], job["by"]) == (
        202, f"/admin/jobs/{job['number']}", "queued", "ada",
    )  # fmt: skip
    at = f"/admin/jobs/{job['number']}"
    office.admin_services.job_logs.mkdir()
    log = office.admin_services.job_logs / f"{job['number']}.log"
    log.write_bytes("déjà".encode()[:2])
    first = office.http.get(f"{at}/log", headers=admin).json()
    assert (first["text"], first["offset"], first["ended"]) == ("d", 1, False)
    log.write_bytes("déjà".encode())
    second = office.http.get(f"{at}/log?offset=1&wait=5", headers=admin).json()
    assert (second["text"], second["offset"]) == ("éjà", 6)
    assert office.http.post(f"{at}/stop", headers=admin).json()["state"] == "stopped"
    assert office.http.get(f"{at}/log?offset=6&wait=20", headers=admin).json()["ended"] is True
    assert office.http.get("/admin/jobs?state=stopped", headers=admin).json()["total"] == 1
    assert office.http.get("/admin/jobs/99", headers=admin).status_code == 404
    assert office.records.jobs.get(job["number"]).state is JobState.STOPPED


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"kind": "cook"}, "no kind of job 'cook'"),
        ({"kind": "train", "options": {"tune": -1}}, "'tune'"),
        ({"kind": "train", "options": {"oven": 1}}, "'oven'"),
    ],
)
def test_job_that_makes_no_sense_is_refused(
    office: ServedOffice, admin: dict[str, str], wanted: dict[str, object], words: str
) -> None:
    answer = office.http.post("/admin/jobs", headers=admin, json=wanted)
    assert (answer.status_code, words in answer.json()["detail"]) == (422, True), answer.text


def test_training_becomes_a_version_serves_and_is_rolled_back(office: ServedOffice, admin: dict[str, str]) -> None:
    (run,) = office.http.get("/admin/runs", headers=admin).json()["items"]
    assert office.http.get(f"/admin/runs/{run['id']}", headers=admin).json() == run
    assert office.http.get("/admin/runs/unknown", headers=admin).status_code == 404
    model = office.http.post(f"/admin/runs/{run['id']}/register", headers=admin).json()
    assert (model["number"], model["role"]) == (2, "")
    said = {"why": "knows more"}
    assert office.http.post("/admin/models/2/promote", headers=admin, json=said).json()["role"] == "champion"
    roles = {each["number"]: each["role"] for each in office.http.get("/admin/models", headers=admin).json()["items"]}
    assert roles == {2: "champion", 1: "previous"}
    assert office.http.post("/admin/models/rollback", headers=admin, json={}).json()["number"] == 1
    log = office.http.get("/admin/models/log", headers=admin).json()["items"]
    assert [(each["version"], each["by"], each["outcome"]) for each in log] == [(1, "ada", "done"), (2, "ada", "done")]
    assert office.http.post("/admin/models/9/promote", headers=admin, json={}).status_code == 422
