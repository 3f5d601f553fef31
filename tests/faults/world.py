"""`python -m tests.faults.world N`: the Vosges, an invented cell, N reports, mails at once."""

import os
import sys

import django
from django.core.management import call_command

AT_ONCE = "complement.added"
TOLD = ("liaison.gendarmerie", "liaison.douane")


def make(reports):
    from intel.models import NoticeChoice
    from intel.notices import Way
    from services.models import Member

    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_territory", "--department", "88", verbosity=0)
    call_command("seed_demo", "--reports", str(reports), "--departments", "88", verbosity=0)
    for member in Member.objects.filter(username__in=TOLD):
        NoticeChoice.objects.update_or_create(
            member=member, kind=AT_ONCE, defaults={"way": Way.NOW}
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cross.settings")
    django.setup()
    make(int(sys.argv[1]))
