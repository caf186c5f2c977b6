"""What people should know of a document beside its words travels with its text."""

import gzip
import json
import pickle
from dataclasses import replace
from pathlib import Path

from sake_ray.data.text_cache import fetch_pages, store_pages, text_key
from sake_ray.domain.texts import combine_notes
from sake_ray.errors import Message
from sake_ray.storage.objects import FolderStore
from tests.handmade import make_text

HIDDEN = Message("hidden-text-ignored", words=4)
TEXT = make_text("one page\fanother page")
NOTED = replace(TEXT, pages=tuple(replace(page, notes=(HIDDEN,)) for page in TEXT.pages))


def test_numbers_of_the_same_note_are_added() -> None:
    assert [str(note) for note in NOTED.notes] == ["Hidden text was ignored (8 words)."]


def test_names_of_the_same_note_are_listed_once() -> None:
    notes = [
        Message("attachments-not-read", files=2, names=["a", "b"]),
        Message("attachments-not-read", files=1, names=["c"]),
    ]
    assert [note.params for note in combine_notes(notes)] == [{"files": 3, "names": ["a", "b", "c"]}]


def test_notes_are_cached_with_the_pages(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store_pages(store, TEXT.sha256, TEXT.recipe, media_type=TEXT.media_type, pages=NOTED.pages)
    cached = fetch_pages(store, TEXT.sha256, TEXT.recipe)
    assert cached is not None
    assert cached[1][0].notes[0].code == "hidden-text-ignored"
    assert cached[1] == NOTED.pages


def test_a_text_that_was_cached_before_there_were_notes_is_read(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store_pages(store, TEXT.sha256, TEXT.recipe, media_type=TEXT.media_type, pages=TEXT.pages)
    key = text_key(TEXT.sha256, TEXT.recipe)
    content = json.loads(gzip.decompress(store.get(key)))
    for page in content["pages"]:
        del page["notes"]
    store.put(key, gzip.compress(json.dumps(content).encode()))
    assert fetch_pages(store, TEXT.sha256, TEXT.recipe) == (TEXT.media_type, TEXT.pages)


def test_notes_cross_processes_with_their_codes() -> None:
    assert pickle.loads(pickle.dumps(NOTED)).notes[0].params == {"words": 8}  # noqa: S301 - our own
