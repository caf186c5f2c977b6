"""Call the kernel where Python's library has no function for it."""

import ctypes
import os
from pathlib import Path

PR_SET_KEEPCAPS, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 38, 47, 2
SYS_CAPSET = {"x86_64": 126, "aarch64": 91}
CAPABILITY_VERSION = 0x20080522
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


class NotPossible(Exception):
    """A layer of the confinement that this machine or its kernel does not allow; the message says why."""


def call_libc(name: str, *arguments: int) -> int:
    """Call a function of the C library; raises NotPossible."""
    libc = ctypes.CDLL(None, use_errno=True)
    return _checked(libc[name](*(ctypes.c_ulong(argument) for argument in arguments)), name)


def call_kernel(name: str, number: int, *arguments: "int | ctypes.Array[ctypes.c_char]") -> int:
    """Call the kernel by the number of the call; bytes are passed by their address. Raises NotPossible."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    values = (ctypes.c_long(value) if isinstance(value, int) else value for value in arguments)
    return _checked(libc.syscall(ctypes.c_long(number), *values), name)


def forbid_new_privileges() -> None:
    """Let no program that this process starts have more rights than it, for good. Raises NotPossible."""
    call_libc("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def read_capabilities() -> int:
    """Read the capabilities that this process may use, a bit each."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapPrm:"))


def set_capabilities(*kept: int) -> None:
    """Give up all capabilities but these, which programs that are started have as well; raises NotPossible."""
    machine = os.uname().machine
    if machine not in SYS_CAPSET:
        raise NotPossible(f"capset is not known on {machine}")
    mask = sum(1 << capability for capability in kept)
    words = [CAPABILITY_VERSION, 0, *[mask & 0xFFFFFFFF] * 3, *[mask >> 32] * 3]
    packed = b"".join(word.to_bytes(4, "little") for word in words)
    header, sets = ctypes.create_string_buffer(packed[:8], 8), ctypes.create_string_buffer(packed[8:], 24)
    call_kernel("capset", SYS_CAPSET[machine], header, sets)
    for capability in kept:
        call_libc("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def leave_network() -> None:
    """Move this process, which must have one thread, to a network of its own that nothing is attached to; raises NotPossible."""
    try:
        call_libc("unshare", CLONE_NEWNET)
    except NotPossible:  # a user without rights has them in a user namespace
        call_libc("unshare", CLONE_NEWNET | CLONE_NEWUSER)


def _checked(answer: int, name: str) -> int:
    if answer < 0:
        raise NotPossible(f"{name}: {os.strerror(ctypes.get_errno())}")
    return answer
