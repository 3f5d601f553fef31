"""The national lists, read once for all these tests, and each department drawn once."""

import functools

import pytest

from services.territory import official, outlines


@pytest.fixture(scope="session")
def france():
    return official.read_france()


@pytest.fixture(scope="session")
def draw(france):
    return functools.cache(functools.partial(outlines.draw, france))
