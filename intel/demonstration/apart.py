"""What is kept apart, added and handed over: one example of each, so that a new user meets it."""

from datetime import timedelta

from django.utils import timezone

from intel import access
from intel.actions import annexes, complements, handovers, lists, raw_texts
from intel.models import DistributionList, RawText
from intel.models.choices import Origin
from intel.states import NOT_COMPLETED, State
from services.models import Member
from services.roles import Role

SAID = (
    "Elle le tient de son beau-frère, qui y passe tous les jours et qui les a entendus parler de "
    "leur paie. Elle a peur qu’il comprenne d’où cela vient.",
    "Il y joue aux boules le soir avec un ancien camarade de classe, qui s’est vanté devant lui "
    "et lui a montré ses billets.",
    "Elle fait le ménage dans l’immeuble d’en face avant l’aube : de là, elle voit tout.",
)
CHANGED = " Rappelée ce matin, elle précise que cela a cessé depuis la rentrée."
ANNEX = (
    "Ce que nous préparons",
    "Surveillance envisagée la semaine prochaine ; prévenir la permanence avant tout passage.",
)
COMPLEMENTS = (
    "Même signalement recueilli par notre patrouille hier soir, sans identité.",
    "Le véhicule décrit ressemble à celui d’une fiche de notre service.",
)
PROPOSED = "Les faits se sont déplacés dans votre secteur."
HANDED_OVER = "Vous suivez déjà cette équipe."
EVERYWHERE, NEIGHBOURS = "Toute la vallée", "Unités voisines"


def keep_apart(department):
    """One example of each, between the liaisons of the department; made once."""
    liaisons = list(
        Member.objects.in_duty()
        .filter(unit__department=department, role=Role.LIAISON)
        .select_related("unit__department")
        .order_by("pk")
    )
    if len(liaisons) < 2 or DistributionList.objects.filter(unit=liaisons[0].unit_id).exists():
        return
    for liaison in liaisons:
        write_originals(liaison)
    make_lists(liaisons)
    write_annex(liaisons)
    add_complements(liaisons)
    hand_over(liaisons)


def write_originals(liaison):
    """The words of the last sources of a unit; the first of them has said more since."""
    sourced = _alive(liaison).filter(origin=Origin.HUMAN_SOURCE, raw_text=None)
    for rank, (report, said) in enumerate(zip(sourced[: len(SAID)], SAID, strict=False)):
        raw_texts.keep(report, by=liaison, original=raw_texts.Original(said, is_attested=True))
        if rank == 0:
            yesterday = timezone.now() - timedelta(days=1)
            RawText.objects.of(report).update(changed_at=yesterday, attested_at=yesterday)
            more = raw_texts.Original(said + CHANGED, is_attested=False)
            raw_texts.keep(report, by=liaison, original=more)


def make_lists(liaisons):
    """Two lists of the first unit, one inside the other."""
    by, *others = liaisons
    units = [other.unit for other in others]
    inner = lists.save(None, by=by, name=NEIGHBOURS, units=units[:2], lists=[])
    lists.save(None, by=by, name=EVERYWHERE, units=units[2:4], lists=[inner])


def write_annex(liaisons):
    """On an open report of the first unit, named to the second."""
    by, reader = liaisons[:2]
    for report in _open(by)[:1]:
        title, text = ANNEX
        annexes.add(report, by=by, title=title, text=text, units=[reader.unit])


def add_complements(liaisons):
    """The second and the third liaisons, on an open report of the first."""
    for report in _open(liaisons[0])[:1]:
        for liaison, text in zip(liaisons[1:3], COMPLEMENTS, strict=False):
            complements.add(report, by=liaison, text=text)


def hand_over(liaisons):
    """One that waits for an answer; one accepted, whose first unit is not told."""
    first, second = liaisons[:2]
    for report in _open(first)[1:2]:
        handovers.propose(report, by=first, target=second.unit, why=PROPOSED)
    for report in _open(second).filter(taskings=None)[:1]:
        proposed = handovers.propose(
            report, by=second, target=first.unit, why=HANDED_OVER, hides_origin=True
        )
        handovers.accept(proposed, by=first)


def _alive(liaison):
    """The unit's own reports that others read, latest first."""
    ours = access.editable_reports(liaison).exclude(state=State.DRAFT)
    return ours.order_by("-received_at", "pk")


def _open(liaison):
    """Those open to everybody, and told by no source."""
    reports = access.shareable_reports(liaison).exclude(state__in=NOT_COMPLETED)
    return reports.exclude(origin=Origin.HUMAN_SOURCE).order_by("-received_at", "pk")
