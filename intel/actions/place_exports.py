"""The list of places that leaves the application: written to a file, and to the journal."""

import tempfile
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils import timezone

from cross import gate
from cross.audit import journal
from cross.ui.templatetags.words import counted, short_day, short_moment
from intel import access
from intel.actions.exports import IN_MEMORY
from intel.exporting.sheets import TYPES, write_sheet
from intel.reading.places import reports_of, tell
from services.models import Member

MOST = 5_000
HEADER = (
    "Nom", "Type", "Commune", "Code Insee", "Adresse", "Voie publique", "Présence quotidienne",
    "État", "Depuis le", "Dernière observation", "Horaires", "Produits", "Guetteurs", "Nourrice",
    "Fiches", "Opérations", "Exporté le",
)  # fmt: skip


def export_places(places, kind, *, by):
    """An open file of that kind ("csv", "xlsx", "ods") with these places, in order of name.

    `places` is what the access rule and the filters answered to `by` of what may leave; what is
    said of each comes from the reports that may leave too. Raises `ValidationError` when there
    are too many, or none.
    """
    if kind not in TYPES:
        raise ValidationError("Choisissez un format\u00a0: ODS, XLSX ou CSV.")
    rows = list(places.select_related("commune").order_by("name", "pk")[: MOST + 1])
    if not rows:
        raise ValidationError("Aucun lieu à exporter avec ces filtres.")
    if len(rows) > MOST:
        raise ValidationError(
            f"Un export contient au plus {counted(MOST, 'lieu,lieux')}. Resserrez les filtres."
        )
    tell(rows, reports_of(by, leaving=True))
    told = {report for place in rows for report in place.told.reports}
    done = _operations_of(rows, by)
    now = short_moment(timezone.now())
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer sends it
    try:
        write_sheet(kind, file, HEADER, (_cells(place, done[place.pk], now) for place in rows))
        _check_still_open(rows, told, by=by)
    except BaseException:
        file.close()
        raise
    journal.record(
        by,
        "place.exported",
        f"{counted(len(rows), 'lieu,lieux')} ({kind.upper()})",
        recipients=by.get_full_name(),
    )
    file.seek(0)
    return file


def _operations_of(places, member):
    """{key of a place: what was done there, in words, the latest first}."""
    done = defaultdict(list)
    found = access.readable_operations(member).filter(place__in=[place.pk for place in places])
    for each in found.select_related("unit").order_by("-day", "-pk"):
        done[each.place_id].append(
            f"{short_day(each.day)} : {each.get_kind_display()}, {each.unit}, {each.result}"
        )
    return done


def _cells(place, operations, now):
    told = place.told
    return (
        place.name,
        place.get_kind_display(),
        place.commune.name,
        place.commune.code,
        place.address,
        "oui" if place.on_public_way else "non",
        "oui" if place.is_daily else "non",
        told.state.label,
        short_day(told.since) if told.since else "",
        short_day(told.seen_on) if told.seen_on else "",
        told.hours,
        ", ".join(told.products),
        told.lookouts,
        told.stash,
        ", ".join(told.reports.values()),
        " ; ".join(operations),
        now,
    )


def _check_still_open(places, told, *, by):
    """What ended while the file was being written leaves with none of it."""
    gate.forget()
    member = Member.objects.select_related("unit__department").get(pk=by.pk)
    keys = [place.pk for place in places]
    still = access.leaving_places(member).filter(pk__in=keys).count()
    said = reports_of(member, leaving=True).filter(pk__in=told).count()
    if still != len(keys) or said != len(told):
        raise ValidationError(
            "Votre accès à une partie de ces lieux a pris fin pendant l’export\u00a0: rien n’a "
            "été transmis. Recommencez."
        )
