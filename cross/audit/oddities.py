"""Lines to look at again, for the data-protection officer: each pattern has its threshold.

No agent is scored and nothing follows by itself. A span is looked at once it is over; its lines
are those that the journal holds of that agent in that span, and the page shows them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDay, TruncHour
from django.utils import timezone

from cross.audit import journal
from cross.audit.models import Entry, Oddity, Operation
from cross.audit.wording import VERBS

# How far back each scan looks: a worker that was down for a weekend catches up.
LOOKED_BACK = timedelta(days=4)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHEET = "report.read"
LEAVING = sorted(
    verb for verb in VERBS if verb.rpartition(".")[2] in {"exported", "printed", "told_antenna"}
)


def _night(at):
    begin, end = settings.ODD_NIGHT
    return Q(**{f"{at}__hour__gte": begin}) | Q(**{f"{at}__hour__lt": end})


@dataclass(frozen=True)
class Pattern:
    """`lines` says which lines count, `counted` what of them; `span` is that of one row."""

    title: str
    sentence: str  # with its threshold, and what it does not mean
    lines: Callable[[], Q]
    counted: Count
    span: timedelta
    noun: str
    threshold: Callable[[], int]


PATTERNS = {
    "sheets_an_hour": Pattern(
        "Beaucoup de fiches en une heure",
        "Un agent a ouvert au moins {threshold} fiches différentes dans la même heure. Une "
        "réunion à préparer l’explique souvent.",
        lambda: Q(verb=SHEET),
        Count("target", distinct=True),
        HOUR,
        "fiche différente,fiches différentes",
        lambda: settings.ODD_SHEETS_AN_HOUR,
    ),
    "sheets_a_day": Pattern(
        "Beaucoup de fiches en un jour",
        "Un agent a ouvert au moins {threshold} fiches différentes dans la même journée.",
        lambda: Q(verb=SHEET),
        Count("target", distinct=True),
        DAY,
        "fiche différente,fiches différentes",
        lambda: settings.ODD_SHEETS_A_DAY,
    ),
    "leaving_at_night": Pattern(
        "Export ou impression de nuit",
        "Un agent a exporté ou imprimé entre {begin} h et {end} h. Une permanence l’explique "
        "souvent.",
        lambda: Q(verb__in=LEAVING) & _night("at"),
        Count("pk"),
        DAY,
        "export ou impression,exports ou impressions",
        lambda: 1,
    ),
    "refusals_an_hour": Pattern(
        "Refus en série",
        "Un agent a demandé au moins {threshold} pages qui lui ont été refusées dans la même "
        "heure. Un lien périmé ou un favori l’explique souvent.",
        lambda: Q(operation=Operation.REFUSAL),
        Count("pk"),
        HOUR,
        "refus",
        lambda: settings.ODD_REFUSALS_AN_HOUR,
    ),
}
TRUNCATED = {HOUR: TruncHour, DAY: TruncDay}


def explained(pattern, threshold):
    begin, end = settings.ODD_NIGHT
    return PATTERNS[pattern].sentence.format(threshold=threshold, begin=begin, end=end)


def explanations():
    """What is looked for, at the thresholds of today."""
    return [(each.title, explained(name, each.threshold())) for name, each in PATTERNS.items()]


def lines_of(oddity):
    """The lines that it tells of."""
    return Entry.objects.filter(
        PATTERNS[oddity.pattern].lines(),
        member_id=oddity.member_id,
        department=oddity.department,
        at__gte=oddity.began_at,
        at__lt=oddity.ended_at,
    )


def scan(now=None):
    """Note what passed a threshold in a span that is over; how many rows are new."""
    now = timezone.localtime(now)
    since = timezone.make_aware(datetime.combine((now - LOOKED_BACK).date(), time.min))
    before = Oddity.objects.count()
    for name, pattern in PATTERNS.items():
        Oddity.objects.bulk_create(
            _found(name, pattern, since, now), ignore_conflicts=True, batch_size=500
        )
    return Oddity.objects.count() - before


def _found(name, pattern, since, now):
    threshold = pattern.threshold()
    lines = Entry.objects.filter(pattern.lines(), at__gte=since, member_id__isnull=False)
    spans: Any = (
        lines.annotate(span=TRUNCATED[pattern.span]("at"))
        .values("span", "member_id", "department")
        .annotate(
            found=pattern.counted,
            name=Max("who"),
            of=Max("unit"),
        )
        .filter(found__gte=threshold)
        .order_by("span", "member_id", "department")
    )
    for each in spans:
        end = each["span"] + pattern.span
        if end <= now:
            yield Oddity(
                pattern=name,
                member_id=each["member_id"],
                who=each["name"],
                unit=each["of"],
                department=each["department"],
                began_at=each["span"],
                ended_at=end,
                count=each["found"],
                threshold=threshold,
            )


@transaction.atomic
def see(oddity, *, by, words):
    """Somebody has looked, and says what it was."""
    Oddity.objects.filter(pk=oddity.pk).update(
        seen_at=timezone.now(), seen_by=by.get_full_name(), words=words
    )
    journal.record(by, "oddity.seen", oddity, why=words)


@transaction.atomic
def reopen(oddity, *, by):
    journal.record(by, "oddity.reopened", oddity, why=oddity.words)
    Oddity.objects.filter(pk=oddity.pk).update(seen_at=None, seen_by="", words="")
