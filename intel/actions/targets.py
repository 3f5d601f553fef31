"""Ask whether another unit works on the same target: a number, an answer, both sides told.

A silent answer and a true « aucun rapprochement » are made by the very same statements: nothing
that the asker reads or measures tells one from the other.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import Exact
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import listed
from intel import access, references
from intel.actions import announcing
from intel.extraction.identifiers import normalise
from intel.extraction.names import may_be_one
from intel.models import CheckedTarget, DeconflictionCheck, SilentMode
from intel.models.choices import IdentifierKind
from intel.models.hanging import birth_of, words_of
from services.models import Department

MOST = 20


@dataclass(frozen=True)
class Wanted:
    """One identifier to look for; `raw` is as typed, `value` its one writing."""

    kind: str
    raw: str
    value: str

    @classmethod
    def read(cls, kind, raw):
        """Raises `ValueError`, with a sentence, when `raw` is no such identifier."""
        return cls(kind, raw, normalise(kind, raw))


@transaction.atomic
def check(wanted, *, by):
    """Look for `wanted`, a list of `Wanted`, where the member's unit does not read."""
    departments = access.checked_departments(by)
    if not departments:
        raise PermissionDenied
    wanted = list({(each.kind, each.value): each for each in wanted}.values())
    if not wanted:
        raise ValidationError("Indiquez au moins un identifiant.")
    if len(wanted) > MOST:
        raise ValidationError(f"Vérifiez {MOST} identifiants au plus à la fois.")
    made = _make_check(departments, by)
    targets = CheckedTarget.objects.bulk_create(
        CheckedTarget(check_made=made, rank=rank, kind=each.kind, raw=each.raw, value=each.value)
        for rank, each in enumerate(wanted, start=1)
    )
    told = _tell(made, _found(targets, by))
    kinds = dict.fromkeys(IdentifierKind(each.kind).label for each in wanted)
    journal.record(by, "deconfliction.checked", made, why=listed(kinds), recipients=told)
    announcing.units_sought(by=by, check=made.pk)
    return made


def _make_check(departments, by):
    """Numbered in the unit's own department, unless it only sits in another."""
    department = by.unit.department
    if department.pk not in departments:
        department = Department.objects.get(pk=departments[0])
    number = references.draw_number(references.CHECK, department)
    return DeconflictionCheck.objects.create(
        number=number, department=department, unit=by.unit, by=by
    )


@dataclass(frozen=True)
class Found:
    """That a unit holds something about a target, and whether the asker is told."""

    target: int
    holder: int
    is_possible: bool
    tells_asker: bool


def _found(targets, by):
    """One `Found` for each target and unit, however many reports it is about."""
    silent = SilentMode.objects.filter(report=OuterRef("report"))
    pointed = access.pointed_identifiers(by).annotate(is_silent=Exists(silent))
    rows = list(
        pointed.filter(those_like(targets)).values_list(
            "kind", "value", "report__owner", "is_silent"
        )
    )
    held = defaultdict(list)
    for target in targets:
        for kind, value, holder, is_silent in rows:
            if kind == target.kind and is_like(target, value):
                held[target.pk, holder].append((value != target.value, is_silent))
    return [_told(target, holder, about) for (target, holder), about in held.items()]


def _told(target, holder, about):
    """What is told of several reports of one unit: by those that are not silent, if any."""
    open_ones = [is_possible for is_possible, is_silent in about if not is_silent]
    possible = open_ones or [is_possible for is_possible, _ in about]
    return Found(target, holder, all(possible), bool(open_ones))


def those_like(targets):
    """The identifiers that may answer these targets, one at least: in the shape of indexes."""
    return reduce(or_, map(_like, targets))


def _like(target):
    same = Q(kind=target.kind, value=target.value)
    if target.kind == IdentifierKind.NAME:
        return same | _names_like(target.value)
    return same


def _names_like(value):
    words, _, birth = value.partition("|")
    is_name = Q(kind=IdentifierKind.NAME)
    if not birth:
        return is_name & Q(Exact(words_of("value"), words))
    return is_name & (Q(Exact(birth_of("value"), birth)) | Q(value=words))


def is_like(target, value):
    """Is this value, of the same kind, what was looked for, or a name that may be?"""
    if value == target.value:
        return True
    return target.kind == IdentifierKind.NAME and may_be_one(target.value, value)


# One statement whatever was found, nothing included: a silent answer takes the same path.
TELL = """
INSERT INTO intel_deconflictionhit (department_id, asker_id, holder_id, tells_asker, tells_holder,
  at, target_id, is_possible, outcome)
SELECT %(department)s, %(asker)s, holder, tells, true, %(at)s, target, possible, ''
FROM unnest(%(targets)s::bigint[], %(holders)s::bigint[], %(possible)s::boolean[],
  %(tells)s::boolean[]) AS found (target, holder, possible, tells)
RETURNING (SELECT short_name FROM services_unit WHERE id = holder_id)
"""


# Asked again, a target takes the place of what waited for it: nobody is called twice. What the
# asker was told stays as long as he is told no more: a silence chosen since would show.
REPLACE = """
UPDATE intel_deconflictionhit AS former SET lapsed_at = %(at)s
FROM intel_deconflictionhit AS latter, intel_checkedtarget AS asked, intel_checkedtarget AS again
WHERE latter.target_id = ANY(%(targets)s) AND again.id = latter.target_id
  AND asked.kind = again.kind AND asked.value = again.value AND asked.id <> again.id
  AND former.target_id = asked.id AND former.lapsed_at IS NULL AND former.outcome = ''
  AND former.asker_id = latter.asker_id AND former.holder_id = latter.holder_id
  AND (latter.tells_asker OR NOT former.tells_asker)
"""


def _tell(made, found):
    """Write the hits down; the units concerned, as the journal names them."""
    with connection.cursor() as cursor:
        cursor.execute(
            TELL,
            {
                "department": made.department_id,
                "asker": made.unit_id,
                "at": made.at,
                "targets": [each.target for each in found],
                "holders": [each.holder for each in found],
                "possible": [each.is_possible for each in found],
                "tells": [each.tells_asker for each in found],
            },
        )
        told = sorted({name for (name,) in cursor.fetchall()})
        cursor.execute(REPLACE, {"at": made.at, "targets": [each.target for each in found]})
    return ", ".join(told)


def forget_values(now=None):
    """Every night: what was asked is forgotten after a time; its number and its answer stay."""
    old = (now or timezone.now()) - timedelta(days=settings.CHECKED_VALUE_DAYS)
    targets = CheckedTarget.objects.filter(check_made__at__lt=old).exclude(value="", raw="")
    return targets.update(value="", raw="")
