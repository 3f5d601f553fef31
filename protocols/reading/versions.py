"""The versions of a protocol, what was signed and each amendment, and two of them side by side."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from cross.ui.templatetags.words import day
from protocols import clauses

SIGNED = 0  # the rank of what was signed first


@dataclass(frozen=True)
class Version:
    """One of them: `of` takes whatever says a clause."""

    rank: int
    name: str
    signed_on: date
    of: Any
    words: str = ""

    @property
    def label(self):
        return f"{self.name}, le {day(self.signed_on)}"


def versions(protocol):
    """What was signed, then each amendment that kept its terms, in the order of time.

    One recorded before clauses were kept says nothing of them, and is not compared.
    """
    found = [
        Version(
            SIGNED,
            "Texte signé",
            protocol.signed_on,
            clauses.rebuilt(protocol.signed_terms or clauses.terms_of(protocol)),
        )
    ]
    for amendment in protocol.amendments.exclude(terms={}).order_by("rank"):
        terms = clauses.rebuilt(amendment.terms)
        found.append(
            Version(amendment.rank, str(amendment), amendment.signed_on, terms, amendment.changes)
        )
    return found


@dataclass(frozen=True)
class Line:
    """One clause in both versions."""

    label: str
    before: str
    after: str

    @property
    def is_same(self):
        return self.before == self.after


@dataclass(frozen=True)
class Comparison:
    before: Version
    after: Version
    lines: list
    between: list  # the versions after `before`, up to `after`: what each says that it changes
    joined: list  # units that sit on the day of `after` and did not on that of `before`
    left: list

    @property
    def changed(self):
        return [line for line in self.lines if not line.is_same]

    @property
    def same(self):
        return [line for line in self.lines if line.is_same]


def compare(protocol, before, after, *, among):
    """Two of the versions `among`; the earlier is always on the left."""
    before, after = sorted((before, after), key=lambda version: version.rank)
    lines = [
        Line(clause.label, clause.says(before.of), clause.says(after.of))
        for clause in (clauses.TEXTS | clauses.CLAUSES).values()
    ]
    was, became = (_seated(protocol, version.signed_on) for version in (before, after))
    return Comparison(
        before,
        after,
        lines,
        [each for each in among if before.rank < each.rank <= after.rank],
        [name for name in became if name not in was],
        [name for name in was if name not in became],
    )


def _seated(protocol, on):
    """The names of the units that sat on that day, in order; today's seats end as they will."""
    rows = (
        protocol.participations.filter(starts_on__lte=on)
        .filter(Q(ends_on=None) | Q(ends_on__gte=on))
        .filter(Q(ended_at=None) | Q(ended_at__date__gt=on))
        .order_by("group__unit__sort_key", "group__unit__pk")
    )
    return list(dict.fromkeys(rows.values_list("group__unit__name", flat=True)))
