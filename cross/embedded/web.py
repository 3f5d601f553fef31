"""gunicorn's hooks under `./run`: its workers die with it, even when it is killed."""

import signal

from cross.embedded.bound import end_with
from cross.patience import (  # noqa: F401 - what gunicorn looks for in its settings
    child_exit,
    keepalive,
    limit_request_field_size,
    limit_request_fields,
    limit_request_line,
    logconfig_dict,
    on_starting,
    when_ready,
    worker_class,
)


def post_fork(server, worker):
    end_with(worker.ppid, signal.SIGKILL)
