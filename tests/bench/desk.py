"""The desk of the analyst: each figure of its daily work, a module for each part of it."""

from tests.bench import deconfliction, matches, places

PARTS = (deconfliction, matches, places)


def rows(say):
    for part in PARTS:
        yield from part.rows(say)
