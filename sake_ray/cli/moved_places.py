"""Remember in the home where its records and objects have moved, so that nobody goes on with what stayed behind."""

import json
from pathlib import Path
from secrets import token_hex

from sake_ray.errors import SetupError
from sake_ray.files import write_atomically

FILE = "moved.json"
NOTE, BROUGHT = "move.json", "move.keys"
"""Of an unfinished move, in the folder `run`: its id and target, and the keys of the objects that it has brought."""


def name_place(home: Path, place: object) -> str:
    """Name a database or store without passwords, and one in the home in the same way wherever the home is mounted."""
    return repr(place).replace(str(home), "HOME")


def read_moved(home: Path) -> dict[str, str]:
    """Read which places have moved, and where each went."""
    try:
        found: dict[str, str] = json.loads((home / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def note_moved(home: Path, moved: dict[str, str]) -> None:
    """Remember what has moved; what has come back serves again."""
    known = {place: target for place, target in read_moved(home).items() if place not in moved.values()}
    write_atomically(home / FILE, json.dumps(known | moved, indent=1), sync=True)


def check_not_moved(home: Path, place: object) -> None:
    """Raise SetupError when what was in this database or store has moved elsewhere."""
    if target := read_moved(home).get(name_place(home, place)):
        raise SetupError("home-moved", place=repr(place), target=target, file=home / FILE)


def find_note(run: Path, target: str) -> str:
    """Find the id of an unfinished move to this target; empty without one."""
    try:
        found = json.loads((run / NOTE).read_text(encoding="utf-8"))
        return str(found["move"]) if found["target"] == target else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def make_note(run: Path, target: str) -> str:
    """Begin a move, and give its id."""
    remove_note(run)
    move = token_hex(16)
    write_atomically(run / NOTE, json.dumps({"move": move, "target": target}), sync=True)
    return move


def remove_note(run: Path) -> None:
    """Forget the unfinished move."""
    for name in (NOTE, BROUGHT):
        (run / name).unlink(missing_ok=True)
