"""What the home page of each role gathers. Every figure is a link to the very list it counts."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from cross.ui.templatetags.words import plural
from intel import access
from intel.models import Complement, Edition, Feedback, Summary
from intel.models.life import return_is_late
from intel.reading import contributions, restrictions, taskings, triage, visits
from intel.reading.capped import Capped, count_each
from intel.reading.editions import essential_of, latest_in_force, on_home
from intel.reading.filters import STAGES
from intel.reading.referrals import sent_to_court_of
from intel.reading.requests import invitations_to
from intel.reading.requests import waiting_of as requests_waiting
from intel.reading.silence import silence_of
from intel.reading.summaries import large_map, small_map
from intel.reading.unit_work import waiting_of as tasks_waiting
from intel.states import State
from protocols import access as protocols
from protocols.reading import renewals
from protocols.reading.strategy import LATE
from protocols.states import StrategyState
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


@dataclass(frozen=True)
class Group:
    """Figures of one kind, each a link to its list; `quiet` says what to do when all are zero."""

    title: str
    figures: list
    quiet: str
    quiet_url: str = ""

    @property
    def waits(self):
        return any(figure.value for figure in self.figures)


def _counted(lines):
    """Figures of `lines`, triples of (label, address, querysets) and a tone: one query for all."""
    rows = [queryset for _, _, querysets, *_ in lines for queryset in querysets]
    found = iter(count_each(rows))
    return [
        Figure(_sum([next(found) for _ in querysets]), label, url, tone=tone[0] if tone else "")
        for label, url, querysets, *tone in lines
    ]


def _sum(counts):
    return Capped(sum(each.value for each in counts), any(each.is_capped for each in counts))


def _grouped(*groups):
    """Groups of (title, quiet sentence, address, lines), all of their figures in one query."""
    figures = iter(_counted([line for *_, lines in groups for line in lines]))
    return [
        Group(title, [next(figures) for _ in lines], quiet, url)
        for title, quiet, url, lines in groups
    ]


def of_the_cell(member, since):
    """For the analyst and the animator: what waits, what is late, who should speak, what is owed,
    what is new since the last visit."""
    department = Q(department=member.unit.department_id)
    reports = access.listed_reports(member, for_page=True).filter(department)
    late = taskings.rows_of(member, "en-retard", of_the_cell=True)
    groups = _grouped(
        (
            "À faire",
            "Rien n’attend la cellule. Vous avez appris quelque chose ? Saisissez-le.",
            reverse("new_report"),
            [
                ("urgent,urgents", _queue(urgent="on"), [_queued(member, urgent="on")], ALERT),
                ("à trier", reverse("triage_queue"), [_queued(member)]),
                (
                    "en évaluation",
                    _list(etat="en_evaluation"),
                    [_in_stage(reports, "en_evaluation")],
                ),
                (
                    "attribué à vous,attribués à vous",
                    _queue(voir="moi"),
                    [_queued(member, voir="moi")],
                ),
                _asked_of_unit(member),
                _tasks_of(member),
                _said_to_unit(member),
                _restrictions_of(member),
            ],
        ),
        (
            "En retard",
            "Rien n’est en retard.",
            "",
            [
                ("à trier", _queue(voir="retard"), [_queued(member, voir="retard")], ALERT),
                (
                    "à compléter par son unité",
                    _queue(file="completer", voir="retard"),
                    [_queued(member, file="completer", voir="retard")],
                    ALERT,
                ),
                ("orientation,orientations", _taskings("en-retard"), [late], ALERT),
                (
                    "retour à faire,retours à faire",
                    _list(etat="retour_a_faire", retour="en_retard"),
                    [_in_stage(reports, "retour_a_faire").filter(return_is_late())],
                    ALERT,
                ),
                _overdue_restrictions_of(member),
                _late_actions_of(member),
            ],
        ),
        _conflicts_of(member),
        (
            "Suites et retours",
            "Aucun retour à faire, et rien n’est entre les mains d’une unité.",
            "",
            [
                (
                    "retour à faire,retours à faire",
                    _list(etat="retour_a_faire"),
                    [_in_stage(reports, "retour_a_faire")],
                ),
                (
                    "orientation refusée,orientations refusées",
                    _taskings("refusees"),
                    [taskings.rows_of(member, "refusees", of_the_cell=True)],
                ),
                (
                    "réponse attendue,réponses attendues",
                    _taskings("attendues"),
                    [taskings.rows_of(member, "attendues", of_the_cell=True)],
                ),
                (
                    "à compléter par son unité",
                    _list(etat="a_completer"),
                    [_in_stage(reports, "a_completer")],
                ),
            ],
        ),
        _news_of(member, since),
    )
    overdue = late.select_related("report", "unit").with_lateness().order_by("answer_by", "pk")
    return {
        "groups": groups,
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
    groups = _grouped(
        (
            "À faire",
            "Rien n’attend votre unité. Vous avez appris quelque chose ? Saisissez-le.",
            reverse("new_report"),
            [
                ("à prendre en compte ou à répondre", reverse("tasking_list"), [asked]),
                (
                    "à compléter par nous",
                    _list(etat="a_completer", qui="unite"),
                    [ours.filter(state=State.TO_COMPLETE)],
                ),
                _asked_of_unit(member),
                _tasks_of(member),
                _said_to_unit(member),
                _restrictions_of(member),
                (
                    "brouillon,brouillons",
                    _list(etat="brouillons", qui="unite"),
                    [ours.filter(state=State.DRAFT)],
                ),
                _actions_of(member),
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
                _overdue_restrictions_of(member),
                _late_actions_of(member),
            ],
        ),
        _conflicts_of(member),
        (
            "Nos contributions",
            "Votre unité n’a encore rien transmis.",
            reverse("new_report"),
            [
                (
                    "fiche de mon unité,fiches de mon unité",
                    _list(qui="unite"),
                    [ours],
                ),
            ],
        ),
        _news_of(member, since),
    )
    told = Feedback.objects.of_all(access.listed_reports(member, for_page=True))
    feedbacks = told.filter(unit=member.unit_id).select_related("report")
    return {
        "groups": groups,
        "since": since,
        "asked": list(asked.with_lateness()[:SHOWN]),
        "invitations": invitations_to(member),
        "feedbacks": list(feedbacks.order_by("-at", "-pk")[:SHOWN]),
        "complements": _complements_to(member),
        "restrictions": _to_review(member),
        "latest": _latest(member),
        **_summarised(member),
    }


# --- Lines of several home pages: (label, address, what is counted), and a tone ---------------

ALERT = "alert"


def _queue(**said):
    return f"{reverse('triage_queue')}?{urlencode(said)}"


def _queued(member, **said):
    """The queue of triage that this address opens."""
    return triage.waiting(member, triage.asked_by(said))


def _taskings(name):
    return f"{reverse('tasking_list')}?vue={taskings.CELL}&file={name}"


def _asked_of_unit(member):
    return (
        "demande qui attend votre réponse,demandes qui attendent votre réponse",
        reverse("request_list"),
        requests_waiting(member),
    )


def _actions_of(member):
    return (
        "action de notre unité,actions de notre unité",
        f"{reverse('strategy_list')}?unite={member.unit_id}",
        [protocols.own_actions(member)],
    )


def _late_actions_of(member):
    late = protocols.own_actions(member).late(timezone.localdate())
    return (
        "action de la stratégie,actions de la stratégie",
        f"{reverse('strategy_list')}?unite={member.unit_id}&voir={LATE}",
        [late],
        ALERT,
    )


def _tasks_of(member):
    return (
        "tâche à faire,tâches à faire",
        f"{reverse('request_list')}#taches",
        tasks_waiting(member),
    )


def _said_to_unit(member):
    """In the discussion of a report, by name: unread until this member has been there."""
    kind = "mention.made"
    return (
        "message adressé à votre unité,messages adressés à votre unité",
        f"{reverse('notification_list')}?sujet={kind}",
        [access.unseen_notifications(member).filter(kind=kind)],
    )


def _restrictions_of(member):
    return (
        "restriction à revoir,restrictions à revoir",
        reverse("restriction_list"),
        [restrictions.to_review(member)],
    )


def _overdue_restrictions_of(member):
    """One whose day comes is not late: it stands in « À faire »."""
    return (
        "restriction dépassée,restrictions dépassées",
        f"{reverse('restriction_list')}?voir={restrictions.OVERDUE}",
        [restrictions.overdue(member)],
        ALERT,
    )


def _conflicts_of(member):
    """« Aucun conflit connu » is for him alone who is told of those between two other units."""
    board, ahead = reverse("deconfliction"), "Déclarez vos opérations pour l’apprendre à temps."
    lines = [("unité à appeler,unités à appeler", board, [access.units_to_call(member)], ALERT)]
    if may(Right.ADMIT)(member):
        together = "conflit entre deux unités à mettre en relation,conflits à mettre en relation"
        lines.append((together, board, [access.coordinated_hits(member)], ALERT))
        quiet = f"Aucun conflit connu. {ahead}"
    else:
        quiet = f"Aucun conflit connu de votre unité. {ahead}"
        if may(Right.DIRECT)(member):
            quiet += " Ceux de deux autres unités sont suivis par l’animateur de la cellule."
    return "Conflits", quiet, board, lines


def _news_of(member, since):
    address = reverse("since_visit")
    return (
        "Depuis votre dernière visite",
        "Aucune fiche nouvelle, modifiée ni complétée.",
        "",
        [
            (visits.TABS[name][1], f"{address}?quoi={name}", [rows])
            for name, rows in visits.rows_of(member, since).items()
        ],
    )


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
        "groups": _grouped(
            _news_of(member, since),
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
