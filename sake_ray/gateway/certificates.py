"""The certificate of the gateway: made where there is none, checked before it is used, and watched by its last day."""

import os
import secrets
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sake_ray.errors import SetupError
from sake_ray.files import write_atomically

LIFETIME = timedelta(days=397)
"""No browser accepts a longer one of a public issuer (CA/Browser Forum, ballot SC-31)."""
RENEWED_BEFORE = timedelta(days=30)
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def ensure_self_signed(certificate: Path, key: Path, *, names: Sequence[str], now: datetime) -> None:
    """Make a key and a certificate that it signs itself, unless they are there, good for another month and for these names."""
    with suppress(OSError, ValueError, x509.ExtensionNotFound):
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        stated = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        good = found.not_valid_after_utc - now > RENEWED_BEFORE and set(_to_names(names)) <= set(stated)
        if good and key.exists():
            return
    make_self_signed(certificate, key, names=names, now=now)


def make_self_signed(certificate: Path, key: Path, *, names: Sequence[str], now: datetime) -> None:
    """Make them; only their owner can read the key."""
    secret = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sake_ray")])
    identifier = x509.SubjectKeyIdentifier.from_public_key(secret.public_key())
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # clocks differ
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectAlternativeName(_to_names(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, encipher_only=False, decipher_only=False, **usage), critical=True
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(secret, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    written = secret.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    certificate.parent.mkdir(parents=True, exist_ok=True)
    _write_private(key, written)
    write_atomically(certificate, made.public_bytes(serialization.Encoding.PEM))


def install_certificate(certificate: Path, key: Path, folder: Path) -> None:
    """Copy a pair that works to where nginx looks; raises SetupError, and leaves the one there, when it does not work.

    nginx reads copies: should it start again while the files that were named are broken, it still has the last good ones.
    """
    try:
        pair = certificate.read_bytes(), key.read_bytes()
        _check_pair(*pair)
    except (OSError, ssl.SSLError, ValueError) as error:
        raise SetupError("certificate-unusable", certificate=certificate, key=key, error=error) from error
    folder.mkdir(parents=True, exist_ok=True)
    _write_private(folder / "key.pem", pair[1])
    write_atomically(folder / "certificate.pem", pair[0])


def find_days_left(certificate: Path, *, now: datetime) -> float:
    """How many days a certificate is still good, negative after its end."""
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    return (found.not_valid_after_utc - now) / timedelta(days=1)


def list_own_names(host: str) -> list[str]:
    """List the names by which this machine may be reached, and the address that it listens on."""
    listened = [host] if host not in {"0.0.0.0", "::"} else []  # noqa: S104
    return list(dict.fromkeys([*LOCAL_NAMES, socket.gethostname(), socket.getfqdn(), *listened, *_list_addresses()]))


def _list_addresses() -> list[str]:
    with suppress(OSError):
        found = socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)
        return sorted({str(entry[4][0]).partition("%")[0] for entry in found})
    return []


def _to_names(names: Sequence[str]) -> list[x509.GeneralName]:
    made: list[x509.GeneralName] = []
    for name in names:
        try:
            made.append(x509.IPAddress(ip_address(name)))
        except ValueError:
            with suppress(ValueError):  # a host name that no certificate can hold
                made.append(x509.DNSName(name))
    return made


def _check_pair(certificate: bytes, key: bytes) -> None:
    """Raise SSLError or ValueError unless OpenSSL would serve this certificate with this key."""
    with TemporaryDirectory() as folder:
        paths = Path(folder) / "certificate.pem", Path(folder) / "key.pem"
        for path, content in zip(paths, (certificate, key), strict=True):
            _write_private(path, content)
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(*paths, password=_refuse_password)


def _refuse_password() -> str:
    raise ValueError("the key has a password")


def _write_private(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)


def utc_now() -> datetime:
    """Return the current time, in UTC."""
    return datetime.now(UTC)
