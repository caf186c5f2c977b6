"""Redirect a guessed address to the page that is meant: by its name or its title, in either language."""

import re
import unicodedata

from frontends.i18n import LANGUAGES, Translations
from frontends.site import START, Site

OF_MANY = {"document": "results"}
"""The page of a single item leads to the page of all."""
NOT_PAGES = (
    "/_",
    "/static/",
    "/media/",
    "/component/",
    "/sign-in",
    "/sign-out",
    "/issuer",
    "/language",
    "/password",
    "/second-factor",
)


def find_redirect(site: Site, path: str) -> str | None:
    """Where to go instead, relative to the address; None where it is right, or no page's.

    Users know pages by their titles, in either language. An address that means no page leads to the start.
    """
    name = path.strip("/")
    if not name or path.startswith(NOT_PAGES) or "." in name or (path == START and site.has_start_page):
        return None
    pages = {file.stem for file in (site.script.parent / "views").glob("*.py")} - {site.start}
    if path == f"/{name}" and name in pages:
        return None
    back = "../" * (path.count("/") - 1) or "./"
    meant = list_names(site, pages).get(_plain(name))
    return back + (meant or "")


def list_names(site: Site, pages: set[str]) -> dict[str, str]:
    """List the pages by all their names: file names and titles."""
    titles = {(title, page) for page in pages for title in [page, *_titles(site, page)]}
    return {_plain(title): OF_MANY.get(page, page) for title, page in titles}


def _titles(site: Site, page: str) -> list[str]:
    return [words.get(f"{site.name}.nav.{page}") or page for words in map(Translations, LANGUAGES)]


def _plain(name: str) -> str:
    """Letters only, without accents and without the plural s."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]", "", letters).removesuffix("s")
