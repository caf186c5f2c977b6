"""Close files, TCP and the processes of others to this process by Landlock (Linux 5.13 and later)."""

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sake_ray.data.confinement.kernel import NotPossible, call_kernel

# The numbers are the same on every architecture; rights by the version of Landlock that knows them first (linux/landlock.h).
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE, DEVICE_CALLS = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14, 1 << 15
FILE_RIGHTS = {1: (1 << 13) - 1, 2: 1 << 13, 3: TRUNCATE, 5: DEVICE_CALLS}
NETWORK_RIGHTS, NETWORK_SINCE = 0b11, 4
"""To bind and to connect by TCP."""
SCOPES, SCOPES_SINCE = 0b11, 6
"""Abstract sockets of other processes, and signals to them."""
READ = EXECUTE | READ_FILE | READ_DIR
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | DEVICE_CALLS
"""What may be allowed for a path that is no folder."""
PATH_BENEATH = 1


class FileRules:
    """What this process is to read and write, opened while it still may, and put into force later."""

    def __init__(self, *, readable: Iterable[Path], writable: Iterable[Path]) -> None:
        """Prepare the rules; paths that are not there are passed over. Raises NotPossible."""
        version = call_kernel("landlock", CREATE_RULESET, 0, 0, 1)
        self._rights = sum(rights for since, rights in FILE_RIGHTS.items() if since <= version)
        attributes = [self._rights]
        if version >= NETWORK_SINCE:
            attributes.append(NETWORK_RIGHTS)
        if version >= SCOPES_SINCE:
            attributes.append(SCOPES)
        packed = struct.pack(f"={len(attributes)}Q", *attributes)
        rules = ctypes.create_string_buffer(packed, len(packed))
        self._rules = call_kernel("landlock", CREATE_RULESET, rules, len(packed), 0)
        for path in readable:
            self._allow(path, READ)
        for path in writable:
            self._allow(path, self._rights & ~EXECUTE)

    def enforce(self) -> None:
        """Put the rules into force for this thread and those that it will start; raises NotPossible."""
        threads = len(list(Path("/proc/self/task").iterdir()))
        if threads > 1:
            raise NotPossible(f"landlock: {threads - 1} other threads are already there")
        call_kernel("landlock", RESTRICT_SELF, self._rules, 0)
        os.close(self._rules)

    def _allow(self, path: Path, rights: int) -> None:
        with suppress(OSError):
            opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                is_folder = stat.S_ISDIR(os.fstat(opened).st_mode)
                allowed = rights & self._rights & (-1 if is_folder else OF_FILES)
                rule = ctypes.create_string_buffer(struct.pack("=Qi", allowed, opened), 12)
                call_kernel("landlock", ADD_RULE, self._rules, PATH_BENEATH, rule, 0)
            finally:
                os.close(opened)
