"""Places: who reads one, what each is told of it, what may be said of it and taken back."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from intel import access
from intel.actions import places, shares
from intel.actions.places import Described, Said
from intel.models import Place
from intel.place_states import MOVES, PlaceState, may_become, next_states
from intel.reading import places as reading
from protocols.models import Protocol
from services.roles import Role
from services.territory.points import show_degrees
from tests import factories
from tests.house.test_crawl import text_of


def described(commune, name="Hall des Iris", kind="lieu", **fields):
    return Described(name=name, kind=kind, commune=commune, **fields)


def said(days_ago=0, **fields):
    return Said(seen_on=timezone.localdate() - timedelta(days=days_ago), **fields)


@pytest.fixture
def place(cast, vosges):
    return places.create(described(vosges["Épinal"]), by=cast.diane)


def told(place, member):
    return reading.sheet_of(place, member).told


# --- Who reads it -----------------------------------------------------------------------------

EVERYBODY = [
    "diane", "karim", "louise", "bruno", "anna", "marc", "claire", "gilles", "rose", "ines", "tom",
    "fanny", "paul",
]  # fmt: skip
# How the report that cites it stands: who then reads the place. Its unit reads it anyway.
READERS = {
    "none": {"diane", "karim"},
    "draft": {"diane", "karim"},
    "kept": {"diane", "karim"},
    "named": {"diane", "karim", "louise"},
    "open": {"diane", "karim", "louise", "bruno", "anna", "marc", "gilles"},
}


@pytest.mark.parametrize("how", READERS)
def test_a_place_is_read_by_its_unit_and_by_whoever_reads_a_report_that_cites_it(
    cast, vosges, place, enter, how
):
    if how != "none":
        units = {"kept": [], "named": [cast.louise.unit]}.get(how)
        report = factories.report(cast.diane, vosges["Épinal"], units=units, draft=how == "draft")
        places.cite(place, report, said(), by=cast.diane)
    address = place.get_absolute_url()
    opened = {who for who in EVERYBODY if enter(cast[who]).get(address).status_code == 200}
    assert opened == READERS[how]
    listed = {
        who for who in EVERYBODY if access.listed_places(cast[who]).filter(pk=place.pk).exists()
    }
    assert listed == READERS[how]


def test_a_hidden_place_and_an_absent_one_are_one_answer(cast, place, enter):
    client, absent = enter(cast.louise), "00000000-0000-4000-8000-000000000000"
    hidden, nothing = (
        client.get(reverse("place_page", args=[key])) for key in (place.key, absent)
    )
    assert hidden.status_code == nothing.status_code == 404
    # The page repeats the address that was asked.
    assert text_of(hidden).replace(str(place.key), absent) == text_of(nothing)


def test_another_department_reads_it_through_a_shared_report_and_changes_nothing(
    cast, vosges, place, enter
):
    report = factories.report(cast.diane, vosges["Épinal"])
    places.cite(place, report, said(hours="la nuit"), by=cast.diane)
    places.note_operation(
        place, by=cast.diane, kind="controle", day=timezone.localdate(), result="Rien"
    )
    paul = enter(cast.paul)
    assert paul.get(place.get_absolute_url()).status_code == 404
    theirs = Protocol.objects.get(department=cast.paul.unit.department)
    shares.share(report, by=cast.diane, protocol=theirs, why="Même équipe")
    page = paul.get(place.get_absolute_url()).content.decode()
    assert "la nuit" in page
    assert "Aucune opération notée" in page  # what is done about it stays in the department
    assert "Dire ce qu’il en est" not in page
    assert not access.listed_places(cast.paul).exists()
    for name in ("observe_place", "note_operation", "change_place"):
        assert paul.get(reverse(name, args=[place.key])).status_code == 404


def test_taken_back_it_stays_with_the_readers_of_a_report_that_cites_it(cast, vosges, place):
    louises = factories.report(cast.louise, vosges["Épinal"], units=[])
    dianes = factories.report(cast.diane, vosges["Épinal"])
    places.cite(place, dianes, said(), by=cast.diane)
    places.cite(place, louises, said(), by=cast.louise)
    places.withdraw(place, by=cast.karim)
    readers = {
        who for who in EVERYBODY if access.readable_places(cast[who]).filter(pk=place.pk).exists()
    }
    assert readers == {"louise"}


# --- What each is told ------------------------------------------------------------------------


def test_the_present_state_is_that_of_the_latest_report_one_reads(cast, vosges, place):
    seen = factories.report(cast.diane, vosges["Épinal"])
    kept = factories.report(cast.diane, vosges["Épinal"], units=[])
    places.cite(
        place, seen, said(9, state="confirme", hours="le soir", products=("crack",)),
        by=cast.diane,
    )  # fmt: skip
    places.cite(place, kept, said(2, state="actif", stash="au 3e"), by=cast.diane)
    assert (told(place, cast.karim).state, told(place, cast.karim).stash) == ("actif", "au 3e")
    louise = told(place, cast.louise)
    assert (louise.state, louise.hours, louise.products, louise.stash) == (
        "confirme", "le soir", ["Crack"], "",
    )  # fmt: skip
    assert louise.seen_on == timezone.localdate() - timedelta(days=9)
    assert list(louise.reports.values()) == [seen.reference]


def test_the_list_filters_on_what_its_reader_is_told(cast, vosges, place, enter):
    seen = factories.report(cast.diane, vosges["Épinal"])
    kept = factories.report(cast.diane, vosges["Épinal"], units=[])
    places.cite(place, seen, said(100, state="confirme", products=("crack",)), by=cast.diane)
    places.cite(place, kept, said(2, state="actif", products=("heroine",)), by=cast.diane)
    asked = {
        "q=iris": {"diane", "louise"},
        "q=jonquilles": set(),
        "commune=Épinal": {"diane", "louise"},
        "commune=Golbey": set(),
        "type=lieu": {"diane", "louise"},
        "type=point": set(),
        "etat=actif": {"diane"},
        "etat=confirme": {"louise"},
        "produit=crack": {"diane", "louise"},
        "produit=heroine": {"diane"},
        "sans=90": {"louise"},
        "sans=180": set(),
        "etat=inconnu": set(),
    }
    for query, found in asked.items():
        for who in ("diane", "louise", "bruno"):
            page = enter(cast[who]).get(f"{reverse('place_list')}?{query}").content.decode()
            is_found = who in found or (who == "bruno" and "louise" in found)
            assert ("Hall des Iris" in page) == is_found, (query, who)


def test_places_that_would_hide_each_other_are_one_mark_that_opens_their_list(cast, vosges, enter):
    epinal = vosges["Épinal"]
    for name, east in (("Hall des Iris", 0), ("Parking du stade", 40), ("Lac", 15_000)):
        point = (epinal.centre_x + east, epinal.centre_y)
        places.create(described(epinal, name, point=point), by=cast.diane)
    shown = enter(cast.diane).get(reverse("place_list"))
    [group] = shown.context["listing"].map.together
    assert {place.name for place in group.places} == {"Hall des Iris", "Parking du stade"}
    html = shown.content.decode()
    assert html.count('class="map-mark"') == 2
    assert html.count('href="#lieux-A"') == html.count('id="lieux-A"') == 1
    for place in access.own_places(cast.diane):  # each is one link from the map
        assert html.count(f'href="{place.get_absolute_url()}"') == 2


def test_what_a_held_report_says_is_neither_printed_nor_exported(cast, vosges, place, enter):
    held = factories.report(cast.diane, vosges["Épinal"], handling="H2")
    places.cite(place, held, said(3, state="actif", hours="à toute heure"), by=cast.diane)
    louise = enter(cast.louise)
    assert "à toute heure" in louise.get(place.get_absolute_url()).content.decode()
    assert louise.post(reverse("print_place", args=[place.key])).url == place.get_absolute_url()
    assert louise.get(reverse("export_places"), {"format": "csv"}).status_code == 302
    free = factories.report(cast.diane, vosges["Épinal"])
    places.cite(place, free, said(5, state="confirme"), by=cast.diane)
    printed = louise.post(reverse("print_place", args=[place.key]), follow=True)
    assert "à toute heure" not in printed.content.decode()
    assert "Confirmé" in printed.content.decode()
    row = exported(louise)[0]
    assert (row["État"], row["Horaires"], row["Fiches"]) == ("Confirmé", "", free.reference)
    assert exported(enter(cast.karim))[0]["Horaires"] == "à toute heure"


def exported(client):
    answer = client.get(reverse("export_places"), {"format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


# --- What may be said -------------------------------------------------------------------------


def test_the_table_of_moves_knows_every_state():
    assert set(MOVES) == set(PlaceState)
    reached = {each for state in PlaceState for each in next_states(state)}
    assert reached == set(PlaceState) - {PlaceState.SIGNALLED}


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        ("signale", "confirme", True),
        ("confirme", "actif", True),
        ("actif", "sous_pression", True),
        ("sous_pression", "demantele", True),
        ("demantele", "reconstitue", True),
        ("actif", "actif", True),
        ("demantele", "actif", False),
        ("actif", "signale", False),
        ("signale", "reconstitue", False),
    ],
)
def test_which_state_follows_which(before, after, may):
    assert may_become(before, after) is may


def test_a_move_is_judged_on_what_its_author_is_told(cast, vosges, place):
    kept = factories.report(cast.diane, vosges["Épinal"], units=[])
    seen = factories.report(cast.louise, vosges["Épinal"])
    dianes = factories.report(cast.diane, vosges["Épinal"])
    places.cite(place, dianes, said(20), by=cast.diane)
    places.cite(place, kept, said(9, state="demantele"), by=cast.diane)
    with pytest.raises(ValidationError, match="Démantelé"):
        places.cite(place, dianes, said(state="actif"), by=cast.diane)
    places.cite(place, seen, said(state="actif"), by=cast.louise)
    assert told(place, cast.louise).state == PlaceState.ACTIVE


def test_a_place_that_has_moved_names_the_other_and_both_are_taken_back(cast, vosges, place):
    report = factories.report(cast.diane, vosges["Épinal"])
    other = places.create(described(vosges["Golbey"], "Rue des Lilas"), by=cast.diane)
    places.cite(place, report, said(9, state="actif"), by=cast.diane)
    for wrong in (said(state="deplace"), said(state="deplace", moved_to=place),
                  said(state="demantele", moved_to=other)):  # fmt: skip
        with pytest.raises(ValidationError):
            places.cite(place, report, wrong, by=cast.diane)
    moved = places.cite(place, report, said(state="deplace", moved_to=other), by=cast.diane)
    assert [line.moved_to for line in reading.sheet_of(place, cast.louise).lines] == [other, None]
    assert reading.sheet_of(other, cast.louise).comes_from == [place]
    places.take_back_observation(moved, by=cast.karim)
    assert told(place, cast.louise).state == PlaceState.ACTIVE
    assert not access.readable_places(cast.louise).filter(pk=other.pk).exists()


def test_a_report_cites_what_its_author_reads_in_its_own_department(cast, vosges, meurthe, place):
    pauls = factories.report(cast.paul, meurthe["Nancy"])
    with pytest.raises(ValidationError):
        places.cite(place, pauls, said(), by=cast.paul)
    louises = factories.report(cast.louise, vosges["Épinal"])
    with pytest.raises(ValidationError):
        places.cite(place, louises, said(), by=cast.louise)
    with pytest.raises(PermissionDenied):
        places.cite(place, louises, said(), by=cast.diane)
    dianes = factories.report(cast.diane, vosges["Épinal"])
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="pas encore venu"):
        places.cite(place, dianes, Said(seen_on=tomorrow), by=cast.diane)
    places.cite(place, dianes, said(), by=cast.diane)
    with pytest.raises(ValidationError, match="déjà"):
        places.cite(place, dianes, said(), by=cast.diane)
    places.cite(place, dianes, said(hours="le soir"), by=cast.anna)  # the cell adds to it


@pytest.mark.parametrize(("east", "is_refused"), [(1900, False), (4900, True)])
def test_a_point_far_from_its_commune_is_asked_about(cast, vosges, enter, east, is_refused):
    epinal, client = vosges["Épinal"], enter(cast.diane)
    where = show_degrees(epinal.centre_x + 500 + east, epinal.centre_y, 2154)
    sent = {"name": "Parking", "kind": "lieu", "commune": "Épinal", "point": where}

    page = client.post(reverse("new_place"), sent)

    assert ("Ce point est à 5 km d’Épinal" in text_of(page)) is is_refused
    assert ('name="is_there"' in text_of(page)) is is_refused
    client.post(reverse("new_place"), sent | {"is_there": "on"})
    assert access.readable_places(cast.diane).filter(name="Parking").exists()


@pytest.mark.parametrize("facts", [{}, {"on_public_way": True}, {"is_daily": True}])
def test_a_point_de_deal_is_on_the_public_way_and_daily(cast, vosges, facts, enter):
    point = described(vosges["Épinal"], kind="point", **facts)
    with pytest.raises(ValidationError, match="voie publique"):
        places.create(point, by=cast.diane)
    with pytest.raises(IntegrityError, match="public_and_daily"), transaction.atomic():
        Place.objects.create(
            department=vosges.department, unit=cast.diane.unit, by=cast.diane, name="x",
            kind="point", commune=vosges["Épinal"], **facts,
        )  # fmt: skip
    sent = {"name": "Square", "kind": "point", "commune": "Épinal", **facts}
    page = enter(cast.diane).post(reverse("new_place"), sent)
    assert page.status_code == 422
    assert "cochez les deux" in page.content.decode()


# --- Through the pages ------------------------------------------------------------------------


def test_from_a_report_a_place_is_made_cited_and_taken_back(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"])
    client = enter(cast.diane)
    sent = {
        "name": "Square des Lilas", "kind": "point", "on_public_way": "on", "is_daily": "on",
        "commune": "Épinal", "address": "rue des Lilas",
    }  # fmt: skip
    made = client.post(f"{reverse('new_place')}?fiche={report.reference}", sent)
    assert made.status_code == 302
    form = client.get(made.url)
    assert "Square des Lilas" in form.content.decode()
    key = Place.objects.unguarded(because="test").get().key
    day = timezone.localdate().strftime("%d/%m/%Y")
    answer = client.post(
        made.url, {"place": key, "seen_on": day, "state": "actif", "hours": "de 14 h à 2 h"}
    )
    assert answer.status_code == 302, answer.content.decode()
    louise = enter(cast.louise)
    assert "de 14 h à 2 h" in louise.get(report.get_absolute_url()).content.decode()
    place = access.readable_places(cast.louise).get()
    assert "Actif" in louise.get(place.get_absolute_url()).content.decode()
    line = reading.sheet_of(place, cast.diane).lines[0]
    remove = reverse("remove_observation", args=[line.said.key])
    assert louise.post(remove).status_code == 404
    assert client.post(remove).status_code == 302
    assert not access.readable_places(cast.louise).exists()


def test_an_operation_is_noted_by_the_unit_that_did_it_and_taken_back_by_it(
    cast, vosges, place, enter
):
    report = factories.report(cast.diane, vosges["Épinal"])
    places.cite(place, report, said(), by=cast.diane)
    louise = enter(cast.louise)
    day = timezone.localdate().strftime("%d/%m/%Y")
    sent = {"kind": "pilonnage", "day": day, "result": "Deux interpellations"}
    assert louise.post(reverse("note_operation", args=[place.key]), sent).status_code == 302
    for who in ("diane", "anna", "bruno"):
        page = enter(cast[who]).get(place.get_absolute_url()).content.decode()
        assert "Deux interpellations" in page
    [operation] = access.readable_operations(cast.diane)
    remove = reverse("remove_operation", args=[operation.key])
    assert enter(cast.diane).post(remove).status_code == 404
    assert louise.post(remove).status_code == 302
    assert not access.readable_operations(cast.diane).exists()
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="Déconfliction"):
        places.note_operation(place, by=cast.louise, kind="autre", day=tomorrow, result="x")


def test_whoever_only_reads_changes_nothing(cast, vosges, place, enter):
    cast["lea"] = factories.member("lea", cast.diane.unit, Role.READER)
    client = enter(cast.lea)
    assert client.get(place.get_absolute_url()).status_code == 200
    for name in ("change_place", "observe_place", "note_operation"):
        assert client.get(reverse(name, args=[place.key])).status_code == 404
    assert client.post(reverse("withdraw_place", args=[place.key])).status_code == 404
    assert client.get(reverse("new_place")).status_code == 403


def test_paul_finds_nothing_of_it_anywhere(cast, vosges, place, enter):
    report = factories.report(cast.diane, vosges["Épinal"])
    places.cite(place, report, said(state="actif", hours="la nuit"), by=cast.diane)
    paul = enter(cast.paul)
    assert "Hall des Iris" not in paul.get(reverse("place_list")).content.decode()
    assert paul.get(place.get_absolute_url()).status_code == 404
    assert paul.get(reverse("export_places"), {"format": "csv"}).status_code == 302
    assert paul.post(reverse("print_place", args=[place.key])).status_code == 404
