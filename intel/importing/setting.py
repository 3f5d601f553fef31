"""What the rows of a file are held against: the communes of the department, today, the delay."""

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from intel.extraction.letters import fold
from intel.importing.places import KnownCommune, Places
from intel.importing.resource import Setting
from services.models import Commune, Neighbourhood


def setting_of(batch):
    """The `Setting` of one import, read once before its first row."""
    return Setting(
        batch=batch,
        places=places_of(batch.department),
        now=timezone.now(),
        contact_days=settings.TIP_CONTACT_DAYS,
    )


def places_of(department):
    """The communes of a department, former ones under today's; codes of the others by name."""
    units = Commune.objects.statistical_units().filter(department=department)
    former = _former_names(department)
    return Places(
        communes=[
            KnownCommune(
                key=commune.pk,
                code=commune.code,
                name=commune.name,
                population=commune.population or 0,
                other_names=(*former.get(commune.pk, ()), *_listed(commune.other_names, "/")),
                postal_codes=_listed(commune.postal_codes),
                former_codes=_listed(commune.former_codes),
            )
            for commune in units.defer("outline").order_by("code")
        ],
        department=department.of_name,
        elsewhere=dict(
            Commune.objects.in_force().exclude(department=department).values_list("code", "name")
        ),
        neighbourhoods=_neighbourhoods(department),
    )


def _neighbourhoods(department):
    """{(commune, name): key} of those in force; of two of one name, the one that has a code."""
    known = Neighbourhood.objects.of(department).in_force().with_others()
    rows = known.order_by(F("code").desc(nulls_first=True), "-pk")
    return {
        (commune, fold(name)): key
        for key, first, others, name in rows.values_list("pk", "commune", "others", "name")
        for commune in (first, *others)
    }


def _listed(text, separator=None):
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def _former_names(department):
    """{commune: names of the communes that it absorbed}."""
    names: dict[int, list[str]] = {}
    parts = Commune.objects.in_force().filter(department=department, parent__isnull=False)
    for parent, name in parts.exclude(kind=Commune.Kind.MUNICIPAL).values_list("parent", "name"):
        names.setdefault(parent, []).append(name)
    return names
