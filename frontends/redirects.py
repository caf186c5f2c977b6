"""Lead an address that somebody typed to the page that is meant: the start under its own name, any page under its title."""

import re
import unicodedata

from frontends.i18n import LANGUAGES, Translations
from frontends.site import Site

OF_MANY = {"document": "results"}
"""A page of one thing is reached from that of all."""
NOT_PAGES = ("/_", "/static/", "/media/", "/component/", "/sign-in", "/sign-out", "/language", "/password")


def lead(site: Site, path: str) -> str | None:
    """Where to go instead, relative to the address; None where it is right, or is no page's.

    Nobody knows what pages are called but by their titles, in either language; what means no page leads to the start.
    """
    name = path.strip("/")
    if not name or path.startswith(NOT_PAGES) or "." in name:
        return None
    pages = {file.stem for file in (site.script.parent / "views").glob("*.py")} - {site.start}
    if path == f"/{name}" and name in pages:
        return None
    back = "../" * (path.count("/") - 1) or "./"
    meant = names_of(site, pages).get(_plain(name))
    return back + (meant or "")


def names_of(site: Site, pages: set[str]) -> dict[str, str]:
    """The pages by all the names that they go by: their own, their titles, one of them for many."""
    titles = {(title, page) for page in pages for title in [page, *_titles(site, page)]}
    return {_plain(title): OF_MANY.get(page, page) for title, page in titles}


def _titles(site: Site, page: str) -> list[str]:
    return [words.get(f"{site.name}.nav.{page}") or page for words in map(Translations, LANGUAGES)]


def _plain(name: str) -> str:
    """Letters only, without accents, and without the s of many."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]", "", letters).removesuffix("s")
