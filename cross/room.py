"""Room on the disk of files: what is sent is refused before it is full, while all the rest works.

The last tenth is for what was typed, the journal and the database: a disk that is full stops them.
"""

import logging
from pathlib import Path
from shutil import disk_usage

from django.conf import settings
from django.core.exceptions import ValidationError

logger = logging.getLogger(__name__)

FULL = (
    "Le disque du serveur est presque plein : aucun fichier n’est reçu pour l’instant, et rien "
    "n’a été gardé de celui-ci. Ce que vous avez écrit peut être enregistré sans lui. Prévenez "
    "l’administrateur technique, puis joignez le fichier plus tard."
)


def before_refusal():
    """Octets that may still be received; none or fewer, and nothing is."""
    place = Path(settings.MEDIA_ROOT)
    while not place.exists():
        place = place.parent
    # What root alone may use is nobody's.
    told = disk_usage(place)
    usable = told.used + told.free
    return int(usable * settings.UPLOADS_STOP_AT / 100) - told.used


def check(size):
    """Raise `ValidationError` when a file of so many octets is not to be received."""
    if size > before_refusal():
        logger.warning(
            "disk: a file of %s bytes refused, for less than that is left before %s%%",
            size,
            settings.UPLOADS_STOP_AT,
        )
        raise ValidationError(FULL)
