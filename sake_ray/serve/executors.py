"""The threads of a replica, by kind of work: whatever fills one kind leaves the others free.

The default executor of a replica, which `asyncio.to_thread` takes, has five threads: Serve sizes it by `num_cpus`, and ours is
0. The threads that Starlette takes are forty for everything. Neither is used here.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Executor:
    """So many threads for one kind of work. They start when they are first needed; what comes while all are busy waits."""

    def __init__(self, name: str, threads: int) -> None:
        self.name, self.threads = name, threads
        self._pool = ThreadPoolExecutor(threads, name)

    async def run(
        self, call: Callable[Arguments, Result], *args: Arguments.args, **options: Arguments.kwargs
    ) -> Result:
        """Run the call on one of the threads, in the context of the caller."""
        bound = partial(copy_context().run, call, *args, **options)
        return await asyncio.get_running_loop().run_in_executor(self._pool, bound)


AUTHENTICATION = Executor("authentication", 4)
"""Looking up whose token it is."""
SIGN_IN = Executor("sign-in", 2)
"""Looking up whether somebody may try a password now."""
ISSUER = Executor("issuer", 4)
"""Asking an OpenID Connect issuer, which may be slow, and whose token it is that it has issued."""
RECORDS = Executor("records", 8)
"""Polling and lists: what asks the records only."""
OBJECTS = Executor("objects", 12)
"""Texts, pages and originals, which may be in a slow store."""
UPLOADS = Executor("uploads", 8)
"""Storing uploads; one for each that is let in at a time, so that none waits."""
PDFS = Executor("pdfs", 2)
"""Putting searchable PDFs together: seconds each, for which pages and texts do not wait."""
PROMETHEUS = Executor("prometheus", 2)
"""Asking Prometheus, which may be slow."""
ADMIN = Executor("admin", 6)
"""The workspace, the registry and jobs."""
UPKEEP = Executor("upkeep", 1)
"""Ending what is idle."""
