"""Which reports a member reads, and why: the rule, as a queryset.

The shapes of the queries are measured: always AND-ed with the department; a scalar subquery per
restricted row for pages, a hashed IN for sets; permission and group keys sent as constants.
"""

from dataclasses import replace
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When

from cross import gate
from intel.access.seats import NOWHERE, permission_id, standing, standing_of_unit
from intel.models import Audience, Report, ReportGroupGrant, ReportShare
from intel.states import State
from protocols.models import Protocol
from services.roles import Role


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
    INVITED = "invited", "Vous la lisez sur invitation, pour un temps."


def _ways(stands, named):
    """The ways in: pairs of a scope, and of the rules of which one must hold inside it.

    `named` is the probe of the grants. The department comes first, where the index wants it; a way
    that nobody holds is left out, because an OR beside the department costs that index.
    """
    out_of_draft = ~Q(state=State.DRAFT)
    # A unit reads its own drafts; whoever it lodges as a guest is none of its own.
    left_draft = out_of_draft if stands.is_guest else out_of_draft | Q(owner_id=stands.unit)
    is_open = Q(audience=Audience.PROTOCOL)
    court = Q() if stands.court is None else Q(commune__court_id=stands.court)
    ways = []
    if stands.departments:
        rules = [(Why.COURT if stands.court else Why.OPEN, court & is_open)]
        rules.append((Why.NAMED, court & named))
        if stands.invited:
            # Nobody is invited to a draft, be it his own unit's.
            rules.append((Why.INVITED, out_of_draft & court & Q(pk__in=stands.invited)))
        ways.append((Q(department_id__in=stands.departments) & left_draft, rules))
    for subject in stands.subjects:
        touches = Q(products__overlap=list(subject.products))
        touches |= Q(commune_id__in=subject.communes)
        rules = [(Why.SUBJECT, is_open & touches)]
        if not stands.is_guest:
            rules += [(Why.NAMED, named), (Why.OWN, Q(owner_id=stands.unit))]
        ways.append((Q(department_id=subject.department) & left_draft & court, rules))
    if stands.shared_with:
        # The clause of the department that shows, and not of the one that is shown.
        showing = Protocol.objects.in_force().filter(shares_elsewhere=True)
        shared = ReportShare.objects.running().filter(
            protocol__in=stands.shared_with,
            report__department__in=showing.values("department"),
        )
        is_shared = is_open & Q(pk__in=shared.values("report"))
        ways.append((out_of_draft & court, [(Why.SHARED, is_shared)]))
    if stands.invited_elsewhere:
        invited = Q(pk__in=stands.invited_elsewhere)
        ways.append((out_of_draft & court, [(Why.INVITED, invited)]))
    return ways


def _any(conditions):
    return reduce(or_, conditions)


def readable_reports(member, *, for_page=False):
    """The reports this member may read, whatever is done with them afterwards.

    `for_page` chooses the shape of the same answer: one probe per restricted row, right for a page
    taken in index order; the other, one hash of the grants, is right for counts, facets and sets.
    """
    return answer(standing(member), for_page=for_page)


def answer(stands, *, for_page=False):
    """The reports of this standing: put together once a request, where it is asked many times."""
    key = ("answer", stands, for_page)
    return gate.once(key, lambda: _answer(stands, for_page=for_page)).all()


def _grants_of(stands):
    """What names his unit, one row a restricted report."""
    return ReportGroupGrant.objects.filter(
        permission_id=permission_id(Report, "read_report"), group_id=stands.group
    )


def _answer(stands, *, for_page):
    grants = _grants_of(stands)
    reports = Report.objects.all()
    if for_page:
        probe = grants.filter(content_object=OuterRef("pk")).values("permission_id")[:1]
        reports = reports.alias(granted=Subquery(probe))
        named = Q(granted__isnull=False)
    else:
        named = Q(pk__in=grants.values("content_object_id"))
    rule = _rule(stands, named)
    if rule is None:
        return Report.objects.none().answered()
    return reports.filter(rule).answered()


def _rule(stands, named):
    """The rule as one condition, or None for who stands nowhere."""
    ways = _ways(stands, named)
    if not ways:
        return None
    return _any(scope & _any(condition for _, condition in rules) for scope, rules in ways)


def reading(standings, reports):
    """Those of `standings` that read every one of `reports`: the same rule, in one query."""
    rules = {}
    for stands in standings:
        named = Exists(_grants_of(stands).filter(content_object=OuterRef("pk")))
        if (rule := _rule(stands, Q(named))) is not None:
            rules[stands] = Case(When(rule, then=Value(True)), default=Value(False))
    columns = {f"reads_{rank}": rule for rank, rule in enumerate(rules.values())}
    keys = {report.pk for report in reports}
    asked = Report.objects.filter(pk__in=keys).annotate(**columns).answered()
    rows = list(asked.values_list(*columns)) if rules else []
    if len(rows) < len(keys):
        return set()
    return {stands for stands, *answers in zip(rules, *rows, strict=True) if all(answers)}


def is_in_his_area(member, report):
    """A prosecutor reads the area of his own court, whoever names or invites him."""
    return (
        member.role != Role.PROSECUTOR
        or report.commune.court_id == member.unit.court_id is not None
    )


def why_readable(member, report):
    """By which rule `member` reads `report`, or None when he does not."""
    found = readable_reports(member).filter(pk=report.pk).annotate(why=reason(member))
    why = found.values_list("why", flat=True).first()
    return Why(why) if why else None


def reason(member):
    """The same, to annotate reports that were answered to `member`."""
    stands = standing(member)
    ways = _ways(stands, Q(pk__in=_grants_of(stands).values("content_object_id")))
    rules = [(scope & condition, why) for scope, rules in ways for why, condition in rules]
    own = [] if stands.is_guest else [When(owner_id=stands.unit, then=Value(Why.OWN.value))]
    return Case(
        *own,
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
    stands = replace(standing_of_unit(unit), court=unit.court_id)
    return Exists(answer(stands).filter(pk=OuterRef("pk")))


def listed_reports(member, *, for_page=False):
    """What lists, searches and figures rest on: our departments, and what one is invited to.

    What another department shows us has a list of its own: it is neither counted nor summarised
    here, and an OR beside the department would cost every page its index.
    """
    return answer(replace(standing(member), shared_with=()), for_page=for_page)


def shared_reports(member, *, for_page=False):
    """Reports of other departments, shown to ours by their owners."""
    stands = standing(member)
    shown = replace(stands, departments=(), subjects=(), invited=(), invited_elsewhere=())
    return answer(shown, for_page=for_page).exclude(department__in=stands.departments)


def followed_reports(member, *, for_page=False):
    """Those whose life is his to follow: who reads them, what was asked, done and answered.

    Whoever reads from outside, another department or a guest, is given the texts and no more.
    """
    return answer(inside(standing(member)), for_page=for_page)


def inside(stands):
    """What is left of a standing of what leads in from outside."""
    if stands.is_guest:
        return NOWHERE
    return replace(stands, shared_with=(), invited=(), invited_elsewhere=())


def open_reports(departments):
    """Out of draft and open to every contributing unit: what a summary rests on."""
    return Report.objects.filter(department__in=departments, audience=Audience.PROTOCOL).exclude(
        state=State.DRAFT
    )
