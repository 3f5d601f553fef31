"""What is promised, row by row, and what shows it: `rows/*.toml` and `asvs.toml`, read once.

    [B53]
    claim = "An edited row of the journal is found"
    tests = ["tests/audit/test_seals.py::test_an_edited_row_is_found"]
    left = "why there is no test, or which part has none"

A table of `asvs.toml` says besides which level asks for it, and may give, in place of tests, the
`reason` that holds it (something read and not run) or why it is `not_applicable`.
"""

import ast
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
ROWS = [f"B{number}" for number in range(1, 107)]  # threats and faults, numbered for good
KEYS = {"claim", "tests", "left", "reason", "not_applicable", "level"}


@dataclass(frozen=True)
class Row:
    """One promise: `tests` are node ids without brackets."""

    name: str
    claim: str
    file: str
    tests: tuple[str, ...] = ()
    left: str = ""
    reason: str = ""
    not_applicable: str = ""
    level: int = 0

    @property
    def why(self):
        return self.not_applicable or self.reason or self.left


def read(path):
    """The rows of one file, in its own order; a key that nobody knows is refused."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    for name, table in tables.items():
        unknown = set(table) - KEYS
        if unknown:
            raise ValueError(f"{path.name}: {name} has unknown keys {sorted(unknown)}")
        yield Row(name=name, file=path.name, **table | {"tests": tuple(table.get("tests", ()))})


@cache
def rows():
    """Every row of every file of `rows/`: one that two files hold is there twice."""
    return [row for path in sorted((HERE / "rows").glob("*.toml")) for row in read(path)]


@cache
def requirements():
    """The requirements of OWASP ASVS 5.0 that are ours to answer."""
    return list(read(HERE / "asvs.toml"))


@cache
def functions(path):
    """The tests that a file defines, each with the rows that it gives a figure for."""
    file = PROJECT / path
    if not file.is_file():
        return {}
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        node.name: figures_of(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def figures_of(function):
    """The names of the rows in its calls of `figure("…", …)`."""
    return {
        call.args[0].value
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "figure"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def exists(node_id):
    path, _, function = node_id.partition("::")
    return function in functions(path)
