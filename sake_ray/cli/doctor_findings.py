"""What the doctor finds: a sentence for each thing it looks at, how bad that is, and what mends it."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from sake_ray.errors import SakeError
from sake_ray.settings import Settings

log = logging.getLogger(__name__)


class Level(StrEnum):
    """How bad it is. A warning is for people to judge; with a problem something does not work, or is not safe."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, in one sentence without secrets, and its mend in another; empty where nothing is to be mended."""

    check: str
    level: Level
    sentence: str
    mend: str = ""


SEE_MORE = "`SAKE_LOG_LEVEL=DEBUG sake doctor` shows where it failed."
Check = Callable[[Settings], Iterator[Finding]]
"""Looks at one thing; what it raises is a problem as well."""


def ok(check: str, sentence: str) -> Finding:
    """Find that all is well."""
    return Finding(check, Level.OK, sentence)


def warning(check: str, sentence: str, mend: str) -> Finding:
    """Find what people should judge."""
    return Finding(check, Level.WARNING, sentence, mend)


def problem(check: str, sentence: str, mend: str) -> Finding:
    """Find what does not work, or is not safe."""
    return Finding(check, Level.PROBLEM, sentence, mend)


def explain(check: str, error: SakeError) -> Finding:
    """Make a problem of an error: its mend is the way out that docs/errors.md has for it."""
    return problem(check, str(error), find_way_out(error.code))


def run_checks(checks: Iterable[tuple[str, Check]], settings: Settings) -> Iterator[Finding]:
    """Look at one thing after the other; a check that fails is a problem of its own, and keeps no other from looking."""
    for name, check in checks:
        try:
            yield from check(settings)
        except SakeError as error:
            yield explain(name, error)
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            sentence = f"It could not be looked at: {error.strerror or type(error).__name__}{where}."
            as_user = "Run `sake doctor` as the user that runs `sake up`."
            yield problem(name, sentence, as_user if isinstance(error, PermissionError) else SEE_MORE)
        except Exception as error:
            # Its words may hold a secret.
            log.debug("check failed", exc_info=True)
            yield problem(name, f"It could not be looked at: {type(error).__name__}.", SEE_MORE)


def find_way_out(code: str) -> str:
    """The way out of an error."""
    return _read_ways_out().get(code, "")


@cache
def _read_ways_out() -> dict[str, str]:
    from sake_ray.errors.page import read_sections

    return {entry.code: entry.way_out for section in read_sections() for entry in section.entries}
