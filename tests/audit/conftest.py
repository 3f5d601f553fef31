"""A journal with real commits: what is sealed is what other transactions see."""

import psycopg
import pytest
from django.db import connection

from cross.audit import sealing
from cross.audit.models import Entry


@pytest.fixture(autouse=True)
def a_key_of_the_test(settings, tmp_path):
    settings.JOURNAL_KEY = tmp_path / "key.pem"


@pytest.fixture
def write(transactional_db):
    """`write(3)` writes three lines, each in a transaction of its own; their numbers."""

    def lines(count, **said):
        said = {"verb": "report.read", "operation": "consultation", "who": "Diane Essai"} | said
        return [
            Entry.objects.create(target=f"CROSS-88-2026-{rank:04}", **said).pk
            for rank in range(1, count + 1)
        ]

    return lines


@pytest.fixture
def sealed(write):
    """Three batches: five rows, one, five."""
    numbers = []
    for count in (5, 1, 5):
        numbers += write(count)
        assert sealing.seal() == 1
    return numbers


@pytest.fixture
def other_session(transactional_db):
    """A connection of its own, as another process has."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as line:
        yield line
