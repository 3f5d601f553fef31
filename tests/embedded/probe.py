"""Start the servers of a home, say where they are, wait to be told to stop or to be killed.

Run as a program: `probe.py HOME`. It prints a line of JSON, then waits for a line.
"""

import json
import os
import sys
from pathlib import Path

from cross.embedded.stack import servers

if __name__ == "__main__":
    with servers(Path(sys.argv[1]), environment={}) as (running, addresses):
        pids = {server.name: server.process.pid for server in running}
        print(json.dumps({"uid": os.getuid(), "pids": pids, **addresses}), flush=True)
        sys.stdin.readline()
