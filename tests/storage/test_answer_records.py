"""Answers are append-only; the newest counts."""

import pytest

from sake_ray.domain.answers import WITHDRAWN, Answer
from sake_ray.errors import (
    NotFound,
)
from sake_ray.storage.records import Records
from tests.storage.example_records import NOW, hand_in


def test_newest_answer_counts_and_none_is_lost(records: Records) -> None:
    batch = hand_in(records)
    given = tuple(Answer(batch.documents[0].id, said, "ann", NOW) for said in ("invoice", "letter", "none_of_these"))
    for answer in given:
        records.answers.add(answer)
    assert records.answers.list_of_batch(batch.uuid) == given
    assert records.documents.get(batch.documents[0].id, team=None).answer == "none_of_these"


def test_withdrawn_answer_leaves_the_document_without_one(records: Records) -> None:
    batch = hand_in(records)
    for said in ("invoice", WITHDRAWN):
        records.answers.add(Answer(batch.documents[0].id, said, "ann", NOW))
    assert records.documents.get(batch.documents[0].id, team=None).answer is None
    assert [answer.answer for answer in records.answers.list_of_batch(batch.uuid)] == ["invoice", WITHDRAWN]


def test_answer_for_an_unknown_document_is_not_found(records: Records) -> None:
    with pytest.raises(NotFound):
        records.answers.add(Answer("nothing", "invoice", "ann", NOW))


def test_answers_of_another_batch_are_not_told(records: Records) -> None:
    batch, another = hand_in(records), hand_in(records)
    records.answers.add(Answer(another.documents[0].id, "invoice", "ann", NOW))
    assert records.answers.list_of_batch(batch.uuid) == ()
