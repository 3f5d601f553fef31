"""Each request: its number, its line in the log, its figures, and its slow statements."""

import hashlib
import logging
import re
import time
import uuid
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from cross.watching import counted

logger = logging.getLogger("cross.requests")
slow = logging.getLogger("cross.slow")

GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}")
NOWHERE = "nowhere"
MOST_TABLES = 6  # the first ones say which page it is
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}

_current: ContextVar["Watched | None"] = ContextVar("watched", default=None)


@dataclass
class Watched:
    """A request under way."""

    number: str
    request: object
    queries: int = 0
    seconds: float = 0.0

    @property
    def route(self):
        """The name of the address, never what was typed in it."""
        if self.request is None:  # a job of the worker
            return ""
        match = getattr(self.request, "resolver_match", None)
        return (match and match.view_name) or NOWHERE


def number():
    """The number of the request under way, which the error page and each line of the log tell."""
    watched = _current.get()
    return watched.number if watched else ""


def behind(record):
    """The request that a line of the log is about: Django writes some once it has answered."""
    return getattr(getattr(record, "request", None), "watched", None) or _current.get()


def watching(get_response):
    """The outermost: whatever the answer, it has a number and is counted."""

    def middleware(request):
        began = time.perf_counter()
        watched = request.watched = Watched(_number_of(request), request)
        token = _current.set(watched)
        try:
            with connection.execute_wrapper(_timed(watched)):
                response = get_response(request)
            took = time.perf_counter() - began
            _count(watched, response, took)
            _tell(watched, response, took)
        finally:
            _current.reset(token)
        response.headers["X-Request-Id"] = watched.number
        return response

    return middleware


def _number_of(request):
    """Drawn here; the proxy's own when it is said to write that header over whatever came in."""
    if name := settings.REQUEST_ID_HEADER:
        given = request.headers.get(name, "")
        if GIVEN.fullmatch(given):
            return given
    return uuid.uuid4().hex


def _timed(watched):
    def run(execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = time.perf_counter() - began
            watched.queries += 1
            watched.seconds += took
            if took * 1000 >= settings.SLOW_QUERY_MS:
                _tell_slow(watched, str(sql), took)

    return run


def _tell_slow(watched, sql, took):
    counted.slow_queries.labels(watched.route).inc()
    tables = tables_of(sql)[:MOST_TABLES]
    figures = {"ms": round(took * 1000), "statement": fingerprint(sql), "tables": tables}
    slow.warning(
        "slow statement %s on %s: %d ms",
        figures["statement"], ", ".join(figures["tables"]) or "no table", figures["ms"],
        extra={"figures": figures},
    )  # fmt: skip


def fingerprint(sql):
    """The same twelve characters for a statement whatever its values; nothing of them in it."""
    shape = re.sub(r"'(?:[^']|'')*'|\b\d+\b", "?", sql)
    shape = re.sub(r"(?:%s|\?)(?:,\s*(?:%s|\?))*", "?", " ".join(shape.split()))
    return hashlib.sha256(shape.encode()).hexdigest()[:12]


def tables_of(sql):
    """Those that it names, in their order: where to look."""
    return list(dict.fromkeys(re.findall(r'\b(?:FROM|JOIN|INTO|UPDATE) "?([a-z_0-9]+)', sql)))


def _count(watched, response, took):
    method = watched.request.method if watched.request.method in METHODS else "other"
    counted.requests.labels(watched.route, method, response.status_code).inc()
    counted.seconds.labels(watched.route).observe(took)
    counted.queries.labels(watched.route).inc(watched.queries)
    counted.query_seconds.labels(watched.route).inc(watched.seconds)
    _count_pool()


def _count_pool():
    """How much of its pool this process uses; a command and a worker have none."""
    if "pool" not in connection.settings_dict["OPTIONS"]:
        return
    told = connection.pool.get_stats()  # type: ignore[attr-defined] # of PostgreSQL's own
    counted.pool.labels("open").set(told["pool_size"])
    counted.pool.labels("free").set(told["pool_available"])
    counted.pool.labels("waiting").set(told["requests_waiting"])


def _tell(watched, response, took):
    """One line a request, for those who gather them (CROSS_LOG=json)."""
    figures = {
        "method": watched.request.method if watched.request.method in METHODS else "other",
        "status": response.status_code,
        "ms": round(took * 1000, 1),
        "queries": watched.queries,
    }
    logger.info("%(method)s %(status)s", figures, extra={"figures": figures})


@contextmanager
def work(number):
    """The worker's side: what is logged in the block carries the number of its job."""
    token = _current.set(Watched(number, None))
    try:
        yield
    finally:
        _current.reset(token)
