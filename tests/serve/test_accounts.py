"""Accounts over HTTP: everybody's own, and for the admin all of them."""

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.errors import InputError, NotAllowed, NotFound, NotSignedIn, TooManyAttempts
from tests.serve.conftest import PASSWORD, Office

NEW = "another horse battery"


def test_a_user_changes_the_password_and_works_on_while_other_tokens_end(office: Office) -> None:
    sign = office.account("marie")
    client = office.client(sign)
    assert (client.account().name, client.account().role, client.account().team) == ("marie", Role.USER, "paris")
    with pytest.raises(NotAllowed, match="old password is wrong"):
        client.change_password("not the old one", NEW)
    assert client.account().name == "marie"
    client.change_password(PASSWORD, NEW)
    assert client.account().name == "marie"
    with pytest.raises(NotSignedIn):
        office.client(sign).account()
    with pytest.raises(NotSignedIn):
        client.sign_in("marie", PASSWORD)
    assert client.sign_in("marie", NEW).role is Role.USER


def test_a_new_password_must_be_new_and_neither_short_nor_endless(office: Office) -> None:
    client = office.client(office.account("marie"))
    for new in ("too short", "x" * 1001, PASSWORD):
        with pytest.raises(InputError):
            client.change_password(PASSWORD, new)
    assert client.account().name == "marie"


def test_five_wrong_old_passwords_wait_as_five_wrong_sign_ins_do(office: Office) -> None:
    client = office.client(office.account("marie"))
    for _ in range(5):
        with pytest.raises(NotAllowed):
            client.change_password("not the old one", NEW)
    with pytest.raises(TooManyAttempts):
        client.change_password(PASSWORD, NEW)
    with pytest.raises(TooManyAttempts):
        client.sign_in("marie", PASSWORD)


def test_the_admin_makes_accounts_changes_them_and_shuts_them_out(office: Office) -> None:
    admin = office.client(office.account("anne", Role.ADMIN))
    made = admin.add_user("jean/pierre ..", team="lyon")
    assert made.password
    jean = office.client({})
    assert jean.sign_in("jean/pierre ..", made.password).role is Role.USER
    assert admin.add_user("omar", role=Role.OPS, password=NEW).password is None
    changed = admin.change_user("jean/pierre ..", role="ops", team="paris")
    assert (changed.role, changed.team, changed.disabled) == (Role.OPS, "paris", False)
    assert (jean.account().role, jean.account().team) == (Role.OPS, "paris")
    assert admin.change_user("jean/pierre ..", disabled=True).disabled
    with pytest.raises(NotSignedIn):
        jean.account()
    admin.change_user("jean/pierre ..", disabled=False, password=NEW)
    assert jean.sign_in("jean/pierre ..", NEW)
    listed = admin.users()
    assert (listed.total, [user.name for user in listed.users]) == (3, ["anne", "jean/pierre ..", "omar"])
    assert [user.name for user in admin.users(page=2, page_size=2).users] == ["omar"]


def test_an_impossible_change_is_refused_and_changes_nothing(office: Office) -> None:
    admin = office.client(office.account("anne", Role.ADMIN))
    office.account("marie")
    before = admin.users()
    for change in ({"role": "boss"}, {"password": "short"}, {"team": " "}, {"team": "a\0b"}, {"tokens_since": 1}):
        with pytest.raises(InputError):
            admin.change_user("marie", **change)
    assert admin.users() == before


def test_an_impossible_name_and_one_that_is_taken_are_refused(office: Office) -> None:
    admin = office.client(office.account("anne", Role.ADMIN))
    for wrong in ("", " a", "a\nb", "a\0", "x" * 101, "anne"):
        with pytest.raises(InputError):
            admin.add_user(wrong, password=NEW)
    for unknown in ("nobody", "..", "a\0b", "sake-up"):
        with pytest.raises(NotFound):
            admin.change_user(unknown, disabled=True)


def test_the_last_admin_who_can_sign_in_stays(office: Office) -> None:
    anne = office.client(office.account("anne", Role.ADMIN))
    anne.add_user("berta", role=Role.ADMIN, password=NEW)
    anne.change_user("berta", disabled=True)
    for change in ({"disabled": True}, {"role": "user"}):
        with pytest.raises(InputError, match="last admin"):
            anne.change_user("anne", **change)
    assert anne.account().role is Role.ADMIN
    anne.change_user("berta", disabled=False)
    assert anne.change_user("anne", role="user").role is Role.USER
    with pytest.raises(NotAllowed):
        anne.users()


def test_accounts_are_the_admins_alone(office: Office) -> None:
    for client in (office.client(office.account("marie")), office.client(office.account("omar", Role.OPS))):
        for ask in (client.users, lambda: client.add_user("x"), lambda: client.change_user("marie", role="admin")):  # noqa: B023
            with pytest.raises(NotAllowed):
                ask()
