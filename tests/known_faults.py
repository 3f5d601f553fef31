"""`python -m tests.known_faults`: those of what the locks name, where their data is reached.

pip-audit asks PyPI about each name of a lock. Where PyPI is not reached, it says so for each, and
this says it once: nothing was verified is not nothing was found.
"""

import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
LOCKS = ["requirements-dev.lock"]  # which holds all of the other
PATIENCE_SECONDS = 240
TIMEOUT_SECONDS = 5


def audited():
    """What pip-audit says of each name; None when it could say nothing."""
    words = [word for lock in LOCKS for word in ("--requirement", str(PROJECT / lock))]
    try:
        asked = subprocess.run(
            [sys.executable, "-m", "pip_audit", *words, "--disable-pip", "--require-hashes",
             "--progress-spinner", "off", "--format", "json", "--timeout", str(TIMEOUT_SECONDS)],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        return json.loads(asked.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None


def verdict(dependencies):
    """(sentence, whether it is refused)."""
    known = [each for each in dependencies or () if "vulns" in each]
    if not known:
        return "non vérifié : les données ne sont pas atteintes d’ici", False
    faults = [
        f"{each['name']} {each['version']} : {fault['id']}, corrigé par "
        f"{', '.join(fault['fix_versions']) or 'rien encore'}"
        for each in known
        for fault in each["vulns"]
    ]
    left = len(dependencies) - len(known)
    told = f"{len(known)} paquets vérifiés" + (f", {left} inconnus" if left else "")
    return "\n".join([told, *faults]), bool(faults)


if __name__ == "__main__":
    sentence, refused = verdict(audited())
    print(sentence)
    sys.exit(1 if refused else 0)
