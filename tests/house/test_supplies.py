"""What we install: nothing that is not in the lock, and what is known of it."""

import json
import re
import subprocess
import sys

import pytest
from django.conf import settings

from tests import known_faults

LOCK = settings.BASE_DIR / "requirements.lock"


def test_the_bill_of_materials_names_all_that_the_lock_does(tmp_path):
    written = tmp_path / "sbom.json"
    line = next(
        line
        for line in (settings.BASE_DIR / "run").read_text().splitlines()
        if "cyclonedx" in line
    )
    words = line.split("cyclonedx_py")[1].replace('"$file"', str(written)).split()
    subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", *words],
        cwd=settings.BASE_DIR, check=True, capture_output=True,
    )  # fmt: skip
    told = {
        (each["name"].lower(), each["version"])
        for each in json.loads(written.read_text())["components"]
    }
    named = re.findall(r"^([\w.-]+)==([^\s;]+)", LOCK.read_text(), re.MULTILINE)
    assert len(named) > 30
    assert told == {(name.lower(), version) for name, version in named}


FAULT = {"id": "PYSEC-0", "fix_versions": ["2.0"]}


@pytest.mark.parametrize(
    ("dependencies", "said", "refused"),
    [
        (None, "non vérifié", False),
        ([], "non vérifié", False),
        ([{"name": "a", "skip_reason": "not found"}], "non vérifié", False),
        ([{"name": "a", "version": "1", "vulns": []}], "1 paquets vérifiés", False),
        (
            [
                {"name": "a", "version": "1", "vulns": [FAULT]},
                {"name": "b", "skip_reason": "not found"},
            ],
            "1 paquets vérifiés, 1 inconnus\na 1 : PYSEC-0, corrigé par 2.0",
            True,
        ),
    ],
)
def test_what_an_audit_says(dependencies, said, refused):
    sentence, verdict = known_faults.verdict(dependencies)
    assert sentence.startswith(said)
    assert verdict == refused
