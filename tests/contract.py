"""Whether a service keeps docs/openapi.json whatever it is sent, in every role."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans, sampled_from
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sake_ray.domain.accounts import Role
from tests.pages import letter, png
from tests.served_office import ServedOffice

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
Call = Callable[[schemathesis.Case, dict[str, str]], schemathesis.Response]
"""Sends a case with these headers."""


def fuzz_contract(office: ServedOffice, schema: BaseSchema, call: Call, *, examples: int) -> Counter[int]:
    """Send every operation so many generated requests, by somebody of every role; count the answers by status."""
    sign, leaver = office.account("marie", Role.ADMIN), office.account("leaver")
    signs = [
        *[sign] * 3, office.account("paul"), office.account("olga", Role.OPS), office.account("zoe", team="lyon"),
        {}, {"Authorization": "Bearer made-up"},
    ]  # fmt: skip
    known = _fill(office, sign)
    seen: Counter[int] = Counter()
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=examples,
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
            response = call(case, headers)
            seen[response.status_code] += 1
            case.validate_response(response, checks=list(CHECKS), headers=headers)

        fuzz()
    return seen


def _fill(office: ServedOffice, sign: dict[str, str]) -> dict[str, object]:
    """Put something into the installation; say by what path parameters it is found."""
    uuid = office.upload(sign, ("a.png", png(letter().render(100))))
    office.work()
    image = office.admin_services.workspace.images.add("facture", png(letter().render(50)), ending=".png")
    number = office.records.jobs.add("train", {}, by="marie", now=datetime.now(UTC)).number
    return {
        "id": office.only_document(sign, uuid), "name": "Durand", "reference": "Durand", "n": 1, "sha256": image.sha256,
        "number": number, "uuid": uuid,
    }  # fmt: skip
