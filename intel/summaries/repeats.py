"""Tips that say the same in nearly the same words: perhaps one person, who writes several times.

Each stays a report, and a fact until somebody joins them; between them they are one origin, and a
figure that rests on several of them says so.
"""

from datetime import date

from intel.bundles import WORDS, bundled
from intel.models.choices import TOLD_BY_THE_PUBLIC
from intel.summaries.told import WHY, counted_reports


def repeats(told, department, span):
    """{number of a report: that of the first one that says the same}, of what the public told in
    that span, in one commune. One query."""
    number = {row.pk: place for place, row in enumerate(told.rows)}
    said = (
        counted_reports(department, told.as_of)
        .filter(
            origin__in=TOLD_BY_THE_PUBLIC,
            counted_on__gte=date.fromordinal(span.start),
            counted_on__lte=date.fromordinal(span.end),
        )
        .annotate(words=WORDS)
        .order_by("received_at", "pk")
        .unguarded(because=WHY)
        .values_list("pk", "commune_id", "words")
    )
    known = [row for row in said if told.entered[number[row[0]]] <= span.known_by]
    return {
        number[key]: number[first] for first, keys in bundled(known).others.items() for key in keys
    }
