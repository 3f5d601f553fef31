"""The seats under a protocol, running, to come and former; changes nothing."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cross.ui.templatetags.words import day
from protocols import subjects


@dataclass(frozen=True)
class Line:
    """One seat, as the page shows it."""

    row: Any
    unit: Any
    quality: str
    about: str
    access: str
    ended: Any = None  # the day it ended, for a former one

    @property
    def in_short(self):
        """What tells this seat from the others, in a few words."""
        said = [self.quality[:1].upper() + self.quality[1:] or self.access]
        if self.row.reads_reports and not self.row.contributes:
            said.append(self.access.lower())
        if self.ended:
            said.append(f"jusqu’au {day(self.ended)}")
        elif self.row.starts_on > timezone.localdate():
            said.append(f"à partir du {day(self.row.starts_on)}")
        elif self.row.ends_on:
            said.append(f"jusqu’au {day(self.row.ends_on)}")
        return ", ".join(said)


@dataclass(frozen=True)
class Seats:
    running: list
    to_come: list
    former: list


def seats(protocol):
    """Who sits, who will, who sat: the rows of each unit are its history. Three queries."""
    rows = (
        protocol.participations.select_related(
            "group__unit__service", "permission", "given_by", "ended_by"
        )
        .prefetch_related("communes")
        .order_by("-group__unit__is_cell", "group__unit__sort_key", "starts_on", "pk")
    )
    today = timezone.localdate()
    found = Seats([], [], [])
    for row in rows:
        if row.ended_at or (row.ends_on and row.ends_on < today):
            found.former.append(_line(row, _ended_on(row)))
        else:
            (found.to_come if row.starts_on > today else found.running).append(_line(row))
    found.former.sort(key=lambda line: line.ended, reverse=True)
    return found


def _ended_on(row):
    days = [timezone.localdate(row.ended_at)] if row.ended_at else []
    return min([*days, row.ends_on] if row.ends_on else days)


def _line(row, ended=None):
    if row.hands_in:
        access = "Transmet sans consulter"
    elif not row.reads_reports:
        access = "Synthèses seules"
    else:
        access = "Contribue et lit" if row.contributes else "Lit seulement"
    about = [*subjects.names_of(row.products), *(commune.name for commune in row.communes.all())]
    return Line(
        row=row,
        unit=row.group.unit,
        quality=row.get_standing_display() if row.reads_reports else "",
        about=", ".join(about),
        access=access,
        ended=ended,
    )
