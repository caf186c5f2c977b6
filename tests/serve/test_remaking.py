"""The same bytes are read once at a time, whoever wants them; and nobody waits for them without end."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sake_ray.domain.documents import Document
from sake_ray.domain.texts import DocumentText, Recipe
from sake_ray.errors import Message, NotFound, Overloaded, ReadingStalled, TextPending
from sake_ray.serve import remaking
from sake_ray.serve.attempts import ReadingEvent, ReadingFailure, ReadingResult
from sake_ray.serve.remaking import Remaker, SharedReadings

DOCUMENT = Document("a", "b", "R", "paris", "a.png", "image/png", 1, "0" * 64, "a.png", datetime.now(UTC))
RESULT = ReadingResult(DocumentText("0" * 64, "image/png", (), (), "fr", Recipe("tesseract", "5", "fra", 1, 1)))


class Reading:
    """Reads when it is told to, and notes what it read and how much of the same at once."""

    def __init__(self, ending: ReadingEvent | Exception = RESULT) -> None:
        self.ending, self.go = ending, asyncio.Event()
        self.read: list[tuple[str, bool]] = []
        self.digests: set[str] = set()
        self.at_once = self.most_at_once = 0

    async def __call__(self, document: Document, anew: bool) -> AsyncIterator[ReadingEvent]:
        self.read.append((document.id, anew))
        self.digests.add(document.sha256[0])
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.go.wait()
            if isinstance(self.ending, Exception):
                raise self.ending
            yield self.ending
        finally:
            self.at_once -= 1


async def until_read(reading: Reading) -> None:
    async with asyncio.timeout(60):
        while not reading.read:
            await asyncio.sleep(0.01)


async def drain(readings: SharedReadings, document: Document) -> list[ReadingEvent]:
    return [event async for event in readings.read(document)]


def test_many_who_ask_at_once_cause_one_reading() -> None:
    async def ask() -> list[tuple[str, bool]]:
        reading = Reading()
        remaker = Remaker(SharedReadings(reading).read)
        asking = [asyncio.create_task(remaker.remake(DOCUMENT, seconds=60)) for _ in range(20)]
        await until_read(reading)
        reading.go.set()
        await asyncio.gather(*asking)
        return reading.read

    assert asyncio.run(ask()) == [("a", False)]


def test_bytes_that_another_team_has_are_read_beside_them() -> None:
    async def ask() -> int:
        reading = Reading()
        readings = SharedReadings(reading)
        both = [asyncio.create_task(drain(readings, replace(DOCUMENT, team=team))) for team in ("paris", "lyon")]
        async with asyncio.timeout(60):
            while len(reading.read) < 2:
                await asyncio.sleep(0.01)
        reading.go.set()
        assert await asyncio.gather(*both) == [[RESULT]] * 2
        return reading.most_at_once

    assert asyncio.run(ask()) == 2


def test_text_for_which_the_machine_was_too_busy_is_not_tried_at_every_look() -> None:
    async def ask() -> int:
        reading = Reading(ReadingStalled("reading-stalled", page=1, seconds=600))
        reading.go.set()
        remaker = Remaker(SharedReadings(reading).read)
        for _ in range(3):
            with pytest.raises(ReadingStalled):
                await remaker.remake(DOCUMENT, seconds=60)
        return len(reading.read)

    assert asyncio.run(ask()) == 1


def test_new_document_with_the_same_bytes_waits_for_the_reading_in_progress() -> None:
    async def ask() -> int:
        reading = Reading()
        readings = SharedReadings(reading)
        remaking = asyncio.create_task(Remaker(readings.read).remake(DOCUMENT, seconds=60))
        await until_read(reading)
        attempts = [asyncio.create_task(drain(readings, replace(DOCUMENT, id=id))) for id in "xyz"]
        await asyncio.sleep(0)
        reading.go.set()
        assert await asyncio.gather(*attempts) == [[RESULT]] * 3
        await remaking
        return reading.most_at_once

    assert asyncio.run(ask()) == 1


def test_failure_is_shared_with_whoever_waited_for_it() -> None:
    async def ask() -> tuple[int, list[list[ReadingEvent]]]:
        reading = Reading(ReadingFailure(Message("image-damaged")))
        readings = SharedReadings(reading)
        attempts = [asyncio.create_task(drain(readings, replace(DOCUMENT, id=id))) for id in "xyz"]
        await until_read(reading)
        reading.go.set()
        return len(reading.read), await asyncio.gather(*attempts)

    assert asyncio.run(ask()) == (1, [[ReadingFailure(Message("image-damaged"))]] * 3)


def test_lost_reader_is_no_failure_of_those_who_waited() -> None:
    async def ask() -> list[ReadingEvent]:
        reading = Reading(ConnectionError("lost"))
        readings = SharedReadings(reading)
        first, second = (asyncio.create_task(drain(readings, DOCUMENT)) for _ in range(2))
        await until_read(reading)
        first.add_done_callback(lambda _: setattr(reading, "ending", RESULT))
        reading.go.set()
        with pytest.raises(ConnectionError):
            await first
        return await second

    assert asyncio.run(ask()) == [RESULT]


def test_reading_goes_on_when_whoever_asked_no_longer_waits() -> None:
    async def ask() -> int:
        reading = Reading()
        remaker = Remaker(SharedReadings(reading).read)
        with pytest.raises(TextPending):
            await remaker.remake(DOCUMENT, seconds=0)
        gone = asyncio.create_task(remaker.remake(DOCUMENT, seconds=60))
        await until_read(reading)
        gone.cancel()
        reading.go.set()
        await remaker.remake(DOCUMENT, seconds=60)
        return len(reading.read)

    assert asyncio.run(ask()) == 1


def test_waiting_requests_and_queued_texts_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remaking, "MAX_WAITING", 1)
    monkeypatch.setattr(remaking, "MAX_QUEUED", 2)

    async def ask() -> set[str]:
        reading = Reading()
        remaker = Remaker(SharedReadings(reading).read)
        waiting = asyncio.create_task(remaker.remake(DOCUMENT, seconds=60))
        await until_read(reading)
        for digest in "123":
            with pytest.raises(TextPending):
                await remaker.remake(replace(DOCUMENT, sha256=digest * 64), seconds=60)
        reading.go.set()
        await waiting
        await remaker.remake(replace(DOCUMENT, sha256="1" * 64), seconds=60)
        return reading.digests

    assert asyncio.run(ask()) == {"0", "1"}


def test_failure_of_the_system_is_tried_again_and_one_of_the_document_is_not() -> None:
    async def ask() -> list[int]:
        counts = []
        for ending, error in ((ConnectionError("lost"), Overloaded), (ReadingFailure(Message("no-text")), NotFound)):
            reading = Reading(ending)
            reading.go.set()
            remaker = Remaker(SharedReadings(reading).read)
            for _ in range(2):
                with pytest.raises(error):
                    await remaker.remake(DOCUMENT, seconds=60)
            counts.append(len(reading.read))
        return counts

    assert asyncio.run(ask()) == [2, 1]
