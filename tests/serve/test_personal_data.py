"""What is of a person stays in records and store: logs follow documents by their ids."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from sake_ray.domain.accounts import Role
from sake_ray.domain.documents import Document
from sake_ray.errors import SakeError
from sake_ray.logs import set_up_logs
from sake_ray.serve.attempts import ReadingEvent
from tests.command import run_sake
from tests.pages import letter, png
from tests.serve.test_orchestrator import accept, work_until
from tests.served_office import ServedOffice
from tests.small_service import SmallService

WORD, FILE, REFERENCE, OWNER = "Zwiebelkuchen", "Xanthippe", "Ravaillac", "wilhelmina"
"""What marks the content, the name of a file, its reference and who sent it."""
MARKED = re.compile("|".join((WORD, FILE, REFERENCE, OWNER)), re.IGNORECASE)
SCAN = png(letter((f"Invoice for {WORD} and others", "Total amount due on Monday", "Northern branch")).render(150))


class Logs:
    """The logs of a part of the service."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self) -> str:
        return "".join(path.read_text(encoding="utf-8") for path in self.folder.glob("*.log"))

    def find_marks(self) -> list[str]:
        return [line for line in self.read().splitlines() if MARKED.search(line)]


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Logs]:
    """What the service would log from now on."""
    set_up_logs("gateway", folder=tmp_path / "logs", level="INFO")
    yield Logs(tmp_path / "logs")
    ours = logging.getLogger("sake_ray")
    for handler in ours.handlers:
        handler.close()
    ours.handlers.clear()
    ours.propagate = True


def test_a_documents_whole_way_leaves_no_name_and_no_word_in_the_logs(office: ServedOffice, logs: Logs) -> None:
    sign = office.account(OWNER, Role.ADMIN)
    uuid = office.upload(sign, (f"{FILE}.png", SCAN), (f"{FILE}.docx", b"PK\x03\x04"), reference=REFERENCE)
    office.work()
    document = office.only_document(sign, uuid)
    http, url = office.http, f"/documents/{document}"
    found = http.get("/search", headers=sign, params={"q": WORD}).json()
    assert found["items"]
    for path in (
        url,
        f"{url}/words",
        f"{url}/explanation",
        f"{url}/original",
        f"/predict/{REFERENCE}",
        f"/references/{REFERENCE}",
    ):
        assert http.get(path, headers=sign).status_code == 200
    http.post(f"{url}/answers", headers=sign, json={"label": "facture"})
    for key in list(office.store.list()):
        if "/ocr_raw/" not in key and "original" not in key:
            office.store.delete(key)
    http.get(url, headers=sign)
    http.get(f"/references/{REFERENCE}/{FILE}", headers=sign)
    assert "document accepted" in logs.read()
    assert logs.find_marks() == []


def test_failures_of_requests_are_logged_by_their_route_and_quote_nothing(tmp_path: Path, logs: Logs) -> None:
    small = SmallService(tmp_path)
    sign = small.sign(OWNER)
    answer = small.http.get(f"/references/{REFERENCE}", headers=sign)  # which asks for a model that is not there
    assert answer.status_code == 500
    assert '"route": "/references/{reference' in logs.read()
    assert answer.json()["request_id"] in logs.read()
    with small.records.database.transaction() as connection:
        connection.execute(sa.text("DROP TABLE uploads"))
    files = [("files", (f"{FILE}.png", SCAN))]
    assert small.http.post("/predict", headers=sign, data={"reference": REFERENCE}, files=files).status_code >= 500
    small.http.close()
    assert logs.find_marks() == []


def test_database_errors_do_not_quote_what_was_to_be_written(tmp_path: Path) -> None:
    small = SmallService(tmp_path)
    error = ""
    try:
        with small.records.database.transaction() as connection:
            connection.execute(sa.text("INSERT INTO nowhere VALUES (:name)"), {"name": REFERENCE})
    except SakeError as failure:
        error = f"{failure} {failure.__cause__}"
    assert "nowhere" in error
    assert REFERENCE not in error


def test_an_unforeseen_failure_of_a_reading_is_logged_without_its_words(
    small: SmallService, tmp_path: Path, logs: Logs
) -> None:
    records, tries = small.records, []
    accept(records, "d")

    async def read(document: Document) -> AsyncIterator[ReadingEvent]:
        tries.append(document.id)
        raise ValueError(f"{WORD} in {FILE}")
        yield

    asyncio.run(work_until(records, tmp_path, read, lambda: len(tries) > 0 and "attempt put back" in logs.read()))
    assert '"error": "ValueError"' in logs.read()
    assert logs.find_marks() == []


def test_classifying_a_folder_leaves_no_name_in_the_logs(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / f"{FILE}.png").write_bytes(SCAN)
    (folder / f"{FILE}.docx").write_bytes(b"PK\x03\x04")
    done = run_sake("classify", str(folder), "--output", str(tmp_path / "out.csv"), home=home, SAKE_LOG_LEVEL="INFO")
    assert FILE in (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert not MARKED.search(
        "".join(line for line in done.stderr.splitlines() if line.startswith(("INFO", "WARN", "ERR")))
    )
    logs = [path for path in (home / "logs").glob("**/*") if path.is_file()]
    assert not any(MARKED.search(path.read_text(errors="replace")) for path in logs)
