"""Figures of the home pages, each a link to its list, and the lines that several pages share."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from cross.ui.templatetags.words import plural
from intel import access
from intel.reading import restrictions, taskings, triage, visits
from intel.reading.capped import Capped, count_each
from intel.reading.filters import STAGES
from intel.reading.requests import waiting_of as requests_waiting
from intel.reading.unit_work import waiting_of as tasks_waiting
from protocols import access as protocols
from protocols.reading.strategy import LATE
from services import access as accounts
from services.roles import Right, may

ALERT = "alert"


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


def in_stage(reports, name):
    return reports.filter(state__in=STAGES[name][1])


def list_address(**filters):
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

    @property
    def total(self):
        return sum(figure.value.value for figure in self.figures)


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


def grouped(*groups):
    """Groups of (title, quiet sentence, address, lines), all of their figures in one query."""
    figures = iter(_counted([line for *_, lines in groups for line in lines]))
    return [
        Group(title, [next(figures) for _ in lines], quiet, url)
        for title, quiet, url, lines in groups
    ]


# --- Lines of several home pages: (label, address, what is counted), and a tone ---------------


def queue_address(**said):
    return f"{reverse('triage_queue')}?{urlencode(said)}"


def queued(member, **said):
    """The queue of triage that this address opens."""
    return triage.waiting(member, triage.asked_by(said))


def taskings_address(name):
    return f"{reverse('tasking_list')}?vue={taskings.CELL}&file={name}"


def second_person_for(member):
    """A group by itself: lost factors that wait for him as a second person."""
    return "", "", "", [("", "", [accounts.waiting_withdrawals(member)])]


def asked_of_unit(member):
    return (
        "demande qui attend votre réponse,demandes qui attendent votre réponse",
        reverse("request_list"),
        requests_waiting(member),
    )


def actions_of(member):
    return (
        "action de notre unité,actions de notre unité",
        f"{reverse('strategy_list')}?unite={member.unit_id}",
        [protocols.own_actions(member)],
    )


def late_actions_of(member):
    late = protocols.own_actions(member).late(timezone.localdate())
    return (
        "action de la stratégie,actions de la stratégie",
        f"{reverse('strategy_list')}?unite={member.unit_id}&voir={LATE}",
        [late],
        ALERT,
    )


def tasks_of(member):
    return (
        "tâche à faire,tâches à faire",
        f"{reverse('request_list')}#taches",
        tasks_waiting(member),
    )


def said_to_unit(member):
    """In the discussion of a report, by name: unread until this member has been there."""
    kind = "mention.made"
    return (
        "message adressé à votre unité,messages adressés à votre unité",
        f"{reverse('notification_list')}?sujet={kind}",
        [access.unseen_notifications(member).filter(kind=kind)],
    )


def restrictions_of(member):
    return (
        "restriction à revoir,restrictions à revoir",
        reverse("restriction_list"),
        [restrictions.to_review(member)],
    )


def overdue_restrictions_of(member):
    """One whose day comes is not late: it stands in « À faire »."""
    return (
        "restriction dépassée,restrictions dépassées",
        f"{reverse('restriction_list')}?voir={restrictions.OVERDUE}",
        [restrictions.overdue(member)],
        ALERT,
    )


def conflicts_of(member):
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


def news_of(member, since):
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
