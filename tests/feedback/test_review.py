"""What is answered first: what the model is least sure of, spread over what it confuses, with some at random."""

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from sake_ray.feedback.review import ReviewCandidate, interleave, list_reviews, select_uncertain
from sake_ray.storage.records.tables import predictions
from tests.office import NOW, Office, make_office
from tests.storage.databases import tables_on_server as tables_on_server
from tests.storage.databases import url as url
from tests.storage.postgres import postgres as postgres

DAY = date(2026, 5, 6)


@pytest.fixture
def office(tmp_path: Path, url: str) -> Iterator[Office]:
    """With records of each kind."""
    office = make_office(tmp_path, url)
    yield office
    office.records.database.close()


def sure(margin: float, *, of: str = "facture", than: str = "resume") -> dict[str, float]:
    """Probabilities that far apart."""
    return {of: (1 + margin) / 2, than: (1 - margin) / 2}


def test_least_sure_come_first_and_not_all_between_the_same_labels() -> None:
    bills = [ReviewCandidate(f"bill {n}", sure(0.01 * n)) for n in range(6)]
    cards = [ReviewCandidate(f"card {n}", sure(0.15 + 0.01 * n, of="id_pieces")) for n in range(3)]
    far = ReviewCandidate("far", sure(0.9, of="other"))
    order = [candidate.document for candidate in select_uncertain([far, *cards, *bills], 10)]
    assert order == ["bill 0", "bill 1", "card 0", "bill 2", "card 1", "bill 3", "card 2", "bill 4", "bill 5", "far"]
    assert [candidate.document for candidate in select_uncertain([*cards, *bills], 2)] == ["bill 0", "bill 1"]


def test_every_fifth_is_drawn_at_random() -> None:
    assert interleave("abcdefgh", "xyz", 10) == [(one, one in "xyz") for one in "abcdxefghy"]
    assert interleave("", "x", 3) == [("x", True)]


def test_only_what_nobody_answered_and_what_can_teach_is_reviewed(office: Office) -> None:
    first, second, third = (office.add_classified(f"{n}", chances=sure(0.1 * n)) for n in (1, 2, 3))
    answered, withdrawn = office.add_classified("a", chances=sure(0)), office.add_classified("w", chances=sure(0.05))
    for document in (answered, withdrawn):
        office.say(document, "facture")
    office.say(withdrawn, "withdrawn")
    office.add_classified("a", chances=sure(0))  # the same bytes again
    office.add_classified("1", chances=sure(0.1))
    office.add_classified("blank", text="", chances={})
    office.add_classified("failed", failed=True)
    listed = list_reviews(office.records, 10, day=DAY)
    ids = [document.id for document, drawn in listed if not drawn]
    assert [ids[0], *ids[2:]] == [withdrawn, second, third]
    assert office.sha(ids[1]) == office.sha(first)
    assert not [document for document, drawn in listed if drawn]  # all are there already
    assert office.records.reviews.count_unanswered() == 7


def test_list_of_a_day_stays_while_it_is_worked_off(office: Office) -> None:
    for number in range(40):
        office.add_classified(f"{number}", chances=sure(number / 50))
    listed = list_reviews(office.records, 10, day=DAY)
    assert listed == list_reviews(office.records, 10, day=DAY)
    assert [place for place, (_, drawn) in enumerate(listed) if drawn] == [4, 9]
    assert len({document.id for document, _ in listed}) == 10
    days = [date(2026, month, day) for month in (5, 6) for day in range(1, 29)]
    before = [list_reviews(office.records, 10, day=day) for day in days]
    assert len({tuple(document.id for document, drawn in of_day if drawn) for of_day in before}) > 1
    office.say(listed[0][0].id, "facture")
    for day, of_day in zip(days, before, strict=True):
        again = {document.id for document, _ in list_reviews(office.records, 10, day=day)}
        assert {document.id for document, _ in of_day[1:]} <= again


def test_answer_is_imported_once_and_a_decision_is_found_again(office: Office) -> None:
    document = office.add_classified("a")
    office.say(document, "facture")
    office.say(document, "withdrawn")
    numbers = [said.number for said in office.records.answers.iterate()]
    office.records.answers.mark_imported(numbers[:1], now=NOW)
    office.records.answers.mark_imported(numbers[:1], now=NOW)
    assert office.records.answers.count_imported() == 1
    office.say(document, "facture")
    office.decide(document, "unreadable")
    office.decide(document, "skip")
    (kept,) = office.records.decisions.find_newest().values()
    assert (kept.document, kept.decision, kept.by) == (document, "skip", "root")


def test_predictions_made_before_margins_were_kept_get_theirs(office: Office) -> None:
    office.add_classified("a", chances=sure(0.25))
    office.add_classified("blank", text="", chances={})
    database = office.records.database
    with database.transaction() as connection:
        connection.execute(sa.text("DROP INDEX ix_predictions_margin"))
        connection.execute(sa.text("DROP INDEX ix_documents_sha256"))
        connection.execute(sa.text("ALTER TABLE predictions DROP COLUMN margin"))
        with Operations.context(MigrationContext.configure(connection)):
            import_module("sake_ray.storage.records.migrations.versions.0007_margins").upgrade()
    with database.transaction(reads_only=True) as connection:
        margins = connection.execute(sa.select(predictions.c.margin).order_by(predictions.c.margin)).scalars().all()
    assert sorted(margins, key=str) == [pytest.approx(0.25), None]
