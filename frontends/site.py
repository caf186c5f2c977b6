"""What one application of the screens is: its name, the service it speaks to, who may use it, the limits it tells."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Site:
    """One application. `name` is the folder of its screens and part of its cookie; `roles` may sign in."""

    name: str
    api: str
    roles: tuple[str, ...]
    most_bytes: int = 20_000_000
    most_pages: int = 50
    links: tuple[tuple[str, str], ...] = ()
    """Pages of others that belong to the installation: name and address."""

    @property
    def cookie(self) -> str:
        """Of its own: cookies do not tell ports apart."""
        return f"sake_{self.name}"

    @property
    def start(self) -> str:
        """The page that is shown at the address without a name."""
        return {"user": "upload", "admin": "images"}[self.name]

    @property
    def script(self) -> Path:
        """The script Streamlit runs for every view."""
        return Path(__file__).parent / self.name / "app.py"


_opened: list[Site] = []


def open_site(site: Site) -> None:
    """Make this the application of the process; Streamlit's scripts are run without arguments."""
    _opened[:] = [site]


def current_site() -> Site:
    """The application of this process."""
    return _opened[0]
