"""Runs every oracle of a folder."""

import json
from pathlib import Path

from intel.statistics.oracles.cases import Malformed, differences
from intel.statistics.oracles.kinds import kind_of

# What a case with a missing, misspelt or impossible value runs into.
UNREADABLE = (
    Malformed,
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
)


def run(folder: Path, *, say) -> int:
    """0 when every case of every file holds, 1 otherwise.

    `say` receives one line a failing case, and at the end ``N passed, M failed``. A file that
    cannot be read, or that no kind knows, is one failure; so is a folder without any oracle.
    Only explanations (`*.md`), hidden files and folders are passed over.
    """
    passed, failed = 0, 0
    try:
        paths = sorted(path for path in folder.iterdir() if is_oracle(path))
        if not paths:
            raise Malformed("there is no oracle file here")
    except (OSError, Malformed) as error:
        say(f"{folder}: {in_words(error)}")
        paths, failed = [], 1
    for path in paths:
        for problem in problems_of(path):
            passed, failed = (passed, failed + 1) if problem else (passed + 1, failed)
            if problem:
                say(problem)
    say(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def is_oracle(path):
    return path.is_file() and not path.name.startswith(".") and path.suffix != ".md"


def problems_of(path):
    """For each case of a file, a line that says why it fails, or nothing."""
    try:
        cases = list(kind_of(path)(content_of(path)))
        if not cases:
            raise Malformed("there is no case in it")
    except UNREADABLE as error:
        yield f"{path.name}: {in_words(error)}"
        return
    for case in cases:
        try:
            told = "; ".join(differences(case, case.compute()))
        except UNREADABLE as error:
            told = in_words(error)
        yield f"{path.name}, {case.name}: {told}" if told else ""


def content_of(path):
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Malformed(f"it cannot be read as JSON ({error})") from error
    if not isinstance(content, dict):
        raise Malformed("it does not hold one JSON object")
    return content


def in_words(error):
    if isinstance(error, KeyError):
        return f"“{error.args[0]}” is missing"
    if isinstance(error, Malformed):
        return str(error)
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return f"it cannot be computed ({type(error).__name__}: {error})"
