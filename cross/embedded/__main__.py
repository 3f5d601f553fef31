"""`python -m cross.embedded run`, and `… around FOLDER COMMAND…`: what the `run` file calls."""

import sys

from cross.embedded import CannotStart
from cross.embedded.around import around
from cross.embedded.supervisor import run


def main(action, *args):
    if action == "run":
        return run()
    folder, *command = args
    return around(command, folder)


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except CannotStart as error:
        sys.exit(f"cross : {error}")
