"""Models are compared, and promises made, over HTTP, for the admin only."""

from collections.abc import AsyncIterator

import pytest

from sake_ray.data.corpus_tables import TEST, TRAIN
from sake_ray.domain.accounts import Role
from sake_ray.domain.documents import Document
from sake_ray.domain.promotions import ComparisonOutcome
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.verdicts import Prediction
from sake_ray.errors import InputError, NotFound, PermissionDenied
from sake_ray.serve.attempts import OrchestratorObserver, ReadingEvent
from sake_ray.serve.orchestrator import Orchestrator
from tests.comparison.place import Place, corpus_of
from tests.pages import letter, png
from tests.served_office import ServedOffice


def test_admin_compares_two_models_and_nobody_else_may(office: ServedOffice) -> None:
    place = Place(office.admin_services.comparison_context)
    learned, judges = corpus_of(6, part=TRAIN, seed=1), corpus_of(40, part=TEST, seed=2)
    run = place.log(learned, place.commit([*learned, *judges]), c=1.0)
    client = office.client(office.account("anne", Role.ADMIN))
    found = client.runs.compare("champion", run)
    assert (found.before.version, found.after.run, found.after.version) == (1, run, None)
    assert (found.verdict.documents, sorted(found.after.labels)) == (len(judges), ["facture", "resume"])
    assert found.measures["accuracy"].low is not None
    assert found.confusion
    assert sum(map(sum, found.confusion.before)) == sum(map(sum, found.confusion.after)) == len(judges)
    assert {"facture", "id_pieces", "other", "resume"} == set(found.confusion.labels)
    assert found.measures["log_loss"].low is None
    assert len(found.changed) == found.verdict.corrected + found.verdict.broken
    assert found.verdict.standing in ComparisonOutcome
    with pytest.raises(NotFound):
        client.runs.compare("champion", "9")
    with pytest.raises(InputError):
        client.runs.compare("champion", "the new one!")
    for role in (Role.USER, Role.OPS):
        with pytest.raises(PermissionDenied):
            office.client(office.account(role.value, role)).runs.compare("champion", run)


def test_version_nobody_can_judge_is_promoted_by_force_and_reason_only(office: ServedOffice) -> None:
    client = office.client(office.account("anne", Role.ADMIN))
    foreign = Place(office.admin_services.comparison_context).log(corpus_of(4, part=TRAIN, seed=1), "0" * 40)
    number = client.runs.register(foreign).number
    with pytest.raises(InputError, match="not trained in this workspace"):
        client.models.promote(number, why="It is from Lyon.")
    with pytest.raises(InputError, match="needs a reason"):
        client.models.promote(number, force=True)
    assert client.models.promote(number, force=True, why="It is from Lyon.").role == "champion"
    (entry,) = client.models.promotions().items
    assert (entry.standing, entry.forced, entry.why) == (ComparisonOutcome.UNKNOWN, True, "It is from Lyon.")


def test_promise_is_proposed_put_in_force_and_brings_open_documents_under_it(office: ServedOffice) -> None:
    admin = office.account("anne", Role.ADMIN)
    client, place = office.client(admin), Place(office.admin_services.comparison_context)
    uuid = office.upload(admin, ("a.png", png(letter().render(100))))
    office.work()
    assert client.policy.get().wrong_in is None
    # Of nothing nothing can be promised.
    with pytest.raises(InputError, match="too few verified documents to guarantee at most 1 error in 5"):
        client.policy.set(5)
    place.commit(corpus_of(40, part=TEST, seed=2, labels=("facture", "resume", "other")))
    found = client.policy.get(wrong_in=5)
    assert found.proposal
    promises = {promise.label: promise for promise in found.proposal.promises}
    assert found.proposal.documents == 120
    assert (promises["id_pieces"].threshold, promises["facture"].accepted >= promises["facture"].needed) == (None, True)
    accepted = sum(promise.accepted for promise in promises.values())
    assert found.proposal.to_people == 120 - accepted
    assert (found.version, found.proposal.open_documents, found.curve) == (1, 1, None)
    curve = client.policy.get(wrong_in=5, curve=True).curve
    assert curve
    assert curve.wanted
    assert (curve.documents, curve.now.threshold, curve.wanted.accepted) == (120, 0.7, accepted)
    assert curve.wanted.right == accepted - sum(promise.wrong for promise in promises.values())
    # The rule of now is one threshold for all: it lies on the curve.
    assert curve.now.accepted == max(p.accepted for p in curve.points if (p.threshold or 0) >= 0.7)

    made = client.policy.set(5)
    assert (made.version, made.wrong_in, made.holds) == (2, 5, True)
    assert (made.outdated_documents, made.open_documents) == (1, 1)
    assert made.thresholds == {label: promise.threshold for label, promise in promises.items()}
    orchestrator = Orchestrator(
        office.records,
        office.store,
        read=nobody_reads,
        classify=nobody_classifies,
        max_in_work=1,
        observer=OrchestratorObserver(),
    )
    orchestrator.apply_policy()
    assert client.policy.get().outdated_documents == 0
    ((document,),) = (batch.documents for batch in client.batches.find(uuid))
    assert document.policy_version == 2
    assert client.policy.set(None).version == 3
    with pytest.raises(PermissionDenied):
        office.client(office.account("paul")).policy.set(5)


def nobody_reads(_: Document) -> AsyncIterator[ReadingEvent]:
    """Nothing is read again."""
    raise AssertionError


async def nobody_classifies(_: DocumentText) -> Prediction:
    """Nothing is classified again."""
    raise AssertionError
