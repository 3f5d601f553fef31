"""What the home page of each role gathers. Every figure is a link to the very list it counts."""

from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from intel import access
from intel.models import Complement, Edition, Feedback, Summary
from intel.models.life import return_is_late
from intel.reading import contributions, restrictions, taskings
from intel.reading.editions import essential_of, latest_in_force, on_home
from intel.reading.home_figures import (
    ALERT,
    Figure,
    actions_of,
    asked_of_unit,
    conflicts_of,
    grouped,
    in_stage,
    late_actions_of,
    list_address,
    news_of,
    overdue_restrictions_of,
    queue_address,
    queued,
    restrictions_of,
    said_to_unit,
    second_person_for,
    taskings_address,
    tasks_of,
)
from intel.reading.referrals import sent_to_court_of
from intel.reading.requests import invitations_to
from intel.reading.silence import silence_of
from intel.reading.summaries import large_map, small_map
from intel.states import State
from protocols import access as protocols
from protocols.reading import renewals
from protocols.reading.strategy import LATE
from protocols.states import StrategyState
from services.roles import DUTIES, Right, Role, may

SHOWN = 8
COMPLEMENTS_SHOWN = timedelta(days=14)


def of_the_cell(member, since):
    """For the analyst and the animator: what waits, what is late, who should speak, what is owed,
    what is new since the last visit."""
    department = Q(department=member.unit.department_id)
    reports = access.listed_reports(member, for_page=True).filter(department)
    late = taskings.rows_of(member, "en-retard", of_the_cell=True)
    *groups, second = grouped(
        (
            "À faire",
            "Rien n’attend la cellule. Vous avez appris quelque chose ? Saisissez-le.",
            reverse("new_report"),
            [
                (
                    "urgent,urgents",
                    queue_address(urgent="on"),
                    [queued(member, urgent="on")],
                    ALERT,
                ),
                ("à trier", reverse("triage_queue"), [queued(member)]),
                (
                    "en évaluation",
                    list_address(etat="en_evaluation"),
                    [in_stage(reports, "en_evaluation")],
                ),
                (
                    "attribué à vous,attribués à vous",
                    queue_address(voir="moi"),
                    [queued(member, voir="moi")],
                ),
                asked_of_unit(member),
                tasks_of(member),
                said_to_unit(member),
                restrictions_of(member),
            ],
        ),
        (
            "En retard",
            "Rien n’est en retard.",
            "",
            [
                ("à trier", queue_address(voir="retard"), [queued(member, voir="retard")], ALERT),
                (
                    "à compléter par son unité",
                    queue_address(file="completer", voir="retard"),
                    [queued(member, file="completer", voir="retard")],
                    ALERT,
                ),
                ("orientation,orientations", taskings_address("en-retard"), [late], ALERT),
                (
                    "retour à faire,retours à faire",
                    list_address(etat="retour_a_faire", retour="en_retard"),
                    [in_stage(reports, "retour_a_faire").filter(return_is_late())],
                    ALERT,
                ),
                overdue_restrictions_of(member),
                late_actions_of(member),
            ],
        ),
        conflicts_of(member),
        (
            "Suites et retours",
            "Aucun retour à faire, et rien n’est entre les mains d’une unité.",
            "",
            [
                (
                    "retour à faire,retours à faire",
                    list_address(etat="retour_a_faire"),
                    [in_stage(reports, "retour_a_faire")],
                ),
                (
                    "orientation refusée,orientations refusées",
                    taskings_address("refusees"),
                    [taskings.rows_of(member, "refusees", of_the_cell=True)],
                ),
                (
                    "réponse attendue,réponses attendues",
                    taskings_address("attendues"),
                    [taskings.rows_of(member, "attendues", of_the_cell=True)],
                ),
                (
                    "à compléter par son unité",
                    list_address(etat="a_completer"),
                    [in_stage(reports, "a_completer")],
                ),
            ],
        ),
        news_of(member, since),
        second_person_for(member),
    )
    overdue = late.select_related("report", "unit").with_lateness().order_by("answer_by", "pk")
    return {
        "groups": groups,
        "withdrawals_to_confirm": second.total,
        "since": since,
        "overdue": list(overdue[:SHOWN]),
        "complements": _complements_to(member),
        "restrictions": _to_review(member),
        "latest": _latest(member),
        "renewal": renewals.ending_of(member),
        **_summarised(member),
    }


def of_a_liaison(member, since):
    """For a liaison: what is asked of the unit, what is late, who should speak, what became of its
    contributions, what is new since the last visit."""
    ours = access.listed_reports(member, for_page=True).owned_by(member.unit_id)
    asked = _asked_of(member)
    *groups, second = grouped(
        (
            "À faire",
            "Rien n’attend votre unité. Vous avez appris quelque chose ? Saisissez-le.",
            reverse("new_report"),
            [
                ("à prendre en compte ou à répondre", reverse("tasking_list"), [asked]),
                (
                    "à compléter par nous",
                    list_address(etat="a_completer", qui="unite"),
                    [ours.filter(state=State.TO_COMPLETE)],
                ),
                asked_of_unit(member),
                tasks_of(member),
                said_to_unit(member),
                restrictions_of(member),
                (
                    "brouillon,brouillons",
                    list_address(etat="brouillons", qui="unite"),
                    [ours.filter(state=State.DRAFT)],
                ),
                actions_of(member),
            ],
        ),
        (
            "En retard",
            "Rien n’est en retard.",
            "",
            [
                (
                    "orientation,orientations",
                    f"{reverse('tasking_list')}?file=en-retard",
                    [taskings.rows_of(member, "en-retard")],
                    ALERT,
                ),
                overdue_restrictions_of(member),
                late_actions_of(member),
            ],
        ),
        conflicts_of(member),
        (
            "Nos contributions",
            "Votre unité n’a encore rien transmis.",
            reverse("new_report"),
            [
                (
                    "fiche de mon unité,fiches de mon unité",
                    list_address(qui="unite"),
                    [ours],
                ),
            ],
        ),
        news_of(member, since),
        second_person_for(member),
    )
    told = Feedback.objects.of_all(access.listed_reports(member, for_page=True))
    feedbacks = told.filter(unit=member.unit_id).select_related("report")
    return {
        "groups": groups,
        "withdrawals_to_confirm": second.total,
        "since": since,
        "asked": list(asked.with_lateness()[:SHOWN]),
        "invitations": invitations_to(member),
        "feedbacks": list(feedbacks.order_by("-at", "-pk")[:SHOWN]),
        "complements": _complements_to(member),
        "restrictions": _to_review(member),
        "latest": _latest(member),
        **_summarised(member),
    }


def of_the_prefecture(member, since):
    """For the prefecture: the last summaries, the notes, and no report."""
    editions = access.readable_editions(member)
    summaries = access.readable_summaries(member)
    adopted = protocols.readable_actions(member).filter(
        axis__strategy__state=StrategyState.ADOPTED
    )
    late = adopted.late(timezone.localdate()).count()
    counts = editions.aggregate(
        drafts=Count("pk", filter=Q(state=Edition.State.DRAFT)),
        waiting=Count("pk", filter=Q(state__in=[Edition.State.PROPOSED, Edition.State.VALIDATED])),
    )
    return {
        "figures": [
            Figure(
                counts["drafts"],
                "note en rédaction,notes en rédaction",
                f"{reverse('edition_list')}?etat=brouillon",
            ),
            Figure(
                counts["waiting"],
                "note à publier,notes à publier",
                f"{reverse('edition_list')}?etat=a_publier",
            ),
            Figure(
                late,
                "action en retard,actions en retard",
                f"{reverse('strategy_list')}?voir={LATE}",
                tone=ALERT if late else "",
            ),
            Figure(
                summaries.values("period").distinct().count(),
                "période résumée,périodes résumées",
                reverse("summary_list"),
            ),
        ],
        **_summarised(member, is_large=True),
        "essential": _essential(summaries),
        "renewal": renewals.ending_of(member),
        "in_force": latest_in_force(editions),
        "editions": on_home(member, size=SHOWN),
    }


def _essential(summaries):
    """The last quarter that has ended, in sentences, or None: half a quarter against a whole one
    would read as a fall."""
    latest = summaries.quarters().whole().order_by("-ends_on", "-version").first()
    return latest and {"summary": latest, "words": essential_of(latest.pk)}


def of_a_reader(member, since):
    """For a reader, a prosecutor or a guest: what is new, and what they may open."""
    opened = "fiche que vous pouvez ouvrir,fiches que vous pouvez ouvrir"
    reports = access.listed_reports(member, for_page=True)
    invitations = invitations_to(member)
    return {
        "groups": grouped(
            news_of(member, since),
            (
                "Ce qui vous est ouvert",
                "Aucune fiche ne vous est ouverte. On vous a donné une référence ? "
                "Demandez la fiche.",
                reverse("ask_access"),
                [(opened, reverse("report_list"), [reports])],
            ),
        ),
        "since": since,
        "duty": DUTIES[Role(member.role)],
        "invitations": invitations,
        "sent": sent_to_court_of(member) if member.role == Role.PROSECUTOR else None,
        # Those he is invited to are already above.
        "latest": _latest(member, but=[each.content_object_id for each in invitations]),
        **_summarised(member),
        "editions": on_home(member, size=SHOWN) if may(Right.READ_EDITIONS)(member) else [],
    }


def of_a_partner(member, since):
    """For whoever reads nothing: what became of the contributions of his unit, and no more."""
    return {"board": contributions.board_of(member)}


def _latest(member, *, but=()):
    return list(
        access.listed_reports(member, for_page=True)
        .exclude(state=State.DRAFT)
        .exclude(pk__in=but)
        .select_related("commune", "owner")
        .order_by("-received_at", "-pk")[:SHOWN]
    )


def _asked_of(member):
    """Directed to my unit and waiting for its answer, nearest date first."""
    expected = taskings.rows_of(member, taskings.FIRST.name)
    return expected.select_related("report__commune").order_by("answer_by", "pk")


def _complements_to(member):
    """What other units added lately to the reports of the member's own, latest first."""
    since = timezone.now() - COMPLEMENTS_SHOWN
    found = list(
        Complement.objects.of_all(access.readable_reports(member).owned_by(member.unit_id))
        .filter(at__gte=since)
        .exclude(by__unit=member.unit_id)
        .select_related("report", "by__unit")
        .order_by("-at", "-pk")[:SHOWN]
    )
    for each in found:
        each.is_opinion = each.by.role == Role.GUEST
        silence_of(each.report, member).over_complements([each])
    return found


def _to_review(member):
    """Restrictions of the member's own unit whose review date is near or past, the first."""
    rows = restrictions.to_review(member).select_related("report")
    return list(rows.order_by("review_on", "pk")[:SHOWN])


def _summarised(member, *, is_large=False):
    """In one query: `summaries`, one of each of the last periods, and `mapped`, the last quarter
    summarised for this member with its map, or None before the first one."""
    readable = access.readable_summaries(member)
    latest = readable.order_by("-ends_on", "-starts_on", "-version")
    quarters = latest.quarters()
    wanted = Q(pk__in=latest.values("pk")[: SHOWN * 2]) | Q(pk__in=quarters.values("pk")[:1])
    found = list(latest.filter(wanted).select_related("department"))
    by_period: dict[str, Summary] = {}
    for summary in found:
        by_period.setdefault(summary.period, summary)
    quarter = next((each for each in found if each.is_quarter), None)
    return {
        "summaries": list(by_period.values())[:4],
        "mapped": quarter and _mapped(quarter, is_large=is_large),
    }


def _mapped(summary, *, is_large):
    large = large_map(summary.pk) if is_large else ""
    return {"summary": summary, "svg": small_map(summary.pk), "large": large}
