"""The national lists, read once for all these tests, and each department drawn once."""

import functools
import io

import pytest
from django.core.management import call_command

from services.territory import official, outlines


@pytest.fixture(scope="session")
def france():
    return official.read_france()


@pytest.fixture(scope="session")
def draw(france):
    return functools.cache(functools.partial(outlines.draw, france))


@pytest.fixture
def load(france, draw, monkeypatch):
    """Runs `load_territory` for departments; returns what it printed."""
    monkeypatch.setattr(official, "read_france", lambda: france)
    monkeypatch.setattr(outlines, "draw", lambda _, code: draw(code))

    def run(*codes, **options):
        out = io.StringIO()
        call_command("load_territory", department=list(codes), stdout=out, **options)
        return out.getvalue()

    return run
