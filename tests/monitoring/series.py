"""Synthetic series for `promtool test rules`: how a metric goes, phase by phase."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """A gauge that stays."""

    value: float


@dataclass(frozen=True, slots=True)
class Rise:
    """A counter that grows by so much each step, from where it was; a gauge may jump before."""

    step: float
    jump: float = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """Nobody exports it."""


Phase = float | Level | Rise | Missing
"""A number is a level."""


def write_values(*phases: tuple[Phase, int]) -> str:
    """Write the values of phases of so many steps, in promtool's notation."""
    parts, last = [], 0.0
    for phase, steps in phases:
        if isinstance(phase, Missing):
            parts.append(f"_x{steps}")
        elif isinstance(phase, Rise):
            first = last + phase.jump + phase.step
            parts.append(f"{first:.12g}{phase.step:+.12g}x{steps - 1}")
            last = first + phase.step * (steps - 1)
        else:
            last = phase.value if isinstance(phase, Level) else phase
            parts.append(f"{last:.12g}+0x{steps - 1}")
    return " ".join(parts)


def from_ray(name: str, **labels: str) -> str:
    """Name a series as Ray exports it: with labels that change at every restart, besides its own."""
    more = {"WorkerId": "w1", "SessionName": "s1", "host": "10.0.0.5", "instance": "10.0.0.5:9500", "job": "ray"}
    return write_series(name, **more, **labels)


def from_keeper(name: str, **labels: str) -> str:
    """Name a series of `sake up` itself."""
    return write_series(name, job="keeper", instance="127.0.0.1:9503", host="127.0.0.1", **labels)


def from_machine(name: str, **labels: str) -> str:
    """Name a series of the node exporter."""
    return write_series(name, job="node", instance="127.0.0.1:9512", host="127.0.0.1", **labels)


def write_series(name: str, **labels: str) -> str:
    """Name a series by its metric and labels."""
    inside = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
    return f"{name}{{{inside}}}"
