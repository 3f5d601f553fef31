"""Days that people choose for what lasts a time: bounded, and refused in one sentence."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.ui.templatetags.words import day


def fault_of_day(chosen, *, most, with_today=False):
    """What is wrong with a day, or "": from tomorrow, or today, to `most` days from now.

    No day at all is a fault too.
    """
    today = timezone.localdate()
    first, last = today + timedelta(days=0 if with_today else 1), today + timedelta(days=most)
    if chosen is not None and first <= chosen <= last:
        return ""
    start = "aujourd’hui" if with_today else "demain"
    return f"Choisissez une date entre {start} et le {day(last)}."


def check_day(name, chosen, *, most, with_today=False):
    """Raise `ValidationError` beside the field `name`."""
    if fault := fault_of_day(chosen, most=most, with_today=with_today):
        raise ValidationError({name: fault})
