"""Asked by `check --deploy`: whether this machine closes the doors of the jail."""

from django.core import checks

from cross import jail
from cross.jail.doors import SHUT


@checks.register("security", deploy=True)
def the_kernel_closes_the_doors(app_configs, **kwargs):
    try:
        said = jail.run("cross/jail/doors.py:tried", b"", seconds=5, megabytes=500, gives=1)
        is_shut, why = said == SHUT, "seccomp is refused here (container, kernel or machine)"
    except jail.Broken as broken:
        is_shut, why = False, f"the jail does not work here ({broken})"
    if is_shut:
        return []
    return [
        checks.Warning(
            "Strangers' files would be taken apart behind limits of memory and time alone.",
            hint=f"{why}: see docs/runbook.md, 10.",
            id="cross.W001",
        )
    ]
