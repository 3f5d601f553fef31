"""gunicorn's hooks under `./run`: its workers die with it, even when it is killed."""

import signal

from cross.embedded.bound import end_with


def post_fork(server, worker):
    end_with(worker.ppid, signal.SIGKILL)
