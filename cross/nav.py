"""The menu as data, and what every page shows around its content.

An entry appears when the member may open its page: `seen_by` is a predicate over members, the same
that the page's own door asks (`tests/house` holds the two together).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property

from cross import gate
from intel import access
from intel.notices import may_be_told
from intel.reading import deconfliction, notices, requests, taskings, unit_work
from intel.reading.capped import count_each
from services.roles import SUMMARIES, Right, may, may_any, may_not

COUNTED_UP_TO = 100


@dataclass(frozen=True)
class Entry:
    """One line of the menu. `name` is that of its address; `children` makes it open on others.

    `counted` gives the querysets of what waits there for a member: all are counted at once.
    """

    label: str
    name: str = ""
    seen_by: Callable = lambda member: True
    shortcut: str = ""
    children: tuple = ()
    counted: Callable | None = None
    url: str = ""
    current: bool = False
    count: int = 0


def _asked(member):
    """Whatever is asked of the member on the page of requests: an answer, or a task."""
    return [*requests.waiting_of(member), *unit_work.waiting_of(member)]


MENU = (
    Entry("Tableau de bord", "home", shortcut="g d"),
    Entry("Renseignements", "report_list", may(Right.READ), "g l"),
    Entry("Lieux", "place_list", may(Right.READ), "g p"),
    Entry("Demandes", "request_list", may(Right.READ), "g r", counted=_asked),
    Entry("Saisir", "new_report", may(Right.WRITE), "g n"),
    Entry("Mes contributions", "contribution_list", may(Right.CONTRIBUTE), "g c"),
    Entry("Transmettre", "new_contribution", may(Right.CONTRIBUTE)),
    Entry("Orientations", "tasking_list", may(Right.ANSWER), "g o", counted=taskings.waiting_of),
    Entry(
        "Déconfliction",
        "deconfliction",
        may(Right.WRITE),
        "g k",
        counted=deconfliction.waiting_of,
    ),
    Entry("Tri", "triage_queue", may(Right.TRIAGE), "g t"),
    Entry("Rapprochements", "match_queue", may(Right.TRIAGE), "g m"),
    Entry("Signalements", "import_list", may(Right.IMPORT), "g i"),
    Entry(
        "Synthèses",
        "summary_list",
        may_any(*SUMMARIES),
        "g s",
    ),
    Entry("Notes", "edition_list", may(Right.READ_EDITIONS), "g e"),
    Entry(
        "Pilotage",
        children=(
            Entry("Réunions", "meeting_list", access.takes_part, "g u"),
            Entry("Stratégie", "strategy_list", may(Right.READ_STRATEGY), "g a"),
            Entry(
                "Calendrier",
                "calendar_page",
                may_any(Right.READ, Right.READ_MASKED_SUMMARIES),
            ),
            Entry(
                "Indicateurs",
                "indicator_page",
                may_any(Right.READ_CELL_SUMMARIES, Right.READ_MASKED_SUMMARIES),
            ),
            Entry("Notes à l’antenne", "antenna_list", may(Right.DIRECT)),
        ),
    ),
    Entry("Journal", "journal", may(Right.JOURNAL), "g j"),
    Entry("Conservation", "retention_page", may(Right.RETENTION)),
    Entry(
        "Cadre",
        children=(
            Entry("Partage", "openness_page", may(Right.READ)),
            Entry("Vérification des foyers", "summary_check", may(Right.CHECK_SUMMARIES)),
            Entry("Protocoles", "protocol_list", may_not(Right.CONTRIBUTE)),
            Entry("Services et unités", "service_list"),
            Entry("Listes de diffusion", "distribution_lists", may(Right.WRITE)),
            Entry("Mon unité", "own_unit", may(Right.MANAGE_UNIT)),
            Entry("Comptes", "member_list", may(Right.ACCOUNTS)),
            Entry("Horaires", "schedule_page", may(Right.ACCOUNTS)),
        ),
    ),
)

# Beside the account, on every page: what one is told, and how much of it is not seen.
BELL = Entry("Notifications", "notification_list", may_be_told, counted=notices.unseen_of)


class Furniture:
    """What a page counts for its member, once and in one query: the menu and the bell."""

    def __init__(self, member, path):
        self.member, self.path = member, path

    @cached_property
    def counts(self):
        # The page of a 404 is drawn when its door has closed: there too, seats are asked once.
        with gate.one_request():
            return _counts(self.member)

    @property
    def menu(self):
        """The entries that this member may open; the one of the page is marked."""
        if not self.member.is_authenticated:
            return []
        shown = (_shown(entry, self.member, self.path, self.counts) for entry in MENU)
        return _only_nearest([entry for entry in shown if entry])

    @property
    def bell(self):
        if not self.member.is_authenticated:
            return None
        return _shown(BELL, self.member, self.path, self.counts)


def menu_of(member, path):
    return Furniture(member, path).menu


def _counts(member):
    """{name of an entry: how much waits there}, in one query."""
    asked = {
        entry.name: entry.counted(member)
        for entry in (*MENU, BELL)
        if entry.counted and entry.seen_by(member)
    }
    found = iter(count_each([rows for waiting in asked.values() for rows in waiting]))
    return {
        name: min(sum(next(found).value for _ in waiting), COUNTED_UP_TO)
        for name, waiting in asked.items()
    }


def _shown(entry, member, path, counts):
    if entry.children:
        below = (_shown(child, member, path, counts) for child in entry.children)
        children = tuple(filter(None, below))
        current = any(child.current for child in children)
        return replace(entry, children=children, current=current) if children else None
    if not entry.seen_by(member):
        return None
    url = reverse(entry.name)
    return replace(
        entry,
        url=url,
        current=path == url or (url != "/" and path.startswith(url)),
        count=counts.get(entry.name, 0),
    )


def _only_nearest(entries):
    """Of `/renseignements/` and `/renseignements/nouveau/`, only the longer is current."""
    nearest = max((len(entry.url) for entry in entries if entry.current), default=0)
    return [
        replace(
            entry, current=entry.current and (bool(entry.children) or len(entry.url) == nearest)
        )
        for entry in entries
    ]


def page_furniture(request):
    """Context processor: what `templates/base.html` says that it needs."""
    # A request that cannot be understood gets its page before anybody is known.
    member: Any = getattr(request, "user", None) or AnonymousUser()
    furniture = Furniture(member, request.path)
    return {
        # A fragment draws neither: what waits there is counted when it is drawn.
        "menu": SimpleLazyObject(lambda: furniture.menu),
        "bell": SimpleLazyObject(lambda: furniture.bell),
        "demonstration": settings.DEMONSTRATION,
        "version": settings.VERSION,
        "brand": settings.STATE_BRAND,
        "territory": member.unit.department if member.is_authenticated else None,
        "login_url": reverse("account_login"),
        "sign_out_url": reverse("logout"),
        "password_url": reverse("password_change"),
        "purpose_url": reverse("say_purpose"),
        "factors_url": reverse("mfa_index"),
        "connections_url": reverse("connection_list"),
        "shortcuts_url": reverse("switch_shortcuts"),
        "session_url": reverse("session_alive"),
        "search_url": reverse("report_list") if may(Right.READ)(member) else "",
        "help_url": reverse("help"),
    }
