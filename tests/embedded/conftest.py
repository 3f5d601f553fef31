"""Homes in an awkward place, and what root needs to test another account."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def open_folder():
    """A folder that another account may walk through; pytest's own is closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="essai-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def awkward_home(open_folder):
    home = open_folder / "données de l’été (à part)" / ("long " * 30)
    home.mkdir(parents=True)
    return home


@pytest.fixture
def as_root():
    if os.geteuid() != 0:
        pytest.skip("only root can drop root")
