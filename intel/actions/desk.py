"""Who has a waiting report open, who has it to do, and what is put aside for some days."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import day
from intel import access
from intel.actions import days, holding
from intel.models import Docket
from intel.states import WAITING

LATEST_DUE_DAYS, LATEST_ASIDE_DAYS = 90, 30


def held_since():
    """What was opened before is open no more."""
    return timezone.now() - timedelta(minutes=settings.TRIAGE_HELD_MINUTES)


def holder_of(docket, *, by):
    """Who else than `by` has it open, or None; `docket` may be None."""
    if docket is None or docket.opened_by_id in {None, by.pk}:
        return None
    return docket.opened_by if docket.opened_at > held_since() else None


def open_softly(report, docket, *, by):
    """`by` has it open from now on, unless somebody else has; what he had open is let go.

    `docket` is that of `report` as it was read, or None. Nothing is written twice a minute.
    """
    now = timezone.now()
    is_mine = docket is not None and docket.opened_by_id == by.pk
    if is_mine and docket.opened_at > now - timedelta(minutes=1):
        return
    _let_go(by, but=report)
    free = Q(opened_by=None) | Q(opened_by=by.pk) | Q(opened_at__lte=held_since())
    taken = Docket.objects.filter(free, report=report.pk).update(opened_by=by, opened_at=now)
    if not taken and docket is None:
        # Two at the same instant: the first one has it.
        Docket.objects.bulk_create(
            [Docket(report=report, opened_by=by, opened_at=now)], ignore_conflicts=True
        )


def _let_go(by, *, but):
    had = Docket.objects.filter(opened_by=by.pk).exclude(report=but.pk)
    had.update(opened_by=None, opened_at=None)


@transaction.atomic
def take_over(report, *, by):
    """What another has open, `by` takes: he is the one who is told to the others."""
    docket = _held_docket(holding.lock(report))
    if docket.opened_by_id != by.pk:
        journal.record(by, "triage.taken_over", report)
    _let_go(by, but=report)
    docket.opened_by, docket.opened_at = by, timezone.now()
    docket.save(update_fields=["opened_by", "opened_at"])


def _held_docket(report):
    """Its docket, made if there was none; `report` is held."""
    Docket.objects.bulk_create([Docket(report=report)], ignore_conflicts=True)
    return Docket.objects.of(report).select_for_update().get()


@transaction.atomic
def assign(report, *, by, to, due_on=None):
    """Give it to one analyst of the cell, or to nobody; `due_on`, a day or None."""
    current = _waiting(report)
    if to is not None and not access.assignable_members(current).filter(pk=to.pk).exists():
        raise ValidationError({"to": "Choisissez un agent de la cellule qui lit cette fiche."})
    docket = _held_docket(current)
    if (docket.assigned_to_id, docket.due_on) == (to and to.pk, due_on):
        return
    if due_on and due_on != docket.due_on:
        days.check_day("due_on", due_on, most=LATEST_DUE_DAYS, with_today=True)
    docket.assigned_to, docket.due_on = to, due_on
    docket.save(update_fields=["assigned_to", "due_on"])
    journal.record(
        by,
        "triage.assigned",
        current,
        why=f"avant le {day(due_on)}" if due_on else "",
        recipients=to.get_full_name() if to else "personne",
    )


@transaction.atomic
def put_aside(report, *, by, until, why):
    """Out of the queue until that day; it comes back by itself."""
    current = _waiting(report)
    days.check_day("until", until, most=LATEST_ASIDE_DAYS)
    if not why:
        raise ValidationError({"why": "Indiquez le motif."})
    docket = _held_docket(current)
    docket.aside_until, docket.aside_why, docket.aside_by = until, why, by
    docket.save(update_fields=["aside_until", "aside_why", "aside_by"])
    journal.record(by, "triage.put_aside", current, why=f"jusqu’au {day(until)}")


@transaction.atomic
def bring_back(report, *, by, seen=""):
    """Into the queue again. `seen` is the `Docket.aside` that the member had on the screen: put
    aside otherwise meanwhile, it stays so."""
    docket = _held_docket(holding.lock(report))
    if docket.aside_until is None:
        return
    if seen and seen != docket.aside:
        raise ValidationError(
            f"Entre-temps, {docket.aside_by.get_full_name()} a mis cette fiche de côté jusqu’au "
            f"{day(docket.aside_until)} : elle y reste."
        )
    docket.aside_until, docket.aside_why, docket.aside_by = None, "", None
    docket.save(update_fields=["aside_until", "aside_why", "aside_by"])
    journal.record(by, "triage.brought_back", report)


def _waiting(report):
    current = holding.lock(report)
    if current.state not in WAITING:
        raise ValidationError(
            f"Cette fiche est passée à « {current.get_state_display()} » : elle n’attend plus."
        )
    return current
