"""One application of the screens: its name, its service, who may sign in, the limits it shows."""

from dataclasses import dataclass, field
from pathlib import Path

from sake_ray.domain.peers import Networks, sign_peer
from sake_ray.metrics import Instruments
from sake_ray.metrics.instruments import NoInstruments

START = "/start"


@dataclass(frozen=True, slots=True)
class Site:
    """One application. `name` is the folder of its screens and part of its cookie; `roles` may sign in."""

    name: str
    api: str
    roles: tuple[str, ...]
    max_bytes: int = 20_000_000
    max_pages: int = 50
    links: tuple[tuple[str, str], ...] = ()
    """Other tools of the installation: name and address."""
    key: str = ""
    """By which the service believes us where a person is; without one it sees our own address only."""
    trusted_proxies: Networks = ()
    base: str = ""
    """The path below which the application lives, such as /admin-ui; empty for the top."""
    instruments: Instruments = field(default_factory=NoInstruments)
    """The metrics of this process."""

    @property
    def cookie(self) -> str:
        """The name of the cookie. Each application has its own, since cookies ignore ports."""
        return f"sake_{self.name}"

    def state_peer(self, peer: str) -> str:
        """State to the service where a person is."""
        return sign_peer(peer, self.key) if self.key else ""

    def find_inner_path(self, path: str) -> str | None:
        """The path of a request within the application; None outside of it."""
        inner = path.removeprefix(self.base)
        return inner if path.startswith(self.base) and inner.startswith("/") else None

    @property
    def has_start_page(self) -> bool:
        """Whether there is a page that says where to go: behind the gateway, at the top."""
        return self.name == "user" and bool(self.links)

    @property
    def start(self) -> str:
        """The page at the bare address."""
        return {"user": "upload", "admin": "images"}[self.name]

    @property
    def script(self) -> Path:
        """The script that Streamlit runs for every view."""
        return Path(__file__).parent / self.name / "app.py"


_opened: list[Site] = []


def open_site(site: Site) -> None:
    """Make this the application of the process; Streamlit's scripts are run without arguments."""
    _opened[:] = [site]


def current_site() -> Site:
    """The application of this process."""
    return _opened[0]
