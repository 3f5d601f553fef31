"""The list of reports: what it finds, what it counts, what it never tells."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cross.audit.models import Entry
from cross.ui import keyset
from intel.actions import invitations, life
from intel.models import Report
from intel.reading import facets, filters
from intel.reading.list import SORTS
from intel.states import State
from protocols.actions import admit
from protocols.models import Protocol
from services.models import Department
from tests import factories

LIST = "/renseignements/"


def listing(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200, response.content[:300]
    return response.context["listing"]


def found(client, **query):
    return [row.reference for row in listing(client, **query).page]


@pytest.fixture
def scooter(cast, vosges):
    """Open, by Diane: a plate and a phone confirmed, in Épinal."""
    return factories.report(
        cast.diane,
        vosges["Épinal"],
        subject="Livraisons de cocaïne en scooter",
        facts="Un scooter livre des clients réguliers devant la pharmacie.",
        products=["cocaine"],
        modes=["delivery"],
        identifiers=[
            ("plate", "AB-123-CD", "AB123CD"),
            ("phone", "06 39 98 12 34", "+33639981234"),
        ],
        grade=("B", "3"),
        occurred_on=date(2026, 3, 10),
        occurred_until=date(2026, 3, 14),
        received_at=datetime(2026, 3, 20, 9, tzinfo=UTC),
    )


@pytest.fixture
def house(cast, vosges):
    """Open, by Louise, in Le Thillot."""
    return factories.report(
        cast.louise,
        vosges["Le Thillot"],
        subject="Odeur dans un pavillon",
        facts="Les volets restent clos, le compteur tourne.",
        products=["cannabis_herbe"],
        modes=["growing"],
        origin="citizen",
        handling="H1",
        occurred_on=None,
        received_at=datetime(2026, 5, 2, 9, tzinfo=UTC),
    )


@pytest.fixture
def hidden(cast, vosges):
    """By Louise, for her unit and Bruno's alone: same words, same plate."""
    return factories.report(
        cast.louise,
        vosges["Golbey"],
        units=[cast.bruno.unit],
        subject="Scooter suspect",
        facts="Le scooter passe chaque soir.",
        products=["heroine"],
        identifiers=[("plate", "AB 123 CD", "AB123CD")],
        received_at=datetime(2026, 6, 1, 9, tzinfo=UTC),
    )


# --- Words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "scooter",
        "SCOOTER",
        "cocaine livraison",  # no accent, other number
        "client régulier",
        '"devant la pharmacie"',
        "scooter -pavillon",
        "introuvable OU pharmacie",
        "epinal",
        "cocaïne epinal",
        "AB-123-CD",
        "ab123cd",
        "06.39.98.12.34",
        "+33 6 39 98 12 34",
    ],
)
def test_words_find_by_text_commune_or_identifier(cast, enter, scooter, house, words):
    assert found(enter(cast.anna), q=words) == [scooter.reference]


@pytest.mark.parametrize(
    "words", ["introuvable", "scooter -livraison", "le", "épinal pavillon", "AB-124-CE", "!!!"]
)
def test_words_that_fit_nothing_find_nothing(cast, enter, scooter, words):
    assert found(enter(cast.anna), q=words) == []


def test_a_reference_opens_its_sheet_however_it_is_said(cast, enter, scooter, hidden):
    client = enter(cast.diane)
    year, number = scooter.reference.split("-")[2:]
    for words in (scooter.reference, scooter.reference.lower(), f"{year}-{int(number)}"):
        assert client.get(LIST, {"q": words}).headers["Location"] == scooter.get_absolute_url()
    # A hidden one and one that does not exist have one answer.
    assert found(client, q=hidden.reference) == []
    assert found(client, q=f"{year}-9999") == []


# --- Filters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "scooter_fits", "house_fits"),
    [
        ({"commune": "Épinal"}, True, False),
        ({"commune": "88003"}, False, True),
        ({"commune": "Le Thillot (88003)"}, False, True),
        ({"etat": "a_trier"}, True, True),
        ({"etat": "recu"}, True, True),
        ({"etat": ["clos", "orientes"]}, False, False),
        ({"produit": "cocaine"}, True, False),
        ({"produit": ["cocaine", "cannabis_herbe"]}, True, True),
        ({"mode": "growing"}, False, True),
        ({"origine": "citizen"}, False, True),
        ({"source": "B"}, True, False),
        ({"information": ["3", "4"]}, True, False),
        ({"exploitation": "H1"}, False, True),
        ({"diffusion": "ouverte"}, True, True),
        ({"diffusion": "restreinte"}, False, False),
        ({"qui": "moi"}, False, True),
        ({"qui": "unite"}, False, True),
        ({"recu_du": "2026-03-21"}, False, True),
        ({"recu_au": "2026-03-20"}, True, False),
        ({"recu_du": "20/03/2026", "recu_au": "20/03/2026"}, True, False),
        ({"faits_du": "2026-03-14"}, True, False),
        ({"faits_du": "2026-03-15"}, False, False),
        ({"faits_au": "2026-03-09"}, False, False),
        ({"faits_au": "2026-03-10"}, True, False),
        ({"produit": "cocaine", "commune": "Le Thillot"}, False, False),
    ],
)
def test_each_filter(cast, enter, scooter, house, query, scooter_fits, house_fits):
    expected = {scooter.reference} if scooter_fits else set()
    expected |= {house.reference} if house_fits else set()
    assert set(found(enter(cast.louise), **query)) == expected


def test_the_filter_of_units_and_its_chip(cast, enter, scooter, house):
    client = enter(cast.anna)
    shown = listing(client, unite=str(cast.louise.unit_id), q="volets")
    assert [row.reference for row in shown.page] == [house.reference]
    assert [(chip["label"], chip["text"]) for chip in shown.chosen] == [
        ("Recherche", "«\u00a0volets\u00a0»"),
        ("Unité contributrice", "Commissariat"),
    ]


def test_every_state_belongs_to_one_stage():
    staged = Counter(state for _, states in filters.STAGES.values() for state in states)
    assert staged == Counter(State)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"etat": "imaginaire"}, "n’est pas un choix"),
        ({"unite": "999999"}, "n’est pas un choix"),
        ({"unite": "x"}, "n’est pas un choix"),
        ({"commune": "Zorglub"}, "Aucune commune ne correspond"),
        ({"recu_du": "2026-02-31"}, "Cette date n’existe pas"),
        ({"recu_du": "0001-01-01"}, "Vérifiez l’année"),
        ({"recu_au": "9999-12-31"}, "Vérifiez l’année"),
        ({"recu_du": "2026-05-02", "recu_au": "2026-05-01"}, "doit suivre son début"),
        ({"q": "a" * 201}, "la limite est de 200"),
    ],
)
def test_a_filter_that_makes_no_sense_is_told_and_shows_nothing(
    cast, enter, scooter, query, sentence
):
    response = enter(cast.anna).get(LIST, query)
    text = response.content.decode()
    assert response.status_code == 200
    assert sentence in text
    assert scooter.reference not in text
    assert "Effacer tous les filtres" in text


@pytest.mark.parametrize(
    "query",
    [
        {"apres": "n’importe quoi"},
        {"apres": "2026-01-01T00:00:00+00:00~99999999999999999999999"},
        {"avant": "\0~1"},
        {"tri": "-inconnu", "par": "7"},
        {"tri": "commune", "apres": "\0~2026-01-01T00:00:00+00:00~1"},
    ],
)
def test_an_address_typed_by_hand_gives_the_first_page(cast, enter, scooter, query):
    assert found(enter(cast.anna), **query) == [scooter.reference]


def test_control_characters_are_taken_out_of_the_search(cast, enter, scooter):
    assert found(enter(cast.anna), q="sco\0oter\u202e") == [scooter.reference]


# --- Counts, and what they never tell -----------------------------------------------------------


def in_numbers(shown):
    """Everything that a list counts or names, apart from its rows."""
    return (
        shown.count,
        {
            facet.name: [(each.value, each.count) for each in facet.options]
            for facet in shown.facets
        },
        [(way.label, way.count.value) for way in shown.ways_out],
    )


QUERIES = [
    {},
    {"q": "scooter"},
    {"q": "AB-123-CD"},
    {"produit": "heroine"},
    {"diffusion": "restreinte"},
    {"commune": "Golbey", "etat": "a_trier"},
    {"produit": "heroine", "commune": "Golbey"},
    {"exact": "1"},
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_hidden_report_changes_no_number(cast, vosges, enter, scooter, query, request):
    diane = enter(cast.diane)
    before = in_numbers(listing(diane, **query)), found(diane, **query)
    hidden = request.getfixturevalue("hidden")
    assert (in_numbers(listing(diane, **query)), found(diane, **query)) == before
    # The refusal is for the right reason: Bruno, named, sees it in the same lists.
    assert hidden.reference in found(enter(cast.bruno), q="scooter")


def test_facets_count_what_choosing_them_would_give(cast, vosges, enter, scooter, house, hidden):
    client = enter(cast.bruno)
    chosen = {"produit": "cocaine", "origine": "service"}
    shown = listing(client, **chosen)
    assert shown.count == 1
    for facet in shown.facets:
        if facet.name not in facets.COUNTED:
            continue
        others = {name: value for name, value in chosen.items() if name != facet.name}
        for option in facet.options:
            alone = listing(client, **others, **{facet.name: option.value})
            assert option.count == alone.count, (facet.name, option.value)


def test_beyond_what_is_counted_the_list_says_so(cast, vosges, enter, scooter, house, monkeypatch):
    monkeypatch.setattr("intel.reading.list.FACETS_UP_TO", 1)
    monkeypatch.setattr("intel.reading.capped.COUNTED_UP_TO", 1)
    client = enter(cast.anna)
    shown = listing(client)
    assert (shown.count, shown.count_capped) == (1, True)
    assert all(option.count is None for facet in shown.facets for option in facet.options)
    assert "plus de <strong>1</strong>" in client.get(LIST).content.decode()
    exact = listing(client, exact="1")
    assert (exact.count, exact.count_capped) == (2, False)
    assert {o.value: o.count for f in exact.facets if f.name == "etat" for o in f.options}[
        "a_trier"
    ] == 2


def test_an_empty_list_proposes_the_filter_to_take_away(cast, enter, scooter, house, hidden):
    client = enter(cast.diane)
    response = client.get(LIST, {"produit": "cocaine", "commune": "Le Thillot"})
    ways = response.context["listing"].ways_out
    assert [(way.label, way.count.value) for way in ways] == [("Commune", 1), ("Produit", 1)]
    assert "sans le filtre «&nbsp;Commune&nbsp;»" in response.content.decode()
    # Golbey has a hidden report only: taking the product away gives nothing.
    ways = listing(client, produit="cocaine", commune="Golbey").ways_out
    assert [(way.label, way.count.value) for way in ways] == [("Commune", 1)]


def test_an_empty_list_with_one_filter_proposes_to_take_it_away(cast, enter, scooter):
    page = enter(cast.diane).get(LIST, {"q": "introuvable"}).content.decode()
    assert "Retirez ce filtre" in page
    assert '<a href="?">sans le filtre «&nbsp;Recherche&nbsp;»</a>' in page
    assert "Effacer tous les filtres" not in page, "it would be the same link twice"


# --- Pages and order ----------------------------------------------------------------------------


@pytest.fixture
def many(cast, vosges):
    """More than a page of open reports, with ties in every order."""
    communes = [vosges[name] for name in ("Épinal", "Golbey", "Le Thillot")]
    instant = timezone.now() - timedelta(days=40)
    made = [
        factories.report(
            cast.diane if rank % 2 else cast.louise,
            communes[rank % 3],
            received_at=instant + timedelta(days=rank // 4),
            occurred_on=None if rank % 5 == 0 else date(2026, 1, 1 + rank % 7),
            grade=("ABC"[rank % 3], "23"[rank % 2]) if rank % 4 else ("", ""),
        )
        for rank in range(24)
    ]
    for report in made[:6]:
        life.move(report, by=cast.anna, target=State.SORTED)
    return made


@pytest.mark.parametrize("sort", [f"{sign}{name}" for name in SORTS for sign in ("", "-")])
def test_pages_show_every_row_once_in_both_directions(cast, enter, many, sort):
    client = enter(cast.anna)
    start = {"tri": sort, "par": "20"}
    first = listing(client, **start).page
    second = listing(client, **start, apres=first.next).page
    assert (first.previous, second.next) == (None, None)
    assert [len(first), len(second)] == [20, 4]
    assert sorted(row.pk for row in [*first, *second]) == sorted(report.pk for report in many)
    again = listing(client, **start, avant=second.previous).page
    assert [row.pk for row in again] == [row.pk for row in first]
    assert (again.previous, again.next) == (None, first.next)


def test_two_cursors_do_not_say_how_much_was_written_between_the_two(cast, enter, many, vosges):
    """Numbers follow one another, those of hidden reports too: no address shows one."""
    client = enter(cast.louise)
    cursor = listing(client, par="20").page.next
    shown = [row.pk for row in listing(client, par="20").page]
    assert cursor.rpartition("~")[2] not in {str(pk) for pk in shown}
    veiled = [keyset.veil(number) for number in range(1, 400)]
    assert [keyset.unveil(each) for each in veiled] == list(range(1, 400))
    gaps = [int(b, 16) - int(a, 16) for a, b in pairwise(veiled)]
    assert len(set(gaps)) == len(gaps)
    for typed in ("~1234", "~", f"~{'g' * 16}", f"~{'f' * 16}"):
        address = cursor.rpartition("~")[0] + typed
        assert len(listing(client, par="20", apres=address).page) == 20
    assert not listing(enter(cast.paul), apres=cursor).page.rows


KEYS = {
    "recu": lambda row: row.received_at,
    "faits": lambda row: row.occurred_on or date.min,
    "commune": lambda row: row.commune.sort_key,
    "unite": lambda row: row.owner.short_name,
    "cotation": lambda row: row.source_grade + row.information_grade,
    "etat": lambda row: list(State).index(row.state),
}


@pytest.mark.parametrize("name", SORTS)
def test_each_order(cast, enter, many, name):
    client = enter(cast.anna)
    rows = [list(listing(client, tri=sign + name, par="100").page) for sign in ("", "-")]
    up, down = ([KEYS[name](row) for row in each] for each in rows)
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)
    assert len(set(up)) > 1


def test_the_header_says_the_order_and_turns_it(cast, enter, many):
    html = enter(cast.anna).get(LIST, {"tri": "commune"}).content.decode()
    header = re.search(r'<th scope="col"[^>]*aria-sort="ascending"[^>]*><a[^>]*>', html)[0]
    assert "tri=-commune" in header


# --- Frame --------------------------------------------------------------------------------------


def queries_of(client, query):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(LIST, query).status_code == 200
    return len(captured)


@pytest.mark.parametrize("query", [{}, {"q": "vendent"}, {"commune": "Épinal", "tri": "etat"}])
def test_as_many_queries_for_one_row_as_for_fifty(cast, vosges, enter, query):
    client = enter(cast.anna)
    factories.report(cast.diane, vosges["Épinal"])
    client.get(LIST, query)  # permissions and content types are read once a process
    one = queries_of(client, query)
    for _ in range(50):
        factories.report(cast.louise, vosges["Épinal"], products=["cocaine"])
    assert len(listing(client, **query).page) == 50
    assert queries_of(client, query) == one <= 15


def test_htmx_gets_the_results_alone_and_a_full_page_when_it_goes_back(cast, enter, scooter):
    client = enter(cast.anna)
    asked = {"HX-Request": "true", "HX-Target": "resultats"}
    fragment = client.get(LIST, {"q": "scooter", "commune": ""}, headers=asked)
    text = fragment.content.decode()
    assert "<header" not in text
    assert 'id="nombre" hx-swap-oob="true"' in text
    assert "<title>1" in text
    assert fragment.headers["HX-Push-Url"] == f"{LIST}?q=scooter"
    whole = client.get(LIST, headers={**asked, "HX-History-Restore-Request": "true"})
    assert "<header" in whole.content.decode()
    for response in (fragment, whole, client.get(LIST)):
        assert "HX-Request" in response.headers["Vary"]


def test_blank_fields_leave_the_address(cast, enter, scooter):
    client = enter(cast.anna)
    response = client.get(LIST, {"q": "", "commune": " ", "produit": "cocaine"})
    assert response.headers["Location"] == f"{LIST}?produit=cocaine"
    assert client.get(LIST, {"q": ""}).headers["Location"] == LIST


def test_what_was_typed_is_shown_as_text(cast, enter, scooter):
    html = enter(cast.anna).get(LIST, {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_the_journal_knows_that_a_list_was_opened_never_its_words(cast, enter, scooter):
    client = enter(cast.anna)
    client.get(LIST)
    client.get(LIST, {"q": "scooter"})
    lines = list(Entry.objects.filter(member_id=cast.anna.pk).order_by("pk"))
    verbs = [line.verb for line in lines if line.verb.startswith("report.")]
    assert verbs == ["report.listed", "report.searched"]
    assert not any("scooter" in f"{line.target} {line.why} {line.recipients}" for line in lines)


# --- Who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status", "sees_open", "sees_hidden"),
    [
        ("diane", 200, True, False),
        ("karim", 200, True, False),
        ("louise", 200, True, True),
        ("bruno", 200, True, True),
        ("anna", 200, True, False),
        ("gilles", 200, True, False),
        ("rose", 302, False, False),  # invited to nothing: her home page says so
        ("claire", 403, False, False),
        ("ines", 403, False, False),
        ("tom", 403, False, False),
        ("fanny", 403, False, False),
        ("paul", 200, False, False),
    ],
)
def test_who_opens_the_list(cast, enter, scooter, hidden, who, status, sees_open, sees_hidden):
    response = enter(cast[who]).get(LIST)
    text = response.content.decode()
    assert response.status_code == status
    assert (scooter.reference in text) is sees_open
    assert (hidden.reference in text) is sees_hidden


def test_a_guest_lists_what_he_was_invited_to(cast, enter, scooter, house):
    until = timezone.now() + timedelta(hours=1)
    invitations.invite(scooter, by=cast.diane, guest=cast.rose, until=until, reason="avis")
    assert found(enter(cast.rose)) == [scooter.reference]
    assert listing(enter(cast.rose), q="volets").count == 0


def test_two_departments_have_a_filter_one_has_none(cast, vosges, meurthe, enter, scooter):
    theirs = factories.report(cast.paul, meurthe["Nancy"], facts="Vente dans un hall à Nancy.")
    names = [facet.name for facet in listing(enter(cast.louise)).facets]
    assert "departement" not in names
    protocol = Protocol.objects.get(department=meurthe.department)
    admit(cast.louise.unit, protocol, by=None, starts_on=date(2020, 9, 24))
    client = enter(cast.louise)
    assert set(found(client)) == {scooter.reference, theirs.reference}
    there = Department.objects.get(code="54")
    assert found(client, departement=str(there.pk)) == [theirs.reference]
    assert found(client, q="nancy") == [theirs.reference]
    # Paul reads his own department, and nothing of ours.
    assert found(enter(cast.paul)) == [theirs.reference]
    assert found(enter(cast.paul), q="scooter") == []
    assert Report.objects.unguarded(because="test").count() == 2
