"""What our start of a local Ray takes for granted of the Ray that is installed; a new Ray that differs fails here first."""

from inspect import Parameter, signature

import ray
from ray._private.parameter import RayParams

from sake_ray.jobs.local_ray import AGENT_PORT, free_agent_port

FIXED = 52365
"""The port of the agent that takes jobs, which a second Ray on this machine cannot have."""


def test_agent_port_is_free_during_the_block_and_as_before_after_it() -> None:
    assert getattr(RayParams(), AGENT_PORT) == FIXED
    with free_agent_port():
        assert getattr(RayParams(), AGENT_PORT) == 0
    assert getattr(RayParams(), AGENT_PORT) == FIXED


def test_nothing_else_of_the_parameters_changes() -> None:
    before, again = vars(RayParams()), vars(RayParams())
    with free_agent_port():
        during = vars(RayParams())
    comparable = [name for name in before if before[name] == again[name]]  # others are made anew each time
    assert [name for name in comparable if before[name] != during[name]] == [AGENT_PORT]


def test_all_parameters_can_be_given_by_position() -> None:
    """Defaults are matched to names from the end, which a keyword-only parameter would shift."""
    kinds = {parameter.kind for parameter in signature(RayParams.__init__).parameters.values()}
    assert kinds == {Parameter.POSITIONAL_OR_KEYWORD}


def test_ray_still_takes_no_port_of_the_agent() -> None:
    """When this fails, Ray has learnt it: give the port to `ray.init`, and drop `free_agent_port`."""
    assert AGENT_PORT not in signature(ray.init).parameters
