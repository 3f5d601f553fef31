"""Codes as written at entry, and the units that hold them in the list of the year."""

import pytest

from services.territory.movements import Place, units_by_code
from services.territory.units import unit_codes


def listed(code, *former, kind="COM", parent=None):
    return Place(code, kind, parent, former)


def left(code, *former, kind="COM", parent=None):
    return Place(code, kind, parent, former, is_listed=False)


@pytest.mark.parametrize(
    ("case", "places", "expected"),
    [
        ("nothing moved", [listed("A")], {"A": "A"}),
        ("a part", [listed("A"), listed("B", kind="COMD", parent="A")], {"A": "A", "B": "A"}),
        ("an associated one", [listed("A"), listed("B", kind="COMA", parent="A")],
         {"A": "A", "B": "A"}),
        ("a part with its parent's code", [listed("A"), listed("A", kind="COMD", parent="A")],
         {"A": "A"}),
        ("absorbed long ago", [listed("A", "X", "Y")], {"A": "A", "X": "A", "Y": "A"}),
        ("merged since a report", [listed("A", "B"), left("B")], {"A": "A", "B": "A"}),
        ("merged twice, told once", [listed("C", "A"), left("A", "B"), left("B")],
         {"A": "C", "B": "C", "C": "C"}),
        ("split: each is itself again", [listed("A", "B"), listed("B")], {"A": "A", "B": "B"}),
        ("the parent changed",
         [listed("A", "B"), listed("C"), listed("B", kind="COMD", parent="C")],
         {"A": "A", "B": "C", "C": "C"}),
        ("the heir changed since", [left("A", "X"), listed("C", "X", "A")],
         {"A": "C", "C": "C", "X": "C"}),
        ("a part that left the list", [listed("A"), left("B", kind="COMD", parent="A")],
         {"A": "A", "B": "A"}),
        ("no heir", [listed("A"), left("B")], {"A": "A"}),
        ("codes that swear by each other", [listed("A"), left("B", "C"), left("C", "B")],
         {"A": "A"}),
        ("a city cut up", [listed("P", "O"), listed("P1", kind="ARM", parent="P")], {"P1": "P1"}),
        ("nothing at all", [], {}),
    ],
)  # fmt: skip
def test_a_code_leads_to_the_unit_of_today(case, places, expected):
    units = unit_codes([place for place in places if place.is_listed])
    assert units_by_code(places, units) == expected
    assert units_by_code(places[::-1], units) == expected, case


# --- the national list -----------------------------------------------------------------------


@pytest.fixture
def lines(france):
    return france.communes


@pytest.fixture(scope="module")
def today(france):
    places = [
        Place(line.code, line.kind, line.parent, line.former_codes) for line in france.communes
    ]
    return units_by_code(places, unit_codes(places))


def test_every_part_and_every_old_code_of_the_country_finds_its_unit(lines, today):
    kinds = [line.kind for line in lines]
    assert (kinds.count("COMD"), kinds.count("COMA"), kinds.count("ARM")) == (2105, 471, 45)
    cities = {"75056", "69123", "13055"}
    units = {line.code for line in lines if line.kind in ("COM", "ARM")} - cities
    assert set(today.values()) == units
    assert all(today[code] == code for code in units)
    assert all(today[line.code] for line in lines if line.kind in ("COMD", "COMA"))
    old = {code for line in lines if line.code not in cities for code in line.former_codes}
    assert len(old) > 4000
    assert old <= today.keys()


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("88393", "88321"),  # Rollainville, delegated, in Neufchâteau
        ("88422", "88160"),  # Saint-Laurent, in Épinal
        ("15141", "15141"),  # Neussargues, which four communes left again
        ("15031", "15031"),  # Celles, one of the four
        ("60455", "60694"),  # La Neuville-Garnier: the other source still has it elsewhere
        ("44060", "49160"),  # a merger across the border of two departments
        ("75101", "75101"),
        ("20004", "2A004"),  # Ajaccio, before Corsica was two departments
    ],
)
def test_movements_that_took_place(today, code, unit):
    assert today[code] == unit


@pytest.mark.parametrize("code", ["75056", "69123", "13055", "99999"])
def test_what_is_no_closer_than_a_city_counts_in_no_unit(today, code):
    assert code not in today
