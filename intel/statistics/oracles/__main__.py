"""``python -m intel.statistics.oracles FOLDER``: one line a failing case, then the totals."""

import argparse
import sys
from pathlib import Path

from intel.statistics.oracles.runner import run


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m intel.statistics.oracles",
        description="Compares the statistics with every oracle file of a folder.",
    )
    parser.add_argument("folder", type=Path, help="a folder of oracle files (*.json)")
    return run(parser.parse_args(arguments).folder, say=lambda line: sys.stdout.write(line + "\n"))


if __name__ == "__main__":
    sys.exit(main())
