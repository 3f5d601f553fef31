"""Tell members what concerns them: in the application, and by a mail that says no more than a
number.

    tell("tasking.received", report=report, to=[tasking.unit], by=by, about=step)

Whoever cannot read it now is not told, whoever did it neither; what is told is read again under
the rule each time it is shown. One call asks as much for one member as for a thousand.
"""

from django.db.models import BooleanField, CharField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from cross import outbox
from intel import access
from intel.models import DeconflictionHit, Following, Match, NoticeChoice, Notification
from intel.notices import NOTICES, Way, roles_told
from services.models import Member, Unit
from services.roles import Role


def tell(kind, *, report=None, to=(), by=None, about=None, but=(), path=""):
    """Tell `to`, members and units, that something of this kind has happened; who is told now.

    `about` is a row, or a text, that makes it one thing: told twice, it is told once. Without it,
    a second one of the same kind and report renews the first as long as that is not seen. A pair
    (`Match`) is told to who reads both its reports, a hit (`DeconflictionHit`) to its units.
    With neither report nor hit, whoever is named is told, and `about` or `path` says where it
    leads.
    `but` are members who have just been told of it as something else.
    """
    wanting = [each for each in _wanting(kind, report, to, by) if each not in but]
    members = _may_be_told(wanting, kind, report, about)
    if not members:
        return []
    rows = [_row(kind, member, report, about, path) for member in members]
    if report is not None and about is None:
        _renew(kind, report, members)
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    if at_once := [str(row.key) for row in rows if row.way == Way.NOW]:
        outbox.enqueue("mail_at_once", args={"keys": at_once})
    return members


def _wanting(kind, report, to, by):
    """Members in duty among `to` and those who follow, each with the `way` that he wants."""
    notice = NOTICES[kind]
    people = [each.pk for each in to if isinstance(each, Member)]
    units = [each.pk for each in to if isinstance(each, Unit)]
    # A guest is lodged by a unit and is none of its own.
    named = Q(pk__in=people) | (Q(unit__in=units) & ~Q(role=Role.GUEST))
    chosen = NoticeChoice.objects.filter(member=OuterRef("pk"), kind=kind).values("way")
    members = Member.objects.in_duty().filter(role__in=roles_told(kind), unit__closed_on=None)
    if by is not None:
        members = members.exclude(pk=by.pk)
    if report is not None:
        members = members.annotate(follows=_follows(report))
        if notice.to_followers:
            named |= Q(follows=True)
        if not notice.asks:
            members = members.filter(Q(follows=None) | Q(follows=True))
    way = Coalesce(Subquery(chosen), Value(notice.usual.value), output_field=CharField())
    wanting = members.filter(named).annotate(way=way).exclude(way=Way.NONE)
    return list(wanting.select_related("unit").order_by("pk"))


def _follows(report):
    """What a member said of following this report, else what was said for his unit, or null."""
    said = Following.objects.of(report).values("follows")
    return Coalesce(
        Subquery(said.filter(member=OuterRef("pk"))),
        Subquery(said.filter(unit=OuterRef("unit"))),
        output_field=BooleanField(),
    )


def _may_be_told(members, kind, report, about):
    if isinstance(about, DeconflictionHit) and members:
        members = access.told_of(about, members)
    if report is None or not members:
        return members
    if NOTICES[kind].is_brought:
        return access.bringers_of(report, members)
    reports = {report, about.report, about.other} if isinstance(about, Match) else {report}
    return access.readers_of(reports, members, follow=NOTICES[kind].is_inside)


def _row(kind, member, report, about, path=""):
    leads = report is None and hasattr(about, "get_absolute_url")
    return Notification(
        member=member,
        unit_id=member.unit_id,
        kind=kind,
        way=member.way,
        report=report,
        match=about if isinstance(about, Match) else None,
        hit=about if isinstance(about, DeconflictionHit) else None,
        about=_said(about),
        path=about.get_absolute_url() if leads else path,
    )


def _said(about):
    """What a thing is told as: « tasking 12 »."""
    if about is None or isinstance(about, str):
        return about or ""
    return f"{about._meta.model_name} {about.pk}"


def _renew(kind, report, members):
    told = Notification.objects.filter(kind=kind, report=report, about="", member__in=members)
    told.unseen().update(at=timezone.now())


def forget(report, about):
    """What is taken back was never told; the letters that left are all that stays."""
    told = Notification.objects.filter(report=report, about=_said(about))
    told.unguarded(because="taken back with what it told of").delete()
