"""docs/openapi.json is the contract: the code says the same, and keeps it whatever it is sent."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans, sampled_from
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sake_ray.domain.accounts import Role
from sake_ray.serve.http_app import create_app
from tests.pages import letter, png
from tests.served_office import ServedOffice

CONTRACT = Path(__file__).parents[2] / "docs" / "openapi.json"
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
EXAMPLES = 30
VERBS = {
    *(
        "add",
        "answer",
        "change",
        "compare",
        "create",
        "decide",
        "erase",
        "explain",
        "export",
        "find",
        "get",
        "import",
        "list",
        "move",
        "promote",
    ),
    *(
        "put",
        "register",
        "remove",
        "resend",
        "restore",
        "retry",
        "revoke",
        "roll",
        "search",
        "set",
        "sign",
        "split",
        "start",
        "stop",
        "submit",
    ),
    *("undo", "update"),
}


def test_contract_is_what_the_code_says() -> None:
    assert json.loads(CONTRACT.read_text(encoding="utf-8")) == create_app(None).openapi(), "run `make contract`"


def test_every_operation_has_a_summary_and_says_its_problems() -> None:
    contract = json.loads(CONTRACT.read_text(encoding="utf-8"))
    for path, operations in contract["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            responses, place = operation["responses"], (method, path)
            assert any(status.startswith("2") for status in responses), place
            assert responses["default"]["content"].keys() == {"application/problem+json"}, place
            # Whoever needs a token may lack it; whoever names a thing or sends a body may name or send a wrong one.
            assert "401" in responses or "security" not in operation, place
            if "{" in path or "requestBody" in operation:
                assert responses.keys() & {"404", "422"}, place


def test_operations_are_named_as_methods_of_a_client_are() -> None:
    contract = json.loads(CONTRACT.read_text(encoding="utf-8"))
    names = [operation["operationId"] for path in contract["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))
    for name in names:
        verb, _, noun = name.partition("_")
        assert (verb in VERBS, noun != "", re.fullmatch(r"[a-z]+(_[a-z]+)+", name) is not None) == (True,) * 3, name
        # Generators for other languages write it in their own way, and none of them may clash there.
    assert len({name.replace("_", "") for name in names}) == len(names)


def test_service_keeps_the_contract_whatever_it_is_sent(office: ServedOffice) -> None:
    sign, leaver = office.account("marie", Role.ADMIN), office.account("leaver")
    signs = [
        *[sign] * 3, office.account("paul"), office.account("olga", Role.OPS), office.account("zoe", team="lyon"),
        {}, {"Authorization": "Bearer made-up"},
    ]  # fmt: skip
    uuid = office.upload(sign, ("a.png", png(letter().render(100))))
    office.work()
    image = office.admin_services.workspace.images.add("facture", png(letter().render(50)), ending=".png")
    number = office.records.jobs.add("train", {}, by="marie", now=datetime.now(UTC)).number
    known = {
        "id": office.only_document(sign, uuid), "name": "Durand", "reference": "Durand", "n": 1, "sha256": image.sha256,
        "number": number, "uuid": uuid,
    }  # fmt: skip
    seen: set[int] = set()
    for result in schemathesis.openapi.from_asgi("/openapi.json", office.http.app).get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), ask_for_known=booleans(), who=sampled_from(signs))
        def fuzz(case: schemathesis.Case, ask_for_known: bool, who: dict[str, str]) -> None:
            if ask_for_known:
                given = case.path_parameters or {}
                case.path_parameters = given | {name: known[name] for name in given if name in known}
            headers = leaver if "/sign-out" in case.operation.path else who
            response = case.call(headers=headers)
            seen.add(response.status_code)
            case.validate_response(response, checks=list(CHECKS), headers=headers)

        fuzz()
    assert {200, 202, 401, 403, 404, 422} <= seen
