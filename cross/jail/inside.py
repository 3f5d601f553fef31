"""The inside of the jail: import what is needed, read what is given, close every door, work.

Run by `cross.jail.run` as a program. The doors are closed by the kernel (seccomp): a library that
is taken over by the file that it reads computes, and gives back what it made. It still opens no
file, not even to read it, asks of none whether it is there, opens no connection, starts nothing,
writes nothing, and reaches no other process.
"""

import ctypes
import errno
import os
import resource
import struct
import sys
from pathlib import Path
from runpy import run_path

PROJECT = Path(__file__).resolve().parents[2]

# prctl(2), seccomp(2) and the instructions of its filters.
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE = 0x00050000 | errno.EACCES
NUMBER, MACHINE = 0, 4
OF_ANOTHER_WORLD = 0x40000000  # the calls of x32, under other numbers

# Calls that are allowed, by machine: its mark, then the number of each. No other: a call that a
# kernel will have tomorrow is refused from today. None takes a path or the number of a process.
MACHINES = {
    "x86_64": (0xC000003E, {
        "read": 0, "write": 1, "close": 3, "fstat": 5, "lseek": 8, "mmap": 9, "mprotect": 10,
        "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15,
        "readv": 19, "writev": 20, "sched_yield": 24, "mremap": 25, "madvise": 28,
        "nanosleep": 35, "getpid": 39, "exit": 60, "uname": 63, "gettimeofday": 96,
        "getrusage": 98, "sysinfo": 99, "times": 100, "getuid": 102, "getgid": 104,
        "geteuid": 107, "getegid": 108, "sigaltstack": 131, "gettid": 186, "time": 201,
        "futex": 202, "sched_getaffinity": 204, "restart_syscall": 219, "clock_gettime": 228,
        "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231, "set_robust_list": 273,
        "getrandom": 318, "membarrier": 324, "rseq": 334,
    }),
    "aarch64": (0xC00000B7, {
        "close": 57, "lseek": 62, "read": 63, "write": 64, "readv": 65, "writev": 66, "fstat": 80,
        "exit": 93, "exit_group": 94, "futex": 98, "set_robust_list": 99, "nanosleep": 101,
        "clock_gettime": 113, "clock_getres": 114, "clock_nanosleep": 115,
        "sched_getaffinity": 123, "sched_yield": 124, "restart_syscall": 128,
        "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139,
        "times": 153, "uname": 160, "getrusage": 165, "gettimeofday": 169, "getpid": 172,
        "getuid": 174, "geteuid": 175, "getgid": 176, "getegid": 177, "gettid": 178,
        "sysinfo": 179, "brk": 214, "munmap": 215, "mremap": 216, "mmap": 222, "mprotect": 226,
        "madvise": 233, "getrandom": 278, "membarrier": 283, "rseq": 293,
    }),
}  # fmt: skip


def limit(seconds, megabytes, gives):
    """So much computing, so much memory, so much given back; no file is opened, nothing is left
    of a crash.

    That no file is opened holds where the kernel closes no door too.
    """
    memory = megabytes * 1_000_000
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, gives * 1_000_000),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        # An administrator may have set less for all that the service runs.
        _, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))


def close_doors():
    """Refuse for good all but the calls above. Where the kernel does not, limits alone hold, and
    `check --deploy` says so (`cross.W001`), which keeps the web container from starting."""
    known = MACHINES.get(os.uname().machine)
    if known is None:
        return
    program = b"".join(_filter(*known))
    held = ctypes.create_string_buffer(program)
    # struct sock_fprog: how many instructions, where they are.
    asked = struct.pack("@HP", len(program) // 8, ctypes.addressof(held))
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.prctl(NO_NEW_PRIVILEGES, *map(ctypes.c_ulong, (1, 0, 0, 0))) == 0:
        kernel.prctl(SET_SECCOMP, ctypes.c_ulong(FILTER), ctypes.c_char_p(asked))


def _filter(machine, allowed):
    """Instructions (code, then, else, value): a jump counts from the next one."""

    def said(code, value, then=0, otherwise=0):
        return struct.pack("=HBBI", code, then, otherwise, value)

    yield said(LOAD, MACHINE)
    yield said(JUMP_EQUAL, machine, 1, 0)
    yield said(RETURN, KILL)
    yield said(LOAD, NUMBER)
    yield said(JUMP_AT_LEAST, OF_ANOTHER_WORLD, 0, 1)
    yield said(RETURN, KILL)
    for call in allowed.values():
        yield said(JUMP_EQUAL, call, 0, 1)
        yield said(RETURN, ALLOW)
    yield said(RETURN, REFUSE)


def main(work, seconds, megabytes, gives, *asked):
    path, _, function = work.partition(":")
    sys.path.insert(0, str(PROJECT))
    do = run_path(str(PROJECT / path))[function]
    given = sys.stdin.buffer.read()
    limit(int(seconds), int(megabytes), int(gives))
    close_doors()
    for piece in do(given, *asked):
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
