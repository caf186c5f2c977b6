"""A program acts with an API key for its team, as far as the key's scopes go, until it expires or is revoked."""

from datetime import UTC, datetime, timedelta

import pytest

from sake_ray.client import Client
from sake_ray.domain.accounts import Account, Role
from sake_ray.domain.api_keys import ApiKey, Scope
from sake_ray.errors import InputError, NotFound, PermissionDenied, Unauthenticated
from sake_ray.serve.accounts import check_name
from sake_ray.serve.http_app import create_app
from sake_ray.serve.scopes import SCOPES
from tests.pages import letter, png
from tests.served_office import ServedOffice

ALL = list(Scope)


@pytest.fixture
def admin(office: ServedOffice) -> Client:
    """The admin's client."""
    return office.client(office.account("anna", Role.ADMIN))


def use(office: ServedOffice, secret: str) -> Client:
    return office.client({"Authorization": f"Bearer {secret}"})


def test_a_program_uploads_follows_and_corrects_with_a_key_for_its_team(office: ServedOffice, admin: Client) -> None:
    made = admin.api_keys.add("payroll", scopes=ALL, team="lyon")
    program = use(office, made.key)
    assert (program.accounts.me().name, program.accounts.me().role, program.accounts.me().team) == (
        "key:payroll",
        Role.USER,
        "lyon",
    )
    uuid = office.upload({"Authorization": f"Bearer {made.key}"}, ("a.png", png(letter().render(60))))
    office.work()
    (document,) = program.batches.list_documents(uuid).items
    program.documents.answer(document.id, "facture")
    found = office.records.documents.get(document.id, team=None)
    assert (found.answer, found.team) == ("facture", "lyon")
    with pytest.raises(NotFound):
        office.client(office.account("marie", team="paris")).documents.get(document.id)


def test_a_key_is_refused_beyond_its_scopes(office: ServedOffice, admin: Client) -> None:
    program = use(office, admin.api_keys.add("scanner", scopes=[Scope.DOCUMENTS_WRITE]).key)
    with pytest.raises(PermissionDenied, match="documents:read") as refused:
        program.documents.list()
    assert refused.value.code == "api-key-lacks-scope"
    assert program.accounts.me().name == "key:scanner"


def test_no_key_opens_what_is_for_people(office: ServedOffice, admin: Client) -> None:
    program = use(office, admin.api_keys.add("scanner", scopes=ALL).key)
    for call in (program.accounts.list, program.api_keys.list, program.accounts.sign_out, program.models.list):
        with pytest.raises(PermissionDenied) as refused:
            call()
        assert refused.value.code == "api-key-not-for-this"


def test_a_revoked_an_expired_and_an_unknown_key_are_refused_with_a_sentence(
    office: ServedOffice, admin: Client
) -> None:
    revoked = use(office, admin.api_keys.add("old", scopes=ALL).key)
    assert revoked.accounts.me()
    assert admin.api_keys.revoke("old").revoked_at
    with pytest.raises(Unauthenticated, match="has been revoked"):
        revoked.accounts.me()
    past = datetime.now(UTC) - timedelta(days=1)
    office.records.api_keys.add(ApiKey("past", "paris", (Scope.DOCUMENTS_READ,), "anna", past, past), "sake_past")
    with pytest.raises(Unauthenticated, match="expired on"):
        use(office, "sake_past").accounts.me()
    with pytest.raises(Unauthenticated, match="no such API key"):
        use(office, "sake_nobody").accounts.me()


def test_a_key_is_shown_once_and_its_last_use_is_seen(office: ServedOffice, admin: Client) -> None:
    made = admin.api_keys.add("payroll", scopes=ALL)
    assert len(made.key) >= len("sake_") + 43
    assert (made.expires_at - made.created_at).days == 365
    listed = admin.api_keys.list()
    assert [(key.name, key.seen_at) for key in listed.items] == [("payroll", None)]
    assert made.key not in listed.model_dump_json()
    use(office, made.key).accounts.me()
    assert admin.api_keys.list().items[0].seen_at


def test_a_request_for_a_key_that_is_sent_twice_makes_one_key(office: ServedOffice, admin: Client) -> None:
    first, second = (admin.api_keys.add("payroll", scopes=ALL, key="once") for _ in range(2))
    assert first == second
    assert admin.api_keys.list().total == 1


def test_an_impossible_key_is_refused(office: ServedOffice, admin: Client) -> None:
    for wrong in ({"name": ""}, {"name": "é"}, {"name": ".."}, {"scopes": []}, {"days": 0}, {"team": " "}):
        with pytest.raises(InputError):
            admin.api_keys.add(**{"name": "payroll", "scopes": ALL} | wrong)
    with pytest.raises(NotFound):
        admin.api_keys.revoke("nobody")


def test_no_person_is_named_like_a_program(office: ServedOffice) -> None:
    program = Account("key:payroll", Role.USER, "paris")
    assert ApiKey("payroll", "paris", (), "", datetime.now(UTC), datetime.now(UTC)).account == program
    with pytest.raises(InputError, match="those of programs"):
        check_name(program.name)


def test_every_route_that_needs_a_token_says_which_scopes_open_it() -> None:
    contract = create_app(None).openapi()
    guarded = {
        operation["operationId"]: operation["x-api-key-scopes"]
        for path in contract["paths"].values()
        for operation in path.values()
        if "security" in operation
    }
    assert guarded.keys() == SCOPES.keys(), "give the route its line in serve/scopes.py"
    assert guarded == {name: list(scopes) for name, scopes in SCOPES.items()}
