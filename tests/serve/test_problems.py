"""What goes wrong travels over HTTP with its code and values, and becomes the same error at the client."""

from datetime import UTC, datetime

import httpx
import pytest

from sake_ray import errors
from sake_ray.client.connection import to_error
from sake_ray.domain.accounts import Role
from sake_ray.domain.jobs import JobState
from sake_ray.errors import Message
from sake_ray.schemas.problems import MEDIA_TYPE
from sake_ray.serve.problems import make_nothing_accepted, present_refusal, problem, problem_of
from tests.served_office import ServedOffice

PAGES = errors.TooManyPages("too-many-pages", pages=60, limit=50)


def received(response: object) -> httpx.Response:
    """The answer as a client receives it."""
    body, status = response.body, response.status_code  # type: ignore[attr-defined]
    return httpx.Response(status, content=body, headers={"Content-Type": MEDIA_TYPE})


def test_problem_is_that_of_rfc_9457_with_a_code() -> None:
    told = received(problem_of(PAGES, "/predict")).json()
    assert told == {
        "type": "/docs/errors#too-many-pages",
        "title": "Too many pages",
        "status": 422,
        "detail": "The file has 60 pages; the limit is 50. Split it.",
        "instance": "/predict",
        "code": "too-many-pages",
        "params": {"pages": 60, "limit": 50},
        "request_id": "",
    }


@pytest.mark.parametrize(
    "error",
    [
        PAGES,
        errors.Unauthenticated("token-expired"),
        errors.PromotionRefused("promotion-needs-force", objection=Message("same-model")),
        errors.WorkspaceLocked("workspace-locked", holder="marie", since="10:00"),
    ],
)
def test_error_is_the_same_at_the_client(error: errors.SakeError) -> None:
    again = to_error(received(problem_of(error, "/")))
    assert (type(again), str(again), again.code, again.params) == (type(error), str(error), error.code, error.params)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.StorageUnavailable("folder-unusable", folder="/secret", error="no space"), "storage-failed"),
        (errors.ObjectMissing("object-missing", key="k", folder="/secret"), "stored-file-gone"),
        (errors.WorkspaceError("git-failed", command="push", error="/secret"), "internal-error"),
    ],
)
def test_what_is_for_ops_stays_in_the_log(error: errors.SakeError, code: str) -> None:
    answer = problem_of(error, "/")
    told = received(answer).json()
    assert (answer.status_code, told["code"], told["params"]) == (error.status_code, code, {})
    assert b"secret" not in answer.body


def test_only_file_that_was_refused_says_why_at_the_client() -> None:
    refused = [present_refusal("a.pdf", PAGES)]
    again = to_error(received(problem_of(make_nothing_accepted(refused), "/predict", refused=refused)))
    assert (type(again), str(again), again.code) == (errors.TooManyPages, str(PAGES), "too-many-pages")


def test_of_several_files_that_were_refused_the_number_is_said() -> None:
    refused = [present_refusal("a.pdf", PAGES), present_refusal("b.pdf", PAGES)]
    again = to_error(received(problem_of(make_nothing_accepted(refused), "/predict", refused=refused)))
    assert (type(again), again.code, again.params) == (errors.NothingAccepted, "all-files-refused", {"files": 2})


def test_problem_of_an_older_or_newer_service_is_what_its_status_says() -> None:
    older = httpx.Response(404, json={"title": "Not found", "detail": "There is no job 3."})
    newer = httpx.Response(404, json={"code": "job-moved", "params": {"job": 3}, "detail": "Job 3 has moved."})
    for response, code in ((older, ""), (newer, "job-moved")):
        error = to_error(response)
        assert (type(error), error.code) == (errors.NotFound, code)
        assert str(error) == response.json()["detail"]
    strange = to_error(httpx.Response(502, text="<html>"))
    assert (type(strange), str(strange)) == (errors.Overloaded, "The server answered 502.")


def test_title_is_the_code_where_no_error_of_ours_is_behind_it() -> None:
    told = received(problem(405, Message("method-not-allowed"), path="/")).json()
    assert (told["title"], told["type"]) == ("Method not allowed", "/docs/errors#method-not-allowed")


def test_types_of_problems_lead_to_their_explanation(office: ServedOffice) -> None:
    told = office.http.get("/nowhere").json()
    address, _, place = told["type"].partition("#")
    page = office.http.get(address)
    assert page.status_code == 200
    assert f'id="{place}"' in page.text


def test_malformed_request_names_the_first_fault(office: ServedOffice) -> None:
    told = office.http.post("/auth/token", data={"username": "marie"}).json()
    assert (told["code"], told["params"]["where"]) == ("malformed-request", "body.password")


def test_failed_document_carries_the_code_of_its_error(office: ServedOffice) -> None:
    sign = office.account("marie")
    uuid = office.upload(sign, ("a.pdf", b"%PDF-1.4 cut short"))
    office.work()
    (document,) = office.client(sign).batches.find(uuid)[0].documents
    assert (document.error_code, document.error_params) == ("pdf-damaged", {})
    assert document.error == str(Message("pdf-damaged"))


def test_failed_job_carries_the_code_of_its_error(office: ServedOffice) -> None:
    jobs, now = office.records.jobs, datetime.now(UTC)
    job = jobs.start(jobs.add("train", {}, by="anne", now=now).number, attempt=None, now=now)
    error = errors.TrainingFailed("stage-failed", stage="fit", error=errors.InputError("too-few-labels"))
    jobs.finish(job.number, job.attempt, JobState.FAILED, why=error.message, now=now)
    told = office.client(office.account("anne", Role.ADMIN)).jobs.get(job.number)
    assert (told.why, told.why_code) == (str(error), "stage-failed")
    assert told.why_params["error"]["code"] == "too-few-labels"
