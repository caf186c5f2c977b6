"""A real IMAP server on this machine: Dovecot, with a certificate of its own, as long as the tests run."""

import imaplib
import os
import pwd
import shutil
import signal
import ssl
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from sake_ray.gateway.certificates import make_self_signed, utc_now
from tests.ports import free_port
from tests.waiting import wait_until

PASSWORD = "pass wörd \\"
COMMON = """
base_dir = {folder}/run
log_path = {folder}/log
listen = 127.0.0.1
protocols = imap
ssl = required
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 100
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
OLD = """
mail_location = maildir:{folder}/mail/%u
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
"""
NEW = """
mail_driver = maildir
mail_path = {folder}/mail/%{{user}}
ssl_server_cert_file = {folder}/certificate.pem
ssl_server_key_file = {folder}/key.pem
passdb passwd-file {{
  passwd_file_path = {folder}/users
  default_password_scheme = PLAIN
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/mail/%{{user}}
  }}
}}
"""
"""The same for Dovecot 2.4 and later, which has other names for it."""


@dataclass(frozen=True)
class ImapServer:
    """Where the server listens, and the certificate to trust."""

    port: int
    certificate: Path

    def address(self, user: str, folder: str = "INBOX") -> str:
        """The address of a folder, as settings have it."""
        return f"imaps://{user}@localhost:{self.port}/{folder}"

    @contextmanager
    def connect(self, user: str) -> Iterator[imaplib.IMAP4_SSL]:
        """A mail program that is signed in."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        with imaplib.IMAP4_SSL("localhost", self.port, ssl_context=context, timeout=30) as connection:
            connection.authenticate("PLAIN", lambda _: f"\0{user}\0{PASSWORD}".encode())
            yield connection

    def deliver(self, user: str, *mails: bytes, folder: str = "INBOX") -> None:
        """Put mails into a folder."""
        with self.connect(user) as connection:
            for mail in mails:
                connection.append(folder, "", "", mail)

    def list_mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """The mails in a folder, oldest first; none where there is no such folder."""
        with self.connect(user) as connection:
            status, _ = connection.select(f'"{folder}"', readonly=True)
            if status != "OK":
                return []
            _, (ids, *_) = connection.search(None, "ALL")
            fetched: list[Sequence[object]] = [connection.fetch(id.decode(), "(BODY.PEEK[])")[1] for id in ids.split()]
        return [part[1] for found in fetched for part in found if isinstance(part, tuple)]


@pytest.fixture(scope="session")
def imap() -> Iterator[ImapServer]:
    """A server where any user has the same password and an empty mailbox."""
    dovecot = shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin")
    assert dovecot, "install the packages named in packages-test.apt"
    # Not below pytest's folder, which it closes to the account that the server runs as.
    folder, port = Path(tempfile.mkdtemp(prefix="sake-imap-")), free_port()
    folder.chmod(0o755)
    mask = os.umask(0o022)  # a program that another test ran here may have closed what is made to others
    make_self_signed(folder / "certificate.pem", folder / "key.pem", names=("localhost",), now=utc_now())
    # Dovecot lets nobody see mail as root, and gives up its rights for that.
    owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    (folder / "mail").mkdir()
    os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    users = [f"{name}:{{PLAIN}}{PASSWORD}" for name in USERS]
    (folder / "users").write_text("\n".join(users) + "\n", encoding="utf-8")
    version = subprocess.run([dovecot, "--version"], capture_output=True, text=True, check=True).stdout.split()[0]
    is_old = tuple(int(part) for part in version.split(".")[:2]) < (2, 4)
    head = "" if is_old else f"dovecot_config_version = {version.split('-')[0]}\ndovecot_storage_version = 2.4.0\n"
    values = {"folder": folder, "port": port, "uid": owner.pw_uid, "gid": owner.pw_gid, "user": owner.pw_name}
    values["group"] = subprocess.run(
        ["id", "-gn", owner.pw_name], capture_output=True, text=True, check=True
    ).stdout.strip()
    (folder / "dovecot.conf").write_text(head + (COMMON + (OLD if is_old else NEW)).format(**values))
    process = subprocess.Popen(
        [dovecot, "-F", "-c", str(folder / "dovecot.conf")],
        stderr=(folder / "errors").open("wb"),
        start_new_session=True,
    )
    os.umask(mask)
    server = ImapServer(port, folder / "certificate.pem")

    def answers() -> bool:
        with suppress(OSError, imaplib.IMAP4.error), server.connect(USERS[0]):
            return True
        return False

    def log() -> str:
        return "".join(path.read_text() for path in (folder / "errors", folder / "log") if path.exists())

    try:
        wait_until(answers, interval=0.2, process=process, log=log)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


USERS = [f"office{number}" for number in range(20)]


@pytest.fixture(scope="session")
def free_users() -> list[str]:
    """Accounts whose mailbox nobody has used."""
    return list(USERS)


@pytest.fixture
def user(free_users: list[str], imap: ImapServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """An account with an empty mailbox, on a server whose certificate this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(imap.certificate))
    return free_users.pop()
