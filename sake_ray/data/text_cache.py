"""Cache what was read, so that the same bytes are read only once."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any

from sake_ray.domain.texts import Box, Page, Recipe, Word, WordSource
from sake_ray.errors import Message, ObjectMissing
from sake_ray.storage.objects import ObjectStore

FORMAT = 1
DAMAGE = (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error)
"""What unpacking a damaged text raises. Texts are not synced as originals are: a power cut may leave a part of one."""
JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"


def text_key(sha256: str, recipe: Recipe) -> str:
    """The key of the words of an original, by recipe."""
    return f"texts/{recipe.reading}/{sha256[:2]}/{sha256}.json.gz"


def reading_key(sha256: str, recipe: Recipe, team: str) -> str:
    """The key of the note that a team has had these bytes read."""
    return f"readings/{recipe.reading}/{hash_team(team)}/{sha256[:2]}/{sha256}"


def hash_team(team: str) -> str:
    """Name a team in a key, which cannot hold every name."""
    return hashlib.sha256(team.encode()).hexdigest()[:16]


def image_key(sha256: str, recipe: Recipe, number: int) -> str:
    """The key of the upright image of page `number`, from 1."""
    return f"pages/{recipe.reading}/{sha256[:2]}/{sha256}/{number}.jpg"


def thumbnail_key(sha256: str, recipe: Recipe, number: int) -> str:
    """The key of the thumbnail of page `number`, from 1."""
    return f"pages/{recipe.reading}/{sha256[:2]}/{sha256}/{number}.thumbnail.jpg"


def store_pages(store: ObjectStore, sha256: str, recipe: Recipe, *, media_type: str, pages: tuple[Page, ...]) -> None:
    """Store the words. They are written last, after the page images, so that a cached text is complete."""
    content = {"format": FORMAT, "media_type": media_type, "pages": [page_to_json(page) for page in pages]}
    store.put(text_key(sha256, recipe), gzip.compress(json.dumps(content).encode(), mtime=0))


def fetch_pages(store: ObjectStore, sha256: str, recipe: Recipe) -> tuple[str, tuple[Page, ...]] | None:
    """Fetch the media type and pages of these bytes; None without them, or when they are damaged."""
    try:
        content = json.loads(gzip.decompress(store.get(text_key(sha256, recipe))))
        if content["format"] == FORMAT:
            return content["media_type"], tuple(map(page_from_json, content["pages"]))
    except (ObjectMissing, *DAMAGE):
        pass
    return None


def fetch_image(store: ObjectStore, key: str) -> bytes | None:
    """Fetch a page image or thumbnail; None without it, or when it is not whole."""
    try:
        image = store.get(key)
    except ObjectMissing:
        return None
    return image if image.startswith(JPEG_START) and image.endswith(JPEG_END) else None


def is_image_whole(store: ObjectStore, key: str) -> bool:
    """Tell whether a page image or thumbnail is there and neither empty, nor cut short, nor padded with zeros."""
    try:
        last = store.size(key) - len(JPEG_END)
        return (
            last >= len(JPEG_START)
            and store.get_range(key, 0, len(JPEG_START)) == JPEG_START
            and store.get_range(key, last, len(JPEG_END)) == JPEG_END
        )
    except ObjectMissing:
        return False


def page_to_json(page: Page) -> dict[str, Any]:
    """Convert a page to JSON values; a word is [text, left, top, right, bottom, confidence, line]."""
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "source": page.source.value,
        "colour": page.colour,
        "notes": [note.to_json() for note in page.notes],
        "words": [
            [
                w.text,
                *(round(side, 5) for side in (w.box.left, w.box.top, w.box.right, w.box.bottom)),
                w.confidence,
                w.line,
            ]
            for w in page.words
        ],
    }


def page_from_json(content: Mapping[str, Any]) -> Page:
    """Convert JSON values of `page_to_json` to a page."""
    words = tuple(Word(text, Box(*box), confidence, line) for text, *box, confidence, line in content["words"])
    notes = tuple(map(Message.from_json, content.get("notes", ())))  # texts from before there were notes have none
    return Page(
        content["number"],
        content["width"],
        content["height"],
        words,
        WordSource(content["source"]),
        content["colour"],
        notes,
    )
