"""Write a report, change it, comment it, grade it."""

from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from cross import outbox
from cross.audit import journal
from intel import access, independence, references
from intel.actions import announcing, attachments, drafts, facts, holding, sharing
from intel.models import Audience, Fact, Identifier, Report, Restriction, Revision
from intel.models.choices import InformationGrade, Origin
from intel.models.hanging import folder_of
from intel.states import State

OWN_FIELDS = frozenset({"source_code"})  # read, and told, within the unit alone
# What the contributing unit may change; everything else has an action of its own.
ENTRY_FIELDS = (
    "origin",
    "source_code",
    "subject",
    "facts",
    "commune",
    "neighbourhood",
    "place",
    "occurred_on",
    "occurred_until",
    "days_and_hours",
    "received_at",
    "products",
    "modes",
    "vehicles",
    "persons",
    "handling",
    "handling_note",
)


# Not typed by anybody: the database alone judges them.
GIVEN = ("fact", "search", "reference", "entry_key")


class Overtaken(ValidationError):
    """Somebody else changed the report meanwhile; nothing was overwritten."""


SOURCE_OF_ANOTHER = (
    "Cette fiche vient d’une autre unité : elle seule savait si l’information vient d’une source "
    "humaine. Gardez l’origine."
)
NO_SEAT = (
    "Votre unité ne participe pas, ou plus, au protocole du département : rien n’est enregistré."
)


@transaction.atomic
def create(
    *, by, fields, identifiers=(), restriction=None, grade=("", ""), draft=False, entry_key=None
):
    """Record a report of `by`'s unit.

    `fields` holds ENTRY_FIELDS; `identifiers` triples (kind, raw, normalised) that a person has
    confirmed; `restriction` a `sharing.Narrowing`, or None for the protocol's openness. The
    choice of audience is written in the same transaction: there is no moment at which the report
    is open. A second report of one `entry_key` is an IntegrityError.
    """
    _check_names(fields)
    department = by.unit.department
    if not access.contributes(by, department):
        raise ValidationError(NO_SEAT)
    if grade[1] == InformationGrade.ONE:
        raise ValidationError({"information_grade": NO_SECOND_ORIGIN})
    report = Report(
        department=department,
        owner=by.unit,
        author=by,
        state=State.DRAFT if draft else State.RECEIVED,
        audience=Audience.RESTRICTED if restriction else Audience.PROTOCOL,
        fact=Fact.objects.create(department=department),
        source_grade=grade[0],
        information_grade=grade[1],
        entry_key=entry_key,
        **fields,
    )
    report.full_clean(exclude=GIVEN)
    references.give(department, partial(_insert, report))
    if restriction:
        sharing.name_units(report, by=by, narrowing=restriction)
    keep_identifiers(report, by=by, identifiers=identifiers)
    journal.record(by, "report.drafted" if draft else "report.created", report)
    return report


def _check_names(fields):
    """A form that sends more than a contributing unit writes is a fault of ours."""
    if unknown := set(fields) - set(ENTRY_FIELDS):
        raise TypeError(f"not of the entry: {', '.join(sorted(unknown))}")


def _insert(report, drawn):
    [report.reference] = drawn
    report.save(force_insert=True)


def keep_identifiers(report, *, by, identifiers):
    Identifier.objects.bulk_create(
        [
            Identifier(report=report, kind=kind, raw=raw[:120], value=value[:120], by=by)
            for kind, raw, value in identifiers
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def change(report, *, by, fields, version, why=""):
    """Replace what the contributing unit wrote; the former texts are kept.

    `version` is the one the member had on the screen. Raises `Overtaken` when somebody saved
    since.
    """
    _check_names(fields)
    was_of_a_source = report.origin == Origin.HUMAN_SOURCE
    is_of_a_source = fields.get("origin", report.origin) == Origin.HUMAN_SOURCE
    if report.first_owner_id and was_of_a_source != is_of_a_source:
        raise ValidationError({"origin": SOURCE_OF_ANOTHER})
    changed = _revise(
        report, by=by, fields=fields, version=version, why=why, verb="report.changed"
    )
    if changed.version > report.version and _last_keys(changed) - OWN_FIELDS:
        announcing.corrected(changed, by=by)
    if is_of_a_source and not was_of_a_source:
        attachments.reserve(changed)
    return changed


def _last_keys(report):
    """The fields that its last revision replaced."""
    return set(Revision.objects.of(report).get(version=report.version - 1).before)


@transaction.atomic
def comment(report, *, by, text, version):
    """The analyst's own text, apart from the facts, under the analyst's own name."""
    fields = {"comment": text, "comment_by": by if text else None}
    return _revise(report, by=by, fields=fields, version=version, verb="report.changed")


@transaction.atomic
def set_validity(report, *, by, until):
    """Until when the information may be taken as it is, or nothing."""
    if until and until < timezone.localdate():
        raise ValidationError({"until": "Ce jour est passé : choisissez-en un autre."})
    return _revise(
        report, by=by, fields={"valid_until": until}, version=None, verb="report.changed"
    )


@transaction.atomic
def grade(report, *, by, source, information, why="", version=None):
    """Two separate choices; the former ones are kept with who changed them and why.

    The first grade stands on the facts; one that replaces another says why.
    """
    current = holding.lock(report)
    check_version(current, version)
    if current.is_graded and current.grade != source + information and not why:
        raise ValidationError({"why": "Dites pourquoi la cotation change."})
    if information == InformationGrade.ONE and not has_second_origin(report, member=by):
        raise ValidationError({"information_grade": NO_SECOND_ORIGIN})
    fields = {"source_grade": source, "information_grade": information}
    return _revise(report, by=by, fields=fields, version=version, why=why, verb="report.graded")


NO_SECOND_ORIGIN = (
    "Le degré 1 demande une seconde origine indépendante : dites d’abord qu’une fiche d’un autre "
    "service et d’une autre origine corrobore celle-ci (un doublon redit la même information et "
    "ne compte pas), ou choisissez un autre degré."
)


def has_second_origin(report, *, member):
    """Does another report of the same fact come from another service and another origin?

    Only reports that `member` may read count: a refusal must not tell of a hidden one.
    """
    readable = access.readable_reports(member).annotate(brought_by=independence.BROUGHT_BY)
    told = readable.only("origin", "state", "duplicate_of", "fact")
    itself = access.with_links(told).get(pk=report.pk)
    return independence.is_seconded(report, [itself, *access.told_with(itself, told)])


def _revise(report, *, by, fields, version, verb, why=""):
    current = holding.lock(report)
    before = {
        name: as_json(getattr(current, name))
        for name, value in fields.items()
        if getattr(current, name) != value
    }
    if not before:
        return current  # sent twice, it says nothing new: whatever the version, nothing is lost
    check_version(current, version)
    for name, value in fields.items():
        setattr(current, name, value)
    current.full_clean(exclude=GIVEN)
    Revision.objects.create(report=current, by=by, version=current.version, before=before, why=why)
    current.version += 1
    current.save(update_fields=[*fields, "version"])
    journal.record(by, verb, current, why=why)
    return current


def check_version(current, version):
    """`version` is the one on the screen; None when the caller has just read the row."""
    if version is not None and version != current.version:
        raise Overtaken(
            "Cette fiche a été modifiée entre-temps par un autre agent. Votre saisie est "
            "conservée ci-dessous : comparez-la avec la version enregistrée, puis enregistrez de "
            "nouveau."
        )


def as_json(value):
    """A value of a field, as a revision holds it."""
    if hasattr(value, "pk"):
        return {"pk": value.pk, "text": str(value)}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


@transaction.atomic
def confirm_identifier(report, *, by, kind, raw, value):
    keep_identifiers(report, by=by, identifiers=[(kind, raw, value)])
    journal.record(by, "identifier.confirmed", report)


@transaction.atomic
def remove_identifier(identifier, *, by):
    report = identifier.report
    identifier.delete()
    journal.record(by, "identifier.removed", report)


def erase_rows(report):
    """Take the report away with all that hangs on it.

    Whoever erases it is not shown the files reserved to a unit, nor what others are typing over
    it: the worker, who reads for nobody, erases these.
    """
    outbox.enqueue(
        "erase_left_behind",
        args={"report": report.pk, "reference": report.reference},
        key=f"erase-{report.pk}",
    )
    take_away(report)


def erase_left_behind(report, reference):
    """What no row leads to any more, of a report that is gone: its files, what was being typed."""
    if Report.objects.filter(pk=report).exists():
        raise ValueError(f"report {report} is still there")
    drafts.forget_of(reference)
    folder = folder_of(report)
    if default_storage.exists(folder):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
        default_storage.delete(folder)


def take_away(report):
    """Its rows, its files left where they are."""
    facts.hold(report)
    facts.leave(report)
    restriction = Restriction.objects.of(report)
    restriction.delete()
    fact = report.fact
    Report.objects.filter(pk=report.pk).unguarded(because="erasing this very row").delete()
    if not fact.reports.unguarded(because="is the fact still spoken of?").exists():
        fact.delete()
