"""Make words whole again: accents set apart, letters set apart, words torn at the end of a line."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median

from sake_ray.data.pages.vocabulary import EDGES, is_known
from sake_ray.domain.texts import Box, Word

ACCENTS = {
    "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "¨": "\u0308", "˜": "\u0303", "¸": "\u0327", "˚": "\u030a",
    "ˇ": "\u030c", "˘": "\u0306", "˙": "\u0307", "˝": "\u030b", "¯": "\u0304",
}  # fmt: skip
"""Accents that stand for themselves, as the old fonts of LaTeX set them, and what puts each over a letter."""
TYPED = {"^": "\u0302", "~": "\u0303"}
"""Typed characters that some of those fonts give for accents; they count within a word only."""
ACCENT = re.compile(f"[{''.join(ACCENTS)}]|[{re.escape(''.join(TYPED))}](?=[^\\W\\d_])")
UNDOTTED = {"ı": "i", "ȷ": "j"}
ELISION = re.compile(r"(?:jusqu|lorsqu|puisqu|quoiqu|qu|[ldjnsmtc])$", re.IGNORECASE)
"""What an accent often stands behind that somebody typed for an apostrophe: l´entreprise."""
VOWELS = frozenset("aeiouyAEIOUYıȷ")
OF_VOWELS = frozenset("\u0300\u0301\u0302\u0308")
HYPHENS = ("-", "\u2010", "\u00ad")
MIN_RUN = 3
"""Single letters in a row that make a word: two may be initials."""
MAX_LETTER_GAP = 0.9
"""Between letters set apart, times their height; columns of a table are farther apart."""
WORD_GAP = 1.7
"""Times the usual gap of the run: a space between two such words."""
MAX_LINE_DROP = 2.5
"""From a torn word to its rest on the next line, times its height."""


def mend_words(words: Sequence[Word]) -> tuple[Word, ...]:
    """Compose accents (NFC), close words whose letters are set apart, and join those torn at the end of a line.

    A closed word has the box around its letters. A joined word has the box of its first part: the box around both parts would
    cover two whole lines.
    """
    composed = [replace(word, text=compose_accents(word.text)) for word in words]
    lines = [list(line) for _, line in groupby(composed, key=lambda word: word.line)]
    return tuple(_join_lines([list(_close_letters(line)) for line in lines]))


def compose_accents(text: str) -> str:
    """Put accents that stand beside their letters over them: D´esignation, fran¸cais, na¨ıve."""
    if text.isascii() and not any(mark in text for mark in "`^~"):
        return text
    text = unicodedata.normalize("NFC", text)
    if len(text) < 2 or not ACCENT.search(text):
        return text
    composed = _compose(text)
    if any(mark in text for mark in TYPED) and not _is_word(composed):
        return text  # 2^x, ~user
    for found in re.finditer("[´`]", text):
        before, after = text[: found.start()], text[found.start() + 1 :]
        if not before and re.search("[`'´]", after):
            return text  # `quoted`
        if ELISION.search(before) and len(after) > 3 and _is_word(after) and not _is_word(composed):
            return compose_accents(before) + "'" + compose_accents(after)
    return composed


def _compose(text: str) -> str:
    letters = list(text)
    place = 0
    while place < len(letters):
        mark = ACCENTS.get(letters[place]) or (
            TYPED.get(letters[place]) if place and letters[place - 1].isalpha() else None
        )
        before = letters[place - 1] if place else ""
        after = letters[place + 1] if place + 1 < len(letters) else ""
        # Over the letter behind it, as LaTeX writes, unless only the one before it can carry it.
        ahead = after in VOWELS or before not in VOWELS or mark not in OF_VOWELS
        if mark and ahead and (joined := _put_over(after, mark)):
            letters[place : place + 2] = [joined]
        elif mark and (joined := _put_over(before, mark)):
            place -= 1
            letters[place : place + 2] = [joined]
        place += 1
    return "".join(letters)


def _put_over(letter: str, mark: str) -> str:
    """The letter with the accent; empty where there is no such letter."""
    if not letter.isalpha():
        return ""
    joined = unicodedata.normalize("NFC", UNDOTTED.get(letter, letter) + mark)
    return joined if len(joined) == 1 else ""


def _is_word(text: str) -> bool:
    plain = text.strip(EDGES).lower()
    return plain.isalpha() and is_known(plain)


def _close_letters(line: Sequence[Word]) -> Iterator[Word]:
    """Close runs of single letters into words; a wider gap within a run parts two of them."""
    run: list[Word] = []
    for word in line:
        if len(word.text) == 1 and word.text.isalpha() and (not run or _is_beside(run[-1], word)):
            run.append(word)
            continue
        yield from _close_run(run)
        run = [word] if len(word.text) == 1 and word.text.isalpha() else []
        if not run:
            yield word
    yield from _close_run(run)


def _is_beside(one: Word, other: Word) -> bool:
    height = max(one.box.bottom - one.box.top, other.box.bottom - other.box.top)
    return -height < _gap(one, other) <= MAX_LETTER_GAP * height


def _gap(one: Word, other: Word) -> float:
    return other.box.left - one.box.right


def _close_run(run: Sequence[Word]) -> Iterator[Word]:
    if len(run) < MIN_RUN:
        yield from run
        return
    usual = median(_gap(one, other) for one, other in pairwise(run))
    part = [run[0]]
    for one, other in pairwise(run):
        if _gap(one, other) > WORD_GAP * usual and usual > 0:
            yield from _close(part)
            part = []
        part.append(other)
    yield from _close(part)


def _close(part: Sequence[Word]) -> Iterator[Word]:
    text = "".join(word.text for word in part)
    if not (text.isupper() or text.islower() or text.istitle()):  # an alphabet, the answers to choose from
        yield from part
        return
    boxes = [word.box for word in part]
    box = Box(
        min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes)
    )
    confidence = min(word.confidence for word in part)
    yield Word(text, box, confidence, part[0].line)


def _join_lines(lines: Sequence[list[Word]]) -> Iterator[Word]:
    """Join the last word of a line with the first one of the next where a hyphen parts them."""
    rest: list[list[Word]] = [list(line) for line in lines]
    for line, below in pairwise(rest):
        if line and below and (joined := _join(line[-1], below[0])):
            line[-1] = joined
            del below[0]
    for line in rest:
        yield from line


def _join(first: Word, second: Word) -> Word | None:
    stem = first.text[:-1]
    if not first.text.endswith(HYPHENS) or len(stem) < 2 or not (stem[-2:].isalpha() and second.text[0].isalpha()):
        return None
    height = first.box.bottom - first.box.top
    if not 0 < second.box.top - first.box.top <= MAX_LINE_DROP * max(height, second.box.bottom - second.box.top):
        return None
    if second.text[0].islower() and not stem[-2:].isupper():
        text = stem + second.text if _is_torn(stem, second.text) else f"{stem}-{second.text}"
    elif stem[-1].islower():
        text = f"{stem}-{second.text}"  # Saint-Denis
    elif stem.isupper() and second.text.isupper() and len(second.text) > 1:
        text = stem + second.text
    else:
        return None
    return replace(first, text=text, confidence=min(first.confidence, second.confidence))


def _is_torn(stem: str, rest: str) -> bool:
    """Whether the hyphen is there for the line's end only: not in rendez-vous."""
    plain = rest.rstrip(EDGES).lower()
    if is_known(f"{stem.lower()}-{plain}"):
        return False
    if is_known(stem.lower() + plain):
        return True
    return not (_is_word(stem) and _is_word(rest) and len(rest.strip(".,;:")) > 2)
