"""Whatever people say, hands do and kills interrupt: an import ends where the answers want it, and then has nothing to do."""

from dataclasses import dataclass, field
from itertools import count

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE, WITHDRAWN, Answer
from sake_ray.domain.documents import Status
from sake_ray.domain.feedback import Decision, FeedbackAnswer
from sake_ray.feedback.import_plan import WorkspaceImages, plan_import
from sake_ray.feedback.provenance import ExpectedLabels, ImageOrigin
from sake_ray.feedback.votes import gather_votes, to_label
from tests.office import NOW, RECIPE

KNOWN = frozenset({"facture", "resume", "other"})
DOCUMENTS = {"d1": "s1", "d2": "s2", "again": "s1"}
ANSWERS = ("facture", "resume", "payslip", NONE_OF_THESE, UNREADABLE, WITHDRAWN)
actions = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(sorted(DOCUMENTS)), st.sampled_from(ANSWERS), st.sampled_from("mp")),
    st.tuples(st.just("import"), st.integers(0, 5)),
    st.tuples(st.just("hand"), st.sampled_from(["s1", "s2"]), st.sampled_from([None, "facture", "resume"])),
    st.tuples(
        st.just("decide"), st.sampled_from(["s1", "s2"]), st.sampled_from(["facture", "other", "unreadable", "skip"])
    ),
)


@dataclass
class World:
    """A workspace and its answers, without files."""

    said: list[FeedbackAnswer] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    origins: dict[str, ImageOrigin] = field(default_factory=dict)
    unfinished: dict[str, ExpectedLabels] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    by_hand: set[str] = field(default_factory=set)
    to_carry_out: set[str] = field(default_factory=set)

    def say(self, document: str, answer: str, by: str) -> None:
        sha = DOCUMENTS[document]
        given = Answer(document, answer, by, NOW)
        self.said.append(FeedbackAnswer(len(self.said), given, document, sha, "key", Status.COMPLETED, RECIPE))

    def hand(self, sha: str, label: str | None) -> None:
        """Put an image somewhere by hand, or take it away; not while an import is interrupted."""
        if self.unfinished:
            return
        put(self.labels, sha, label)
        origin = self.origins.get(sha)
        (self.by_hand.discard if label == (origin.label if origin else None) else self.by_hand.add)(sha)

    def decide(self, sha: str, decision: str, number: int) -> None:
        content = gather_votes(self.said).get(sha)
        if content and content.votes:
            kept = Decision(sha, content.document, decision, content.fingerprint, f"root {number}", NOW)
            self.decisions[sha] = kept
            (self.to_carry_out.discard if decision == "skip" else self.to_carry_out.add)(sha)

    def decided(self) -> set[str]:
        """Originals with a decision that counts."""
        contents = gather_votes(self.said)
        return {sha for sha, one in self.decisions.items() if contents[sha].fingerprint == one.votes}

    def import_answers(self, killed_after: int | None) -> int:
        """Import, killed after so many steps; return how many there were."""
        images = WorkspaceImages(dict(self.labels), dict(self.origins), dict(self.unfinished), KNOWN)
        plan = plan_import(gather_votes(self.said), images, self.decisions, lambda content, label: ())
        self.unfinished = {one.content.sha256: one.expected_labels for one in plan.changes} or self.unfinished
        for change in plan.changes[:killed_after]:
            put(self.labels, change.content.sha256, change.after)
            if change.before != change.after:  # a decision has overruled the hand
                self.by_hand.discard(change.content.sha256)
        if killed_after is None:
            for change in plan.changes:
                put(self.origins, change.content.sha256, change.origin)
            self.unfinished = {}
            done = self.decided() & self.to_carry_out
            self.to_carry_out -= done
            self.by_hand -= done
        return len(plan.changes)


def put(place: dict, key: str, value: object) -> None:
    if value is None:
        place.pop(key, None)
    else:
        place[key] = value


UNDECIDED_AGAIN = [
    ("hand", "s1", "facture"), ("say", "d1", "facture", "m"), ("decide", "s1", "other"), ("import", 0),
    ("say", "d1", "resume", "m"), ("import", 1),
]  # fmt: skip
"""A decision to move what a hand has placed, killed, and then no decision any more."""

VOID_BEFORE_IT_MOVED = [
    ("hand", "s2", "facture"), ("say", "d2", "facture", "m"), ("decide", "s2", "facture"), ("import", 0),
    ("say", "d2", "resume", "m"), ("import", 1),
]  # fmt: skip
"""A decision for the label that a hand has given, killed before it was recorded, and then no decision any more."""

REMOVED_BUT_NOT_RECORDED = [
    ("say", "d1", "facture", "m"), ("import", 3), ("say", "d1", "payslip", "m"), ("import", 1), ("import", 3),
    ("say", "d1", "facture", "m"),
]  # fmt: skip
"""An image removed by an import that was killed before it was recorded: no hand did it."""

HAND_AFTER_THE_DECISION = [
    ("say", "d1", "facture", "m"), ("hand", "s1", "facture"), ("decide", "s1", "facture"), ("import", 3),
    ("hand", "s1", "resume"), ("import", 3),
]  # fmt: skip
"""A hand after a decision for the label that an earlier hand had given."""


@given(st.lists(actions, max_size=25))
@example(UNDECIDED_AGAIN)
@example(VOID_BEFORE_IT_MOVED)
@example(HAND_AFTER_THE_DECISION)
@example(REMOVED_BUT_NOT_RECORDED)
@settings(max_examples=300, deadline=None, database=None)
def test_import_ends_where_the_answers_want_it(happened: list[tuple]) -> None:
    world, numbers = World(), count()
    for kind, *details in happened:
        if kind == "say":
            world.say(*details)
        elif kind == "decide":
            world.decide(*details, next(numbers))
        elif kind == "hand":
            world.hand(*details)
        else:
            kept = world.by_hand - (world.decided() & world.to_carry_out)
            before = {sha: world.labels.get(sha) for sha in kept}
            world.import_answers(None if details[0] > 2 else details[0])
            assert {sha: world.labels.get(sha) for sha in kept} == before
    world.import_answers(None)
    assert world.import_answers(None) == 0
    for sha, content in gather_votes(world.said).items():
        if sha in world.by_hand | world.decided():
            continue
        wanted = set(map(to_label, content.opinions)) or {None}
        allowed = wanted if len(wanted) == 1 and wanted <= KNOWN | {None} else (wanted & KNOWN) | {None}
        assert world.labels.get(sha) in allowed
