"""A client for slow requests: comparing, promoting, importing."""

from collections.abc import Iterator
from contextlib import contextmanager

from frontends import session
from frontends.site import current_site
from sake_ray.client import Client

ANSWER_SECONDS = 180.0


@contextmanager
def patient_client() -> Iterator[Client]:
    """A client that waits for minutes."""
    api, token, patience = current_site().api, session.token(), session.PATIENCE_SECONDS
    with Client(api, token, patience=patience, timeout=ANSWER_SECONDS, peer=session.peer()) as client:
        yield client
