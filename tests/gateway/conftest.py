"""A gateway before an application that says what reaches it."""

from collections.abc import Iterator

import pytest

from tests.gateway.front import Front, make_config, make_echo, running, serving


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    """Where the application is."""
    with serving(make_echo()) as address:
        yield address


@pytest.fixture(scope="module")
def front(echo: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """A gateway with the limits of every day."""
    folder = tmp_path_factory.mktemp("gateway")
    with running(folder, make_config(folder, echo)) as front:
        yield front
