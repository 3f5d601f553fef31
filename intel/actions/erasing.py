"""A report goes for good: its rows, its files, what it alone told; a line without content stays.

Nothing that a legal hold keeps goes, whoever asks. What was published of it stays: a figure names
nobody.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cross import outbox
from cross.audit import journal
from intel.actions import reports
from intel.models import (
    AccessRequest,
    LegalHold,
    Place,
    PlaceObservation,
    PlaceOperation,
    Report,
    Tombstone,
)
from intel.reading import citations

HELD = (
    "Cette fiche est gelée par le délégué à la protection des données : rien n’en est effacé tant "
    "que le gel n’est pas levé."
)
GONE = "Texte effacé."
DECIDED = "Décision de la cellule"


def holds_of(report):
    """The live holds that keep this report: its own, those of its places and its department."""
    cited = PlaceObservation.objects.of(report).values("place")
    return LegalHold.objects.live().filter(
        Q(report=report)
        | Q(place__in=cited)
        | Q(department=report.department_id, report=None, place=None)
    )


def check_not_held(report):
    if holds_of(report).exists():
        raise ValidationError(HELD)


def erase(report, *, by, rule, why="", due_on=None):
    """Everything of it, in the caller's transaction; the worker finishes with files and drafts."""
    check_not_held(report)
    cited = cited_places(report)
    tombstone = Tombstone.objects.create(
        department=report.department,
        reference=report.reference,
        origin=report.origin,
        received_on=timezone.localdate(report.received_at),
        due_on=due_on,
        rule=rule[:120],
        who=str(by) if by else "système",
    )
    journal.record(by, "report.erased", report, why=why or rule)
    empty_requests(report)
    LegalHold.objects.filter(report=report).update(report=None)
    reports.erase_rows(report)
    take_places(cited, since=report.received_at)
    look_for_citations(tombstone)


def look_for_citations(tombstone):
    """Minutes, decisions, notes may still name it: the delegate is told where, and settles it."""
    args = {"tombstone": tombstone.pk}
    outbox.enqueue(citations.JOB, args=args, key=f"{citations.JOB}-{tombstone.pk}")


@transaction.atomic
def look_again(tombstone, *, by):
    look_for_citations(tombstone)
    journal.record(by, "erasure.citations_sought", tombstone)


def empty_requests(report):
    """Accesses asked for: what was answered, and why they were asked for once that was told.

    One that waits, or waits in the eyes of who asked, keeps his own words: changed, they would
    tell him that the reference he had was that of a report.
    """
    asked = AccessRequest.objects.filter(report=report)
    asked.exclude(answer="").update(answer=GONE)
    told = (AccessRequest.Decision.ACCEPTED, AccessRequest.Decision.WITHDRAWN)
    asked.filter(decision__in=told).update(why=GONE)


def cited_places(report):
    """The keys of the places that it cites, those that it says others moved to included."""
    pairs = PlaceObservation.objects.of(report).values_list("place", "moved_to")
    return {key for pair in pairs for key in pair} - {None}


def take_places(cited, *, since):
    """Those made since then that nothing cites any more: their names and addresses were its."""
    rows = Place.objects.filter(pk__in=cited, at__gte=since)
    rows = rows.unguarded(because="made from what is erased")
    list(rows.select_for_update().order_by("pk"))
    of_it = Q(place=OuterRef("pk")) | Q(moved_to=OuterRef("pk"))
    observed = PlaceObservation.objects.filter(of_it)
    worked_on = PlaceOperation.objects.filter(place=OuterRef("pk"))
    held = LegalHold.objects.live().filter(place=OuterRef("pk"))
    left = rows.filter(~Exists(observed), ~Exists(worked_on), ~Exists(held))
    LegalHold.objects.filter(place__in=left.values("pk")).update(place=None)
    left.delete()


@transaction.atomic
def erase_at_its_term(report, term):
    """What the night does of one report; None when it went, is held, or waits for its copies."""
    rows = Report.objects.select_for_update(of=("self",)).filter(pk=report)
    found = rows.select_related("department", "fact").unguarded(because="its term has come")
    current = found.first()
    if current is None or holds_of(current).exists():
        return None
    copies = Report.objects.filter(duplicate_of=current)
    if copies.unguarded(because="they name it, and go first").exists():
        return None
    erase(current, by=None, rule=term.rule.label, due_on=term.day)
    return current.reference
