"""Who may see and change what: the only answer.

Everything else asks here and derives: list, page, count, facet, search, export, map, PDF, mail and
button. django-guardian holds the grants, at three levels: the seat of a unit under a protocol
(`protocols.Participation`), a restricted report named to a unit (`ReportGroupGrant`), a report
opened to a guest (`ReportMemberGrant`). The report only says which level speaks, and forgetting
hides.

The shapes of the queries are measured: always AND-ed with the department; a scalar subquery per
restricted row for pages, a hashed IN for sets; permission and group keys sent as constants.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, reduce
from operator import or_

from django.contrib.auth.models import Permission
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from cross import gate
from cross.outbox.models import Job
from intel.models import (
    AccessRequest,
    Annex,
    AnnexGroupGrant,
    Attachment,
    Audience,
    Complement,
    DistributionList,
    Edition,
    HandlingAccord,
    Handover,
    Identifier,
    Openness,
    RawText,
    ReleaseRequest,
    Report,
    ReportGroupGrant,
    ReportMemberGrant,
    ReportShare,
    Step,
    Summary,
    SummaryAudience,
    Tasking,
    TipImport,
)
from intel.models.choices import ACCORD_WANTED
from intel.models.summary import is_latest_version
from intel.states import NOT_COMPLETED, State
from protocols.models import Participation, Protocol
from services.models import Member, Unit
from services.roles import DUTIES, Right, Role, may

READING = [role for role in Role if Right.READ in DUTIES[role].rights]


@cache
def permission_id(model, codename):
    """The key of a permission, as a constant: a join by codename misleads the planner."""
    return Permission.objects.get(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
        codename=codename,
    ).pk


@dataclass(frozen=True)
class Subject:
    """What a seat held case by case is about."""

    department: int
    products: tuple[str, ...]
    communes: tuple[int, ...]


@dataclass(frozen=True)
class Seat:
    """By which protocol a unit sits in a department, on what, and the last day of both."""

    department: int
    protocol: str
    subject: str
    last_day: date | None


@dataclass(frozen=True)
class Standing:
    """Where a member stands at this instant: what his grants say, before any report is read."""

    group: int
    unit: int
    departments: tuple[int, ...] = ()  # those whose open reports the unit reads today
    subjects: tuple[Subject, ...] = ()  # those it reads on a subject only
    contributes_in: tuple[int, ...] = ()  # those where it may write
    shared_with: tuple[int, ...] = ()  # protocols of `departments` that were shown reports
    invited: tuple[int, ...] = ()  # reports opened to the member alone, still running
    invited_elsewhere: tuple[int, ...] = ()  # those of them in none of `departments`
    completes: tuple[int, ...] = ()  # those of them that he may complete
    seats: tuple[Seat, ...] = ()  # to say why something is read, never to decide it
    court: int | None = None  # a prosecutor sees the area of this court only
    is_guest: bool = False  # reads what he is invited to, and the subject of his unit

    @property
    def named_in(self):
        """Departments where a restricted report may be named to the unit."""
        return (*self.departments, *(subject.department for subject in self.subjects))


NOWHERE = Standing(0, 0)


def standing(member):
    """Three queries, asked once a request and never kept longer."""
    if not member.is_authenticated or not member.is_in_duty() or not may(Right.READ)(member):
        return NOWHERE
    return gate.once(("standing", member.pk), lambda: _standing(member))


def _standing(member):
    if _lacks_court(member):
        return NOWHERE
    is_prosecutor = member.role == Role.PROSECUTOR
    stands = _standing_of_unit(member.unit)
    if stands is NOWHERE:
        return NOWHERE
    if is_guest := member.role == Role.GUEST:
        stands = replace(stands, departments=(), contributes_in=(), shared_with=())
    now = timezone.now()
    grants = ReportMemberGrant.objects.filter(
        user=member,
        starts_at__lte=now,
        expires_at__gt=now,
        content_object__department__in=Protocol.objects.in_force().values("department"),
    ).values_list("content_object_id", "content_object__department", "permission_id")
    reads = permission_id(Report, "read_report")
    completes = permission_id(Report, "complete_report")
    invited, completed = {}, []
    for report, department, permission in grants:
        if permission == reads:
            invited[report] = department
        elif permission == completes:
            completed.append(report)
    return replace(
        stands,
        invited=tuple(invited),
        invited_elsewhere=tuple(
            pk for pk, where in invited.items() if where not in stands.departments
        ),
        completes=tuple(pk for pk in completed if pk in invited),
        court=member.unit.court_id if is_prosecutor else None,
        is_guest=is_guest,
    )


def _lacks_court(member):
    """A prosecutor without a court has no area, and nothing to read."""
    return member.role == Role.PROSECUTOR and member.unit.court_id is None


def _running_seats():
    """Seats that read reports, under protocols in force: both today."""
    return Participation.objects.running().filter(
        permission_id=permission_id(Protocol, "read_reports"),
        content_object__in=Protocol.objects.in_force(),
    )


def _standing_of_unit(unit):
    """What the seats of a unit open, whoever of it reads."""
    if unit.closed_on:
        return NOWHERE
    shares = ReportShare.objects.running().filter(protocol=OuterRef("content_object"))
    seats = (
        _running_seats()
        .filter(group_id=unit.group_id)
        .annotate(
            about=ArrayAgg("communes", filter=Q(communes__isnull=False), default=Value([])),
            is_shown_reports=Exists(shares),
        )
        .values_list(
            "content_object__department",
            "content_object",
            "standing",
            "products",
            "about",
            "contributes",
            "is_shown_reports",
            "subject",
            "ends_on",
            "content_object__title",
            "content_object__ends_on",
        )
    )
    departments, subjects, contributes_in, shared_with, told = [], [], [], [], []
    for department, protocol, kind, products, communes, contributes, is_shown, *words in seats:
        told.append(_seat(department, *words))
        if kind == Participation.Standing.PERMANENT:
            departments.append(department)
            if is_shown:
                shared_with.append(protocol)
        else:
            subjects.append(Subject(department, tuple(products), tuple(communes)))
        if contributes:
            contributes_in.append(department)
    return Standing(
        group=unit.group_id,
        unit=unit.pk,
        departments=tuple(sorted(set(departments))),
        subjects=tuple(subject for subject in subjects if subject.department not in departments),
        contributes_in=tuple(sorted(set(contributes_in))),
        shared_with=tuple(shared_with),
        seats=tuple(told),
    )


def _seat(department, subject, ends_on, protocol, protocol_ends_on):
    days = [day for day in (ends_on, protocol_ends_on) if day]
    return Seat(department, protocol, subject, min(days, default=None))


class Why(models.TextChoices):
    """By which rule a report is read; the first one that holds, in this order."""

    OWN = "own", "Vous la lisez parce que votre unité l’a rédigée."
    NAMED = "named", "Vous la lisez parce que votre unité est nommée."
    OPEN = "open", "Vous la lisez parce que votre unité contribue au protocole du département."
    COURT = "court", "Vous la lisez parce que sa commune est du ressort de votre tribunal."
    SUBJECT = (
        "subject",
        "Vous la lisez parce qu’elle touche au sujet pour lequel votre unité siège.",
    )
    SHARED = "shared", "Vous la lisez parce que son unité l’a partagée avec votre département."
    INVITED = "invited", "Vous la lisez parce que vous y êtes invité, pour un temps."


def _ways(stands, named):
    """The ways in: pairs of a scope, and of the rules of which one must hold inside it.

    `named` is the probe of the grants. The department comes first, where the index wants it; a way
    that nobody holds is left out, because an OR beside the department costs that index.
    """
    out_of_draft = ~Q(state=State.DRAFT)
    left_draft = out_of_draft | Q(owner_id=stands.unit)
    is_open = Q(audience=Audience.PROTOCOL)
    court = Q() if stands.court is None else Q(commune__court_id=stands.court)
    ways = []
    if stands.departments:
        rules = [(Why.COURT if stands.court else Why.OPEN, court & is_open)]
        rules.append((Why.NAMED, court & named))
        if stands.invited:
            rules.append((Why.INVITED, Q(pk__in=stands.invited)))
        ways.append((Q(department_id__in=stands.departments) & left_draft, rules))
    for subject in stands.subjects:
        touches = Q(products__overlap=list(subject.products))
        touches |= Q(commune_id__in=subject.communes)
        rules = [(Why.SUBJECT, is_open & touches)]
        if not stands.is_guest:
            rules += [(Why.NAMED, named), (Why.OWN, Q(owner_id=stands.unit))]
        ways.append((Q(department_id=subject.department) & left_draft & court, rules))
    if stands.shared_with:
        shared = ReportShare.objects.running().filter(
            protocol__in=stands.shared_with,
            report__department__in=Protocol.objects.in_force().values("department"),
        )
        is_shared = is_open & Q(pk__in=shared.values("report"))
        ways.append((out_of_draft & court, [(Why.SHARED, is_shared)]))
    if stands.invited_elsewhere:
        ways.append((out_of_draft, [(Why.INVITED, Q(pk__in=stands.invited_elsewhere))]))
    return ways


def _any(conditions):
    return reduce(or_, conditions)


def readable_reports(member, *, for_page=False):
    """The reports this member may read, whatever is done with them afterwards.

    `for_page` chooses the shape of the same answer: one probe per restricted row, right for a page
    taken in index order; the other, one hash of the grants, is right for counts, facets and sets.
    """
    return _answer(standing(member), for_page=for_page)


def _answer(stands, *, for_page=False):
    grants = ReportGroupGrant.objects.filter(
        permission_id=permission_id(Report, "read_report"), group_id=stands.group
    )
    reports = Report.objects.all()
    if for_page:
        probe = grants.filter(content_object=OuterRef("pk")).values("permission_id")[:1]
        reports = reports.alias(granted=Subquery(probe))
        named = Q(granted__isnull=False)
    else:
        named = Q(pk__in=grants.values("content_object_id"))
    ways = _ways(stands, named)
    if not ways:
        return Report.objects.none().answered()
    rule = _any(scope & _any(condition for _, condition in rules) for scope, rules in ways)
    return reports.filter(rule).answered()


def why_readable(member, report):
    """By which rule `member` reads `report`, or None when he does not."""
    found = readable_reports(member).filter(pk=report.pk).annotate(why=reason(member))
    why = found.values_list("why", flat=True).first()
    return Why(why) if why else None


def reason(member):
    """The same, to annotate reports that were answered to `member`."""
    stands = standing(member)
    grants = ReportGroupGrant.objects.filter(
        permission_id=permission_id(Report, "read_report"), group_id=stands.group
    )
    ways = _ways(stands, Q(pk__in=grants.values("content_object_id")))
    rules = [(scope & condition, why) for scope, rules in ways for why, condition in rules]
    return Case(
        When(owner_id=stands.unit, then=Value(Why.OWN.value)),
        *(When(rule, then=Value(why.value)) for rule, why in rules),
        default=Value(""),
    )


def read_by_unit(unit, *, among):
    """Those of `among`, an answered queryset, that the seats of `unit` open to it.

    What one unit sees, looked at by somebody of another, is never more than what he reads himself.
    """
    return among.filter(seen_by_unit(unit))


def seen_by_unit(unit):
    """The same, as one more condition on reports already answered to somebody."""
    stands = replace(_standing_of_unit(unit), court=unit.court_id)
    return Exists(_answer(stands).filter(pk=OuterRef("pk")))


def lookable_units(member):
    """The units whose sight a member may look through: those of his department with a seat."""
    if not may(Right.LOOK_AS)(member):
        return Unit.objects.none()
    return nameable_units(member)


def listed_reports(member, *, for_page=False):
    """What lists, searches and figures rest on: our departments, and what one is invited to.

    What another department shows us has a list of its own: it is neither counted nor summarised
    here, and an OR beside the department would cost every page its index.
    """
    return _answer(replace(standing(member), shared_with=()), for_page=for_page)


def shared_reports(member, *, for_page=False):
    """Reports of other departments, shown to ours by their owners."""
    stands = standing(member)
    shown = replace(stands, departments=(), subjects=(), invited=(), invited_elsewhere=())
    return _answer(shown, for_page=for_page).exclude(department__in=stands.departments)


def countable_reports(member):
    """The reports a figure shown to this member may rest on; used by `reading/` for figures alone.

    A reader counts what he lists. The prefecture reads none: its figures rest on the reports open
    to the whole protocol, as the cell's do, so that no subtraction gives a restricted one away.
    """
    if may(Right.READ)(member):
        return listed_reports(member)
    if not (member.is_in_duty() and may(Right.READ_MASKED_SUMMARIES)(member)):
        return Report.objects.none().answered()
    return open_reports(summary_departments(member)).answered()


def contributes(member, department):
    """Does the unit hold a seat of that department today? Without one nothing comes in either."""
    return department.pk in standing(member).contributes_in


def open_reports(departments):
    """Out of draft and open to every contributing unit: what a summary rests on."""
    return Report.objects.filter(department__in=departments, audience=Audience.PROTOCOL).exclude(
        state=State.DRAFT
    )


def editable_reports(member, *, for_page=False):
    """Ours, as long as the report is alive: the contributing unit alone changes what it wrote."""
    return own_reports(member, for_page=for_page).exclude(state=State.ARCHIVED)


def own_reports(member, *, for_page=False):
    """Those of our unit, archived ones too: to whom else they are open stays ours to answer."""
    if not may(Right.WRITE)(member):
        return Report.objects.none().answered()
    return readable_reports(member, for_page=for_page).filter(owner=member.unit_id)


def discardable_reports(member):
    """Drafts of ours that never left: the only reports thrown away without asking the cell.

    One that was called back has been read by others, and its step says so.
    """
    left = Step.objects.filter(report=OuterRef("pk"))
    return editable_reports(member).filter(~Exists(left), state=State.DRAFT)


def restricted_reports_of(member):
    """Ours, and restricted: reviewed, renewed and opened again by us alone."""
    return editable_reports(member).filter(audience=Audience.RESTRICTED)


def shareable_reports(member):
    """Ours, open, and out of draft: what another department may be shown."""
    ours = editable_reports(member).exclude(state=State.DRAFT)
    return ours.filter(audience=Audience.PROTOCOL)


def completable_reports(member):
    """Where a reader adds what he knows: where his unit contributes, or as a guest who may."""
    stands = standing(member)
    where = Q(pk__in=stands.completes)
    if may(Right.WRITE)(member):
        where |= Q(department__in=stands.contributes_in)
    return readable_reports(member).filter(where).exclude(state__in=NOT_COMPLETED)


def _asked_of_us(asking, member):
    """What waits for a decision of the owner unit of a report."""
    return asking.objects.filter(decision="", report__in=editable_reports(member)).answered()


def decidable_releases(member):
    """Asked by another, for a report of ours."""
    return _asked_of_us(ReleaseRequest, member).exclude(asked_by=member.pk)


def confirmable_releases(member):
    """Asked by another of our unit: nobody opens a restricted report alone.

    Whoever has left the unit since, or whose authorisation has ended, is no first person any more.
    """
    today = timezone.localdate()
    return decidable_releases(member).filter(
        asked_by__unit=member.unit_id,
        asked_by__is_active=True,
        asked_by__authorised_from__lte=today,
        asked_by__authorised_until__gte=today,
        report__audience=Audience.RESTRICTED,
    )


def withdrawable_releases(member):
    return _asked_of_us(ReleaseRequest, member).filter(asked_by=member.pk)


def decidable_access_requests(member):
    asked = AccessRequest.objects.filter(decision="", report__in=own_reports(member))
    return asked.answered()


def own_access_requests(member):
    """What this member asked for: nothing in it tells hidden from absent."""
    if not may(Right.READ)(member):
        return AccessRequest.objects.none().answered()
    return AccessRequest.objects.filter(asked_by=member.pk).answered()


def withdrawable_access_requests(member):
    """Those that he sees waiting: a refusal looks like waiting, and is taken back like it."""
    waiting = ("", AccessRequest.Decision.DECLINED)
    return own_access_requests(member).filter(decision__in=waiting)


def invitable_reports(member):
    """Ours, once transmitted: nobody is invited to a draft."""
    return editable_reports(member).exclude(state=State.DRAFT)


def invitable_members(member):
    """Guests of the department, and members of the units that sit there on a subject."""
    if not may(Right.WRITE)(member):
        return Member.objects.none()
    department = member.unit.department_id
    seats = _running_seats().filter(
        standing=Participation.Standing.CASE_BY_CASE, content_object__department=department
    )
    return (
        Member.objects.in_duty()
        .filter(
            Q(role=Role.GUEST, unit__department=department)
            | Q(role__in=READING, unit__group__in=seats.values("group")),
            unit__closed_on=None,
        )
        .exclude(unit=member.unit_id)
    )


def invitations_to(member):
    """What somebody is invited to, today."""
    now = timezone.now()
    return _invitations().filter(
        user=member.pk,
        starts_at__lte=now,
        expires_at__gt=now,
        content_object__in=readable_reports(member),
    )


def endable_invitations(member):
    """Invitations to our reports, running or to come."""
    ours = own_reports(member)
    return _invitations().filter(content_object__in=ours, expires_at__gt=timezone.now())


def _invitations():
    """One row for each: the grant to complete goes with the grant to read."""
    return ReportMemberGrant.objects.filter(permission_id=permission_id(Report, "read_report"))


def endable_shares(member):
    running = ReportShare.objects.running()
    return running.filter(report__in=own_reports(member)).answered()


def takers_of(report):
    """Protocols in force in other departments: to which a report may be shown."""
    return Protocol.objects.in_force().exclude(department=report.department_id)


def decidable_accords(member):
    asked = HandlingAccord.objects.filter(decision="", report__in=own_reports(member))
    return asked.answered()


def own_accords(member):
    """Those that our unit asked for, of the reports that we read."""
    asked = HandlingAccord.objects.filter(unit=member.unit_id)
    return asked.filter(report__in=readable_reports(member)).answered()


def withdrawable_accords(member):
    return own_accords(member).filter(decision="", asked_by=member.pk)


def decidable_handovers(member):
    """Reports that another unit proposes to ours; accepting takes no right but that of writing."""
    if not may(Right.WRITE)(member):
        return Handover.objects.none().answered()
    proposed = Handover.objects.filter(decision="", target=member.unit_id)
    return proposed.filter(report__in=readable_reports(member)).answered()


def withdrawable_handovers(member):
    return _asked_of_us(Handover, member)


def transferable_reports(member):
    """Ours, out of draft, and proposed to nobody yet."""
    proposed = Handover.objects.filter(report=OuterRef("pk"), decision="")
    return editable_reports(member).exclude(state=State.DRAFT).filter(~Exists(proposed))


def handover_targets(report):
    """Units that already read the report and may write: handing it over widens nothing."""
    writers = _running_seats().filter(content_object__department=report.department_id)
    groups = writers.filter(contributes=True).values("group")
    return audience_of(report).filter(group__in=groups, court=None).exclude(pk=report.owner_id)


@dataclass(frozen=True)
class Tenure:
    """How long a unit held a report before handing it over; `since` is None for the first."""

    unit: int
    since: datetime | None
    until: datetime


def untold_tenures(report, member):
    """Those of the units that asked to stay unnamed: told to nobody but the two of each handover.

    One query, and none for a report that nobody asked it of.
    """
    if not report.hides_first_owner:
        return []
    accepted = Handover.objects.filter(report=report.pk, decision=Handover.Decision.ACCEPTED)
    rows = accepted.answered().order_by("decided_at", "pk")
    tenures, told, since = [], {member.unit_id}, None
    for origin, target, hides, until in rows.values_list(
        "origin", "target", "hides_origin", "decided_at"
    ):
        if member.unit_id == target:
            told.add(origin)
        if hides:
            tenures.append(Tenure(origin, since, until))
        since = until
    return [tenure for tenure in tenures if tenure.unit not in told]


def reads_source(member, report):
    """Is the source of `report` the member's own unit's: its code, and the texts it wrote first?

    A report that was handed over keeps the source of whoever brought it.
    """
    home = report.first_owner_id or report.owner_id
    return member.unit_id == home and not standing(member).is_guest


def readable_raw_texts(member):
    """The words of a human source: its own unit, as long as it reads the report."""
    if standing(member).is_guest:
        return RawText.objects.none().answered()
    texts = RawText.objects.filter(unit=member.unit_id, report__in=readable_reports(member))
    return texts.answered()


def attestable_raw_texts(member):
    """Those whose shared text the unit may still change, and so read again."""
    return readable_raw_texts(member).filter(report__in=editable_reports(member))


def readable_annexes(member):
    """Those named to our unit, of the reports that we read."""
    if standing(member).is_guest:
        return Annex.objects.none().answered()
    grants = AnnexGroupGrant.objects.filter(
        permission_id=permission_id(Annex, "read_annex"), group=member.unit.group_id
    )
    annexes = Annex.objects.filter(pk__in=grants.values("content_object"))
    return annexes.filter(report__in=readable_reports(member)).answered()


def units_of_annex(annex):
    """The units that an annex is named to, in order."""
    grants = AnnexGroupGrant.objects.filter(content_object=annex.pk)
    return Unit.objects.filter(group__in=grants.values("group")).order_by("sort_key", "pk")


def editable_annexes(member):
    """Ours, wherever the report went since: it is withdrawn by the unit that wrote it."""
    if not may(Right.WRITE)(member):
        return Annex.objects.none().answered()
    ours = readable_annexes(member).filter(unit=member.unit_id)
    return ours.exclude(report__state=State.ARCHIVED)


def removable_complements(member):
    """One's own, for an hour: a slip of the pen is taken back, what others built on is not."""
    latest = timezone.now() - timedelta(minutes=Complement.REMOVABLE_MINUTES)
    own = Complement.objects.filter(by=member.pk, at__gt=latest)
    return own.filter(report__in=readable_reports(member)).answered()


def own_lists(member):
    """The distribution lists of one's own unit; no other unit knows of them."""
    if not may(Right.WRITE)(member):
        return DistributionList.objects.none()
    return DistributionList.objects.filter(unit=member.unit_id)


def readable_openness(member):
    """How much each service shares, for every reader of the department."""
    return Openness.objects.filter(department__in=standing(member).departments)


def leaves_unit_freely(reports, member):
    """Those of `reports` that `member` may print or export, given their handling codes.

    Ours, those whose code does not forbid it, and those for which the owner's accord to our unit
    is recorded and runs.
    """
    return reports.filter(leaving(member))


def stays_in_unit(reports, member):
    """The others: those that wait for the accord of their owner."""
    return reports.exclude(leaving(member))


def leaving(member):
    """The same, as a condition on reports."""
    accords = HandlingAccord.objects.filter(
        Q(until=None) | Q(until__gte=timezone.localdate()),
        decision=HandlingAccord.Decision.ACCEPTED,
        unit=member.unit_id,
        report=OuterRef("pk"),
    )
    return Q(owner=member.unit_id) | ~Q(handling__in=ACCORD_WANTED) | Exists(accords)


def held_reports(member):
    """What this member reads and neither prints nor exports without an accord."""
    return stays_in_unit(readable_reports(member), member)


def commentable_reports(member):
    """The analyst comments whatever he reads in his own department."""
    return _of_the_cell(member, Right.TRIAGE)


def triable_reports(member, *, for_page=False):
    return _of_the_cell(member, Right.TRIAGE, for_page=for_page).awaiting_triage()


def gradable_reports(member, *, for_page=False):
    return _of_the_cell(member, Right.TRIAGE, for_page=for_page).exclude(state=State.ARCHIVED)


def directable_reports(member):
    return _of_the_cell(member, Right.DIRECT)


def erasable_reports(member):
    return _of_the_cell(member, Right.ERASE)


def answerable_reports(member, *, for_page=False):
    """Directed to my unit, and mine to answer."""
    if not may(Right.ANSWER)(member):
        return Report.objects.none().answered()
    reports = readable_reports(member, for_page=for_page)
    return reports.filter(Exists(_latest_tasking().filter(unit=member.unit_id)))


def _latest_tasking():
    latest = Tasking.objects.filter(report=OuterRef("report")).order_by("-at", "-pk")
    return Tasking.objects.filter(report=OuterRef("pk"), pk=Subquery(latest.values("pk")[:1]))


def _of_the_cell(member, right, *, for_page=False):
    if not may(right)(member):
        return Report.objects.none().answered()
    reports = readable_reports(member, for_page=for_page)
    return reports.filter(department=member.unit.department_id)


# The rows on which a move needing this right may be made by this member.
MOVABLE = {
    Right.WRITE: editable_reports,
    Right.TRIAGE: commentable_reports,
    Right.DIRECT: directable_reports,
    Right.ERASE: erasable_reports,
    Right.ANSWER: answerable_reports,
}


def may_make(member, report, move):
    """May this member make this move on this report, as it stands in the database?"""
    return MOVABLE[move.right](member).filter(pk=report.pk).exists()


def enrichable_reports(member):
    """Where identifiers are confirmed or removed: ours, and those that the cell works on."""
    ours = Q(pk__in=editable_reports(member).values("pk"))
    cells = Q(pk__in=gradable_reports(member).values("pk"))
    return readable_reports(member).filter(ours | cells)


def with_abilities(reports, member):
    """Tell the page which buttons to draw, from the very same rules.

    Each row gets `may_write`, `may_triage`, `may_direct`, `may_erase`, `may_answer` (the moves of
    that right), `may_grade`, `may_enrich`, and `may_leave` (printed or exported, given its code).
    """
    abilities = {right.value: rows for right, rows in MOVABLE.items()}
    abilities |= {
        "grade": gradable_reports,
        "enrich": enrichable_reports,
        "complete": completable_reports,
    }
    return reports.annotate(
        **{
            f"may_{name}": Exists(rows(member).filter(pk=OuterRef("pk")))
            for name, rows in abilities.items()
        },
        may_leave=Case(When(leaving(member), then=Value(True)), default=Value(False)),
    )


def removable_identifiers(member):
    return Identifier.objects.filter(report__in=enrichable_reports(member)).answered()


def readable_attachments(member):
    """Those of the reports that we read, but what came with another unit's human source."""
    follows = Q(reserved_to=None)
    if not standing(member).is_guest:
        follows |= Q(reserved_to=member.unit_id)
    files = Attachment.objects.filter(follows, report__in=readable_reports(member))
    return files.answered()


def removable_attachments(member):
    return readable_attachments(member).filter(report__in=editable_reports(member))


def reserved_attachments(member):
    """Reserved to us, of reports that are still ours: we may say that one betrays nobody."""
    return removable_attachments(member).filter(reserved_to=member.unit_id)


def _seated_units(department, seats=None):
    """Open units that read reports of this department today; `department` is its key."""
    seats = _running_seats() if seats is None else seats
    seats = seats.filter(content_object__department=department)
    return Unit.objects.filter(group__in=seats.values("group"), closed_on=None)


def nameable_units(member):
    """Units to which a report of this department may be named."""
    return _seated_units(member.unit.department_id)


def audience_of(report):
    """The units that can open this report today: those of the seats, or those named."""
    if not report.is_restricted:
        return open_audience_of(report)
    named = ReportGroupGrant.objects.filter(content_object=report.pk)
    units = _seated_units(report.department_id).filter(group__in=named.values("group"))
    return units.order_by("sort_key", "pk")


def open_audience_of(report):
    """Those that open it, or would if it were open; asked of a report not yet saved, too."""
    touches = Q(products__overlap=report.products)
    if report.commune_id:
        touches |= Q(communes=report.commune_id)
    whole = Q(standing=Participation.Standing.PERMANENT)
    own = Q(group__unit=report.owner_id)
    seats = _running_seats().filter(whole | touches | own)
    return _seated_units(report.department_id, seats).order_by("sort_key", "pk")


def names_everybody(department, groups):
    """Do these groups hold every permanent seat of the department, given by its key?"""
    seats = _running_seats().filter(standing=Participation.Standing.PERMANENT)
    units = _seated_units(department, seats)
    return not units.exclude(group__in=groups).exists()


def guests_of(report):
    """Running grants to persons, for the owner: who was invited, until when."""
    return invitations_of(report).filter(starts_at__lte=timezone.now())


def invitations_of(report):
    """Those that run and those to come."""
    return (
        ReportMemberGrant.objects.filter(
            content_object=report.pk,
            permission_id=permission_id(Report, "read_report"),
            expires_at__gt=timezone.now(),
        )
        .select_related("user__unit")
        .order_by("expires_at", "pk")
    )


def summary_departments(member):
    """The departments whose summaries the unit consults today: any permanent seat."""
    if not member.is_in_duty() or member.unit.closed_on or _lacks_court(member):
        return []
    return gate.once(
        ("summary_departments", member.pk),
        lambda: list(
            Participation.objects.running()
            .filter(
                group_id=member.unit.group_id,
                # A seat on a subject does not open figures about everything.
                standing=Participation.Standing.PERMANENT,
                content_object__in=Protocol.objects.in_force(),
            )
            .values_list("content_object__department", flat=True)
            .distinct()
        ),
    )


# Which audience of summaries a right opens.
AUDIENCES = {
    Right.READ_CELL_SUMMARIES: SummaryAudience.CELL,
    Right.READ_MASKED_SUMMARIES: SummaryAudience.PREFECTURE,
}


def readable_summaries(member):
    """Built summaries of the audiences this member belongs to, where his unit has a seat."""
    audiences = [audience for right, audience in AUDIENCES.items() if may(right)(member)]
    if not audiences:
        return Summary.objects.none()
    # Two versions of masked tables differ by what came between: the last one alone is told.
    return Summary.objects.filter(
        Q(audience=SummaryAudience.CELL) | is_latest_version(),
        stage=Summary.Stage.DONE,
        audience__in=audiences,
        department__in=summary_departments(member),
    )


def buildable_departments(member):
    """Departments for which this member may ask a summary: his cell's own."""
    if not may(Right.BUILD_SUMMARIES)(member):
        return []
    own = member.unit.department_id
    return [own] if own in summary_departments(member) else []


def readable_editions(member):
    """Validated editions for whoever consults them; drafts only for those who write them."""
    if not may(Right.READ_EDITIONS)(member):
        return Edition.objects.none()
    editions = Edition.objects.filter(department__in=summary_departments(member))
    if may(Right.WRITE_EDITIONS)(member):
        return editions
    return editions.filter(state=Edition.State.VALIDATED)


def writable_editions(member):
    if not may(Right.WRITE_EDITIONS)(member):
        return Edition.objects.none()
    return readable_editions(member)


def printable_editions(member):
    if not may(Right.PRINT_EDITIONS)(member):
        return Edition.objects.none()
    return readable_editions(member)


def readable_imports(member):
    """The imports of one's own unit: their faults quote nothing, their tips are its reports."""
    if not may(Right.IMPORT)(member):
        return TipImport.objects.none()
    departments = standing(member).departments
    return TipImport.objects.filter(unit=member.unit_id, department__in=departments)


def own_jobs(member):
    """The long works that this member asked for: their state and result, no content."""
    return Job.objects.filter(requested_by_id=member.pk)
