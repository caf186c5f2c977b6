"""Who waits for uploads hears at once what ended them."""

import pytest

from sake_ray.client import Client
from sake_ray.errors import SakeError
from tests.faults.uploading import Uploads
from tests.ports import free_port


def test_uploads_that_fail_are_not_waited_for() -> None:
    uploads = Uploads(Client(f"http://127.0.0.1:{free_port()}", "token", patience=0), "nobody listens", pause=0)
    assert uploads.count() == 0
    uploads.start()
    uploads.join()
    with pytest.raises(SakeError):
        uploads.count()
