"""On the PYTHONPATH of the processes of a fault run: the clock that `clock.json` gives them.

The file says by how many seconds the clock of a part is wrong: {"worker": 7200}. Read once, as a
process starts; without the file, nothing happens here.
"""

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

told = Path(os.environ.get("CROSS_HOME", "/nonexistent")) / "clock.json"
if told.exists():
    for part, seconds in json.loads(told.read_text()).items():
        if "celery" in sys.orig_argv and part in sys.orig_argv:
            import time_machine

            wrong = datetime.now(UTC) + timedelta(seconds=seconds)
            time_machine.travel(wrong, tick=True).start()
