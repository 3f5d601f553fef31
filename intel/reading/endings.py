"""Why nothing is open to a member any more: what ended, in one sentence.

Asked of the very rows that give the access: a member to whom anything is open has no ending.
"""

from dataclasses import replace
from datetime import date

from django.urls import reverse
from django.utils import timezone

from cross.gate import Ending
from cross.ui.templatetags.words import day
from intel import access
from intel.models import ReportMemberGrant
from protocols.models import Participation, Protocol
from services.roles import SUMMARIES, Right, Role, may, may_any

reads_summaries = may_any(*SUMMARIES)
hands_in = may(Right.CONTRIBUTE)
has_content = may_any(Right.READ, Right.CONTRIBUTE, *SUMMARIES)


def ending_of(member):
    """What ended for this member; None when something is open to him.

    A role without content (journal, accounts) has nothing that could end here.
    """
    if not has_content(member) or _has_something(member):
        return None
    ending = _of_the_unit(member.unit) or _of_the_role(member)
    # The page of a protocol is not for who reads nothing.
    return replace(ending, url="") if hands_in(member) else ending


def _has_something(member):
    if hands_in(member):
        return bool(access.contributes_in(member))
    stands = access.standing(member)
    if stands.departments or stands.subjects or stands.invited:
        return True
    return reads_summaries(member) and bool(access.summary_departments(member))


def _of_the_unit(unit):
    if unit.closed_on is None:
        return None
    return Ending(
        "Votre unité est fermée",
        f"L’unité {unit} est fermée depuis le {day(unit.closed_on)} : ses agents ne lisent plus "
        "rien au titre du protocole.",
    )


def _of_the_role(member):
    if member.role == Role.PROSECUTOR and member.unit.court_id is None:
        return Ending(
            "Aucun tribunal n’est indiqué pour votre parquet",
            "Un magistrat lit les renseignements du ressort de son tribunal : tant que le vôtre "
            "n’est pas indiqué, rien ne vous est ouvert.",
        )
    seat = _last_seat(member.unit)
    if member.role == Role.GUEST:
        return _of_a_guest(member, seat)
    if seat is None:
        return Ending(
            "Votre unité ne participe pas au protocole",
            f"L’unité {member.unit} n’a pas de siège au protocole : rien ne vous est ouvert tant "
            "qu’elle n’y est pas admise.",
        )
    return _of_the_seat(seat) or _of_the_protocol(seat.content_object) or _of_its_kind(seat)


# --- The seat of the unit ---------------------------------------------------------------------


def _last_seat(unit):
    """The one that ends last: running, to come, or the last that ran."""
    seats = Participation.objects.filter(group=unit.group_id)
    rows = list(seats.select_related("content_object__department").order_by("pk"))
    return max(rows, key=_end_of, default=None)


def _end_of(seat):
    last = seat.ends_on or date.max
    return min(last, timezone.localdate(seat.ended_at)) if seat.ended_at else last


def _of_the_seat(seat):
    """What ended with the seat itself, or nothing when it runs."""
    today = timezone.localdate()
    url = _page_of(seat.content_object)
    if seat.ended_at or _end_of(seat) < today:
        return Ending(
            "La participation de votre unité a pris fin",
            f"Elle a pris fin le {day(_end_of(seat))} : plus rien ne vous est ouvert au titre du "
            "protocole, et vos contributions restent à la cellule.",
            url,
        )
    if seat.starts_on > today:
        return Ending(
            "La participation de votre unité n’a pas commencé",
            f"Elle commence le {day(seat.starts_on)} : rien ne vous est ouvert d’ici là.",
            url,
        )
    return None


def _of_its_kind(seat):
    """A running seat that opens nothing to the role of this member."""
    if seat.hands_in:
        why = "Votre unité transmet sans consulter : un compte de partenaire contributeur suffit."
    elif seat.reads_reports:
        why = "Votre unité lit sans contribuer, et votre rôle ne fait que contribuer."
    else:
        why = "Votre unité participe pour les synthèses seules, et votre rôle n’en lit pas."
    title, url = "Le siège de votre unité n’ouvre rien à votre rôle", _page_of(seat.content_object)
    return Ending(title, why, url)


# --- The protocol -----------------------------------------------------------------------------


def _of_the_protocol(protocol):
    """What ended with the protocol, or nothing when it is in force."""
    today = timezone.localdate()
    of_name, url = protocol.department.of_name, _page_of(protocol)
    if protocol.signed_on is None or protocol.starts_on > today:
        return Ending(
            "Le protocole n’est pas encore en vigueur",
            f"Rien ne se lit avant l’entrée en vigueur du protocole {of_name}.",
            url,
        )
    if protocol.ends_on and protocol.ends_on < today:
        return Ending(
            "Le protocole a pris fin",
            f"Le protocole {of_name} a pris fin le {day(protocol.ends_on)} : plus personne ne lit "
            "ni n’écrit à son titre, jusqu’à un avenant.",
            url,
        )
    if protocol.suspended_from and protocol.suspended_from <= today:
        return Ending(
            "Le protocole est suspendu",
            f"Le protocole {of_name} est suspendu depuis le {day(protocol.suspended_from)} : plus "
            "personne ne lit ni n’écrit à son titre, jusqu’à sa reprise.",
            url,
        )
    return None


def _page_of(protocol):
    return reverse("protocol_page", args=[protocol.key])


# --- Invitations ------------------------------------------------------------------------------


def _of_a_guest(member, seat):
    """A guest reads by invitation, or on the subject of his unit: the nearest of both."""
    now = timezone.now()
    invitations = ReportMemberGrant.objects.filter(user=member).order_by("-expires_at", "-pk")
    running = invitations.filter(starts_at__lte=now, expires_at__gt=now)
    reports = running.select_related("content_object").first()
    stopped = _stopped_protocol(reports.content_object.department_id) if reports else None
    if stopped is None and seat and not _of_the_seat(seat):
        stopped = _of_the_protocol(seat.content_object)
    if stopped:
        return stopped
    to_come = invitations.filter(starts_at__gt=now).order_by("starts_at").first()
    if to_come:
        return Ending(
            "Votre invitation n’a pas commencé",
            f"Elle commence le {day(to_come.starts_at)} : rien ne vous est ouvert d’ici là.",
        )
    if over := invitations.first():
        return Ending(
            "Votre invitation a pris fin",
            f"La dernière a pris fin le {day(over.expires_at)} : plus aucune fiche ne vous est "
            "ouverte.",
        )
    return (seat and _of_the_seat(seat)) or Ending(
        "Aucune invitation n’est en cours",
        "Un référent ponctuel lit les fiches auxquelles il est invité, et aucune ne vous est "
        "ouverte aujourd’hui.",
    )


def _stopped_protocol(department):
    """What stopped the last protocol of a department, given by its key."""
    protocols = Protocol.objects.signed().filter(department=department)
    protocols = protocols.select_related("department")
    last = protocols.order_by("-starts_on", "-pk").first()
    return _of_the_protocol(last) if last else None
