"""A clock that a test sets, and the one beside it that nobody can set."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.storage.example_records import NOW


@dataclass
class ExampleClock:
    """Tells NOW and the seconds that have passed; by so much it is wrong, and so long its answer takes to arrive."""

    passed: float = 0.0
    wrong: timedelta = timedelta(0)
    late: float = 0.0

    def read(self) -> datetime:
        now = NOW + timedelta(seconds=self.passed) + self.wrong
        self.passed += self.late
        return now

    def elapsed(self) -> float:
        return self.passed
