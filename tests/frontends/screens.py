"""The screens over a real office: served on a thread, read as a person would."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from streamlit.testing.v1 import AppTest

from sake_ray.domain.accounts import Role
from tests.served_office import ServedOffice
from tests.serving import serve_app
from tests.small_service import SmallService

Open = Callable[..., AppTest]


@contextmanager
def serving(office: ServedOffice | SmallService, port: int = 0) -> Iterator[str]:
    """Serve an office over HTTP for the duration of a block; its address."""
    with serve_app(office.http.app, port=port) as port:
        yield f"http://127.0.0.1:{port}"


def shown(test: AppTest) -> str:
    """All that can be read on a page."""
    kinds = (
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "html",
        "warning",
        "error",
        "text",
        "success",
        "info",
    )
    return "\n".join(
        str(element.value if kind != "html" else element.proto.body) for kind in kinds for element in test.get(kind)
    )


def colleague(office: ServedOffice, role: Role) -> dict[str, str]:
    """Another account."""
    return office.account(f"{role}-colleague", role)
