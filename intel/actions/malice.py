"""A tip that was meant to harm: what it says of anybody goes at once; that it came stays.

What is kept is what statistics want: its days, its commune, its origin, why it was put out of
scope. The rows that say who did what stay too, without the words that people put in them. Anything
else that hangs on the report goes, what is added to the application later included: to be kept, a
table is named below.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone

from cross import outbox
from cross.audit import journal
from cross.guard import GuardedQuerySet
from intel import access
from intel.actions import drafts, erasing, holding, life
from intel.models import (
    Docket,
    Feedback,
    HandlingAccord,
    Handover,
    Match,
    ReleaseRequest,
    Report,
    ReportGroupGrant,
    ReportMemberGrant,
    ReportShare,
    Restriction,
    RestrictionChange,
    Revision,
    SilentMode,
    Step,
    Tasking,
    Tip,
)
from intel.models.choices import Handling
from intel.models.sql import FENCED
from intel.states import State

FACTS = "Signalement malveillant : son contenu a été effacé et ne peut pas être rétabli."
GONE = erasing.GONE
GRADES = frozenset({"source_grade", "information_grade"})

# Of the report itself. Its days, commune, origin, unit and grades are of nobody in particular.
EMPTIED: dict[str, Any] = {
    "subject": "",
    "facts": FACTS,
    "comment": "",
    "comment_by": None,
    "source_code": "",
    "neighbourhood": None,
    "place": "",
    "days_and_hours": "",
    "vehicles": "",
    "persons": "",
    "products": [],
    "modes": [],
    "handling_note": "",
    "entry_key": None,
}
# Rows that stay, for what they did or for whom they told; of each, the words that go.
KEPT: dict[type[models.Model], tuple[str, ...]] = {
    Docket: ("aside_why",),
    Feedback: ("text",),
    HandlingAccord: ("why", "answer", "recipient"),
    Handover: ("why", "answer"),
    Match: ("why",),
    ReleaseRequest: ("why", "answer"),
    ReportGroupGrant: (),
    ReportMemberGrant: ("reason",),
    ReportShare: ("why",),
    Restriction: ("text",),
    RestrictionChange: ("why",),
    SilentMode: ("reason",),
    Step: ("why",),
    Tasking: ("instruction", "outcome"),
    Tip: (),  # its sealed texts are emptied with their keys, see `erase_words`
}
# Said of what is erased, on the page that asks.
SAID = (
    "le texte, l’objet, le lieu précis, les véhicules et les personnes",
    "le texte d’origine du portail et les coordonnées de l’auteur",
    "les identifiants, montants, pièces jointes, compléments et annexes",
    "les lieux créés d’après lui, que rien d’autre ne cite",
    "les versions antérieures, et les motifs écrits par les agents",
)


@transaction.atomic
def forget(report, *, by, malice, seen=None, batch=None):
    """Put it out of scope as malicious, and erase what it says; nothing takes that back.

    `malice` is one of `Docket.Malice`, `seen` the state on the screen.
    """
    reason = Docket.Malice(malice)
    current = holding.lock(report)
    if seen and seen != current.state:
        raise life.overtaken(current)
    if not access.forgettable_reports(by).filter(pk=current.pk).exists():
        raise PermissionDenied
    erasing.check_not_held(current)
    erase_words(current)
    moved = life.move(
        current,
        by=by,
        target=State.OUT_OF_SCOPE,
        why=f"Malveillant : {reason.label}",
        batch=batch,
    )
    Docket.objects.bulk_create([Docket(report=current)], ignore_conflicts=True)
    Docket.objects.filter(report=current.pk).update(malice=reason, forgotten_at=timezone.now())
    # Behind the second fence stands what this member is not shown: the worker erases it.
    outbox.enqueue("forget_malicious", args={"report": current.pk}, key=f"forget-{current.pk}")
    journal.record(by, "report.forgotten", current, why=reason.label)
    return moved


def erase_words(report):
    """Empty the report and what hangs on it, as far as whoever asks is shown it."""
    cited = erasing.cited_places(report)
    kept = EMPTIED | ({"handling_note": GONE} if report.handling == Handling.H3 else {})
    Report.objects.filter(pk=report.pk).update(**kept)
    _keep_letters(report)
    for model, link in hanging():
        if model in KEPT:
            for name in KEPT[model]:
                _rows(model, link, report.pk).exclude(**{name: ""}).update(**{name: GONE})
        elif model is not Revision:
            _delete(_rows(model, link, report.pk))
    Tip.objects.of(report).update(raw_text="", contact="")
    erasing.empty_requests(report)
    erasing.take_places(cited, since=report.received_at)
    drafts.forget_of(report.reference)


def hanging():
    """(table, name of its link) of whatever dies with a report."""
    for relation in Report._meta.related_objects:
        if relation.on_delete is models.CASCADE and relation.related_model._meta.managed:
            yield relation.related_model, relation.field.name


def _rows(model, link, value):
    rows = model.objects.filter(**{link: value})
    is_guarded = isinstance(rows, GuardedQuerySet)
    return rows.unguarded(because="to be emptied, not read") if is_guarded else rows


def _delete(rows):
    if any(isinstance(field, models.FileField) for field in rows.model._meta.fields):
        for row in rows:
            transaction.on_commit(row.erase_files, robust=True)
    rows.delete()


def _keep_letters(report):
    """Of the former versions, the grades alone: they are letters."""
    for revision in Revision.objects.of(report):
        letters = {name: revision.before[name] for name in GRADES & revision.before.keys()}
        if letters:
            revision.before, revision.why = letters, GONE if revision.why else ""
            revision.save(update_fields=["before", "why"])
        else:
            revision.delete()


def finish(report):
    """What stands behind the fence, of a report said to be malicious; of any other, nothing.

    The rest was erased at once; what was written since, by `forget` first, stays.
    """
    said = Docket.objects.filter(report=report).exclude(malice="")
    if not said.exists():
        return
    for model, link in hanging():
        if model._meta.db_table in FENCED:
            _delete(_rows(model, link, report))
    found = Report.objects.filter(pk=report).unguarded(because="the cell said it to be malicious")
    drafts.forget_of(found.get().reference)
