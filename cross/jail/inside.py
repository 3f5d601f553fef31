"""The inside of the jail: import what is needed, read what is given, close every door, work.

Run by `cross.jail.run` as a program. The doors are closed by the kernel (seccomp): a library that
is taken over by the file that it reads still opens no connection, starts nothing, writes nothing.
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
LOAD, JUMP_EQUAL, JUMP_ANY_BIT, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE = 0x00050000 | errno.EACCES
NUMBER, MACHINE, ARGUMENTS = 0, 4, 16
TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
OF_ANOTHER_WORLD = 0x40000000  # the calls of x32, under other numbers

# Calls that are refused, by machine: its mark, {call that opens: its argument of flags}, the rest:
# connections, programs, other processes, the disk.
MACHINES = {
    "x86_64": (
        0xC000003E,
        {2: 1, 257: 2},
        (41, 42, 44, 46, 53, 56, 57, 58, 59, 62, 76, 77, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92,
         101, 133, 161, 165, 258, 259, 260, 263, 264, 265, 266, 268, 310, 311, 316, 322, 425, 435,
         437),
    ),
    "aarch64": (
        0xC00000B7,
        {56: 2},
        (33, 34, 35, 36, 37, 38, 40, 45, 46, 51, 52, 53, 54, 117, 129, 198, 199, 203, 206, 211,
         220, 221, 270, 271, 276, 281, 425, 435, 437),
    ),
}  # fmt: skip


def limit(seconds, megabytes):
    """So much computing, so much memory; no file grows, nothing is left of a crash."""
    memory = megabytes * 1_000_000
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def close_doors():
    """Refuse the calls above for good; says whether the kernel does."""
    known = MACHINES.get(os.uname().machine)
    if known is None:
        return False
    program = b"".join(_filter(*known))
    held = ctypes.create_string_buffer(program)
    # struct sock_fprog: how many instructions, where they are.
    asked = struct.pack("@HP", len(program) // 8, ctypes.addressof(held))
    kernel = ctypes.CDLL(None, use_errno=True)
    return (
        kernel.prctl(NO_NEW_PRIVILEGES, *map(ctypes.c_ulong, (1, 0, 0, 0))) == 0
        and kernel.prctl(SET_SECCOMP, ctypes.c_ulong(FILTER), ctypes.c_char_p(asked)) == 0
    )


def _filter(machine, opening, refused):
    """Instructions (code, then, else, value): a jump counts from the next one."""

    def said(code, value, then=0, otherwise=0):
        return struct.pack("=HBBI", code, then, otherwise, value)

    yield said(LOAD, MACHINE)
    yield said(JUMP_EQUAL, machine, 1, 0)
    yield said(RETURN, KILL)
    yield said(LOAD, NUMBER)
    yield said(JUMP_AT_LEAST, OF_ANOTHER_WORLD, 0, 1)
    yield said(RETURN, KILL)
    for call in refused:
        yield said(JUMP_EQUAL, call, 0, 1)
        yield said(RETURN, REFUSE)
    for call, rank in opening.items():
        yield said(JUMP_EQUAL, call, 0, 4)
        yield said(LOAD, ARGUMENTS + 8 * rank)
        yield said(JUMP_ANY_BIT, TO_WRITE, 0, 1)
        yield said(RETURN, REFUSE)
        yield said(RETURN, ALLOW)
    yield said(RETURN, ALLOW)


def main(work, seconds, megabytes):
    path, _, function = work.partition(":")
    sys.path.insert(0, str(PROJECT))
    do = run_path(str(PROJECT / path))[function]
    given = sys.stdin.buffer.read()
    limit(int(seconds), int(megabytes))
    if not close_doors():
        sys.stderr.write("this kernel closes no door: limits alone\n")
    for piece in do(given):
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
