"""What a library taken over by a hostile file would try, from the inside of the jail.

Each gives back OUT when it got out; the kernel refuses, or ends it.
"""

import ctypes
import os
import signal
import socket
from pathlib import Path

OUT, IN = b"out", b"in"

# What takes over a decoder speaks to the kernel itself, by the numbers of its calls.
KERNEL = ctypes.CDLL(None, use_errno=True)
HERE = -100  # relative to where one is
NUMBERS = {
    "x86_64": {"open": 2, "openat": 257, "openat2": 437, "stat": 4, "newfstatat": 262,
               "statx": 332, "access": 21, "readlink": 89, "io_uring_setup": 425, "memfd": 319,
               "open_tree": 428, "unshare": 272, "tgkill": 234, "shmget": 29, "prlimit": 302,
               "name_to_handle_at": 303, "inotify_init1": 294, "getdents64": 217},
    "aarch64": {"openat": 56, "openat2": 437, "newfstatat": 79, "statx": 291,
                "io_uring_setup": 425, "memfd": 279, "open_tree": 428, "unshare": 97,
                "tgkill": 131, "shmget": 194, "prlimit": 261, "name_to_handle_at": 264,
                "inotify_init1": 26, "getdents64": 61},
}  # fmt: skip


def _tried(act):
    try:
        act()
    except (OSError, MemoryError):
        return IN
    return OUT


def connect(given):
    host, _, port = given.decode().rpartition(":")

    def act():
        with socket.socket() as line:
            line.connect((host, int(port)))

    yield _tried(act)


def start(given):
    yield _tried(lambda: os.execv("/bin/true", ["true"]))  # noqa: S606


def fork(given):
    def act():
        if os.fork() == 0:
            os._exit(0)

    yield _tried(act)


def read(given):
    """By Python, as a library would: the file, its size, what is beside it, where a link leads."""
    path = os.fsdecode(given)
    tries = (
        lambda: Path(path).read_bytes(),
        lambda: os.stat(path),
        lambda: os.listdir(os.path.dirname(path) or "/"),
        lambda: os.readlink("/proc/self/exe"),
    )
    yield OUT if OUT in map(_tried, tries) else IN


def read_whole(given):
    yield _tried(lambda: Path(os.fsdecode(given)).read_bytes())


def read_by_number(given):
    """By every call that opens a file or tells whether it is there, the newest included."""
    told, how = ctypes.create_string_buffer(4096), ctypes.create_string_buffer(24)
    arguments = {
        "open": (given, 0, 0),
        "openat": (HERE, given, 0, 0),
        "openat2": (HERE, given, how, 24),
        "stat": (given, told),
        "newfstatat": (HERE, given, told, 0),
        "statx": (HERE, given, 0, 0xFFF, told),
        "access": (given, 4),
        "readlink": (b"/proc/self/exe", told, 4096),
        "name_to_handle_at": (HERE, given, told, told, 0),
        "open_tree": (HERE, given, 0),
    }
    yield _called(arguments)


def reach_by_number(given):
    """Other processes and what they share, a room of one's own, queues of the kernel."""
    yield _called(
        {
            "tgkill": (int(given), int(given), 0),
            "prlimit": (int(given), 7, None, ctypes.create_string_buffer(16)),
            "shmget": (0, 4096, 0o1600),
            "memfd": (b"x", 0),
            "unshare": (0x10000000,),
            "io_uring_setup": (8, ctypes.create_string_buffer(120)),
            "inotify_init1": (0,),
        }
    )


def _called(arguments):
    """Which of these calls the kernel took; none is IN."""
    known = NUMBERS[os.uname().machine]
    took = [
        name
        for name, given in arguments.items()
        if name in known and KERNEL.syscall(known[name], *given) >= 0
    ]
    return OUT + b" by " + " ".join(took).encode() if took else IN


def signal_all(given):
    yield _tried(lambda: os.kill(-1, signal.SIGCONT))


def write(given):
    yield _tried(lambda: os.open(given, os.O_WRONLY | os.O_CREAT))


def remove(given):
    yield _tried(lambda: os.unlink(given))


def kill(given):
    yield _tried(lambda: os.kill(int(given), 0))


def grow(given):
    yield _tried(lambda: bytearray(2_000_000_000))


def pour(given):
    """Never stops giving back."""
    while True:
        yield bytes(100_000)


def last(given):
    yield b"first"
    while True:
        pass


def environment(given):
    yield repr(sorted(os.environ)).encode()
