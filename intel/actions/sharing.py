"""Narrow or widen who sees a report: its owner alone, each time with a reason.

One member of the owner unit narrows, renews, and changes the units named. Opening to the whole
protocol takes two: one asks, another confirms. Whatever is refused or waits, the report stays as
it was: there is no moment at which it is open in between.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cross import gate
from cross.audit import journal
from cross.ui.templatetags.words import day
from intel import access
from intel.actions import announcing, days, facts, holding, invitations, shares
from intel.actions.grants import grant_only
from intel.models import (
    Audience,
    ReleaseRequest,
    Report,
    ReportGroupGrant,
    ReportShare,
    Restriction,
    RestrictionChange,
    SilentMode,
)

LONGEST_DAYS = 90  # a restriction is looked at again at least every three months
EVERYBODY = "toutes les unités du protocole"
JOURNAL_LINE = 300
Kind = RestrictionChange.Kind


@dataclass(frozen=True)
class Narrowing:
    """To which units, why, and when the owner is asked again."""

    units: tuple
    reason: str
    text: str
    review_on: date


# --- Narrow -----------------------------------------------------------------------------------


def check_narrowing(narrowing, *, by, owner):
    """Sentences a contributor can act on; `owner` is the unit of the report."""
    faults = faults_of_restriction(narrowing.reason, narrowing.text, narrowing.review_on)
    allowed = set(access.nameable_units(by).values_list("pk", flat=True))
    if any(unit.pk not in allowed for unit in narrowing.units):
        faults["units"] = "Choisissez des unités qui participent au protocole."
    elif access.names_everybody(owner.department_id, _groups(narrowing, owner)):
        faults["units"] = (
            "Toutes les unités du protocole sont nommées : ce n’est plus une restriction. Pour "
            "une fiche nouvelle, choisissez toutes les unités du protocole ; pour ouvrir celle-ci "
            "à tous, demandez la levée."
        )
    if faults:
        raise ValidationError(faults)


def faults_of_restriction(reason, text, review_on):
    """A sentence under the name of each field at fault, whoever the units are."""
    faults = {}
    if fault := days.fault_of_day(review_on, most=LONGEST_DAYS):
        faults["review_on"] = fault
    if reason == Restriction.Reason.OTHER and not text.strip():
        faults["restriction_text"] = "Précisez le motif."
    return faults


def _groups(narrowing, owner):
    return {unit.group_id for unit in narrowing.units} | {owner.group_id}


def name_units(report, *, by, narrowing):
    """Close a report being written, in the transaction that writes it."""
    check_narrowing(narrowing, by=by, owner=report.owner)
    _write_grants(report, narrowing)
    _write_restriction(report, by=by, narrowing=narrowing)
    after = _names(access.audience_of(report))
    _keep(report, Kind.NARROWED, by=by, narrowing=narrowing, after=after)
    _tell("report.restricted", report, by=by, narrowing=narrowing, recipients=after)


@transaction.atomic
def restrict(report, *, by, narrowing):
    """Narrow to named units, or name others. The level changes in the transaction of the grants.

    A unit that loses the report takes with it the guests and the other departments: whoever
    narrows says who reads from then on.
    """
    facts.hold(report)
    report = _ours(report, by)
    check_narrowing(narrowing, by=by, owner=report.owner)
    was_restricted, before = report.is_restricted, list(access.audience_of(report))
    stays = was_restricted and _says(report) == _said(narrowing)
    _write_grants(report, narrowing)
    Report.objects.filter(pk=report.pk).update(audience=Audience.RESTRICTED)
    report.audience = Audience.RESTRICTED
    facts.leave(report)
    gate.forget()
    after = list(access.audience_of(report))
    if not stays or before != after:
        # Saved as it was, with a silence chosen beside it, it leaves its readers nothing to see:
        # neither a line, nor another day under « Pourquoi je la vois ».
        _write_restriction(report, by=by, narrowing=narrowing)
        _keep(
            report,
            Kind.CHANGED if was_restricted else Kind.NARROWED,
            by=by,
            narrowing=narrowing,
            before=_names(before) if was_restricted else EVERYBODY,
            after=_names(after),
        )
    _tell(
        "report.audience_changed" if was_restricted else "report.restricted",
        report,
        by=by,
        narrowing=narrowing,
        recipients=_change_in_words(before if was_restricted else None, after),
    )
    loses = not was_restricted or not set(before) <= set(after)
    became = "resserrée" if loses else "modifiée"
    withdraw_waiting_release(report, by=by, because=f"la restriction a été {became}")
    if loses:
        _end_what_leads_elsewhere(report, by=by)
    return report


def _ours(report, by):
    """The report as it stands now, held until the transaction ends; only its unit goes on."""
    current = holding.lock(report)
    if not access.editable_reports(by).filter(pk=current.pk).exists():
        raise PermissionDenied
    return current


def _write_grants(report, narrowing):
    # Whoever brought the report and handed it over keeps it.
    kept = {report.first_owner.group_id} if report.first_owner else set()
    groups = _groups(narrowing, report.owner) | kept
    grant_only(ReportGroupGrant, report, "read_report", groups=groups)


def _said(restriction):
    """What a narrowing, or the row it leaves, says besides the units."""
    return restriction.reason, restriction.text, restriction.review_on


def _says(report):
    restriction = Restriction.objects.of(report).first()
    return restriction and _said(restriction)


def _write_restriction(report, *, by, narrowing):
    Restriction.objects.of(report).update_or_create(
        report=report,
        defaults={
            "reason": narrowing.reason,
            "text": narrowing.text,
            "review_on": narrowing.review_on,
            "by": by,
            "at": timezone.now(),
        },
    )


def _end_what_leads_elsewhere(report, *, by):
    """Guests and other departments: each end is a line of the journal."""
    for grant in access.invitations_of(report):
        invitations.end(grant, by=by)
    for share in ReportShare.objects.of(report).select_related("report", "protocol__department"):
        shares.end(share, by=by)


# --- Look at it again -------------------------------------------------------------------------


@transaction.atomic
def renew(report, *, by, review_on, why):
    """Keep the restriction as it is until another day, for a reason given again."""
    report = _ours(report, by)
    days.check_day("review_on", review_on, most=LONGEST_DAYS)
    if not why.strip():
        raise ValidationError({"why": "Dites pourquoi la restriction est encore nécessaire."})
    restriction = Restriction.objects.of(report).first()
    if restriction is None or not report.is_restricted:
        raise ValidationError(NOT_RESTRICTED)
    before, restriction.review_on = restriction.review_on, review_on
    restriction.save(update_fields=["review_on"])
    RestrictionChange.objects.create(
        report=report,
        kind=Kind.RENEWED,
        reason=restriction.reason,
        why=why,
        before=f"à revoir le {day(before)}",
        after=f"à revoir le {day(review_on)}",
        review_on=review_on,
        by=by,
    )
    journal.record(
        by, "report.renewed", report, why=why, recipients=f"{day(before)} → {day(review_on)}"
    )


@transaction.atomic
def renew_all(reports, *, by, review_on, why):
    """All of them or none, in the order of their keys: two members never wait for one another."""
    for report in sorted(reports, key=lambda each: each.pk):
        renew(report, by=by, review_on=review_on, why=why)


NOT_RESTRICTED = "Cette fiche n’est plus restreinte : rien n’a été modifié."


# --- Open again, by two persons ---------------------------------------------------------------


@transaction.atomic
def ask_release(report, *, by, why):
    """First person: nothing opens yet."""
    report = _ours(report, by)
    if not why.strip():
        raise ValidationError({"why": "Indiquez pourquoi la restriction doit être levée."})
    if not report.is_restricted:
        raise ValidationError(NOT_RESTRICTED)
    if waiting := release_asked(report):
        raise ValidationError(
            f"La levée est déjà demandée, par {waiting.asked_by.get_full_name()} le "
            f"{day(waiting.asked_at)}."
        )
    asked = ReleaseRequest.objects.create(report=report, asked_by=by, why=why)
    journal.record(by, "report.release_asked", report, why=why)
    announcing.asked("release.asked", asked, to=report.owner, by=by)
    return asked


@transaction.atomic
def ask_releases(reports, *, by, why):
    """The same for several: all of them or none; the sentence names the one that is refused."""
    for report in sorted(reports, key=lambda each: each.pk):
        try:
            ask_release(report, by=by, why=why)
        except ValidationError as refusal:
            if hasattr(refusal, "error_dict"):
                raise
            raise ValidationError(f"{report.reference} : {' '.join(refusal.messages)}") from None


def release_asked(report):
    """The request that waits for a second person, or None."""
    waiting = ReleaseRequest.objects.of(report).filter(decision="")
    return waiting.select_related("asked_by__unit").first()


def withdraw_waiting_release(report, *, by, because):
    """A second person confirms what he reads: what was asked of another restriction is over.

    `because` is what happened to the report, told to who asked.
    """
    if waiting := release_asked(report):
        told = f"Sans objet : {because} le {day(timezone.localdate())}."
        waiting.decide(ReleaseRequest.Decision.WITHDRAWN, by=by, answer=told)
        announcing.answered("release.decided", waiting, to=waiting.asked_by, by=by)
        journal.record(by, "report.release_withdrawn", report, why=told)


@transaction.atomic
def confirm_release(asked, *, by):
    """Second person: the report opens to every contributing unit."""
    facts.hold(asked.report, *facts.linked_to(asked.report))
    asked = holding.waiting(access.confirmable_releases(by), asked, "asked_by")
    report = asked.report
    before = list(access.audience_of(report))
    asked.decide(ReleaseRequest.Decision.ACCEPTED, by=by)
    ReportGroupGrant.objects.filter(content_object=report).delete()
    Restriction.objects.of(report).delete()
    SilentMode.objects.of(report).delete()  # narrowed again, it is told of until chosen anew
    Report.objects.filter(pk=report.pk).update(audience=Audience.PROTOCOL)
    report.audience = Audience.PROTOCOL
    facts.enter(report)
    gate.forget()
    RestrictionChange.objects.create(
        report=report,
        kind=Kind.RELEASED,
        why=asked.why,
        before=_names(before),
        after=EVERYBODY,
        asked_by=asked.asked_by,
        by=by,
    )
    journal.record(
        by,
        "report.released",
        report,
        why=asked.why,
        recipients=_change_in_words(before, None),
    )
    announcing.answered("release.decided", asked, to=asked.asked_by, by=by)
    return report


@transaction.atomic
def decline_release(asked, *, by, why):
    """Second person: it stays closed, and the first one is told why."""
    if not why.strip():
        raise ValidationError({"why": "Dites pourquoi la restriction est maintenue."})
    asked = holding.waiting(access.decidable_releases(by), asked)
    asked.decide(ReleaseRequest.Decision.DECLINED, by=by, answer=why)
    journal.record(by, "report.release_declined", asked.report, why=why)
    announcing.answered("release.decided", asked, to=asked.asked_by, by=by)


@transaction.atomic
def withdraw_release(asked, *, by):
    asked = holding.waiting(access.withdrawable_releases(by), asked)
    asked.decide(ReleaseRequest.Decision.WITHDRAWN, by=by)
    announcing.forget_asked(asked)
    journal.record(by, "report.release_withdrawn", asked.report)


# --- What is kept and told --------------------------------------------------------------------


def _names(units):
    """Units, as the history and the journal tell them; never people."""
    return ", ".join(str(unit) for unit in units)


def _keep(report, kind, *, by, narrowing, after, before=""):
    RestrictionChange.objects.create(
        report=report,
        kind=kind,
        reason=narrowing.reason,
        why=narrowing.text,
        before=before,
        after=after,
        review_on=narrowing.review_on,
        by=by,
    )


def _tell(verb, report, *, by, narrowing, recipients):
    why = Restriction.Reason(narrowing.reason).label
    journal.record(by, verb, report, why=why, recipients=recipients)


def _change_in_words(before, after):
    """« avant → après », None being everybody; of long lists, what was added and taken away."""
    whole = " → ".join(EVERYBODY if units is None else _names(units) for units in (before, after))
    if len(whole) <= JOURNAL_LINE or before is None or after is None:
        return whole
    added = _names(unit for unit in after if unit not in before) or "aucune"
    removed = _names(unit for unit in before if unit not in after) or "aucune"
    return (
        f"{len(before)} unités → {len(after)} unités ; ajoutées : {added} ; retirées : {removed}"
    )
