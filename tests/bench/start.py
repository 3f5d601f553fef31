"""`./run`, from nothing with the demonstration, then on its data, to the first healthy answer."""

import contextlib
import io
import statistics
import tempfile
from pathlib import Path

from tests import visit
from tests.bench.measure import limit_row

LATER_STARTS = 3


def rows(say):
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as output:
        Path(folder).chmod(0o711)  # as root, the servers' account walks through it
        home = Path(folder) / "home"

        def start(name, patience):
            say(f"{name} of ./run…")
            with contextlib.redirect_stdout(io.StringIO()):  # tests.visit tells its steps
                return visit.start_and_stop(home, patience, name, output=output)

        yield limit_row(
            "first start with the demonstration, to /healthz 200",
            start("first start", visit.FIRST_START_SECONDS), "s", 60,
        )  # fmt: skip
        later = [
            start("start on existing data", visit.LATER_START_SECONDS) for _ in range(LATER_STARTS)
        ]
        yield limit_row("start on existing data", statistics.median(later), "s", 5)
