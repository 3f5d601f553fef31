"""How much a note to the prefecture leaves out, in classes, and why.

A count of what is hidden is told to people who do not know of it. So it is never told exactly, but
in classes of which the first begins at none; for a quarter alone, for its months would nest in it;
once for each quarter, for a correction repeats what the note that it corrects had said; and of
what falls on a day of that quarter, so that two quarters have nothing in common to be subtracted.
"""

from dataclasses import dataclass

from django.db.models import Count, Q

from intel.models import Place, PlaceOperation, Report
from intel.models.choices import Handling
from intel.models.report import Audience
from intel.states import NOT_COUNTED
from intel.summaries.told import DAY

# The least count of each class, and its words.
CLASSES = ((0, "moins de 5"), (5, "5 à 19"), (20, "20 à 99"), (100, "100 ou plus"))
WHY = "a note says in classes how much it leaves out"


@dataclass(frozen=True)
class Kind:
    """A reason for leaving out: `code` is what is frozen, the sentence what is printed."""

    code: str
    label: str
    sentence: str


KINDS = (
    Kind(
        "restricted",
        "Renseignements réservés à certaines unités",
        "Ils n’entrent dans aucun chiffre.",
    ),
    Kind(
        "handling",
        "Renseignements que l’émetteur réserve (H2, H3)",
        "Ils sont comptés s’ils sont ouverts à tous ; rien de leur contenu n’est repris.",
    ),
    Kind(
        "inquiry",
        "Lieux où une enquête a été menée",
        "Ils sont comptés, sans nom ni adresse.",
    ),
)


def class_of(count):
    """The words of the class of a count: the least it tells that an exact one would not."""
    return next(words for least, words in reversed(CLASSES) if count >= least)


def left_out(department, period):
    """{code of a kind: words of its class}; empty for whatever is no quarter."""
    if period.kind != "quarter":
        return {}
    reports = (
        Report.objects.filter(department=department)
        .exclude(state__in=NOT_COUNTED)
        .annotate(counted_on=DAY)
        .filter(counted_on__range=(period.start, period.end))
        .unguarded(because=WHY)
        .aggregate(
            restricted=Count("pk", filter=Q(audience=Audience.RESTRICTED)),
            handling=Count("pk", filter=Q(handling__in=[Handling.H2, Handling.H3])),
        )
    )
    inquired = PlaceOperation.objects.filter(
        kind=PlaceOperation.Kind.INVESTIGATION,
        undone_at=None,
        day__range=(period.start, period.end),
    ).unguarded(because=WHY)
    places = Place.objects.filter(
        department=department, pk__in=inquired.values("place")
    ).unguarded(because=WHY)
    counts = reports | {"inquiry": places.count()}
    return {kind.code: class_of(counts[kind.code]) for kind in KINDS}
