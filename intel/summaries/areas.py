"""The part of the figures that a court is told: those of its area, counted from its reports.

A prosecutor opens the reports of his area that are open to the protocol, and no other. The figures
of the department less those of his area would tell him how many reports the other courts have; so
he is given none of the department. What he is given is counted anew from the reports that he opens
himself, as if there were no other: a fact that another area told first counts here when a report
of this area told it, and foyers are looked for among the communes of the area. Whatever he
subtracts it from, it gives him nothing that his own list, counted by hand, would not: a mask would
hide from him what he may read, and protect nobody.

Each part is cut out of the figures of the department: no report is read again.
"""

from dataclasses import replace
from datetime import date

import numpy as np

from intel.summaries import told
from intel.summaries.figures import Figures
from intel.summaries.places import Cited
from intel.summaries.territories import NOWHERE, Ground
from services.geography import Groups
from services.models import Commune


def part_of(figures, court):
    """What readers are told of: all of it, or the area of `court`. One query for a court."""
    if court is None:
        return figures
    communes = Commune.objects.filter(department=figures.department, court=court)
    return within(figures, court, set(communes.values_list("pk", flat=True)))


def within(figures, court, communes):
    """The `Figures` of the area of `court`; `communes`: the keys of those of the department that
    lie in it."""
    ground, whole = figures.ground, figures.told
    kept = np.array([row.commune in communes for row in whole.rows], dtype=bool)
    read = told.of_rows([whole.rows[each] for each in np.flatnonzero(kept)], whole.as_of)
    inside = np.isin(ground.units.keys, list(communes))
    # A report may name a commune that counts in a unit of another name.
    inside[ground.of_report[kept & (ground.of_report != NOWHERE)]] = True
    number = np.where(inside, np.cumsum(inside) - 1, NOWHERE)
    place_of_report = np.cumsum(kept) - 1
    known = ground.neighbourhoods
    own = Ground.of(
        read,
        figures.department,
        _units(ground.units, inside, number),
        {key: number[unit] for key, unit in ground.number.items() if inside[unit]},
        cited=_cited(ground.cited, whole, kept, read),
        neighbourhoods=_neighbourhoods(known, inside, number) if known else None,
        schedules={
            int(place_of_report[report]): text
            for report, text in ground.schedules.items()
            if kept[report]
        },
        repeats={
            int(place_of_report[again]): int(place_of_report[first])
            for again, first in ground.repeats.items()
            if kept[again] and kept[first]
        },
        name=area_of(court),
    )
    return Figures(read, figures.department, figures.period, ground=own)


def area_of(court):
    """« Ressort du tribunal judiciaire d’Épinal »."""
    return f"Ressort du {court.name[0].lower()}{court.name[1:]}"


def _units(units, inside, number):
    """Those of the area, and the links between them: beyond it nothing is known."""
    linked = inside[units.i] & inside[units.j]
    beyond = inside[units.border_units]

    def chosen(values):
        return tuple(value for value, is_in in zip(values, inside.tolist(), strict=True) if is_in)

    return replace(
        units,
        keys=units.keys[inside],
        codes=chosen(units.codes),
        names=chosen(units.names),
        population=units.population[inside],
        without_outline=units.without_outline[inside],
        on_border=units.on_border[inside],
        arrondissements=_groups(units.arrondissements, inside),
        epci=_groups(units.epci, inside),
        i=number[units.i[linked]],
        j=number[units.j[linked]],
        border_units=number[units.border_units[beyond]],
        beyond=units.beyond[beyond],
    )


def _groups(groups, inside):
    """A group that the area cuts is named so."""
    whole = np.bincount(groups.of[groups.of >= 0], minlength=len(groups))
    own = np.bincount(groups.of[inside & (groups.of >= 0)], minlength=len(groups))
    names = [
        name if many == all_of_it else f"{name} (partie du ressort)"
        for name, many, all_of_it in zip(groups.names, own.tolist(), whole.tolist(), strict=True)
    ]
    of = groups.of[inside].tolist()
    return Groups.read(
        [groups.codes[group] if group >= 0 else None for group in of],
        [names[group] if group >= 0 else None for group in of],
    )


def _cited(cited, whole, kept, read):
    """The places that reports of the area cite, and what they alone say of each."""
    return Cited.of(
        read,
        [
            (
                whole.rows[said.report].pk,
                cited.places[said.place],
                date.fromordinal(said.day),
                said.state,
            )
            for said in cited.said
            if kept[said.report]
        ],
    )


def _neighbourhoods(known, inside, number):
    """Those that lie in the area, at least in part."""
    parts = known.parts[inside[known.parts[:, 1]]]
    chosen = np.unique(parts[:, 0])
    rank = {place: new for new, place in enumerate(chosen.tolist())}
    renamed = [(rank[place], number[unit]) for place, unit in parts.tolist()]
    return replace(
        known,
        keys=known.keys[chosen],
        codes=tuple(known.codes[each] for each in chosen),
        names=tuple(known.names[each] for each in chosen),
        years=tuple(known.years[each] for each in chosen),
        population=known.population[chosen],
        outlines=known.outlines[chosen],
        parts=np.array(renamed, dtype=np.int64).reshape(-1, 2),
        size=int(inside.sum()),
    )
