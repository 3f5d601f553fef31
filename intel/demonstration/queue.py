"""What the cell finds in its queue: a tip told by several neighbours, one given, one put aside."""

from datetime import timedelta

from django.utils import timezone

from intel import access
from intel.actions import desk, malice
from intel.demonstration.links import analyst_of
from intel.models import Audience, Docket, Identifier, Report, Tip
from intel.models.choices import Origin
from intel.states import State
from services.models import Member
from services.roles import Role

# What each neighbour adds to the same text.
TOLD_AGAIN = (
    "Merci de faire quelque chose.",
    "Les enfants n'osent plus passer.",
    "Nous sommes plusieurs à le voir.",
)
COPIED = ("commune", "neighbourhood", "place", "products", "modes", "vehicles", "persons",
          "days_and_hours", "occurred_on", "occurred_until")  # fmt: skip
DUE_DAYS, ASIDE_DAYS = 2, 4
AWAITED = "La mairie rappelle avec le numéro du hall"


def tell_again(department):
    """Some of the tips that wait say what the first of them says: neighbours of one street."""
    waiting = _waiting(department).filter(tip__isnull=False).order_by("received_at", "pk")
    cited = Identifier.objects.filter(report__in=waiting.values("pk"))
    found = list(waiting.exclude(pk__in=cited.values("report")))
    if len(found) <= len(TOLD_AGAIN):
        return
    first = max(found, key=lambda report: len(report.facts))
    others = [report for report in found if report.pk != first.pk]
    for report, more in zip(others, TOLD_AGAIN, strict=False):
        for name in COPIED:
            setattr(report, name, getattr(first, name))
        report.subject, report.facts = first.subject, f"{first.facts} {more}"
        report.save(update_fields=["subject", "facts", *COPIED])
        tip = Tip.objects.of(report).get()
        tip.raw_text = report.facts
        tip.save(update_fields=["raw_text"])


def _waiting(department):
    """The tips as they came: nothing was done of them, nothing hangs on them but the tip."""
    waiting = Report.objects.filter(
        department=department,
        state=State.RECEIVED,
        origin=Origin.CITIZEN,
        audience=Audience.PROTOCOL,
        version=1,
    )
    return waiting.filter(amounts=None, attachments=None).unguarded(
        because="inventing the demonstration"
    )


def share_out(department):
    """One of each act, made once, by the analyst and the animator of the cell."""
    analyst = analyst_of(department)
    dockets = Docket.objects.filter(report__department=department)
    if analyst is None or dockets.exists():
        return
    animators = Member.objects.filter(unit=analyst.unit, role=Role.ANIMATOR)
    animator = animators.order_by("pk").first() or analyst
    waiting = list(access.triable_reports(analyst).order_by("-received_at", "-pk")[:2])
    today = timezone.localdate()
    for report in waiting[:1]:
        desk.assign(report, by=animator, to=analyst, due_on=today + timedelta(days=DUE_DAYS))
    for report in waiting[1:]:
        until = today + timedelta(days=ASIDE_DAYS)
        desk.put_aside(report, by=animator, until=until, why=AWAITED)
    say_malicious(analyst)


def say_malicious(analyst):
    """Once for all departments: its text is then that of no other report."""
    if not Docket.objects.exclude(malice="").exists():
        for report in access.forgettable_reports(analyst).order_by("-received_at", "-pk")[2:3]:
            malice.forget(report, by=analyst, malice=Docket.Malice.SLANDER)
