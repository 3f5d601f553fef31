"""Ask to read a report one has the reference of; its owner unit grants it for a time, or not.

What is asked, written and answered is the same whether the reference names nothing, a report that
the member may not see, or one of another department: same rows, same queries, same words.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from cross.audit import journal
from intel import access
from intel.actions import announcing, invitations
from intel.actions.granting import Granting
from intel.models import AccessRequest, Report
from services.models import Member

UNANSWERED_DAYS = AccessRequest.UNANSWERED_AFTER_DAYS
MOST = 20  # asked by a member in as many days: nobody tries references one after the other
LONGEST_DAYS = 90
USUAL_DAYS = 30
WAITING = ("", AccessRequest.Decision.DECLINED)


def usual_day():
    """The last day of what is granted in one click."""
    return timezone.localdate() + timedelta(days=USUAL_DAYS)


@transaction.atomic
def ask(reference, *, by, why):
    """Ask for a report by its reference, as `search.reference_in` writes it."""
    Member.objects.select_for_update().only("pk").get(pk=by.pk)  # one at a time, to be counted
    now = timezone.now()
    own = access.own_access_requests(by)
    asked = own.filter(asked_at__gt=now - timedelta(days=UNANSWERED_DAYS)).aggregate(
        recent=Count("pk"), same=Count("pk", filter=Q(reference=reference, decision__in=WAITING))
    )
    if asked["same"]:
        raise ValidationError({"reference": f"Vous avez déjà demandé {reference}."})
    if asked["recent"] >= MOST:
        raise ValidationError(
            f"Vous avez fait {MOST}\u00a0demandes en {UNANSWERED_DAYS}\u00a0jours, le plus qui se "
            "puisse. Appelez l’unité qui vous a donné la référence, ou votre cellule."
        )
    # What was asked long ago without an answer is asked again: a refusal like a silence.
    _withdraw(own.filter(reference=reference), by, now)
    named = Report.objects.filter(reference=reference).unguarded(
        because="kept for the owner alone; the applicant is told the same in any case"
    )
    request = AccessRequest.objects.create(
        asked_by=by,
        asked_at=now,
        why=why,
        reference=reference,
        report_id=named.values_list("pk", flat=True).first(),
    )
    journal.record(by, "access.asked", reference, why=why)
    announcing.access_asked(request)
    return request


@transaction.atomic
def withdraw(request, *, by):
    """Take it back; whatever had been decided unseen goes with it."""
    own = access.own_access_requests(by).filter(reference=request.reference)
    if not _withdraw(own, by, timezone.now()):
        raise ValidationError("Cette demande n’attend plus.")
    journal.record(by, "access.withdrawn", request.reference)


def _withdraw(own, by, now):
    return own.filter(decision__in=WAITING).update(
        decision=AccessRequest.Decision.WITHDRAWN, decided_by=by, decided_at=now
    )


def _to_whom(request):
    return invitations.named(request.asked_by)


REQUESTS = Granting(
    rows=access.decidable_access_requests,
    related="asked_by__unit",
    to_whom=_to_whom,
    granted="access.granted",
    declined="access.declined",
    longest_days=LONGEST_DAYS,
)


@transaction.atomic
def grant(request, *, by, until, answer=""):
    """Open the report to the applicant until the end of a day; to the guest of a meeting, no
    longer than he is called for."""
    guest = request.item_guest
    if guest is not None:
        until = min(until, guest.ends_on)
    request = REQUESTS.grant(request, by=by, until=until, answer=answer)
    begins = invitations.start_of(guest.starts_on) if guest else None
    invitations.open_to(
        request.asked_by,
        request.report,
        by=by,
        until=invitations.end_of(until),
        reason=f"Demande d’accès\u00a0: {request.why}"[:300],
        since=begins or request.decided_at,
        longest_days=LONGEST_DAYS,
        item_guest=guest,
    )
    announcing.answered("access.granted", request, to=request.asked_by, by=by)


@transaction.atomic
def decline(request, *, by, answer=""):
    """Refuse: the applicant goes on waiting, as if there were nothing to read."""
    REQUESTS.decline(request, by=by, answer=answer)
    announcing.forget_asked(request)
