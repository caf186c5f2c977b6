"""The journal: what was written is known again, whatever cut the last run short."""

from pathlib import Path

import pytest

from sake_ray.batch.journal import ResultJournal
from sake_ray.batch.result import ClassificationResult
from sake_ray.domain.documents import Status
from sake_ray.errors import AlreadyRunning

GOOD = ClassificationResult(
    "a.pdf", "12ab", Status.COMPLETED, label="facture", confidence=0.9, probabilities={"facture": 0.9, "other": 0.1}
)
BAD = ClassificationResult("b.pdf", "34cd", Status.FAILED, error="The file is empty.")


def journal(path: Path, model: str = "m1", recipe: str = "r1") -> ResultJournal:
    return ResultJournal(path, model=model, recipe=recipe)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "out.csv.journal"
    with journal(path).open() as written:
        written.add(GOOD)
        written.add(BAD)
    return path


def test_result_is_known_again(path: Path) -> None:
    with journal(path).open() as again:
        assert again.find("a.pdf", "12ab", retry_failed=False) == GOOD
        assert again.find("b.pdf", "34cd", retry_failed=False) == BAD


def test_failed_result_is_forgotten_on_request(path: Path) -> None:
    with journal(path).open() as again:
        assert again.find("b.pdf", "34cd", retry_failed=True) is None
        assert again.find("a.pdf", "12ab", retry_failed=True) == GOOD


@pytest.mark.parametrize(("name", "digest"), [("other.pdf", "12ab"), ("a.pdf", "ffff")])
def test_other_path_or_bytes_are_not_known(path: Path, name: str, digest: str) -> None:
    with journal(path).open() as again:
        assert again.find(name, digest, retry_failed=False) is None


@pytest.mark.parametrize("made_by", [("m2", "r1"), ("m1", "r2")])
def test_other_model_or_recipe_knows_nothing(path: Path, made_by: tuple[str, str]) -> None:
    with journal(path, *made_by).open() as again:
        assert again.find("a.pdf", "12ab", retry_failed=False) is None


def test_line_cut_short_by_a_kill_costs_only_itself(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b'{"path": "c.pdf", "sha2')
    with journal(path).open() as again:
        assert again.find("a.pdf", "12ab", retry_failed=False) == GOOD
        again.add(ClassificationResult("d.pdf", "56ef", Status.COMPLETED))
    with journal(path).open() as third:
        assert third.find("d.pdf", "56ef", retry_failed=False) is not None


@pytest.mark.parametrize(
    "line", [b"[]\n", b"null\n", b"\xff\xfe\n", b"{}\n", b'{"model": "m1", "recipe": "r1", "what": 1}\n']
)
def test_foreign_line_is_passed_over(path: Path, line: bytes) -> None:
    path.write_bytes(line + path.read_bytes())
    with journal(path).open() as again:
        assert again.find("a.pdf", "12ab", retry_failed=False) == GOOD


def test_second_writer_is_refused(path: Path) -> None:
    with journal(path).open(), pytest.raises(AlreadyRunning, match=r"out\.csv"), journal(path).open():
        pass
