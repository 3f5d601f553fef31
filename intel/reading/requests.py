"""What waits for an answer of one's unit, and what one has asked: reports opened, passed on, left.

Each kind of request is one row of a table below; the page reads all of them in one query, and the
menu counts them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, Left, Now, TruncDate
from django.urls import reverse
from django.utils import timezone

from cross.ui.templatetags.words import day
from intel import access
from intel.models import AccessRequest, Complement, ReportMemberGrant
from intel.models.asking import Asking
from intel.models.report import OPENING, title_of
from intel.reading import search
from intel.reading.entry import LABELS
from intel.reading.openings import NO_DAY, full_name

SHOWN = 100
MOOT_DAYS = 30
CORRECTED = {
    Asking.Decision.ACCEPTED: ("Appliquée", "done"),
    Asking.Decision.DECLINED: ("Refusée", "alert"),
}
COLUMNS = (
    "row_kind", "key", "row_reference", "row_subject", "row_opening", "row_handling", "row_who",
    "row_at", "row_why", "row_detail", "row_state", "row_until", "row_answer",
)  # fmt: skip


def _text(value):
    return Value(value, output_field=CharField())


NOTHING = _text("")
OF_THE_REPORT = {
    "row_reference": F("report__reference"),
    "row_subject": F("report__subject"),
    "row_opening": Left("report__facts", OPENING),
    "row_handling": F("report__handling"),
}


@dataclass(frozen=True)
class Kind:
    """One kind of request: its name, its rows for a member, what a line says beside who and why.

    `address` names the page where a line is answered, or the button that takes it back; it is
    that of the request itself, or of its report when `named_by` says so.
    """

    name: str
    label: str
    rows: Callable[[Any], Any]
    address: str
    detail: Any = NOTHING
    until: Any = NO_DAY
    named_by: str = "key"
    of_the_report: Any = None

    def lines(self, member):
        """Rows of COLUMNS, the same for every kind."""
        columns = {
            "row_kind": _text(self.name),
            "row_who": full_name("asked_by"),
            "row_at": F("asked_at"),
            "row_why": F("why"),
            "row_detail": self.detail,
            "row_state": F("decision"),
            "row_until": self.until,
            "row_answer": F("answer"),
        } | (self.of_the_report or OF_THE_REPORT)
        return self.rows(member).order_by().annotate(**columns).values_list(*COLUMNS)


FOR_WHOM = Concat(_text("pour "), "recipient", output_field=CharField())

# What waits for an answer of my unit.
WAITING = (
    Kind(
        "access",
        "Accès à une fiche",
        access.decidable_access_requests,
        address="decide_access_request",
    ),
    Kind(
        "release",
        "Levée d’une restriction",
        access.confirmable_releases,
        address="release_report",
        named_by="reference",
    ),
    Kind(
        "accord",
        "Accord pour qu’une fiche H2 sorte d’une unité",
        access.decidable_accords,
        detail=FOR_WHOM,
        address="decide_accord",
    ),
    Kind(
        "handover",
        "Transfert d’une fiche à votre unité",
        access.decidable_handovers,
        detail=F("origin__name"),
        address="decide_handover",
    ),
    Kind(
        "correction",
        "Correction proposée par une autre unité",
        access.decidable_corrections,
        detail=F("field"),
        address="decide_correction",
    ),
)


def _own_access_requests(member):
    """The latest of each reference; of what was taken back, nothing."""
    kept = access.own_access_requests(member).exclude(decision=Asking.Decision.WITHDRAWN)
    later = kept.filter(reference=OuterRef("reference"), asked_at__gt=OuterRef("asked_at"))
    return kept.filter(~Exists(later))


def _own_releases(member):
    """Those that wait, and for a month those that what happened since has left without object."""
    lately = timezone.now() - timedelta(days=MOOT_DAYS)
    moot = Q(decision=Asking.Decision.WITHDRAWN, decided_at__gte=lately) & ~Q(answer="")
    return access.own_releases(member).filter(Q(decision="") | moot)


def _own_accords(member):
    return access.own_accords(member).exclude(decision=Asking.Decision.WITHDRAWN)


def _own_corrections(member):
    """Those that wait, and for a month what was answered."""
    lately = timezone.now() - timedelta(days=MOOT_DAYS)
    answered = Q(decided_at__gte=lately) & ~Q(decision=Asking.Decision.WITHDRAWN)
    return access.own_corrections(member).filter(Q(decision="") | answered)


# Until when the applicant reads it: what the owner has ended since is over.
_GRANTED_UNTIL = Subquery(
    ReportMemberGrant.objects.filter(
        content_object=OuterRef("report"), user=OuterRef("asked_by"), expires_at__gt=Now()
    )
    .order_by("-expires_at")
    .values(last_day=TruncDate("expires_at"))[:1],
    output_field=DateField(),
)

# What I asked, or my unit.
ASKED = (
    Kind(
        "access",
        "Accès à une fiche",
        _own_access_requests,
        until=_GRANTED_UNTIL,
        address="withdraw_access_request",
        # Nothing of the report: the reference is the one that was typed.
        of_the_report={
            "row_reference": F("reference"),
            "row_subject": NOTHING,
            "row_opening": NOTHING,
            "row_handling": NOTHING,
        },
    ),
    Kind(
        "release",
        "Levée d’une restriction",
        _own_releases,
        address="withdraw_release",
    ),
    Kind(
        "accord",
        "Accord pour qu’une fiche H2 sorte de votre unité",
        _own_accords,
        detail=FOR_WHOM,
        until=F("until"),
        address="withdraw_accord",
    ),
    Kind(
        "handover",
        "Transfert d’une fiche à une autre unité",
        access.withdrawable_handovers,
        detail=F("target__name"),
        address="withdraw_handover",
    ),
    Kind(
        "correction",
        "Correction proposée",
        _own_corrections,
        detail=F("field"),
        address="withdraw_correction",
    ),
)


@dataclass(frozen=True)
class Line:
    """One request, as the page draws it."""

    kind: str
    key: UUID
    reference: str
    subject: str
    opening: str
    handling: str
    who: str
    at: datetime
    why: str
    detail: str
    decision: str
    until: date | None
    answer: str
    label: str = ""
    address: str = ""
    state: str = "En attente"
    tone: str = "waiting"

    @property
    def title(self):
        return title_of(self.subject, self.opening) if self.opening else ""

    @property
    def is_open(self):
        return self.tone == "done"

    @property
    def sheet(self):
        return reverse("report_page", args=[self.reference])


@dataclass(frozen=True)
class Requests:
    waiting: list
    asked: list
    is_cut: bool  # there are more than SHOWN


def requests_of(member):
    """The page of requests: two queries, whatever there is of whatever kind."""
    waiting = _lines(WAITING, member, "row_at")
    asked = [_with_state(line) for line in _lines(ASKED, member, "-row_at")]
    return Requests(waiting[:SHOWN], asked[:SHOWN], len(waiting) > SHOWN)


def _lines(kinds, member, order):
    first, *others = (kind.lines(member) for kind in kinds)
    rows = first.union(*others, all=True).order_by(order)[: SHOWN + 1]
    by_name = {kind.name: kind for kind in kinds}
    return [_addressed(Line(*row), by_name[row[0]]) for row in rows]


def _addressed(line, kind):
    address = reverse(kind.address, args=[getattr(line, kind.named_by)])
    detail = LABELS[line.detail] if kind.name == "correction" else line.detail
    return replace(line, label=kind.label, address=address, detail=detail)


def _with_state(line):
    """What the applicant is told. Of a refused access, nothing: it waits, then stays silent."""
    if line.kind in TOLD_APART:
        return TOLD_APART[line.kind](line)
    if line.decision == Asking.Decision.ACCEPTED:
        if line.until and line.until < timezone.localdate():
            return replace(line, state="Terminé", tone="quiet", address="")
        return replace(line, state=f"Accordé jusqu’au {day(line.until)}", tone="done", address="")
    if line.decision == Asking.Decision.WITHDRAWN:
        return replace(line, state="Retirée", tone="quiet", address="")
    if line.decision == Asking.Decision.DECLINED:
        return replace(line, state="Refusé", tone="alert", address="")
    return line


def _access_told(line):
    if line.decision == Asking.Decision.ACCEPTED:
        if line.until is None:
            return replace(line, state="Terminée", tone="quiet", address="")
        return replace(line, state=f"Accordée jusqu’au {day(line.until)}", tone="done", address="")
    # The answer that was given to the owner's own record is not told either.
    line = replace(line, decision="", answer="", until=None)
    silent_since = line.at + timedelta(days=AccessRequest.UNANSWERED_AFTER_DAYS)
    if silent_since < timezone.now():
        return replace(line, state="Sans réponse", tone="quiet", address="")
    return line


def waiting_of(member):
    """What waits for the member's unit, for the menu to count."""
    return [kind.rows(member) for kind in WAITING]


def _correction_told(line):
    state, tone = CORRECTED.get(line.decision, (line.state, line.tone))
    return replace(line, state=state, tone=tone, address="" if line.decision else line.address)


TOLD_APART = {"access": _access_told, "correction": _correction_told}


def sheet_named(reference, member):
    """The report of that reference if the member reads it already, or None."""
    return access.readable_reports(member).filter(reference=reference).first()


def reference_in(words, member):
    """The reference that `words` are, his department being meant when none is said; or ""."""
    return search.reference_in(words, department=member.unit.department.code)


def invitations_to(member):
    """What the member is invited to, the first to end first; each with its report, and
    `answered_at`, when he last said something about it since he is invited."""
    if not access.standing(member).invited:
        return []  # as it was just asked
    said = Complement.objects.filter(
        by=member.pk, report=OuterRef("content_object"), at__gte=OuterRef("starts_at")
    )
    return list(
        access.invitations_to(member)
        .select_related("content_object__commune", "content_object__owner")
        .annotate(
            completes=Exists(
                access.completable_reports(member).filter(pk=OuterRef("content_object"))
            ),
            answered_at=Subquery(said.order_by("-at").values("at")[:1]),
        )
        .order_by("expires_at", "pk")[:SHOWN]
    )
