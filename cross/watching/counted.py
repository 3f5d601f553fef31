"""What each process counts. With a port of figures, the counts of all of them are files of one
folder (`settings.py`), so that any number of web processes make one figure."""

from prometheus_client import Counter, Gauge, Histogram

# Every figure has a label: one without would make a file for each command that imports this.
requests = Counter(
    "cross_requests", "Requests answered.", ["route", "method", "status"], registry=None
)
seconds = Histogram(
    "cross_request_seconds",
    "Time to the first byte of an answer.",
    ["route"],
    buckets=(0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10),
    registry=None,
)
queries = Counter("cross_queries", "Statements asked by requests.", ["route"], registry=None)
query_seconds = Counter(
    "cross_query_seconds", "Time of the statements of requests.", ["route"], registry=None
)
slow_queries = Counter(
    "cross_slow_queries", "Statements over the threshold.", ["route"], registry=None
)
refusals = Counter(
    "cross_refusals", "Requests refused before any door.", ["reason"], registry=None
)
browser_refusals = Counter(
    "cross_browser_refusals",
    "What browsers refused of our pages, by directive.",
    ["directive"],
    registry=None,
)
pool = Gauge(
    "cross_pool",
    "Connections of the web processes.",
    ["what"],
    multiprocess_mode="livesum",
    registry=None,
)
EVERY = (
    requests, seconds, queries, query_seconds, slow_queries, refusals, browser_refusals, pool,
)  # fmt: skip
