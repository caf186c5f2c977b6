"""Move the objects from one store to another, so that a move that was killed goes on, and nothing differs at its end."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sake_ray.domain.progress import Progress, ignore_progress
from sake_ray.errors import ObjectMissing, SetupError, StorageError, StorageUnavailable
from sake_ray.storage.objects import ObjectStore

Item = TypeVar("Item")
Done = TypeVar("Done")
Pair = tuple[str, int | None, int | None]
"""A key, and its bytes in the source and in the target; None where it is not."""
MARKER = "unfinished-move"
"""The object of the target that says whose move it is, as long as that is unfinished."""
AT_ONCE = 4
"""Objects on their way at a time: of each, all of it is in memory."""


@dataclass(frozen=True, slots=True)
class ObjectSum:
    """How many objects moved, how many bytes, and a checksum over all keys and contents."""

    objects: int
    bytes: int
    sha256: str


def claim_store(target: ObjectStore, move: str) -> None:
    """Raises SetupError when the target is not empty and holds no unfinished move of that id."""
    with suppress(ObjectMissing):
        if target.get(MARKER).decode(errors="replace") == move:
            return
    if found := next(target.list(), ""):
        raise SetupError("move-target-not-empty", target=repr(target), found=found)


def check_arrived(store: ObjectStore) -> None:
    """Raise SetupError when objects are still to move into the store: none that serves may hold a part of them."""
    try:
        is_unfinished = store.exists(MARKER)
    except StorageUnavailable:
        return  # nothing is served from it now, and the records of such a move are refused by themselves
    if is_unfinished:
        raise SetupError("move-unfinished", target=repr(store))


def move_objects(
    source: ObjectStore, target: ObjectStore, move: str, brought: Path, *, on_progress: Progress = ignore_progress
) -> ObjectSum:
    """Copy all that is in the source and not in the target, compare both by sha256, and return their sum.

    The file `brought` keeps the keys that the move has brought, for the next try. Nothing may be removed from the source
    meanwhile; what is added to it does not move. Raises StorageError when they differ.
    """
    claim_store(target, move)
    target.put(MARKER, move.encode(), durable=True)
    total = sum(1 for _ in _keys(source))
    _copy_missing(source, target, brought, lambda done: on_progress(done, 2 * total))
    return _compare(source, target, lambda done: on_progress(total + done, 2 * total))


def finish_objects(target: ObjectStore) -> None:
    """Remove the marker; none is fine."""
    target.erase(MARKER)


def pair_keys(source: ObjectStore, target: ObjectStore) -> Iterator[Pair]:
    """Yield each key of either store, sorted, with its bytes here and there; None where it is not."""
    here, there = _keys(source), _keys(target)
    mine, theirs = next(here, None), next(there, None)
    while mine or theirs:
        if mine and theirs and mine[0] == theirs[0]:
            yield mine[0], mine[1], theirs[1]
            mine, theirs = next(here, None), next(there, None)
        elif theirs is None or (mine and mine[0] < theirs[0]):
            assert mine
            yield mine[0], mine[1], None
            mine = next(here, None)
        else:
            yield theirs[0], None, theirs[1]
            theirs = next(there, None)


def _keys(store: ObjectStore) -> Iterator[tuple[str, int]]:
    return (found for found in store.list_sizes() if found[0] != MARKER)


def _copy_missing(source: ObjectStore, target: ObjectStore, brought: Path, on_done: Callable[[int], None]) -> None:
    """Copy what the target lacks, and let what an earlier try has brought follow the source; nothing else there is touched."""
    earlier = set(brought.read_text(encoding="utf-8").split("\n")) if brought.exists() else set()

    def copy(pair: Pair) -> None:
        key, mine, theirs = pair
        if mine == theirs:
            return
        if theirs is not None and key not in earlier:
            raise StorageError("move-foreign", target=repr(target), key=key)
        if mine is None:
            target.erase(key)
        else:
            target.put(key, source.get(key), durable=True)

    for done, _ in enumerate(_each(copy, _note_keys(pair_keys(source, target), brought)), 1):
        on_done(done)


def _note_keys(pairs: Iterable[Pair], brought: Path) -> Iterator[Pair]:
    """Note each key that the target lacks, before it is brought."""
    with brought.open("a", encoding="utf-8") as file:
        for pair in pairs:
            if pair[2] is None:
                file.write(pair[0] + "\n")
                file.flush()
            yield pair


def _compare(source: ObjectStore, target: ObjectStore, on_done: Callable[[int], None]) -> ObjectSum:
    """Compare what both have; what differs although it is as long is copied once more, for it may be of an earlier try."""

    def compare(pair: Pair) -> tuple[str, int, bytes]:
        key, mine, theirs = pair
        if mine is None or theirs is None:
            raise StorageError("move-differs", parts=key)
        content = source.get(key)
        digest = sha256(content).digest()
        if sha256(target.get(key)).digest() != digest:
            target.put(key, content, durable=True)
            if sha256(target.get(key)).digest() != digest:
                raise StorageError("move-differs", parts=key)
        return key, len(content), digest

    objects, size, whole = 0, 0, sha256()
    for key, length, digest in _each(compare, pair_keys(source, target)):
        objects, size = objects + 1, size + length
        whole.update(key.encode() + b"\0" + digest)
        on_done(objects)
    return ObjectSum(objects, size, whole.hexdigest())


def _each(work: Callable[[Item], Done], items: Iterable[Item]) -> Iterator[Done]:
    """Work at some items at a time; the results are in their order."""
    waiting: deque[Future[Done]] = deque()
    items = iter(items)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting.extend(pool.submit(work, item) for item in islice(items, AT_ONCE))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(work, item) for item in islice(items, 1))
