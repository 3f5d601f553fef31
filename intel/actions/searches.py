"""Searches that are kept, and telling their followers of what enters them.

An alert is asked as its member, with his rights of that very moment, of the reports about which
something was written since the last time. What was there when it was set is no news; what was told
once, by whichever of his alerts, is never told again.
"""

import logging
from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone

from cross.audit import journal
from cross.audit.models import Entry, Operation
from cross.ui.templatetags.words import counted
from intel import access
from intel.actions.telling import tell
from intel.models import AlertedReport, Report, SavedSearch, SearchAlert
from intel.reading.filters import asked_by
from intel.states import State

logger = logging.getLogger(__name__)

KEPT = "tri"  # beside the filters; neither pages nor looks through the eyes of a unit are kept
NOT_KEPT = frozenset({"vu_par", "non_vu_par"})
KNOWN_AT_MOST = 2_000  # reports that are there when an alert is set
TOLD_AT_ONCE = 50
HOUR = 6  # what is told by the day or the week is gathered, before the daily letter is written
# A line of the journal is dated before it is committed: what was being written is asked again.
OVERLAP = timedelta(minutes=15)
KINDS = {
    SearchAlert.Rhythm.NOW: "search.found",
    SearchAlert.Rhythm.DAILY: "search.gathered",
    SearchAlert.Rhythm.WEEKLY: "search.gathered",
}
# What brings nothing into a search, or takes it away.
NOT_CHANGES = (Operation.CONSULTATION, Operation.REFUSAL, Operation.ERASURE)
# What is written of a report, and that no filter asks: beyond `KNOWN_AT_MOST`, an old report would
# enter for having been printed.
QUIET = frozenset(
    {
        "report.exported",
        "report.printed",
        "report.told_to_person",
        "report.followed",
        "report.renewed",
        "report.release_asked",
        "report.release_declined",
        "report.release_withdrawn",
        "report.silenced",
        "report.unsilenced",
        "report.set_apart",
        "report.referred",
        "report.invitation_ended",
        "report.share_ended",
        "referral.decided",
        "triage.assigned",
        "triage.taken_over",
        "triage.put_aside",
        "triage.brought_back",
        "tasking.reminded",
        "access.withdrawn",
        "access.declined",
        "accord.given",
        "accord.declined",
        "accord.withdrawn",
        "raw_text.kept",
        "raw_text.changed",
        "raw_text.attested",
        "annex.added",
        "annex.changed",
        "complement.added",
        "correction.proposed",
        "correction.declined",
        "correction.withdrawn",
        "note.added",
        "task.given",
        "task.done",
        "task.reopened",
        "handover.proposed",
        "handover.declined",
        "handover.withdrawn",
        "amount.confirmed",
    }
)
WORKER = "the worker says which reports were changed; each member's rule keeps those he lists"


def kept_query(member, typed):
    """What of an address is worth keeping, as text. Raises `ValidationError` when nothing is."""
    query = QueryDict(typed)
    asked = asked_by(member, query)
    if asked.form.errors:
        raise ValidationError("Un filtre de cette recherche n’est pas compris\u00a0: corrigez-le.")
    names = [name for name in asked.form.fields if name not in NOT_KEPT]
    if not asked.wanted.keys() - NOT_KEPT:
        raise ValidationError("Choisissez au moins un filtre avant d’enregistrer la recherche.")
    kept = QueryDict(mutable=True)
    for name in (*names, KEPT):
        values = [value for value in query.getlist(name) if value.strip()]
        if values:
            kept.setlist(name, values)
    text = kept.urlencode()
    if len(text) > SavedSearch.LONGEST:
        raise ValidationError("Cette recherche a trop de filtres pour être enregistrée.")
    return text


@transaction.atomic
def save(*, by, name, query, is_shared=False, rhythm=""):
    """Keep `query`, an address as `kept_query` gives it; its owner hears of it by `rhythm`."""
    search = SavedSearch(by=by, unit=by.unit, name=name, query=query)
    search.is_shared = is_shared and access.may_share_searches(by)
    _write(search)
    journal.record(by, "search.saved", search)
    follow(search, by=by, rhythm=rhythm)
    return search


def _write(search):
    try:
        with transaction.atomic():
            search.save()
    except IntegrityError as fault:
        named = {"name": "Vous avez déjà une recherche de ce nom\u00a0: choisissez-en un autre."}
        raise ValidationError(named) from fault


@transaction.atomic
def change(search, *, by, name, is_shared):
    """By who keeps it; shared, it is with the unit that is his that day."""
    search.name, search.is_shared = name, is_shared and access.may_share_searches(by)
    search.unit = by.unit
    _write(search)
    journal.record(by, "search.changed", search)


@transaction.atomic
def remove(search, *, by):
    search.removed_at = timezone.now()
    search.save(update_fields=["removed_at"])
    journal.record(by, "search.removed", search)


@transaction.atomic
def restore(search, *, by):
    search.removed_at = None
    _write(search)
    journal.record(by, "search.restored", search)


def forget_removed(now=None):
    """Those whose undo is over: their address is forgotten."""
    old = (now or timezone.now()) - timedelta(hours=SavedSearch.UNDO_HOURS)
    removed = SavedSearch.objects.filter(removed_at__lt=old)
    return removed.unguarded(because="taken back, and the time to undo is over").delete()[0]


# --- Alerts -----------------------------------------------------------------------------------


@transaction.atomic
def follow(search, *, by, rhythm):
    """Hear of what enters `search` from now on; with no rhythm, of nothing."""
    if not rhythm:
        SearchAlert.objects.filter(search=search, member=by).delete()
        return
    alert, is_new = SearchAlert.objects.update_or_create(
        {"rhythm": rhythm}, search=search, member=by
    )
    if not is_new:
        return
    there = _asked(alert, by).order_by("-pk").values_list("pk", flat=True)[:KNOWN_AT_MOST]
    AlertedReport.objects.bulk_create(
        [AlertedReport(alert=alert, report_id=pk) for pk in there], ignore_conflicts=True
    )


def opened(search, *, by):
    """What was told of it has been seen."""
    SearchAlert.objects.filter(search=search, member=by).update(opened_at=timezone.now())


def _asked(alert, member):
    """What the search finds for `member` at this moment, drafts aside."""
    reports = access.listed_reports(member).exclude(state=State.DRAFT)
    return asked_by(member, QueryDict(alert.search.query)).of(reports)


def run_alerts(now=None):
    """Tell each member what entered what he follows, when its time has come; how many reports."""
    now = now or timezone.now()
    alerts = access.running_alerts().select_related("search", "member__unit__department")
    due = [alert for alert in alerts.order_by("pk") if _is_due(alert, now)]
    if not due:
        return 0
    changed = _changed_since(min(alert.checked_at for alert in due) - OVERLAP)
    if not changed:
        SearchAlert.objects.filter(pk__in=[alert.pk for alert in due]).update(checked_at=now)
        return 0
    return sum(_run_apart(alert, changed, now) for alert in due)


def _run_apart(alert, changed, now):
    """Whatever one does wrong silences no other; it is asked again the next time."""
    try:
        return _run(alert, changed, now)
    except Exception:
        logger.exception("alert %s failed", alert.pk)
        return 0


def _is_due(alert, now):
    if alert.rhythm == SearchAlert.Rhythm.NOW:
        return True
    local = timezone.localtime(now)
    day = local.date()
    if alert.rhythm == SearchAlert.Rhythm.WEEKLY:
        day -= timedelta(days=day.weekday())
    elif local.hour < HOUR:
        day -= timedelta(days=1)
    return alert.checked_at < timezone.make_aware(datetime.combine(day, time(HOUR))) <= now


def _changed_since(since):
    """Keys of the reports of which the journal has a line since then, or that were imported."""
    lines = Entry.objects.filter(at__gte=since, target__startswith="CROSS-")
    lines = lines.exclude(operation__in=NOT_CHANGES).exclude(verb__in=QUIET)
    targets = lines.values_list("target", flat=True).distinct()
    references = {target.split(" ")[0] for target in targets}
    every = Report.objects.unguarded(because=WORKER)
    found = set(every.filter(reference__in=references).values_list("pk", flat=True))
    imported = Entry.objects.filter(at__gte=since, verb="tips.imported")
    batches = [target.split(" ")[1] for target in imported.values_list("target", flat=True)]
    if batches:
        found.update(every.filter(tip__tip_import__in=batches).values_list("pk", flat=True))
    return found


@transaction.atomic
def _run(alert, changed, now):
    member = alert.member
    known = AlertedReport.objects.filter(alert=alert).values("report")
    told_before = AlertedReport.objects.filter(alert__member=member, at__isnull=False)
    new = (
        _asked(alert, member)
        .filter(pk__in=changed)
        .exclude(pk__in=known)
        .exclude(pk__in=told_before.values("report"))
        .exclude(author=member)  # whoever wrote it knows
        .order_by("received_at", "pk")
    )
    found = list(new.defer("search"))
    AlertedReport.objects.bulk_create(
        [AlertedReport(alert=alert, report=report, at=now) for report in found],
        ignore_conflicts=True,
    )
    for report in found[-TOLD_AT_ONCE:]:
        tell(KINDS[alert.rhythm], report=report, to=[member], about=f"recherche {report.pk}")
    SearchAlert.objects.filter(pk=alert.pk).update(checked_at=now)
    if found:
        many = counted(len(found), "fiche")
        journal.record(None, "search.alerted", alert.search, why=many, recipients=str(member))
    return len(found)
