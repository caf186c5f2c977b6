"""A person's data as a download: whole, of the own team only, and noted in the audit log without a name."""

import json
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.domain.answers import Answer
from sake_ray.errors import NotFound, PermissionDenied
from sake_ray.storage.records import AuditFilter
from tests.pages import letter, png
from tests.served_office import ServedOffice

PERSON = "Durand / 2026"
PAGE = png(letter().render(100))


def open_zip(content: bytes) -> tuple[dict[str, bytes], dict[str, object]]:
    """The members of a ZIP, and what its data.json says."""
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        members = {name: archive.read(name) for name in archive.namelist()}
    return members, json.loads(members["data.json"])


def test_originals_texts_predictions_and_answers_are_in_it(office: ServedOffice) -> None:
    sign = office.account("marie")
    document = office.only_document(sign, office.upload(sign, ("a.png", PAGE), reference=PERSON))
    office.upload(sign, ("other.png", PAGE), reference="other")
    office.work()
    waiting = office.only_document(sign, office.upload(sign, ("b.png", PAGE), reference=PERSON))
    office.records.answers.add(Answer(document, "resume", "marie", datetime.now(UTC)))
    office.client(sign).documents.remove(waiting)
    members, data = open_zip(office.client(sign).references.data(PERSON))
    assert members.keys() == {
        *(f"originals/{document}.png", f"originals/{waiting}.png", f"texts/{document}.txt", "data.json"),
    }
    assert members[f"originals/{document}.png"] == PAGE
    assert b"Invoice" in members[f"texts/{document}.txt"]
    entries = {entry["id"]: entry for entry in data["documents"]}  # type: ignore[attr-defined]
    assert data["reference"] == PERSON
    assert entries[waiting]["status"] == "BINNED"
    assert entries[waiting]["text"] is None
    found = entries[document]
    assert (found["name"], found["answers"][0]["answer"], found["language"]) == ("a.png", "resume", "en")
    assert sum(found["probabilities"].values()) == pytest.approx(1.0)
    assert "marie" not in members["data.json"].decode()


def test_what_is_gone_is_said_to_be_gone(office: ServedOffice) -> None:
    sign = office.account("marie")
    document = office.only_document(sign, office.upload(sign, ("a.png", PAGE), reference=PERSON))
    office.store.delete(office.records.documents.get(document, team=None).original)
    members, data = open_zip(office.client(sign).references.data(PERSON))
    assert members.keys() == {"data.json"}
    assert data["documents"][0]["original"] is None  # type: ignore[index]


def test_it_is_the_own_teams_and_noted_without_a_name(office: ServedOffice) -> None:
    sign = office.account("marie")
    office.upload(sign, ("a.png", PAGE), reference=PERSON)
    with pytest.raises(NotFound):
        office.client(office.account("paul", team="lyon")).references.data(PERSON)
    with pytest.raises(PermissionDenied):
        office.client(office.account("omar", Role.OPS)).references.data(PERSON)
    assert office.client(office.account("anne", Role.ADMIN)).references.data(PERSON, team="paris")
    (entry,) = office.records.audit.list(AuditFilter(action="reference-downloaded")).items
    assert (entry.by, entry.details["documents"]) == ("anne", 1)
    assert entry.subject.startswith("reference:")
    assert "Durand" not in entry.subject
