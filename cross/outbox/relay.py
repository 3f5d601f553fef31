"""How the web process sends messages: beside the request, which waits for no broker.

What cannot be sent is kept in hand and tried again every second, so that work begins as soon as
the broker is back. Nothing depends on it: the rows are there, and the sweep sends what was lost.
"""

import logging
import threading
import time
from collections import deque

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

TRY_AGAIN_SECONDS = 1
# Beyond that, the oldest are left to the sweep.
MOST_IN_HAND = 10_000


class Relay:
    """One thread a process, begun at the first message: it would not outlive a fork."""

    def __init__(self, send):
        self.send = send
        self.in_hand: deque = deque(maxlen=MOST_IN_HAND)
        self.is_wanted = threading.Condition()
        self.thread = None

    def take(self, job_id):
        """Send it soon; answers at once."""
        with self.is_wanted:
            self.in_hand.append(job_id)
            if self.thread is None:
                self.thread = threading.Thread(target=self.work, name="relay", daemon=True)
                self.thread.start()
            self.is_wanted.notify()

    def work(self):
        while True:
            with self.is_wanted:
                while not self.in_hand:
                    self.is_wanted.wait()
                job_id = self.in_hand[0]
            if not self.is_sent(job_id):
                time.sleep(TRY_AGAIN_SECONDS)
                continue
            with self.is_wanted:
                if self.in_hand and self.in_hand[0] == job_id:
                    self.in_hand.popleft()

    def is_sent(self, job_id):
        """A database that is away does not keep the message: sent twice, it is worked on once."""
        try:
            return self.send(job_id)
        except DatabaseError as error:
            logger.warning("job %s is sent, its row does not say so: %s", job_id, error)
            return True
        finally:
            connection.close()  # back to the pool, for the requests
