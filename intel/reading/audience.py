"""Who sees a report, in words, before and after its unit narrows or widens it."""

from dataclasses import dataclass

from django.utils import timezone

from cross.ui.templatetags.words import counted, day, listed, moment, of
from intel import access
from intel.access import Why
from intel.actions import sharing
from intel.forms.entry import NAMED
from intel.forms.sharing import POINTER, SILENT
from intel.models import Audience, Report, ReportShare, Restriction
from intel.models.choices import Origin
from intel.reading.silence import silence_of
from intel.states import State
from services.roles import Right, may

REVIEW_DAYS = 30


def choosable_units(member):
    """Units that may be named beside one's own, the cell first."""
    units = access.nameable_units(member).exclude(pk=member.unit_id)
    return units.order_by("-is_cell", "sort_key", "pk")


def proposed_review():
    """The day proposed for looking at a restriction again."""
    return timezone.localdate() + timezone.timedelta(days=REVIEW_DAYS)


def present_restriction(report):
    """What the form of the restriction starts from."""
    rows = Restriction.objects.of(report).select_related("report__silent_mode")
    restriction = rows.first()
    if restriction is None:
        return {"review_on": proposed_review(), "looked_for": POINTER}
    return {
        "units": [unit.pk for unit in access.audience_of(report)],
        "reason": restriction.reason,
        "restriction_text": restriction.text,
        "review_on": restriction.review_on,
        **_present_silence(restriction.report),
    }


def _present_silence(report):
    """What is told to whoever looks for one of its identifiers."""
    silence = getattr(report, "silent_mode", None)
    if silence is None:
        return {"looked_for": POINTER}
    return {
        "looked_for": SILENT,
        "silence_reason": silence.reason,
        "silence_review_on": silence.review_on,
    }


# --- Before: what a choice would do -----------------------------------------------------------


@dataclass(frozen=True)
class Preview:
    """Who would read a report, and what its unit should know before it says so."""

    readers: str
    names: tuple = ()  # to be unfolded, when the sentence only counts them
    without_cell: bool = False
    habit: str = ""
    ends: str = ""  # what a narrowing ends at once
    guests: str = ""  # who reads it besides, and goes on
    asker: str = ""  # of a release that waits, and that a narrowing leaves without object


def of_narrowing(report, member, units):
    """Once `report` is restricted to `units` besides its own."""
    return Preview(
        readers=named_sentence(report, units),
        without_cell=leaves_the_cell_out(report, units),
        habit=habit_against(Audience.RESTRICTED, member, report.origin),
        asker=_asker(report),
        **_elsewhere(report, units),
    )


def of_release(report, member):
    """Once `report` is open to the whole protocol."""
    units = list(access.open_audience_of(report))
    return Preview(
        readers=_sentence(units, own=report.owner_id),
        habit=habit_against(Audience.PROTOCOL, member, report.origin),
    )


def of_entry(form, member):
    """« Qui verra ceci ? » under a new report, as its form stands."""
    origin = form["origin"].value()
    if form["audience"].value() == NAMED:
        units = form.named_units()
        return Preview(
            readers=_named_so_far(member.unit, units),
            without_cell=not any(unit.is_cell for unit in [member.unit, *units]),
            habit=habit_against(Audience.RESTRICTED, member, origin),
        )
    units = list(access.open_audience_of(_as_typed(form, member)))
    whole = f"Les {counted(len(units), 'unité')}" if len(units) > 1 else "La seule unité"
    return Preview(
        readers=f"{whole} du protocole, dès la transmission.",
        names=tuple(units),
        habit=habit_against(Audience.PROTOCOL, member, origin),
    )


def _as_typed(form, member):
    """The report that the form would make, as far as its audience goes."""
    place = form.resolve(form["commune"].value() or "", form["commune_code"].value() or "")
    return Report(
        department=member.unit.department,
        owner=member.unit,
        commune=place.commune,
        products=[code for code in form.products_so_far() if len(code) <= 20],
    )


def _named_so_far(own, units):
    if not units:
        return f"Votre unité seule ({own}), tant que rien n’est coché."
    return f"Votre unité ({own}) et {counted(len(units), 'unité')} : {listed(units)}."


def named_sentence(report, units):
    """Who will see `report` once it is restricted to `units`.

    Whoever handed it over keeps it, ticked or not; named here, it might be told by its absence.
    """
    sentence = _sentence([report.owner, *units], own=report.owner_id)
    if report.first_owner_id in {None, report.owner_id, *(unit.pk for unit in units)}:
        return sentence
    return f"{sentence} L’unité qui l’a transférée la garde."


def _sentence(units, *, own):
    names = [f"{unit} (la vôtre)" if unit.pk == own else str(unit) for unit in units]
    verb = "verront" if len(names) > 1 else "verra"
    return f"{counted(len(names), 'unité')} {verb} cette fiche : {listed(names)}."


def leaves_the_cell_out(report, units):
    """Is the cell, which sorts and directs, neither the owner nor among `units`?"""
    return not any(unit.is_cell for unit in [report.owner, *units])


def _elsewhere(report, units):
    """What becomes of the guests and of the other departments: see `actions.sharing.restrict`."""
    kept = {report.owner_id, *(unit.pk for unit in units)}
    if report.is_restricted and kept.issuperset(unit.pk for unit in access.audience_of(report)):
        return {"guests": _guests(report)}
    return {"ends": _what_ends(report)}


def _asker(report):
    """Who waits for a second person to open it: of an open report, nobody does."""
    waiting = sharing.release_asked(report) if report.is_restricted else None
    return waiting.asked_by.get_full_name() if waiting else ""


def _guests(report):
    guests = [
        f"{grant.user.get_full_name()} (jusqu’au {day(grant.expires_at)})"
        for grant in access.invitations_of(report)
    ]
    if not guests:
        return ""
    return f"{'Invité' if len(guests) == 1 else 'Invités'} : {listed(guests)}."


def _what_ends(report):
    """One sentence: the guests and the departments that lose the report; "" when nobody does."""
    guests = [grant.user.get_full_name() for grant in access.invitations_of(report)]
    shares = ReportShare.objects.of(report).running().select_related("protocol__department")
    ended = []
    if guests:
        ended.append(f"l’accès ponctuel {listed(of(name) for name in guests)}")
    if shares:
        departments = listed(str(share.protocol.department) for share in shares)
        ended.append(f"le partage avec le protocole d’un autre département ({departments})")
    return f"Prennent fin aussitôt : {listed(ended)}." if ended else ""


def second_persons(member):
    """Who of the member's unit may confirm what he asks, by name."""
    others = member.unit.members.in_duty().exclude(pk=member.pk).order_by("last_name", "pk")
    return [
        other.get_full_name()
        for other in others
        if may(Right.WRITE)(other) and other.counts_as != member.counts_as
    ]


def release_asked(report, member):
    """The release that waits, with `is_confirmable` by this member; None when none is asked."""
    asked = sharing.release_asked(report)
    if asked:
        asked.is_confirmable = access.confirmable_releases(member).filter(pk=asked.pk).exists()
    return asked


# --- Habit ------------------------------------------------------------------------------------

HABIT_OF, HABIT_FROM, HABIT_SHARE = 50, 10, 0.8
HABIT_DAYS = 365


def habit_against(choice, member, origin):
    """What the member's unit usually does with such reports, when `choice` is the contrary.

    Rests on the last reports of the same origin that the unit wrote; "" when there are too few,
    or when it does now one thing, now the other.
    """
    if origin not in Origin.values:
        return ""
    since = timezone.now() - timezone.timedelta(days=HABIT_DAYS)
    ours = (
        access.readable_reports(member)
        .filter(
            department=member.unit.department_id,
            owner=member.unit_id,
            origin=origin,
            received_at__gte=since,
        )
        .exclude(state=State.DRAFT)
        .order_by("-received_at", "-pk")
    )
    levels = list(ours.values_list("audience", flat=True)[:HABIT_OF])
    contrary = [level for level in levels if level != choice]
    if len(levels) < HABIT_FROM or len(contrary) < HABIT_SHARE * len(levels):
        return ""
    does = "restreint ces fiches"
    if choice == Audience.RESTRICTED:
        does = "ouvre ces fiches à tout le protocole"
    return (
        f"D’habitude, votre unité {does} ({len(contrary)} sur {len(levels)}, pour l’origine "
        f"« {Origin(origin).label} »)."
    )


# --- After: who reads, and why ----------------------------------------------------------------


def present_sentence(report):
    """Who reads `report` as it stands, guests included, for its own unit."""
    sentence = _sentence(list(access.audience_of(report)), own=report.owner_id)
    return f"{sentence} {_guests(report)}".rstrip()


def why_sentence(report, member):
    """« Pourquoi est-ce que je vois ceci ? »: the rule that holds, by whom and until when.

    `report` carries its `why`, annotated by `access.reason`.
    """
    return REASONS[Why(report.why)](report, member)


def _own(report, member):
    if report.first_owner_id and report.first_owner_id != member.unit_id:
        return "Vous la lisez parce qu’elle a été transférée à votre unité."
    return Why.OWN.label


def _named(report, member):
    restriction = Restriction.objects.of(report).select_related("by__unit").first()
    if restriction is None:
        return Why.NAMED.label
    by = "l’unité qui l’a restreinte"
    if not silence_of(report, member).covers(restriction.at):
        by = f"{restriction.by.unit}, qui l’a restreinte le {day(restriction.at)}"
    return (
        f"Vous la lisez parce que votre unité est nommée par {by}. "
        f"À revoir le {day(restriction.review_on)}."
    )


def _seat(report, member):
    seats = access.standing(member).seats
    return next(seat for seat in seats if seat.department == report.department_id)


def _until(last_day):
    return f", jusqu’au {day(last_day)}" if last_day else ""


def _open(report, member):
    seat = _seat(report, member)
    return (
        "Vous la lisez parce qu’elle est ouverte à toutes les unités du protocole « "
        f"{seat.protocol} », où la vôtre siège{_until(seat.last_day)}."
    )


def _court(report, member):
    return (
        f"Vous la lisez parce que sa commune, {report.commune.name}, est du ressort du "
        f"{_lowered(report.commune.court.name)}."
    )


def _lowered(name):
    return name[:1].lower() + name[1:]


def _subject(report, member):
    seat = _seat(report, member)
    subject = f" : {seat.subject}" if seat.subject else ""
    return (
        "Vous la lisez parce qu’elle touche au sujet pour lequel votre unité siège"
        f"{subject}{_until(seat.last_day)}."
    )


def _shared(report, member):
    shares = ReportShare.objects.of(report).running()
    share = shares.filter(protocol__in=access.standing(member).shared_with).order_by("pk").first()
    return (
        f"Vous la lisez parce que {report.owner} l’a partagée avec votre département le "
        f"{day(share.at)}{_until(share.ends_on)}."
    )


def _invited(report, member):
    grant = access.guests_of(report).filter(user=member).select_related("by__unit").first()
    is_untold = silence_of(report, member).covers(grant.starts_at)
    inviting = "de son unité" if is_untold else f"de l’unité {grant.by.unit}"
    return (
        f"Vous la lisez sur invitation {inviting}, donnée le {day(grant.starts_at)}, jusqu’au "
        f"{moment(grant.expires_at)}. "
        f"Motif : {grant.reason.rstrip('.')}."
    )


REASONS = {
    Why.OWN: _own,
    Why.NAMED: _named,
    Why.OPEN: _open,
    Why.COURT: _court,
    Why.SUBJECT: _subject,
    Why.SHARED: _shared,
    Why.INVITED: _invited,
}
