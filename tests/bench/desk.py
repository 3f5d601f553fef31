"""The desk of the analyst: each figure of its daily work, a module for each part of it."""

from tests.bench import deconfliction, matches, places, search, triage

PARTS = (deconfliction, matches, places, search, triage)


def rows(say):
    for part in PARTS:
        yield from part.rows(say)
