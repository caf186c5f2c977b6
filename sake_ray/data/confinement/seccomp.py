"""Refuse system calls to this process by seccomp: the network, and what only an attack would call.

libseccomp, which Debian's and Ubuntu's apt needs, knows the numbers of the calls on each architecture.
"""

import ctypes
import errno
from typing import Any

from sake_ray.data.confinement.kernel import NotPossible

NETWORK = "socket connect bind listen accept accept4 sendmmsg recvmmsg io_uring_setup io_uring_enter io_uring_register".split()
"""`io_uring` would open sockets past the filter."""
ATTACKS = (
    # other processes, and what they left open
    "ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd kcmp"
    # the machine, its users and its file systems
    " mount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr unshare setns"
    " open_by_handle_at name_to_handle_at quotactl acct swapon swapoff reboot kexec_load kexec_file_load init_module finit_module"
    " delete_module sethostname setdomainname settimeofday clock_settime clock_adjtime adjtimex syslog iopl ioperm"
    # large parts of the kernel that reading needs nothing of
    " bpf perf_event_open userfaultfd add_key request_key keyctl personality modify_ldt vhangup"
    # what Landlock leaves open of files elsewhere, and memory shared with others
    " chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat setxattr lsetxattr fsetxattr removexattr lremovexattr"
    " fremovexattr utime utimes utimensat futimesat shmget shmat msgget semget mq_open"
).split()
PROGRAMS = ["execve", "execveat"]
NEW_NAMESPACES = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
"""The flags of `clone`, as in linux/sched.h."""

ALLOW, REFUSE = 0x7FFF0000, 0x00050000
BAD_ARCHITECTURE, ALL_THREADS, OPTIMIZE = 2, 4, 8
NOT_EQUAL, MASKED_EQUAL = 1, 7
UNKNOWN = -1


class Comparison(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


def refuse_attacks() -> None:
    """Refuse the network and the calls of attacks to all threads of this process, for good; raises NotPossible."""
    seccomp = Filter()
    for name in NETWORK + ATTACKS:
        seccomp.refuse(name)
    for flag in NEW_NAMESPACES:
        seccomp.refuse("clone", Comparison(0, MASKED_EQUAL, flag, flag))
    # Its flags lie in memory, where no filter sees them. The C library takes `clone` where this one is not there.
    seccomp.refuse("clone3", code=errno.ENOSYS)
    seccomp.refuse("prlimit64", Comparison(0, NOT_EQUAL, 0, 0))  # the limits of others
    seccomp.load()


def refuse_programs() -> None:
    """Refuse to start any program from now on, for good; raises NotPossible."""
    seccomp = Filter()
    for name in PROGRAMS:
        seccomp.refuse(name)
    seccomp.load()


class Filter:
    """A filter that allows all but what it is told to refuse."""

    def __init__(self) -> None:
        try:
            self._library = ctypes.CDLL("libseccomp.so.2")
        except OSError as error:
            raise NotPossible("seccomp: libseccomp is not installed") from error
        self._library.seccomp_init.restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(self._call("seccomp_init", ctypes.c_uint32(ALLOW)))
        self._call("seccomp_attr_set", self._context, BAD_ARCHITECTURE, ctypes.c_uint32(REFUSE | errno.EPERM))
        self._call("seccomp_attr_set", self._context, ALL_THREADS, ctypes.c_uint32(1))
        # A tree instead of a chain of comparisons; older libraries do not know it.
        self._library.seccomp_attr_set(self._context, OPTIMIZE, ctypes.c_uint32(2))

    def refuse(self, name: str, *comparisons: Comparison, code: int = errno.EPERM) -> None:
        """Refuse a call, with all arguments or with these; one that architecture or library do not know is passed over."""
        number = self._library.seccomp_syscall_resolve_name(name.encode())
        if number == UNKNOWN:
            return
        array = (Comparison * len(comparisons))(*comparisons)
        action = ctypes.c_uint32(REFUSE | code)
        self._call("seccomp_rule_add_array", self._context, action, number, len(comparisons), array)

    def load(self) -> None:
        """Put the filter into force."""
        try:
            self._call("seccomp_load", self._context)
        finally:
            self._library.seccomp_release(self._context)

    def _call(self, name: str, *arguments: Any) -> int:
        answer = getattr(self._library, name)(*arguments)
        if answer is None or answer < 0:
            raise NotPossible(f"{name}: {errno.errorcode.get(-(answer or 0), 'failed')}")
        return int(answer)
