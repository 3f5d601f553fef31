"""The private port: `GET /metrics` for a Prometheus beside us, and nothing for anybody else.

A process of its own, so that any number of web processes make one figure. It listens on
CROSS_METRICS_HOST (127.0.0.1) and CROSS_METRICS_PORT, and is never behind the proxy.
"""

import os
from http.server import BaseHTTPRequestHandler, HTTPServer

from django.conf import settings
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from cross.watching import counted, gathered

PATIENCE_SECONDS = 5


def told():
    """Every figure, as text."""
    registry = CollectorRegistry()
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry, folder)
    else:
        for each in counted.EVERY:
            registry.register(each)
    registry.register(gathered.Gathered())
    return generate_latest(registry)


class Scraped(BaseHTTPRequestHandler):
    timeout = PATIENCE_SECONDS

    def do_GET(self):
        if self.path != "/metrics":
            self.send_error(404)
            return
        text = told()
        self.send_response(200)
        self.send_header("Content-Type", CONTENT_TYPE_LATEST)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def version_string(self):
        return "cross"

    def log_message(self, *_):
        """One line a scrape says nothing."""


def serve():
    address = (settings.METRICS_HOST, settings.METRICS_PORT)
    with HTTPServer(address, Scraped) as server:
        server.serve_forever()
