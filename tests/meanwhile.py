"""Two people at once: one is handed a report, another decides about it at that very moment."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from intel.actions import handovers


def while_it_is_accepted(proposed, *, by, act, monkeypatch):
    """`by` accepts the transfer `proposed`, and `act()` is begun while the report is held: gives
    what refused it, or None. For tests with `transaction=True`."""
    accepting, check = Event(), handovers._check_target

    def slowly(*args):
        check(*args)
        accepting.set()
        time.sleep(1)  # the report is held: whoever decides about it waits

    monkeypatch.setattr(handovers, "_check_target", slowly)

    def accept():
        try:
            handovers.accept(proposed, by=by)
        finally:
            connection.close()

    def decide():
        accepting.wait(10)
        try:
            act()
        except (PermissionDenied, ValidationError) as refusal:
            return refusal
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor() as people:
        accepted, decided = people.submit(accept), people.submit(decide)
    accepted.result()
    return decided.result()
