"""A reader process that a file has taken over is not believed what it cannot know."""

import json
import sys
from pathlib import Path

import pytest

from sake_ray.data.reader_client import ReaderProcess, ReadingOptions
from sake_ray.data.text_cache import page_to_json
from sake_ray.domain.texts import Page, ReadingSource, WordSource

PAGE = page_to_json(Page(1, 10, 10, (), WordSource.OCR))
LIAR = """#!{python}
import json, sys
ask, say = sys.stdin.buffer, lambda **words: print(json.dumps(words), flush=True)
ask.readline()
say(engine="e", version="1", missing={{}})
ask.read(json.loads(ask.readline())["bytes"])
for source in json.loads({sources!r}):
    say(page=json.loads({page!r}), pages=9, image=0, thumbnail=0, source=source)
say(done=True)
ask.read()
"""


def test_how_it_read_a_page_is_one_of_its_four_ways_or_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ["neural", "blank", "cache", "none", "Marie Durand", 7, None, ["neural"], {"neural": 1}]
    program = tmp_path / "liar"
    program.write_text(LIAR.format(python=sys.executable, sources=json.dumps(said), page=json.dumps(PAGE)))
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    process, measured = ReaderProcess(ReadingOptions()), list[ReadingSource]()
    try:
        pages = process.read(b"x", None, lambda *_: None, lambda *_: None, lambda source, _: measured.append(source))
    finally:
        process.kill()
    assert len(pages) == len(said)
    assert measured == [ReadingSource.NEURAL, ReadingSource.BLANK, *[ReadingSource.NONE] * 7]
