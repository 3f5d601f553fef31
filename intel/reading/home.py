"""What the home page of each role gathers. Every figure is a link to the very list it counts."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from cross.ui.templatetags.words import plural
from intel import access
from intel.models import Complement, Edition, Feedback, Restriction, Summary, Tasking
from intel.reading import contributions, taskings
from intel.reading.capped import Capped, count_each
from intel.reading.filters import STAGES
from intel.reading.requests import invitations_to
from intel.reading.summaries import large_map, small_map
from intel.reading.triage import LATE_AFTER
from intel.states import State
from services.roles import DUTIES, Right, Role, may

SHOWN = 8
COMPLEMENTS_SHOWN = timedelta(days=14)


@dataclass(frozen=True)
class Figure:
    value: int | Capped
    label: str
    url: str
    detail: str = ""
    tone: str = ""

    @property
    def words(self):
        """The label, agreed with the value where it says how: "note validée,notes validées"."""
        value = self.value.value if isinstance(self.value, Capped) else self.value
        return plural(value, self.label) if "," in self.label else self.label


def _in_stage(reports, name):
    return reports.filter(state__in=STAGES[name][1])


def _list(**filters):
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return f"{reverse('report_list')}?{query}"


def _count(**querysets):
    """A Capped under each name, in one query."""
    return dict(zip(querysets, count_each(querysets.values()), strict=True))


def of_the_cell(member):
    """For the analyst and the animator: what waits, what is late, what came last."""
    department = Q(department=member.unit.department_id)
    reports = access.listed_reports(member, for_page=True).filter(department)
    late = timezone.now() - LATE_AFTER
    overdue = _overdue_taskings(reports)
    counts = _count(
        waiting=_in_stage(reports, "a_trier"),
        late=_in_stage(reports, "a_trier").filter(received_at__lt=late),
        urgent=reports.filter(state=State.URGENT),
        to_complete=_in_stage(reports, "a_completer"),
        evaluated=_in_stage(reports, "en_evaluation"),
        directed=_in_stage(reports, "orientes"),
        to_feed_back=_in_stage(reports, "retour_a_faire"),
        overdue=overdue,
    )
    figures = [
        Figure(
            counts["waiting"],
            "à trier",
            reverse("triage_queue"),
            _details(counts["urgent"], "urgent", counts["late"], "de plus de cinq jours"),
            "alert" if counts["late"] or counts["urgent"] else "",
        ),
        Figure(counts["to_complete"], "à compléter", _list(etat="a_completer")),
        Figure(counts["evaluated"], "en évaluation", _list(etat="en_evaluation")),
        Figure(
            counts["directed"],
            "orienté (réponse attendue),orientés (réponse attendue)",
            _list(etat="orientes"),
            _details(counts["overdue"], "en retard"),
        ),
        Figure(
            counts["to_feed_back"], "retour à faire,retours à faire", _list(etat="retour_a_faire")
        ),
    ]
    return {
        "figures": figures,
        "overdue": list(overdue[:SHOWN]),
        "complements": _complements_to(member),
        "restrictions": _to_review(member),
        "latest": _latest(member),
        **_summarised(member),
    }


def of_a_liaison(member):
    """For a liaison: what is asked of the unit, what became of its contributions, what is new."""
    reports = access.listed_reports(member, for_page=True)
    ours = reports.owned_by(member.unit_id)
    asked = _asked_of(member)
    week = timezone.now() - timedelta(days=7)
    counts = _count(
        asked=asked,
        asked_late=asked.filter(taskings.late()),
        drafts=ours.filter(state=State.DRAFT),
        to_complete=ours.filter(state=State.TO_COMPLETE),
        contributed=ours.exclude(state=State.DRAFT),
        recent=reports.exclude(state=State.DRAFT).filter(received_at__gte=week),
    )
    told = Feedback.objects.of_all(reports).filter(unit=member.unit_id)
    feedbacks = list(told.select_related("report").order_by("-at", "-pk")[:SHOWN])
    since = timezone.localdate() - timedelta(days=7)
    restrictions = _to_review(member)
    waits = any(counts[name] for name in ("asked", "to_complete", "drafts"))
    return {
        "figures": [
            Figure(
                counts["asked"],
                "à prendre en compte ou à répondre",
                reverse("tasking_list"),
                _details(counts["asked_late"], "en retard"),
                "alert" if counts["asked_late"] else "",
            ),
            Figure(
                counts["to_complete"],
                "à compléter par nous",
                _list(etat="a_completer", qui="unite"),
            ),
            Figure(
                counts["recent"],
                "nouveau en sept jours,nouveaux en sept jours",
                _list(recu_du=since.isoformat()),
            ),
            Figure(
                counts["contributed"], "fiche de mon unité,fiches de mon unité", _list(qui="unite")
            ),
            Figure(
                counts["drafts"], "brouillon,brouillons", _list(etat="brouillons", qui="unite")
            ),
        ],
        "is_quiet": not (waits or restrictions),
        "asked": taskings.with_lateness(list(asked[:SHOWN])),
        "invitations": invitations_to(member),
        "feedbacks": feedbacks,
        "complements": _complements_to(member),
        "restrictions": restrictions,
        "latest": _latest(member),
        **_summarised(member),
    }


def of_the_prefecture(member):
    """For the prefecture: the last summaries, the notes, and no report."""
    editions = access.readable_editions(member)
    summaries = access.readable_summaries(member)
    counts = editions.aggregate(
        drafts=Count("pk", filter=Q(state=Edition.State.DRAFT)),
        validated=Count("pk", filter=Q(state=Edition.State.VALIDATED)),
    )
    return {
        "figures": [
            Figure(
                counts["drafts"],
                "note en rédaction,notes en rédaction",
                f"{reverse('edition_list')}?etat=brouillon",
            ),
            Figure(
                counts["validated"],
                "note validée,notes validées",
                f"{reverse('edition_list')}?etat=validee",
            ),
            Figure(
                summaries.values("period").distinct().count(),
                "période résumée,périodes résumées",
                reverse("summary_list"),
            ),
        ],
        **_summarised(member, is_large=True),
        "editions": list(
            editions.select_related("summary").order_by("-created_at", "-pk")[:SHOWN]
        ),
    }


def of_a_reader(member):
    """For a reader, a prosecutor or a guest: what they may open, latest first."""
    reports = access.listed_reports(member, for_page=True)
    return {
        "figures": [
            Figure(
                _count(reports=reports)["reports"],
                "fiche que vous pouvez ouvrir,fiches que vous pouvez ouvrir",
                reverse("report_list"),
            )
        ],
        "duty": DUTIES[Role(member.role)],
        "invitations": invitations_to(member),
        "latest": _latest(member),
        **_summarised(member),
        "editions": list(access.readable_editions(member).order_by("-created_at", "-pk")[:SHOWN])
        if may(Right.READ_EDITIONS)(member)
        else [],
    }


def of_a_partner(member):
    """For whoever reads nothing: what became of the contributions of his unit, and no more."""
    return {"board": contributions.board_of(member)}


def _details(*pairs):
    """ "2 urgents, 3 de plus de cinq jours": what is none is not said."""
    said = [
        f"{count} {words}{'s' if count.value > 1 and ' ' not in words else ''}"
        for count, words in zip(pairs[::2], pairs[1::2], strict=True)
        if count
    ]
    return ", ".join(said)


def _latest(member):
    return list(
        access.listed_reports(member, for_page=True)
        .exclude(state=State.DRAFT)
        .select_related("commune", "owner")
        .order_by("-received_at", "-pk")[:SHOWN]
    )


def _overdue_taskings(reports):
    return (
        Tasking.objects.of_all(reports.filter(state__in=[State.DIRECTED, State.ACKNOWLEDGED]))
        .filter(answer__in=["", State.ACKNOWLEDGED], answer_by__lt=timezone.localdate())
        .select_related("report", "unit")
        .order_by("answer_by", "pk")
    )


def _asked_of(member):
    """Directed to my unit and waiting for its answer, nearest date first."""
    expected = taskings.rows_of(member, taskings.FIRST.name)
    return expected.select_related("report__commune").order_by("answer_by", "pk")


def _complements_to(member):
    """What other units added lately to the reports of the member's own, latest first."""
    since = timezone.now() - COMPLEMENTS_SHOWN
    return list(
        Complement.objects.of_all(access.readable_reports(member).owned_by(member.unit_id))
        .filter(at__gte=since)
        .exclude(by__unit=member.unit_id)
        .select_related("report", "by__unit")
        .order_by("-at", "-pk")[:SHOWN]
    )


def _to_review(member):
    """Restrictions of the member's own unit whose review date is near or past."""
    if not may(Right.WRITE)(member):
        return []
    soon = timezone.localdate() + timedelta(days=7)
    return list(
        Restriction.objects.of_all(access.editable_reports(member, for_page=True))
        .filter(review_on__lte=soon)
        .select_related("report")
        .order_by("review_on", "pk")[:SHOWN]
    )


def _summarised(member, *, is_large=False):
    """In one query: `summaries`, one of each of the last periods, and `mapped`, the last quarter
    summarised for this member with its map, or None before the first one."""
    readable = access.readable_summaries(member)
    latest = readable.order_by("-ends_on", "-starts_on", "-version")
    quarters = latest.filter(period__contains="Q")
    wanted = Q(pk__in=latest.values("pk")[: SHOWN * 2]) | Q(pk__in=quarters.values("pk")[:1])
    found = list(latest.filter(wanted).select_related("department"))
    by_period: dict[str, Summary] = {}
    for summary in found:
        by_period.setdefault(summary.period, summary)
    quarter = next((each for each in found if "Q" in each.period), None)
    return {
        "summaries": list(by_period.values())[:4],
        "mapped": quarter and _mapped(quarter, is_large=is_large),
    }


def _mapped(summary, *, is_large):
    large = large_map(summary.pk) if is_large else ""
    return {"summary": summary, "svg": small_map(summary.pk), "large": large}
