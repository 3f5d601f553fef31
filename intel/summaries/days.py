"""Instants and days, in the time zone of the cell."""

from datetime import datetime, time

from django.utils import timezone


def midnight(day):
    """The instant at which a day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))
