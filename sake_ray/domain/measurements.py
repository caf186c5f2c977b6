"""What Prometheus has measured: how figures went, which parts answer, which alerts there are."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that is due, or soon will be if what is wrong lasts."""

    name: str
    severity: str
    summary: str
    """A sentence for people, in English."""
    runbook: str
    is_firing: bool
    since: datetime


Points = tuple[tuple[datetime, float], ...]
"""Moments, oldest first, and what was measured then."""


class Unit(StrEnum):
    """What a value counts."""

    DOCUMENTS = "documents"
    DOCUMENTS_PER_HOUR = "documents per hour"
    ATTEMPTS_PER_HOUR = "attempts per hour"
    SECONDS = "seconds"
    SHARE = "share"
    """0-1"""
    INDEX = "index"
    """Of population stability: below 0.1 nothing has drifted, above 0.25 much has."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure over time: an expression with at most one series, over all replicas and nodes."""

    name: str
    unit: Unit
    expression: str


@dataclass(frozen=True, slots=True)
class Course:
    """How a figure went."""

    measure: Measure
    points: Points


@dataclass(frozen=True, slots=True)
class AskedPart:
    """A job of Prometheus: how many of the addresses that it asks answer."""

    name: str
    answering: int
    addresses: int


@dataclass(frozen=True, slots=True)
class Measurements:
    """What was found; not reached: nothing, or only some of it."""

    at: datetime
    is_reached: bool
    alerts: tuple[Alert, ...] = ()
    parts: tuple[AskedPart, ...] = ()
    courses: tuple[Course, ...] = ()
