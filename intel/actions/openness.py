"""How much each service shares, told when a month is over: counted once, then frozen.

The share is that of the twelve months that end with it: a cell records a few hundred reports a
year, and a service alone too few in a month to say anything. Everything is counted as it stood on
the last evening, whenever the count is made: the restrictions of a report are dated, and what
happened since changes nothing. A figure that followed the day would tell, by its move, that
somebody has just written a hidden report.
"""

from collections import Counter
from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone

from cross.audit import journal
from intel import access, periods
from intel.models import Openness, Report, RestrictionChange
from intel.states import State
from protocols.models import Participation, Protocol
from services.models import Unit

Band = Openness.Band
MONTHS = 12  # those that a share covers, and those that are kept in sight
FEW = 5  # below, overdue restrictions are not counted aloud
BECAUSE = "a monthly figure, said in bands to the whole cell"
OUT_OF_COUNT = (State.DRAFT, State.ARCHIVED)  # nobody can look again at those


def build_due(protocol, *, today):
    """The finished months of the last year that the protocol covers and nobody has counted."""
    last = periods.month_of(today).previous()
    months = periods.last_months(last.end, MONTHS)
    return sum(
        build(protocol.department, month) for month in months if month.end >= protocol.starts_on
    )


@transaction.atomic
def build(department, month):
    """Freeze one finished month of a department; says how many services, 0 when it was done.

    Raises ValueError for a month that is not over.
    """
    if not month.is_closed(timezone.localdate()):
        raise ValueError(f"{month} is not over")
    _lock(department, month)
    if Openness.objects.filter(department=department, month=month.start).exists():
        return 0
    shared, overdue = _shares(department, month), _overdue(department, month)
    services = _services(department, month) | shared.keys() | overdue.keys()
    Openness.objects.bulk_create(
        Openness(
            department=department,
            service_id=service,
            month=month.start,
            band=_band(*shared.get(service, (0, 0))),
            overdue=_told(overdue[service]),
        )
        for service in sorted(services)
    )
    target = f"partage {department.code} {month}"
    journal.record(None, "openness.built", target, department=department.code)
    return len(services)


def _lock(department, month):
    """One run at a time on one month; the next one finds what the first has built."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"openness {department.pk} {month.code}"],
        )


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def _shares(department, month):
    """Per key of a service: (reports recorded in twelve months, those restricted at the end)."""
    first = periods.last_months(month.end, MONTHS)[0]
    end = _midnight(month.end + timedelta(days=1))
    last = RestrictionChange.objects.filter(report=OuterRef("pk"), at__lt=end)
    kinds = last.order_by("-at", "-pk").values("kind")[:1]
    closed = [kind for kind in RestrictionChange.Kind if kind != RestrictionChange.Kind.RELEASED]
    lines = (
        Report.objects.unguarded(because=BECAUSE)
        .filter(department=department, created_at__gte=_midnight(first.start), created_at__lt=end)
        .exclude(state=State.DRAFT)
        .annotate(stood=Subquery(kinds))
        .values("owner__service")
        .annotate(reports=Count("pk"), restricted=Count("pk", filter=Q(stood__in=closed)))
        .order_by()
    )
    return {line["owner__service"]: (line["reports"], line["restricted"]) for line in lines}


def _overdue(department, month):
    """Per key of a service: restrictions whose day had passed when the month ended."""
    end = _midnight(month.end + timedelta(days=1))
    changes = RestrictionChange.objects.unguarded(because=BECAUSE).filter(
        report__department=department, at__lt=end
    )
    later = RestrictionChange.objects.filter(
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")),
        report=OuterRef("report"),
        at__lt=end,
    )
    lines = (
        changes.filter(~Exists(later), review_on__lte=month.end)
        .exclude(report__state__in=OUT_OF_COUNT)
        .values("report__owner__service")
        .annotate(overdue=Count("pk"))
        .order_by()
    )
    return Counter({line["report__owner__service"]: line["overdue"] for line in lines})


def _services(department, month):
    """Keys of the services that had a seat on the last day, whether they wrote or not."""
    seats = Participation.objects.running(month.end).filter(
        content_object__department=department,
        permission_id=access.permission_id(Protocol, "read_reports"),
        contributes=True,
    )
    return set(
        Unit.objects.filter(group__in=seats.values("group")).values_list("service", flat=True)
    )


def _band(reports, restricted):
    """In which band the open part falls; "" when there are too few reports to say."""
    if reports < Openness.SMALLEST:
        return ""
    opened = 100 * (reports - restricted)
    if opened > 95 * reports:
        return Band.OVER_95
    if opened >= 80 * reports:
        return Band.FROM_80
    return Band.FROM_50 if opened >= 50 * reports else Band.UNDER_50


def _told(overdue):
    return None if 0 < overdue < FEW else overdue
