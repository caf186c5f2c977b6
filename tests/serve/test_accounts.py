"""Accounts over HTTP: everybody's own, and for the admin all of them."""

from functools import partial

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.errors import InputError, NotFound, PermissionDenied, TooManyAttempts, Unauthenticated
from tests.served_office import PASSWORD, ServedOffice

NEW = "another horse battery"


def test_a_user_changes_the_password_and_works_on_while_other_tokens_end(office: ServedOffice) -> None:
    sign = office.account("marie")
    client = office.client(sign)
    assert (client.accounts.me().name, client.accounts.me().role, client.accounts.me().team) == (
        "marie",
        Role.USER,
        "paris",
    )
    with pytest.raises(PermissionDenied, match="old password is wrong"):
        client.accounts.change_password("not the old one", NEW)
    assert client.accounts.me().name == "marie"
    client.accounts.change_password(PASSWORD, NEW)
    assert client.accounts.me().name == "marie"
    with pytest.raises(Unauthenticated):
        office.client(sign).accounts.me()
    with pytest.raises(Unauthenticated):
        client.accounts.sign_in("marie", PASSWORD)
    assert client.accounts.sign_in("marie", NEW).role is Role.USER


def test_a_new_password_must_be_new_and_neither_short_nor_endless(office: ServedOffice) -> None:
    client = office.client(office.account("marie"))
    for new in ("too short", "x" * 1001, PASSWORD):
        with pytest.raises(InputError):
            client.accounts.change_password(PASSWORD, new)
    assert client.accounts.me().name == "marie"


def test_five_wrong_old_passwords_wait_as_five_wrong_sign_ins_do_but_keep_nobody_out(office: ServedOffice) -> None:
    client = office.client(office.account("marie"))
    for _ in range(5):
        with pytest.raises(PermissionDenied):
            client.accounts.change_password("not the old one", NEW)
    with pytest.raises(TooManyAttempts):
        client.accounts.change_password(PASSWORD, NEW)
    assert client.accounts.sign_in("marie", PASSWORD), "a stolen token does not keep its owner out"


def test_the_admin_makes_accounts_changes_them_and_shuts_them_out(office: ServedOffice) -> None:
    admin = office.client(office.account("anne", Role.ADMIN))
    made = admin.accounts.add("jean/pierre ..", team="lyon")
    assert made.password
    jean = office.client({})
    assert jean.accounts.sign_in("jean/pierre ..", made.password).role is Role.USER
    assert admin.accounts.add("omar", role=Role.OPS, password=NEW).password is None
    changed = admin.accounts.change("jean/pierre ..", role="ops", team="paris")
    assert (changed.role, changed.team, changed.disabled) == (Role.OPS, "paris", False)
    assert (jean.accounts.me().role, jean.accounts.me().team) == (Role.OPS, "paris")
    assert admin.accounts.change("jean/pierre ..", disabled=True).disabled
    with pytest.raises(Unauthenticated):
        jean.accounts.me()
    admin.accounts.change("jean/pierre ..", disabled=False, password=NEW)
    assert jean.accounts.sign_in("jean/pierre ..", NEW)
    listed = admin.accounts.list()
    assert (listed.total, [user.name for user in listed.items]) == (3, ["anne", "jean/pierre ..", "omar"])
    first = admin.accounts.list(page_size=2)
    assert [user.name for user in admin.accounts.list(cursor=first.next_cursor, page_size=2).items] == ["omar"]


def test_an_impossible_change_is_refused_and_changes_nothing(office: ServedOffice) -> None:
    admin = office.client(office.account("anne", Role.ADMIN))
    office.account("marie")
    before = admin.accounts.list()
    for change in ({"role": "boss"}, {"password": "short"}, {"team": " "}, {"team": "a\0b"}, {"tokens_since": 1}):
        with pytest.raises(InputError):
            admin.accounts.change("marie", **change)
    assert admin.accounts.list() == before


def test_an_impossible_name_and_one_that_is_taken_are_refused(office: ServedOffice) -> None:
    admin = office.client(office.account("anne", Role.ADMIN))
    for wrong in ("", " a", "a\nb", "a\0", "x" * 101, "anne"):
        with pytest.raises(InputError):
            admin.accounts.add(wrong, password=NEW)
    for unknown in ("nobody", "..", "a\0b", "sake-up"):
        with pytest.raises(NotFound):
            admin.accounts.change(unknown, disabled=True)


def test_the_last_admin_who_can_sign_in_stays(office: ServedOffice) -> None:
    anne = office.client(office.account("anne", Role.ADMIN))
    anne.accounts.add("berta", role=Role.ADMIN, password=NEW)
    anne.accounts.change("berta", disabled=True)
    for change in ({"disabled": True}, {"role": "user"}):
        with pytest.raises(InputError, match="last admin"):
            anne.accounts.change("anne", **change)
    assert anne.accounts.me().role is Role.ADMIN
    anne.accounts.change("berta", disabled=False)
    assert anne.accounts.change("anne", role="user").role is Role.USER
    with pytest.raises(PermissionDenied):
        anne.accounts.list()


def test_accounts_are_the_admins_alone(office: ServedOffice) -> None:
    for client in (office.client(office.account("marie")), office.client(office.account("omar", Role.OPS))):
        for call in (
            client.accounts.list,
            partial(client.accounts.add, "x"),
            partial(client.accounts.change, "marie", role="admin"),
        ):
            with pytest.raises(PermissionDenied):
                call()


def test_until_a_password_that_another_has_set_is_changed_nothing_else_is_possible(office: ServedOffice) -> None:
    admin = office.client(office.account("anne", Role.ADMIN))
    made = admin.accounts.add("jean")
    jean = office.client({})
    jean.accounts.sign_in("jean", made.password or "")
    assert jean.accounts.me().must_change_password
    for call in (jean.documents.list, jean.batches.list, partial(office.upload, dict(jean.connection.http.headers))):
        with pytest.raises((PermissionDenied, AssertionError), match="password"):
            call()
    jean.accounts.change_password(made.password or "", NEW)
    assert not jean.accounts.me().must_change_password
    assert jean.documents.list().total == 0
    admin.accounts.change("jean", password="a password that anne knows")
    jean.accounts.sign_in("jean", "a password that anne knows")
    with pytest.raises(PermissionDenied, match="somebody else has set it"):
        jean.documents.list()


def test_who_must_change_the_password_can_still_sign_out(office: ServedOffice) -> None:
    made = office.client(office.account("anne", Role.ADMIN)).accounts.add("jean")
    jean = office.client({})
    for everywhere in (False, True):
        jean.accounts.sign_in("jean", made.password or "")
        jean.accounts.sign_out(everywhere=everywhere)
        with pytest.raises(Unauthenticated):
            jean.accounts.me()
