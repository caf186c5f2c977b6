"""A reference is erased: whoever looks through all files of the installation finds nothing of it, and everything else."""

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sake_ray.client import Client
from sake_ray.domain.accounts import Role
from sake_ray.domain.answers import Answer
from sake_ray.domain.erasures import SWEPT_AFTER, Erasure, ErasureStep
from sake_ray.erasure import LEASE, Eraser, make_pseudonym
from sake_ray.errors import ErasureOutdated, NotFound, PermissionDenied, StorageUnavailable
from sake_ray.feedback import Feedback
from sake_ray.ledger import Installation
from sake_ray.ledger.whole import check_installation
from sake_ray.serve.exports import export_batch
from sake_ray.storage.objects import FolderStore
from sake_ray.workspace import Workspace
from tests.pages import LINES, letter, png
from tests.served_office import KEY, ServedOffice
from tests.traces import find_traces


def mark(page: bytes) -> bytes:
    """Write the marker into the file itself, as scanners write names."""
    note, marked = PngInfo(), BytesIO()
    note.add_text("Author", MARK)
    Image.open(BytesIO(page)).save(marked, "PNG", pnginfo=note)
    return marked.getvalue()


MARK, PERSON = "xzqvmarker", "Xzqvmarker / 2026"
PAGE = mark(png(letter((f"Letter of {MARK} and {MARK}", *LINES)).render(120)))
WORDS = "garden holiday weather grandmother summer travel regards sincerely family evening dinner village".split()
OTHER = png(letter(("Dupontel and Dupontel", *(" ".join(WORDS[n:] + WORDS[:n]) for n in range(6)))).render(120))


@pytest.fixture
def eraser(office: ServedOffice) -> Eraser:
    """What erases in this office."""
    return Eraser(office.records, office.store, office.workspace, office.registry)


def hand_in(office: ServedOffice, sign: dict[str, str], *, reference: str = PERSON, page: bytes = PAGE) -> str:
    """Hand in a document, have it classified, answered and exported; return its id."""
    uuid = office.upload(sign, (f"{reference.split()[0]}.png", page), reference=reference)
    office.work()
    document = office.only_document(sign, uuid)
    office.records.answers.add(Answer(document, "resume", "marie", datetime.now(UTC)))
    export_batch(office.records, office.store, uuid)
    return document


def train_on_answers(office: ServedOffice) -> None:
    """Import the answers as training images."""
    with office.workspace.hold("test", seconds=1):
        Feedback(office.records, office.store, office.workspace, office.reader.recipe).import_answers(
            now=datetime.now(UTC)
        )


def admin_of(office: ServedOffice) -> Client:
    return office.client(office.account("anne", Role.ADMIN))


def erase(admin: Client, eraser: Eraser, reference: str = PERSON) -> int:
    """Erase as the screens do, and as the service goes on with it; return the number of the erasure."""
    begun = admin.erasures.erase(reference, confirm=admin.erasures.plan(reference).token).erasure
    assert begun
    assert eraser.run_next(now=datetime.now(UTC))
    return begun.number


def kind_of(place: str) -> str:
    """Name a place without ids: the file, or the kind of object."""
    parts = place.split("/")
    if parts[0] == "workspace":
        return "/".join(parts[:2])
    if parts[0] != "objects":
        return place
    return f"objects/{parts[1] if parts[1] in {'texts', 'pages', 'readings'} else parts[2]}"


def test_nothing_of_an_erased_reference_is_found_in_any_file(office: ServedOffice, eraser: Eraser) -> None:
    sign = office.account("marie")
    hand_in(office, sign)
    kept = hand_in(office, sign, reference="Dupontel", page=OTHER)
    train_on_answers(office)
    assert len(office.workspace.images.list()) == 2
    kinds = {kind_of(place) for place in find_traces(office.home, MARK)}
    assert kinds - {"records.db", "records.db-wal"} == {
        *("objects/original_raw", "objects/ocr_raw", "objects/cleaned", "objects/prediction", "objects/texts"),
        "workspace/data",
    }
    admin = admin_of(office)
    number = erase(admin, eraser)
    assert find_traces(office.home, MARK) == []
    assert find_traces(office.home, "Dupontel") != []
    done = admin.erasures.get(number)
    counted = {name: count for name, count in done.counts.items() if count}
    assert counted | {"page_images": 2} == counted
    for place in ("documents", "batches", "predictions", "answers", "originals", "texts", "training_images"):
        assert counted[place] == 1, place
    assert (done.step, done.error, done.erased_at is not None) == (ErasureStep.SWEEP, "", True)
    assert done.subject == make_pseudonym(KEY, PERSON)
    assert [image.sha256 for image in office.workspace.images.list()] == [office.sha(kept)]
    assert "Dupontel" in admin.references.get("Dupontel").items[0].name
    with pytest.raises(NotFound):
        admin.references.get(PERSON)
    report = check_installation(Installation(office.records, office.store, office.reader.recipe), now=datetime.now(UTC))
    assert report.faults == {}, report


def test_without_its_token_nothing_is_erased(office: ServedOffice, eraser: Eraser) -> None:
    sign = office.account("marie")
    hand_in(office, sign)
    admin = admin_of(office)
    plan = admin.erasures.plan(PERSON)
    assert (plan.counts["documents"], plan.counts["answers"], plan.teams, plan.erasure) == (1, 1, ["paris"], None)
    hand_in(office, sign)
    with pytest.raises(ErasureOutdated):
        admin.erasures.erase(PERSON, confirm=plan.token)
    assert eraser.run_next(now=datetime.now(UTC)) is None
    assert admin.references.get(PERSON).total == 2


def test_only_an_admin_erases(office: ServedOffice) -> None:
    sign = office.account("marie")
    hand_in(office, sign)
    for account in (sign, office.account("omar", Role.OPS)):
        with pytest.raises(PermissionDenied):
            office.client(account).erasures.plan(PERSON)


def test_bytes_that_others_have_stay_theirs(office: ServedOffice, eraser: Eraser) -> None:
    sign, lyon = office.account("marie"), office.account("paul", team="lyon")
    hand_in(office, sign)
    other = hand_in(office, lyon, reference="Durand")
    train_on_answers(office)
    number = erase(admin_of(office), eraser)
    counts = office.records.erasures.get(number).counts
    assert (counts["kept_for_others"], counts["originals"], counts.get("texts", 0)) == (1, 1, 0)  # type: ignore[index, call-overload]
    assert MARK in office.http.get(f"/documents/{other}", headers=lyon).text
    assert [image.sha256 for image in office.workspace.images.list()] == [office.sha(other)]
    assert not [key for key in office.store.list("readings/") if "paris" in key]


class BrokenStore(FolderStore):
    """A folder whose disk fails after some removals."""

    left = 3

    def erase(self, key: str) -> None:
        self.left -= 1
        if self.left < 0:
            raise StorageUnavailable("storage-failed")
        super().erase(key)


def test_what_breaks_off_goes_on_until_all_is_gone(office: ServedOffice) -> None:
    sign = office.account("marie")
    hand_in(office, sign)
    admin = admin_of(office)
    broken = Eraser(office.records, BrokenStore(office.store.root), office.workspace, office.registry)
    number = erase(admin, broken)
    stuck = admin.erasures.get(number)
    assert (stuck.step, stuck.error_code, stuck.erased_at) == (ErasureStep.OBJECTS, "storage-failed", None)
    mended = Eraser(office.records, office.store, office.workspace, office.registry)
    assert mended.run_next(now=datetime.now(UTC)) is None  # it is not tried again at once
    assert mended.run_next(now=datetime.now(UTC) + timedelta(minutes=2))
    assert find_traces(office.home, MARK) == []
    assert admin.erasures.get(number).error == ""


KILLED = """
import os, signal, sys
from pathlib import Path
from sake_ray.cli.bootstrap import open_eraser
from sake_ray.settings import Settings
from sake_ray.storage.objects import FolderStore

home, point = Path(sys.argv[1]), sys.argv[2]
eraser = open_eraser(Settings(home=home))

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

if point == "objects":
    erased, erase = [], FolderStore.erase
    FolderStore.erase = lambda store, key: (erased.append(key), die() if len(erased) == 3 else erase(store, key))
elif point == "database":
    import sake_ray.erasure
    sake_ray.erasure.clear_files = die
else:
    eraser.registry.erased_trainings.flag = die
eraser.carry_out(eraser.begin(sys.argv[3], team=None, token=None, secret="s", by="anne"))
"""


@pytest.mark.parametrize("point", ["objects", "database", "trainings"])
def test_a_killed_erasure_goes_on(office: ServedOffice, eraser: Eraser, point: str) -> None:
    sign = office.account("marie")
    hand_in(office, sign)
    train_on_answers(office)
    command = [sys.executable, "-c", KILLED, str(office.home), point, PERSON]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert eraser.run_next(now=datetime.now(UTC)) is None  # it may be alive
    assert eraser.run_next(now=datetime.now(UTC) + 2 * LEASE)
    assert find_traces(office.home, MARK) == []
    (erasure,) = office.records.erasures.list().items
    assert erasure.is_erased


def test_late_writes_are_removed_a_day_later(office: ServedOffice, eraser: Eraser) -> None:
    sign = office.account("marie")
    document = office.records.documents.get(hand_in(office, sign), team=None)
    number = erase(admin_of(office), eraser)
    office.store.put(f"{document.batch}/cleaned/{document.id}.txt", MARK.encode())
    assert eraser.run_next(now=datetime.now(UTC) + SWEPT_AFTER)
    assert find_traces(office.home, MARK) == []
    done = office.records.erasures.get(number)
    assert (done.step, done.targets) == (ErasureStep.DONE, None)


def test_what_learned_is_erased_by_the_service_that_has_the_workspace(office: ServedOffice, tmp_path: Path) -> None:
    hand_in(office, office.account("marie"))
    train_on_answers(office)
    here = Eraser(office.records, office.store, office.workspace, office.registry)
    other = Eraser(office.records, office.store, Workspace(tmp_path / "b"), office.registry, workspace_here=False)
    number = erase(admin_of(office), other)
    left = office.records.erasures.get(number)
    assert (left.step, left.is_erased) == (ErasureStep.TRAININGS, False)
    assert other.run_next(now=datetime.now(UTC) + timedelta(days=1)) is None
    assert len(office.workspace.images.list()) == 1
    assert here.run_next(now=datetime.now(UTC))
    assert office.workspace.images.list() == ()
    assert find_traces(office.home, MARK) == []
    assert office.records.erasures.get(number).step is ErasureStep.SWEEP
    # The rest needs no workspace.
    assert other.run_next(now=datetime.now(UTC) + SWEPT_AFTER)
    assert office.records.erasures.get(number).step is ErasureStep.DONE


def test_an_erasure_waits_for_who_holds_the_workspace(
    office: ServedOffice, eraser: Eraser, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = office.account("marie")
    hand_in(office, sign)
    train_on_answers(office)
    monkeypatch.setattr("sake_ray.erasure.HOLD_SECONDS", 0.0)
    admin = admin_of(office)
    with office.workspace.hold("job 7", seconds=1):
        number = erase(admin, eraser)
        waiting = admin.erasures.get(number)
        assert (waiting.step, waiting.error_code) == (ErasureStep.TRAININGS, "workspace-locked")
        # Who trains next removes it, before anything is learned.
        eraser.clear_held_workspace()
        assert office.workspace.images.list() == ()
    assert find_traces(office.home, MARK) == []


def test_before_a_training_nothing_is_removed_that_is_not_noted_beside_the_backups(office: ServedOffice) -> None:
    hand_in(office, office.account("marie"))
    train_on_answers(office)
    noted: list[tuple[int, int]] = []

    def refuse(_: Erasure) -> None:
        raise StorageUnavailable("storage-failed")

    def note(erasure: Erasure) -> None:
        noted.append((erasure.number, len(office.workspace.images.list())))

    refusing, noting = (
        Eraser(office.records, office.store, office.workspace, office.registry, note=one) for one in (refuse, note)
    )
    begun = refusing.begin(PERSON, team=None, token=None, secret="s", by="anne")
    with office.workspace.hold("job 7", seconds=1):
        with pytest.raises(StorageUnavailable):
            refusing.clear_held_workspace()
        assert len(office.workspace.images.list()) == 1
        noting.clear_held_workspace()
        assert office.workspace.images.list() == ()
    assert noted == [(begun.number, 1)]
