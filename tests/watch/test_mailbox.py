"""A watched mailbox, on a real IMAP server."""

import logging
from collections.abc import Iterator

import pytest

from sake_ray.watch.imap import ImapFolder, encode_folder
from sake_ray.watch.mailbox import WatchedMailbox
from sake_ray.watch.watcher import Watcher
from tests.ports import free_port
from tests.watch.imap_server import PASSWORD, ImapServer
from tests.watch.mails import make_mail
from tests.watch.watched import SCAN, Installation, scan

LOGO = b"\x89PNG\r\n\x1a\n logo"


def watch(installation: Installation, address: str, *, moves: bool = True, password: str = PASSWORD) -> Watcher:
    place = WatchedMailbox(ImapFolder(address, "office mail", password=password), moves=moves)
    return installation.watch(place, address)


@pytest.fixture
def watcher(installation: Installation, imap: ImapServer, user: str) -> Iterator[Watcher]:
    """What watches the inbox."""
    watcher = watch(installation, imap.address(user))
    yield watcher
    assert isinstance(watcher.place, WatchedMailbox)
    watcher.place.folder.close()


def test_the_subject_is_the_reference_and_the_attachments_are_the_documents(
    installation: Installation, imap: ImapServer, user: str, watcher: Watcher
) -> None:
    mail = make_mail("Re: Durand, Marié", ("cv.png", SCAN), ("contract.png", scan(1)), logo=LOGO)
    imap.deliver(user, mail)
    outcome = watcher.look()
    assert (outcome.handed_in, outcome.failed, outcome.waiting, outcome.in_work) == (2, 0, 0, 2)
    assert len(imap.list_mails(user)) == 1
    installation.read_all()
    watcher.look()
    assert installation.handed_in == [("Durand, Marié", "contract.png"), ("Durand, Marié", "cv.png")]
    assert len({document.batch for document in installation.documents}) == 1
    assert (len(imap.list_mails(user)), len(done(imap, user))) == (0, 1)


def done(imap: ImapServer, user: str, name: str = "done") -> list[bytes]:
    """The mails in one of our folders, whatever the server has between the names."""
    return imap.list_mails(user, f"INBOX.{name}") + imap.list_mails(user, f"INBOX/{name}")


def test_a_mail_that_comes_again_is_handed_in_once(
    installation: Installation, imap: ImapServer, user: str, watcher: Watcher
) -> None:
    mail = make_mail("Durand", ("a.png", SCAN), ("a.png", SCAN))
    for _ in range(2):
        imap.deliver(user, mail)
        watcher.look()
        installation.read_all()
        watcher.look()
    assert len(installation.documents) == 2
    assert len(done(imap, user)) == 2
    installation.check_originals()


def test_a_mail_without_a_document_is_moved_aside_with_a_sentence(
    installation: Installation, imap: ImapServer, user: str, watcher: Watcher
) -> None:
    imap.deliver(user, make_mail("Hello", logo=LOGO))
    assert watcher.look().failed == 1
    assert installation.documents == []
    failed = done(imap, user, "failed")
    assert len(failed) == 2
    assert any(b"no document attached" in mail for mail in failed)


def test_of_a_mail_with_a_failure_the_rest_is_handed_in(
    installation: Installation, imap: ImapServer, user: str, watcher: Watcher
) -> None:
    imap.deliver(user, make_mail("Durand", ("a.png", SCAN), ("torn.png", b"no picture")))
    outcome = watcher.look()
    assert (outcome.handed_in, outcome.failed) == (1, 1)
    installation.read_all()
    watcher.look()
    note = next(mail for mail in done(imap, user, "failed") if b"Could not be processed" in mail)
    assert b"torn.png" in note
    assert b"accepted: a.png" in note


def test_a_mail_whose_document_cannot_be_read_is_moved_aside_with_a_sentence(
    installation: Installation, imap: ImapServer, user: str, watcher: Watcher
) -> None:
    imap.deliver(user, make_mail("Durand", ("a.png", SCAN), ("damaged.png", scan(1))))
    watcher.look()
    installation.read_all(failing={"damaged.png"})
    again = watch(installation, imap.address(user))  # as after a kill
    assert (again.look().in_work, again.look().failed) == (2, 1)
    assert any(b"The PDF is damaged" in mail for mail in done(imap, user, "failed"))


def test_mails_that_are_left_are_marked_and_handed_in_once(
    installation: Installation, imap: ImapServer, user: str
) -> None:
    imap.deliver(user, make_mail("Durand", ("a.png", SCAN)))
    address = imap.address(user)
    watcher = watch(installation, address, moves=False)
    assert watcher.look().handed_in == 1
    installation.read_all()
    assert [watcher.look().handed_in, watch(installation, address, moves=False).look().in_work] == [0, 0]
    assert len(imap.list_mails(user)) == 1
    with imap.connect(user) as connection:
        connection.select("INBOX")
        assert connection.search(None, "KEYWORD", "SakeDone", "UNSEEN")[1] == [b"1"]


def test_mails_are_handed_in_from_a_folder_with_any_name(
    installation: Installation, imap: ImapServer, user: str
) -> None:
    with imap.connect(user) as connection:
        connection.create(encode_folder("Dossiers reçus & co"))
    imap.deliver(user, make_mail("", ("a.png", SCAN)), folder=encode_folder("Dossiers reçus & co"))
    watcher = watch(installation, imap.address(user, "Dossiers%20re%C3%A7us%20%26%20co"))
    assert watcher.look().handed_in == 1
    assert installation.handed_in[0][0].startswith("office mail 20")


def test_a_wrong_password_is_told_once_and_not_shown(
    installation: Installation, imap: ImapServer, user: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sake_ray")
    watcher = watch(installation, imap.address(user), password="hidden-word")
    assert "refuses the account" in watcher.look().away
    assert watcher.look().away
    assert [record.message for record in caplog.records] == ["place away"]
    assert "hidden-word" not in repr([vars(record) for record in caplog.records])
    assert user not in repr([vars(record) for record in caplog.records])


def test_a_server_whose_certificate_is_not_trusted_gets_no_password(
    installation: Installation, imap: ImapServer, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "certificate is not trusted" in watch(installation, imap.address(user)).look().away


def test_a_server_that_does_not_answer_is_away_and_the_next_look_connects_anew(
    installation: Installation, imap: ImapServer, user: str, watcher: Watcher
) -> None:
    assert watch(installation, f"imaps://{user}@localhost:{free_port()}/INBOX").look().away
    assert not watcher.look().away
    assert isinstance(watcher.place, WatchedMailbox)
    connected = watcher.place.folder._connected
    assert connected
    connected.sock.close()
    connected.file.close()
    imap.deliver(user, make_mail("Durand", ("a.png", SCAN)))
    assert watcher.look().away
    assert watcher.look().handed_in == 1
