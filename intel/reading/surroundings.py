"""Around the text of a report: what fewer people read, what readers added, where it came from.

Asked for only when there is something to read: most reports have nothing of the kind.
"""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Prefetch
from django.utils import timezone

from intel import access
from intel.models import Annex, AnnexGroupGrant, Complement, Handover, Mention, RawText
from intel.models.choices import Origin
from intel.reading import corrections, unit_work
from intel.states import State
from services.roles import Right, may


def told_of(member):
    """Annotations of a row of the sheet: what there is to be asked for, for this member."""
    annexes = access.readable_annexes(member).filter(report=OuterRef("pk"))
    return {
        "attested_at": F("shared_text__attested_at"),
        "original_changed_at": F("shared_text__changed_at"),
        "has_annexes": Exists(annexes),
        "has_complements": Exists(Complement.objects.filter(report=OuterRef("pk"))),
        "has_handovers": Exists(Handover.objects.filter(report=OuterRef("pk"))),
        **unit_work.told_of(member),
        "corrections_waiting": corrections.WAITING,
        "may_correct": Exists(access.correctable_reports(member).filter(pk=OuterRef("pk"))),
    }


@dataclass(frozen=True)
class Surroundings:
    raw_text: RawText | None  # for its own unit alone
    may_attest: bool
    shared_on: object  # when the shared text was last read against the original, for the others
    original_changed: bool  # since then
    annexes: list[Annex]
    complements: list[Complement]
    handovers: list[Handover]  # the accepted ones, and whatever is between the member's unit
    proposed: Handover | None  # waiting, and from or to the member's unit
    declined: Handover | None  # the last answer, for the unit that had proposed
    is_ours_to_answer: bool
    may_transfer: bool
    may_note: bool  # for his own unit
    may_correct: bool  # propose it, to another
    first_owner: str  # the name of the unit that brought the report, once it was handed over


def around(report, member, silence):
    """What surrounds a row of `sheet.rows(member)`."""
    raw_text = _raw_text_of(report, member)
    is_shared = report.attested_at is not None and report.origin == Origin.HUMAN_SOURCE
    handovers = _handovers_of(report, member) if report.has_handovers else []
    proposed = next((each for each in handovers if each.is_waiting), None)
    return Surroundings(
        raw_text=raw_text,
        may_attest=raw_text is not None and report.may_write,
        shared_on=report.attested_at if is_shared else None,
        original_changed=is_shared and report.original_changed_at > report.attested_at,
        annexes=silence.over_annexes(_annexes_of(report, member)) if report.has_annexes else [],
        complements=_complements_of(report, member, silence) if report.has_complements else [],
        handovers=handovers,
        proposed=proposed,
        declined=_last_declined(report, handovers),
        is_ours_to_answer=proposed is not None and proposed.target_id == member.unit_id,
        may_transfer=report.may_write and report.state != State.DRAFT and proposed is None,
        may_note=access.works_on(report, member),
        may_correct=report.may_correct,
        first_owner=silence.name(report.first_owner) if report.first_owner_id else "",
    )


def _raw_text_of(report, member):
    if report.attested_at is None or not access.reads_source(member, report):
        return None
    texts = access.readable_raw_texts(member).filter(report=report)
    return texts.select_related("by", "attested_by").first()


def _annexes_of(report, member):
    """Each with `named`, the units that read it, and `is_ours`, when the member may change it."""
    named = AnnexGroupGrant.objects.select_related("group__unit")
    annexes = list(
        access.readable_annexes(member)
        .filter(report=report)
        .select_related("by", "unit")
        .prefetch_related(Prefetch("group_grants", named))
        .order_by("at", "pk")
    )
    for annex in annexes:
        annex.is_ours = annex.unit_id == member.unit_id and report.state != State.ARCHIVED
        units = (grant.group.unit for grant in annex.group_grants.all())
        annex.named = sorted(units, key=lambda unit: (unit.sort_key, unit.pk))
    return annexes


def _complements_of(report, member, silence):
    """In the order they were written, each with `named`, the units that it is addressed to.

    `is_fresh` when the member may still take his back. Which units read the report is told to
    those who follow it alone.
    """
    limit = timezone.now() - timezone.timedelta(minutes=Complement.REMOVABLE_MINUTES)
    named = Mention.objects.filter(complement=OuterRef("pk")).exclude(unit__in=silence.units)
    named = named.order_by("unit__sort_key", "unit")
    complements = list(
        Complement.objects.of(report)
        .select_related("by__unit")
        .annotate(named=ArraySubquery(named.values("unit__short_name")))
    )
    for complement in complements:
        complement.named = complement.named if report.may_follow else []
        complement.is_fresh = complement.by_id == member.pk and complement.at > limit
    return silence.over_complements(complements)


def _handovers_of(report, member):
    """Those accepted, and what passes between the member's own unit and another; latest first."""
    found = (
        Handover.objects.of(report)
        .select_related("origin", "target", "asked_by", "decided_by__unit")
        .order_by("-asked_at", "-pk")
    )
    return [
        each
        for each in found
        if each.decision == Handover.Decision.ACCEPTED
        or (may(Right.WRITE)(member) and member.unit_id in {each.origin_id, each.target_id})
    ]


def _last_declined(report, handovers):
    last = handovers[0] if handovers else None
    is_ours = last is not None and last.origin_id == report.owner_id and report.may_write
    return last if is_ours and last.decision == Handover.Decision.DECLINED else None
