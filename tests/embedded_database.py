"""pytest plugin: one throw-away PostgreSQL and Valkey, started before the settings are read.

Named in `addopts`, because pytest-django reads the settings before any conftest.py. DATABASE_URL
or BROKER_URL in the environment (given by an operator, or inherited from us by the workers of
pytest-xdist) replace them.
"""

import os
import time
from contextlib import ExitStack

from cross.embedded.folders import short_lived
from cross.embedded.stack import throw_away_servers

_until_the_end = ExitStack()
# By name, for the tests that stop one of them.
running = {}


def start():
    began = time.monotonic()
    servers, addresses = _until_the_end.enter_context(throw_away_servers())
    os.environ.update(addresses)
    running.update({server.name: server for server in servers})
    if "PYTEST_XDIST_WORKER" not in os.environ:
        home = _until_the_end.enter_context(short_lived(sockets=False))
        os.environ.update(CROSS_HOME=str(home), CROSS_TESTING="1")
    names = " and ".join(running)
    return f"{names} started in {time.monotonic() - began:.1f} s" if running else "servers given"


_how = start()


def pytest_report_header():
    return f"cross: {_how}"


def pytest_unconfigure():
    _until_the_end.close()
