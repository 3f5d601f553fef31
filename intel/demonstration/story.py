"""What the figures of the demonstration have to show, told beside what goes on by itself.

A few chapters: a foyer that opens and one that lasts, a rise that the public tells of too and one
that comes with more controls, a fall, a commune that comes up, a week out of the ordinary. Each
is told evenly over its time, so that chance neither makes it nor hides it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle

from intel import periods
from intel.demonstration.happenings import DAYS_A_MONTH
from intel.demonstration.situations import begin, network
from intel.demonstration.tables import lines

OUT_OF = 600  # reports: how many of them the table tells
SEEN_SINCE = 22  # days: the week of that day is told in figures that are drawn up for good


# What the times of a chapter are counted from, in months: a day of today's.
BEGINNINGS = {
    "quarter": lambda today: periods.quarter_of(today).previous().start,  # the last whole one
    "week": lambda today: periods.week_of(today - timedelta(days=SEEN_SINCE)).start,
}


@dataclass(frozen=True)
class Chapter:
    """`reports` of one kind in `towns`, in turn, from the day `first` to the day `last`."""

    towns: tuple
    kind: str
    products: tuple
    where: tuple | None
    team: str  # one vehicle and telephone in all the towns, each with one situation that lasts
    voices: tuple
    first: date
    last: date
    reports: int

    def days(self):
        """One in each equal part of its time."""
        length = (self.last - self.first).days + 1
        for rank in range(self.reports):
            yield self.first + timedelta(days=int((rank + 0.5) * length / self.reports))


class Telling:
    """One report of a chapter."""

    def __init__(self, chapter, town, known):
        self.chapter, self.town, self.known = chapter, town, known

    def situation(self, chance, day):
        if self.chapter.team and self.town.pk in self.known:
            return self.known[self.town.pk]
        return self.afresh(chance, day)

    def afresh(self, chance, day):
        """Something new of the same chapter: all has been said of the other."""
        chapter = self.chapter
        situation = begin(
            chance,
            self.town,
            day,
            kind=chapter.kind,
            products=chapter.products,
            until=chapter.last,
            where=chapter.where,
        )
        situation.is_staged = True
        if chapter.team:
            situation.said |= network(chapter.team)
            self.known[self.town.pk] = situation
        return situation


def tellings(country, *, today, number):
    """(day, telling) pairs, chapter after chapter, for a demonstration of `number` reports."""
    for line in lines("chapters", country.department):
        chapter = read(line, country, today, number)
        known: dict = {}
        for day, town in zip(chapter.days(), cycle(chapter.towns), strict=False):
            yield day, Telling(chapter, town, known)


def read(line, country, today, number):
    start = BEGINNINGS[line["anchor"]](today)
    eve = today - timedelta(days=1)
    last = start + months(line["until"]) if line["until"] else eve
    first = min(start + months(line["since"]), eve)
    return Chapter(
        towns=country.known_by(line["towns"]) or country.new_front(),
        kind=line["kind"],
        products=tuple(line["products"].split("|")),
        where=(line["preposition"], line["place"]) if line["place"] else None,
        team=f"{line['team']} {country.department.code}" if line["team"] else "",
        voices=tuple(line["voices"].split("|")) if line["voices"] else (),
        first=first,
        last=max(first, min(last, eve)),
        reports=round(int(line["reports"]) * number / OUT_OF),
    )


def months(number):
    return timedelta(days=round(float(number) * DAYS_A_MONTH))
