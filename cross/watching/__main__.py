"""`python -m cross.watching`: serve the figures of this installation on their private port."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cross.settings")
django.setup()

from django.conf import settings  # noqa: E402 - after setup

from cross.watching import serving  # noqa: E402

if not settings.METRICS_PORT:
    sys.exit("cross : CROSS_METRICS_PORT dit sur quel port servir les mesures.")
serving.serve()
