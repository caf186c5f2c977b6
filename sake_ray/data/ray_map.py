"""Map rows over the free CPUs with Ray Data."""

import logging
from collections.abc import Sequence
from typing import Any

import ray
import ray.data
from ray.exceptions import GetTimeoutError

from sake_ray.domain.datatypes import Row
from sake_ray.errors import TrainingFailed

CPU_SECONDS = 600.0
"""How long is waited for a free CPU, where Ray itself would wait for ever without a word: a machine of a cloud starts within."""
QUIET_SECONDS = 5.0
"""After so long the log says that a CPU is waited for; a worker process alone starts within."""
log = logging.getLogger(__name__)
ActorSpec = tuple[type, tuple[Any, ...]]
"""A class whose instances map a row to another, and the arguments of its constructor."""


def map_rows(
    rows: Sequence[Row], fetcher: ActorSpec, worker: ActorSpec, *, blocks: int, in_order: bool
) -> ray.data.Dataset:
    """Map rows by one fetcher on the node of the driver, which has the files, then by one worker on each free CPU."""
    free = set_up_ray_data()
    ray.data.DataContext.get_current().execution_options.preserve_order = in_order
    return (
        ray.data.from_items(rows, override_num_blocks=blocks)
        .map(
            fetcher[0],
            fn_constructor_args=fetcher[1],
            compute=ray.data.ActorPoolStrategy(size=1),
            num_cpus=0,
            label_selector=select_driver_node(),
        )
        .map(
            worker[0],
            fn_constructor_args=worker[1],
            compute=ray.data.ActorPoolStrategy(size=min(free, len(rows))),
            num_cpus=1,
        )
    )


def set_up_ray_data() -> int:
    """Set up Ray Data for work beside a service; return the number of free CPUs, at least one."""
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.enable_operator_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    return measure_cpus()[1]


def ask_for_cpu() -> None:
    """Wait until some node has a free CPU; raises TrainingFailed when none becomes free within `CPU_SECONDS`.

    Ray is asked for it: a cluster that grows starts a node for what waits, never for who only looks.
    """
    asked = ray.remote(num_cpus=1)(_answer).remote()
    if not ray.wait([asked], timeout=QUIET_SECONDS)[0]:
        log.warning("no CPU is free; waiting for one", extra={"seconds": CPU_SECONDS})
    try:
        ray.get(asked, timeout=CPU_SECONDS)
    except GetTimeoutError as error:
        ray.cancel(asked, force=True)
        raise TrainingFailed("no-cpu-free", minutes=CPU_SECONDS / 60) from error


def _answer() -> bool:
    return True


def measure_cpus() -> tuple[int, int]:
    """Count the CPUs of the cluster and the free ones among them, each at least one."""
    total, free = ray.cluster_resources().get("CPU", 1), ray.available_resources().get("CPU", 1)
    return max(1, int(total)), max(1, int(free))


def make_data_context() -> ray.data.DataContext:
    """Make the context of a dataset whose rows are each work for a CPU, in any order."""
    set_up_ray_data()
    context = ray.data.DataContext.get_current().copy()
    context.execution_options.preserve_order = False
    # Every row is larger than that, and so a block by itself: whoever is free takes the next, and results come one by one.
    context.target_max_block_size = 1
    # A pool grows as soon as all of its actors are busy, as far as the cluster does; by default only when most have a reserve.
    context.autoscaling_config.actor_pool_util_upscaling_threshold = 1.0
    return context


def select_driver_node() -> dict[str, str]:
    """Return the label selector for the node of the driver, the only one that sees its files."""
    return {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
