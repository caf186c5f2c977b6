"""Models are compared over HTTP, for the admin only."""

import pytest

from sake_ray.domain import Role, Standing
from sake_ray.errors import InputError, NotAllowed, NotFound
from tests.judging.conftest import TEST, TRAIN, Place, corpus_of
from tests.serve.conftest import Office


def test_admin_compares_two_models_and_nobody_else_may(office: Office) -> None:
    place = Place(office.workshop.bench)
    learned, judges = corpus_of(6, part=TRAIN, seed=1), corpus_of(40, part=TEST, seed=2)
    run = place.log(learned, place.commit([*learned, *judges]), c=1.0)
    client = office.client(office.account("anne", Role.ADMIN))
    found = client.compare("champion", run)
    assert (found.before.version, found.after.run, found.after.version) == (1, run, None)
    assert (found.verdict.documents, sorted(found.after.labels)) == (len(judges), ["facture", "resume"])
    assert found.measures["accuracy"].low is not None
    assert found.measures["log_loss"].low is None
    assert len(found.changed) == found.verdict.corrected + found.verdict.broken
    assert found.verdict.standing in Standing
    with pytest.raises(NotFound):
        client.compare("champion", "9")
    with pytest.raises(InputError):
        client.compare("champion", "the new one!")
    for role in (Role.USER, Role.OPS):
        with pytest.raises(NotAllowed):
            office.client(office.account(role.value, role)).compare("champion", run)


def test_version_nobody_can_judge_is_promoted_by_force_and_reason_only(office: Office) -> None:
    client = office.client(office.account("anne", Role.ADMIN))
    foreign = Place(office.workshop.bench).log(corpus_of(4, part=TRAIN, seed=1), "0" * 40)
    number = client.register(foreign).number
    with pytest.raises(InputError, match="not trained in this workspace"):
        client.promote(number, why="It is from Lyon.")
    with pytest.raises(InputError, match="needs a reason"):
        client.promote(number, force=True)
    assert client.promote(number, force=True, why="It is from Lyon.").role == "champion"
    (entry,) = client.promotions()
    assert (entry.standing, entry.forced, entry.why) == (Standing.UNKNOWN, True, "It is from Lyon.")
