"""What the delegate for data protection does: freeze, let go; and what the night erases."""

from contextlib import suppress
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from intel.actions import days, erasing
from intel.models import LegalHold, Place, Report
from intel.reading import retention
from services.models import Department

LONGEST_DAYS = 366
UNKNOWN = "Aucune fiche ni aucun lieu de votre département ne porte cette référence."


@transaction.atomic
def place_hold(*, by, reference, reason, review_on):
    """Freeze what a reference names, or the whole department; nothing of it goes from here on."""
    days.check_day("review_on", review_on, most=LONGEST_DAYS)
    hold = LegalHold(department=by.unit.department, by=by, reason=reason, review_on=review_on)
    _name(hold, reference.strip())
    hold.full_clean()
    hold.save(force_insert=True)
    said = f"{hold.get_reason_display()}, à revoir le {review_on:%d/%m/%Y}"
    journal.record(by, "hold.placed", hold, why=said)
    return hold


def _name(hold, typed):
    """What the reference names in the department of the hold; whatever is elsewhere is absent."""
    department = hold.department
    if not typed:
        hold.reference = f"département {department.code}"
        return
    reports = Report.objects.filter(department=department, reference=typed.upper())
    hold.report = reports.unguarded(because="frozen, not read").only("reference").first()
    if hold.report:
        hold.reference = hold.report.reference
        return
    with suppress(ValueError):
        key = UUID(typed.lower().removeprefix("lieu").strip())
        places = Place.objects.filter(department=department, key=key)
        hold.place = places.unguarded(because="frozen, not read").only("key").first()
    if hold.place is None:
        raise ValidationError({"reference": UNKNOWN})
    hold.reference = hold.place.journal_reference


@transaction.atomic
def renew(hold, *, by, review_on):
    days.check_day("review_on", review_on, most=LONGEST_DAYS)
    LegalHold.objects.filter(pk=hold.pk).update(review_on=review_on)
    journal.record(by, "hold.renewed", hold, why=f"à revoir le {review_on:%d/%m/%Y}")


@transaction.atomic
def lift(hold, *, by, ending):
    """What had come to its term meanwhile goes the next night; `ending`: a `LegalHold.Ending`."""
    live = LegalHold.objects.live().filter(pk=hold.pk)
    if not live.update(lifted_by=by, lifted_at=timezone.now()):
        raise ValidationError("Ce gel a été levé entre-temps.")
    journal.record(by, "hold.lifted", hold, why=LegalHold.Ending(ending).label)


def erase_due(advance=None, today=None):
    """Erase what has come to its term wherever a protocol says how long; how many reports.

    Copies of a report go before it: it waits for them, and is taken the same night when they go.
    """
    today, erased = today or timezone.localdate(), 0
    for department in Department.objects.order_by("code"):
        if retention.months_of(department, today) is None:
            continue
        found = retention.terms_of(department, today)
        due = [each for each in found if each.term.day <= today and not each.is_held]
        for rank, each in enumerate(sorted(due, key=lambda one: -one.pk), start=1):
            erased += erasing.erase_at_its_term(each.pk, each.term) is not None
            if advance:
                advance(rank, len(due), department.code)
    return erased
