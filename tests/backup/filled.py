"""An installation with something of everything in it, and what it answers."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sake_ray.classifier import Classifier
from sake_ray.cli.bootstrap import open_registry
from sake_ray.data.reading import Reader
from sake_ray.domain.accounts import Role
from sake_ray.domain.answers import Answer
from sake_ray.domain.jobs import JobState
from sake_ray.erasure import Eraser
from sake_ray.feedback import Feedback
from sake_ray.registry.versions import ModelVersion
from sake_ray.serve.exports import export_batch
from sake_ray.settings import Settings
from tests.pages import LINES, letter, png
from tests.served_office import KEY, ServedOffice
from tests.storage.example_jobs import finish, running
from tests.workspace.test_remotes import train
from tests.workspace.test_workspace import make_workspace

Sign = dict[str, str]
PERSON = "Xzqvmarker / 2026"
OF_ADMIN = (
    "/admin/users",
    "/admin/jobs",
    "/admin/erasures",
    "/admin/models",
    "/admin/models/log",
    "/admin/runs",
    "/admin/images",
    "/admin/policy",
    "/admin/retention",
    "/admin/feedback",
    "/admin/keys",
    "/admin/webhooks",
    "/documents",
    "/batches",
    "/search?q=garden",
    "/search?q=Durand",
    "/references/Durand",
    "/documents/export?format=csv",
    "/labels",
)


@dataclass
class Filled:
    """A served installation, and by what its people are signed in."""

    office: ServedOffice
    admin: Sign
    user: Sign
    trained: tuple[ModelVersion, Classifier]
    reader: Reader

    def answers(self) -> dict[str, Any]:
        """What it answers to everybody who asks for everything."""
        found: dict[str, Any] = {}
        for path in OF_ADMIN:
            found[path] = self._ask(path, self.admin)
        for document in found["/documents"]["items"]:
            place = f"/documents/{document['id']}"
            for part in (
                "",
                "/words",
                "/original",
                "/pages/1",
                "/pages/1/thumbnail",
                "/explanation",
                "/searchable.pdf",
            ):
                found[place + part] = self._ask(place + part, self.user)
        for batch in found["/batches"]["items"]:
            found[f"/predict/{batch['uuid']}"] = self._ask(f"/predict/{batch['uuid']}", self.user)
        return found

    def _ask(self, path: str, sign: Sign) -> Any:
        answer = self.office.http.get(path, headers=sign)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return answer.json() if "json" in answer.headers["content-type"] else answer.content

    def erase(self, reference: str) -> None:
        """Erase a reference, as the service does."""
        eraser = self.eraser()
        eraser.carry_out(eraser.begin(reference, team=None, token=None, secret=KEY, by="anne"))

    def eraser(self) -> Eraser:
        return Eraser(self.office.records, self.office.store, self.office.workspace, self.office.registry)

    def at(self, home: Path) -> "Filled":
        """The same installation, served from another home."""
        office = open_office(home, self.trained, self.reader)
        return Filled(office, self.admin, self.user, self.trained, self.reader)


def open_office(home: Path, trained: tuple[ModelVersion, Classifier], reader: Reader) -> ServedOffice:
    """Serve from a home that has everything."""
    registry = open_registry(Settings(home=home))
    registry.prepare()
    return ServedOffice(home, trained=trained, reader=reader, registry=registry)


def fill(home: Path, first: Path, tables: Path, trained: tuple[ModelVersion, Classifier], reader: Reader) -> Filled:
    """Make an installation of the first model's home, with documents, answers, a training, a job, and an erasure."""
    shutil.copytree(first, home)
    shutil.copyfile(tables, home / "records.db")
    (home / "token_key").write_text(KEY)
    make_workspace(home / "workspace")
    office = open_office(home, trained, reader)
    filled = Filled(office, office.account("anne", Role.ADMIN), office.account("marie"), trained, reader)
    for number, reference in enumerate(("Durand", "Dupontel", "gone")):
        hand_in(filled, f"garden holiday weather {number}", reference=reference)
    with office.workspace.hold("test", seconds=1):
        Feedback(office.records, office.store, office.workspace, reader.recipe).import_answers(now=datetime.now(UTC))
        train(office.workspace, b"two")
    finish(office.records, running(office.records), JobState.SUCCEEDED)
    (home / "jobs").mkdir(exist_ok=True)
    (home / "jobs/1.log").write_text("what the job said\n")
    filled.erase("gone")
    return filled


def hand_in(filled: Filled, words: str, *, reference: str) -> str:
    """Hand in a document, have it classified, answered and exported; return its id."""
    office = filled.office
    uuid = office.upload(
        filled.user, (f"{words[:9]}.png", png(letter((words, *LINES)).render(100))), reference=reference
    )
    office.work()
    document = office.only_document(filled.user, uuid)
    office.records.answers.add(Answer(document, "resume", "marie", datetime.now(UTC)))
    export_batch(office.records, office.store, uuid)
    return document
