"""Who may be told of something now, and what he still reads of what he was told.

The same rule twice: asked of many members at once before they are told, and of one at each
display. What is no longer readable was never told, in counts too.
"""

from django.db.models import Exists, OuterRef, Q

from intel.access.contributions import brought_reports
from intel.access.deconfliction import checked_in, is_told, told_hits
from intel.access.rule import followed_reports, inside, readable_reports, reading
from intel.access.seats import standings
from intel.models import DeconflictionHit, Following, Notification
from intel.notices import NOTICES, kinds_of
from services.models import Unit
from services.roles import Right, may


def readers_of(reports, members, *, follow=False):
    """Those of `members` who read every one of `reports` now, or follow their life.

    Three queries, however many members there are: each unit's standing is asked once.
    """
    stands = standings(members, reports)
    if follow:
        stands = {key: inside(standing) for key, standing in stands.items()}
    held = reading(set(stands.values()), reports)
    return [member for member in members if stands[member.pk] in held]


def told_of(hit, members):
    """Those of `members` whose unit is told of `hit` now."""
    told = DeconflictionHit.objects.filter(is_told(OuterRef("pk")), pk=hit.pk)
    units = Unit.objects.filter(Exists(told), pk__in=(hit.asker_id, hit.holder_id))
    keys = set(units.values_list("pk", flat=True))
    stands = standings(members, ())
    return [
        member
        for member in members
        if member.unit_id in keys
        and may(Right.WRITE)(member)
        and hit.department_id in checked_in(stands[member.pk])
    ]


def bringers_of(report, members):
    """Those of `members` who are told, now, what becomes of `report`: asked once a unit."""
    asked = {(member.unit_id, member.role): member for member in members}
    told = {
        key
        for key, member in asked.items()
        if brought_reports(member).filter(pk=report.pk).exists()
    }
    return [member for member in members if (member.unit_id, member.role) in told]


def readable_notifications(member):
    """What this member was told, as an agent of his unit, and may still read."""
    kinds = kinds_of(member) if member.is_in_duty() else ()
    if not kinds:
        return Notification.objects.none().answered()
    readable, followed = (
        rows(member, for_page=True).filter(pk=OuterRef("report"))
        for rows in (readable_reports, followed_reports)
    )
    brought = [kind for kind in kinds if NOTICES[kind].is_brought]
    contributed = brought_reports(member).filter(pk=OuterRef("report"))
    texts = [kind for kind in kinds if not NOTICES[kind].is_inside]
    other_sides = [
        readable_reports(member, for_page=True).filter(pk=OuterRef(f"match__{side}"))
        for side in ("report", "other")
    ]
    return Notification.objects.filter(
        Q(report=None) & ~Q(kind__in=brought)
        | Q(kind__in=texts) & Exists(readable)
        | Q(kind__in=brought) & Exists(contributed)
        | Exists(followed),
        Q(match=None) | Q(match__undone_at=None) & Exists(other_sides[0]) & Exists(other_sides[1]),
        Q(hit=None) | Q(hit__in=told_hits(member).values("pk")),
        member=member.pk,
        unit=member.unit_id,
        kind__in=kinds,
    ).answered()


def unseen_notifications(member):
    return readable_notifications(member).unseen()


def followings_of(member, report):
    """What this member, and his unit, said of following a report that he was handed."""
    said = Q(member=member.pk) | Q(unit=member.unit_id)
    return Following.objects.of(report).filter(said)
