"""`sake prepare` leaves a home that the service has nothing to do in, and changes nothing in one that is ready."""

from pathlib import Path

from sake_ray.cli.bootstrap import open_registry
from sake_ray.domain.accounts import Role
from sake_ray.settings import Settings
from sake_ray.storage.records import Records
from sake_ray.storage.records.revisions import find_revision, list_revisions
from tests.cluster.shared_servers import running_mlflow
from tests.command import run_sake

KEYS = ("token_key", "screens_key", "admin_password")


def test_home_is_made_ready_once(tmp_path: Path) -> None:
    home = tmp_path / "new"

    first = run_sake("prepare", home=home)

    assert (first.returncode, first.stdout) == (0, f"The home {home} is ready.\n"), first.stderr
    records = Records(f"sqlite:///{home / 'records.db'}")
    assert find_revision(records.database) == list_revisions()[-1]
    assert Role.ADMIN in {account.role for account in records.accounts.list().items}
    champion = open_registry(Settings(home=home)).champion.get()
    assert champion
    assert champion.number == 1
    made = {name: (home / name).read_bytes() for name in KEYS}

    second = run_sake("prepare", home=home)

    assert second.returncode == 0, second.stderr
    assert {name: (home / name).read_bytes() for name in KEYS} == made
    assert [version.number for version in open_registry(Settings(home=home)).versions.all()] == [1]


def test_first_model_goes_to_an_mlflow_server_that_has_none(tmp_path: Path) -> None:
    """MLflow prints there where to look at each run."""
    with running_mlflow("127.0.0.1", tmp_path) as url:
        done = run_sake("prepare", home=tmp_path / "home", SAKE_MLFLOW_URL=url)

        assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stderr
        champion = open_registry(Settings(home=tmp_path / "home", mlflow_url=url)).champion.get()
        assert champion
        assert champion.number == 1
