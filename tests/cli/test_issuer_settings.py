"""The settings of an OpenID Connect issuer: none, or whole."""

from pathlib import Path

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.errors import SetupError
from sake_ray.settings import Settings, read_settings

ISSUER = "https://login.example.org/realms/office"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SAKE_HOME", str(tmp_path))


def test_without_an_issuer_there_is_none() -> None:
    assert Settings().issuer is None


def test_roles_claims_and_the_secret_are_those_of_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    monkeypatch.setenv("SAKE_OIDC_ISSUER", ISSUER)
    monkeypatch.setenv("SAKE_OIDC_CLIENT_ID", "sake-web")
    monkeypatch.setenv("SAKE_OIDC_CLIENT_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("SAKE_OIDC_ROLES", "staff=user, it = ops")
    found = read_settings().issuer
    assert found
    assert (found.url, found.client, found.secret_file) == (ISSUER, "sake-web", tmp_path / "secret")
    assert found.roles == (("staff", Role.USER), ("it", Role.OPS))


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("ISSUER", "http://login.example.org", "SAKE_OIDC_ISSUER"),
        ("CLIENT_ID", "", "SAKE_OIDC_CLIENT_ID"),
        ("CLIENT_SECRET_FILE", "/nowhere/secret", "/nowhere/secret"),
        ("ROLES", "staff=boss", "staff=boss"),
    ],
)
def test_a_part_that_is_wrong_or_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str, says: str
) -> None:
    for name, usual in (("ISSUER", ISSUER), ("CLIENT_ID", "sake-web"), (setting, value)):
        monkeypatch.setenv(f"SAKE_OIDC_{name}", usual)
    with pytest.raises(SetupError, match=says):
        _ = read_settings().issuer
