"""A candidate's file: what is there, doubtful and missing, whatever the reference is called."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.domain.documents import ReadingSummary
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import Prediction, Verdict
from sake_ray.errors import InputError, NotFound, PermissionDenied
from tests.served_office import ServedOffice

RECIPE = Recipe("tesseract", "5.3.0", "fra+eng", 1, 1)
ODD = "Durand / 2026 #é?"
FILE = b"%PDF-1.7\n"


def classify(
    office: ServedOffice, sign: dict[str, str], labels: Sequence[str | None], *, reference: str = ODD
) -> list[str]:
    """Hand in documents that are found to be that; "label?" is to be checked. Return their ids."""
    uuid = office.upload(sign, *((f"{label}.pdf", FILE) for label in labels), reference=reference)
    now = datetime.now(UTC)
    for claim, found in zip(
        office.records.queue.claim("test", limit=100, lease=timedelta(minutes=1), now=now), labels, strict=True
    ):
        label = found and found.rstrip("?")
        verdict = Verdict(label, 0.6, {label: 0.6} if label else {}, found is None or found.endswith("?"))
        prediction = Prediction(verdict, "1", "ab", 1)
        office.records.queue.complete(claim, ReadingSummary(1, "fr", 90.0, RECIPE), prediction, now=now)
    (batch,) = office.client(sign).batches.find(uuid)
    return [document.id for document in batch.documents]


def test_a_file_tells_what_is_there_doubtful_and_missing_over_all_its_batches(office: ServedOffice) -> None:
    sign = office.account("marie")
    client = office.client(sign)
    first, _ = classify(office, sign, ["facture?", "facture"])
    (unsure,) = classify(office, sign, ["id_pieces?"])
    office.upload(sign, ("waits.pdf", FILE), reference=ODD)
    found = client.references.get(ODD)
    assert (found.there, found.doubtful, found.missing) == (["facture"], ["id_pieces"], ["resume"])
    assert (found.complete, found.total, found.n_ended, found.teams) == (False, 4, 3, ["paris"])
    assert [(one.label, one.state, one.required, one.n_documents) for one in found.groups] == [
        ("facture", "there", True, 2),
        ("id_pieces", "doubtful", True, 1),
        ("resume", "missing", True, 0),
        (None, "waiting", False, 1),
    ]
    assert [document.name for document in found.items] == ["waits.pdf", "id_pieces?.pdf", "facture.pdf", "facture?.pdf"]
    client.documents.answer(unsure, "resume")
    client.documents.answer(first, "none_of_these")
    found = client.references.get(ODD)
    assert (found.there, found.doubtful, found.missing) == (["facture", "resume"], [], ["id_pieces"])
    assert [one.n_documents for one in found.groups if one.label == "other"] == [1]
    client.documents.answer(unsure, "unreadable")
    assert [(one.label, one.state) for one in client.references.get(ODD).groups][-2:] == [
        (None, "waiting"),
        (None, "unreadable"),
    ]
    client.documents.answer(unsure, "withdrawn")
    assert client.references.get(ODD).doubtful == ["id_pieces"]


def test_the_admin_sets_what_is_required_and_it_is_kept_with_who_and_when(office: ServedOffice) -> None:
    sign = office.account("marie")
    admin = office.client(office.account("anne", Role.ADMIN))
    classify(office, sign, ["resume"])
    default = admin.references.required_labels()
    assert (default.labels, default.by) == (["facture", "id_pieces", "resume"], None)
    assert admin.references.require_labels(["resume", "id_pieces", "resume"]).labels == ["resume", "id_pieces"]
    assert (admin.references.required_labels().by, office.client(sign).references.get(ODD).missing) == (
        "anne",
        ["id_pieces"],
    )
    for wrong in ("other", "passport", "a\0b"):
        with pytest.raises(InputError, match=r"cannot be required.*facture"):
            admin.references.require_labels(["resume", wrong])
    office.model.gone = True
    assert office.client(sign).references.get(ODD).missing == ["id_pieces"]
    office.model.gone = False
    admin.references.require_labels([])
    assert office.client(sign).references.get(ODD).complete
    for ask in (
        office.client(sign).references.required_labels,
        lambda: office.client(sign).references.require_labels([]),
    ):
        with pytest.raises(PermissionDenied):
            ask()


def test_a_file_is_the_own_teams_and_admin_and_ops_see_it_by_team(office: ServedOffice) -> None:
    paris, lyon = office.account("marie"), office.account("paul", team="lyon")
    classify(office, paris, ["resume"])
    with pytest.raises(NotFound):
        office.client(lyon).references.get(ODD)
    classify(office, lyon, ["facture", "facture"])
    assert (
        office.client(lyon).references.get(ODD, team="paris").total,
        office.client(paris).references.get(ODD).total,
    ) == (2, 1)
    ops = office.client(office.account("omar", Role.OPS))
    assert (ops.references.get(ODD).teams, ops.references.get(ODD).total) == (["lyon", "paris"], 3)
    assert ops.references.get(ODD, team="paris").there == ["resume"]
    for unknown in ("nobody", "\0", ".."):
        with pytest.raises(NotFound):
            ops.references.get(unknown)
    for odd in ("..", "a//b/", "é\n", "100 %"):
        classify(office, paris, ["resume"], reference=odd)
        assert ops.references.get(odd).reference == odd
