"""docs/openapi.json is the contract: the code says the same, and keeps it whatever it is sent."""

import json
import re
from pathlib import Path

import schemathesis

from sake_ray.serve.http_app import create_app
from tests.contract import fuzz_contract
from tests.served_office import ServedOffice

CONTRACT = Path(__file__).parents[2] / "docs" / "openapi.json"
EXAMPLES = 30
VERBS = {
    *(
        "add",
        "answer",
        "begin",
        "change",
        "compare",
        "confirm",
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
    schema = schemathesis.openapi.from_asgi("/openapi.json", office.http.app)
    seen = fuzz_contract(office, schema, lambda case, headers: case.call(headers=headers), examples=EXAMPLES)
    assert seen.keys() >= {200, 202, 401, 403, 404, 422}
