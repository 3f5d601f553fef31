"""What concerns a person who asks: found by who reads none of it, told as references.

By the identifiers of reports, alike names included, and by their texts: whoever answers a person
must know where to ask. Nothing of a text is shown.
"""

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import ValidationError
from django.db.models import TextField, Value
from django.utils import timezone

from intel.actions.targets import is_like, those_like
from intel.models import Audience, Identifier, Report
from intel.models.choices import IdentifierKind, Origin
from intel.reading import retention
from intel.retention import Term
from services.models.territory import Unaccented

MOST = 50
TOO_MANY = (
    f"Plus de {MOST} fiches citent ces mots\u00a0: précisez la date de naissance, ou cherchez par "
    "un identifiant."
)
EXACT, POSSIBLE = "identique", "un nom proche, à vérifier"
IN_TEXT = "ces mots dans le texte, à vérifier"


@dataclass(frozen=True)
class Concerned:
    """A report that may speak of the person; `how` is what was found in it."""

    report: Report
    how: tuple[str, ...]
    term: Term
    is_held: bool

    @property
    def reference(self):
        return self.report.reference

    @property
    def is_of_a_human_source(self):
        return self.report.origin == Origin.HUMAN_SOURCE

    @property
    def cautions(self):
        """Why its unit would rather not: for whoever asks it."""
        said = {
            "source humaine": self.is_of_a_human_source,
            "lecture restreinte": self.report.audience == Audience.RESTRICTED,
            "procédure en cours": self.report.in_procedure,
            "effacement gelé": self.is_held,
        }
        return [words for words, holds in said.items() if holds]


def concerning(wanted, department):
    """Every report of the department that may speak of them, by unit, the most recent first.

    `wanted` is a list of `targets.Wanted`. Raises `ValidationError` when there are too many.
    """
    found = _by_identifiers(wanted, department)
    for report in _by_text(wanted, department):
        found.setdefault(report, []).append(IN_TEXT)
    if len(found) > MOST:
        raise ValidationError(TOO_MANY)
    dues = {
        due.pk: due for due in retention.terms_of(department, timezone.localdate(), among=found)
    }
    rows = Report.objects.filter(pk__in=found).select_related("owner__service", "department")
    rows = rows.unguarded(because="told as references to who answers the person")
    told = []
    for report in rows.order_by("owner__name", "owner", "-received_at", "-pk"):
        due = dues[report.pk]
        report.in_procedure = due.life.in_procedure
        told.append(Concerned(report, tuple(found[report.pk]), due.term, due.is_held))
    return told


def _by_identifiers(wanted, department):
    """{report: what of it is like what is looked for}."""
    rows = Identifier.objects.filter(those_like(wanted), report__department=department)
    rows = rows.unguarded(because="what a person asks about herself")
    found: dict[int, list] = {}
    for report, kind, value in rows.values_list("report", "kind", "value").order_by("pk"):
        for each in wanted:
            if each.kind == kind and is_like(each, value):
                # As he typed it: what is kept may say more.
                label = f"{IdentifierKind(kind).label} {each.raw}"
                how = f"{label}\u00a0: {EXACT if value == each.value else POSSIBLE}"
                if how not in found.setdefault(report, []):
                    found[report].append(how)
    return found


def _by_text(wanted, department):
    """Those whose texts hold every word of the name."""
    keys: set[int] = set()
    for each in wanted:
        if each.kind != IdentifierKind.NAME:
            continue
        words = Value(each.value.partition("|")[0], output_field=TextField())
        asked = SearchQuery(Unaccented(words), config="french", search_type="plain")
        rows = Report.objects.filter(department=department, search=asked)
        rows = rows.unguarded(because="what a person asks about herself")
        keys.update(rows.order_by("-pk").values_list("pk", flat=True)[: MOST + 1])
    return sorted(keys)
