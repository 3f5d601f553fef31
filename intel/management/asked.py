"""What is typed after a command, read: a sentence says what to type when it names nothing."""

from django.core.management.base import CommandError

from intel import periods
from services.models import Department


def period_named(text):
    try:
        return periods.read(text)
    except periods.UnreadablePeriod as error:
        raise CommandError(str(error)) from error


def departments_named(codes):
    """In the order in which they were typed. None is built before all are known."""
    return [_department(code) for code in codes]


def _department(code):
    found = Department.objects.filter(code=code.upper()).first()
    if found is None:
        raise CommandError(
            f"Le département « {code} » n’est pas chargé : "
            f"./run manage load_territory --department {code}"
        )
    return found
