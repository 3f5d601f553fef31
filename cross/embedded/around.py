"""`./run manage` and `./run bench`: a command with the servers up for as long as it lasts."""

import os
import signal
import subprocess

from cross.embedded import CannotStart, bound
from cross.embedded.home import Claim, data_folder
from cross.embedded.stack import given, servers
from cross.embedded.supervisor import environment_of


def around(command, folder):
    """Run `command` in `folder` on the servers that run already, else on ours; its exit code."""
    home = data_folder()
    if {"DATABASE_URL", "BROKER_URL"} <= os.environ.keys():
        return call(command, folder, environment_of(home, {}))
    claim = Claim(home)
    with claim.file:
        holder = claim.take()
        if holder is None:
            with servers(home) as (_, addresses):
                return call(command, folder, environment_of(home, addresses))
        addresses = given(holder)
        if not addresses:
            raise CannotStart(
                f"une autre commande utilise ce dossier de données (processus "
                f"{holder.get('pid', '?')}) : attendez qu’elle finisse."
            )
        return call(command, folder, environment_of(home, addresses))


def call(command, folder, environment):
    """In our own terminal session, so that an interactive command keeps its keyboard."""
    child = subprocess.Popen(
        bound.command(command, at_death=signal.SIGTERM), cwd=folder, env=environment
    )
    # Ctrl-C reaches the command by itself; it decides, and we wait to stop the servers after it.
    signal.signal(signal.SIGINT, lambda *_: None)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: child.terminate())
    code = child.wait()
    return code if code >= 0 else 128 - code
