"""Say which files of a watched place are nobody's documents: hidden ones, unfinished ones, what systems leave lying about."""

from collections.abc import Callable

from sake_ray.data.sources import is_document, is_side_file
from sake_ray.files import is_litter
from sake_ray.watch.places import DONE, FAILED

UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp", ".!ut")
"""How names end while browsers and copying programs write the file; they rename it at the end."""
KEPT_BY_SYSTEMS = {
    "@eadir",
    "#recycle",
    "#snapshot",
    "$recycle.bin",
    "system volume information",
    "lost+found",
    "__macosx",
}
"""Folders of file servers, bins and systems: with thumbnails, and with what was deleted."""
MAX_REMEMBERED = 10_000
MAX_DEPTH = 20
"""Folders within folders; below, nothing is looked for."""


def is_passed_over(name: str) -> bool:
    """Whether a file of this name is left where it is, whatever is in it."""
    return name.startswith(".") or name.lower().endswith(UNFINISHED) or is_litter(name)


def is_folder_passed_over(path: str) -> bool:
    """Whether nothing in a folder of a place is anybody's document. Some file systems do not tell capitals."""
    name = path.rpartition("/")[2].casefold()
    return name.startswith(".") or name in KEPT_BY_SYSTEMS or path.casefold() in {DONE, FAILED}


def is_path_passed_over(path: str) -> bool:
    """Whether a path in a place is left alone: by its name, by that of a folder, or since it is too deep."""
    *folders, name = path.split("/")
    above = ("/".join(folders[: depth + 1]) for depth in range(len(folders)))
    return len(folders) > MAX_DEPTH or is_passed_over(name) or any(map(is_folder_passed_over, above))


class SideFiles:
    """Looks into files that usually lie beside documents, such as lists and notes; into each version once."""

    def __init__(self) -> None:
        self._passed: dict[str, str] = {}

    def passes(self, path: str, version: str, fetch_head: Callable[[], bytes]) -> bool:
        """Whether a file is none of our business by its content; raises what fetching its first bytes raises."""
        if not is_side_file(path) or self._passed.get(path) == version:
            return is_side_file(path)
        if is_document(fetch_head):
            return False
        if len(self._passed) >= MAX_REMEMBERED:
            self._passed.clear()
        self._passed[path] = version
        return True
