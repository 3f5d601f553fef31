"""pytest plugin: one throw-away PostgreSQL and Valkey, started before the settings are read.

Named in `addopts`, because pytest-django reads the settings before any conftest.py. DATABASE_URL
and BROKER_URL replace them. With pytest-xdist each process has servers of its own: a broker that
a test stops is nobody else's.
"""

import os
import time
from contextlib import ExitStack

from cross.embedded.folders import short_lived
from cross.embedded.stack import throw_away_servers

# Set by the first process for those of pytest-xdist: they inherit what is ours, not an operator's.
OURS = "CROSS_TEST_SERVERS"

# By name, for the tests that stop one of them.
running = {}
_until_the_end = ExitStack()


def start():
    began = time.monotonic()
    ours = os.environ.get(OURS, "").split()
    given = {name: value for name, value in os.environ.items() if name not in ours}
    servers, addresses = _until_the_end.enter_context(throw_away_servers(environment=given))
    home = _until_the_end.enter_context(short_lived(sockets=False))
    running.update({server.name: server for server in servers})
    started = " ".join(name for name in addresses if name not in given)
    os.environ.update(addresses, CROSS_HOME=str(home), CROSS_TESTING="1", **{OURS: started})
    names = " and ".join(running)
    return f"{names} started in {time.monotonic() - began:.1f} s" if running else "servers given"


_how = start()


def pytest_report_header():
    return f"cross: {_how}"


def pytest_unconfigure():
    _until_the_end.close()
