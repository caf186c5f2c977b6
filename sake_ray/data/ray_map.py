"""Spread work over the free CPUs with Ray Data."""

import logging
from collections.abc import Sequence
from typing import Any

import ray
import ray.data

from sake_ray.domain.datatypes import Row

Hand = tuple[type, tuple[Any, ...]]
"""A class whose objects turn a row into another, and what they are made with."""


def spread(rows: Sequence[Row], fetching: Hand, working: Hand, *, blocks: int, in_order: bool) -> ray.data.Dataset:
    """Let one actor beside the driver, which has the files, fetch what each row needs, and one on every free CPU work on it."""
    free = quiet_and_free()
    ray.data.DataContext.get_current().execution_options.preserve_order = in_order
    return (
        ray.data.from_items(rows, override_num_blocks=blocks)
        .map(
            fetching[0],
            fn_constructor_args=fetching[1],
            compute=ray.data.ActorPoolStrategy(size=1),
            num_cpus=0,
            label_selector=here(),
        )
        .map(
            working[0],
            fn_constructor_args=working[1],
            compute=ray.data.ActorPoolStrategy(size=min(free, len(rows))),
            num_cpus=1,
        )
    )


def quiet_and_free() -> int:
    """Set Ray Data up for work beside a service, and tell how many CPUs are free, at least one."""
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.enable_operator_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    return max(1, int(ray.available_resources().get("CPU", 1)))


def here() -> dict[str, str]:
    """What selects the node of the driver: the only one that sees its files."""
    return {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
