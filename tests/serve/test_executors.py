"""A store that hangs holds up what needs it, and nothing else."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import httpx

from sake_ray.serve.executors import OBJECTS, UPLOADS, Executor
from tests.small_service import HeldStore, SmallService
from tests.waiting import PATIENCE

PNG = b"\x89PNG\r\n\x1a\n"


def test_health_and_polling_go_on_while_a_slow_store_holds_all_uploads_and_pages(tmp_path: Path) -> None:
    store = HeldStore(tmp_path / "objects")
    small = SmallService(tmp_path, store)
    marie, olga, tom = (small.sign(name) for name in ("marie", "olga", "tom"))
    document = small.office.accept(PNG, "a.png")

    async def go() -> None:
        transport = httpx.ASGITransport(small.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=PATIENCE) as http:
            files = {"files": ("a.png", PNG)}
            uploads = [
                asyncio.create_task(http.post("/predict", headers=marie, data={"reference": "R"}, files=files))
                for _ in range(UPLOADS.threads)
            ]
            # More than the forty threads that Starlette has for all.
            pages = [
                asyncio.create_task(http.get(f"/documents/{document.id}/original", headers=sign))
                for sign in (marie, olga)
                for _ in range(25)
            ]
            while store.waiting < UPLOADS.threads + OBJECTS.threads:
                await asyncio.sleep(0.01)
            for path in ("/health", "/documents", f"/predict/{document.batch}", "/batches", "/account"):
                assert (await http.get(path, headers=tom)).status_code == 200, path
            store.release.set()
            assert {answer.status_code for answer in await asyncio.gather(*uploads)} == {202}
            assert {answer.status_code for answer in await asyncio.gather(*pages)} == {200}

    try:
        asyncio.run(go())
    finally:
        store.release.set()


def test_an_executor_is_not_held_up_by_another_nor_by_the_default_one() -> None:
    release, first, second = Event(), Executor("first", 1), Executor("second", 1)

    async def go() -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))
        held = [
            asyncio.create_task(first.run(release.wait, PATIENCE)),
            loop.run_in_executor(None, release.wait, PATIENCE),
        ]
        assert await second.run(lambda: "done") == "done"
        release.set()
        await asyncio.gather(*held)

    try:
        asyncio.run(go())
    finally:
        release.set()
