"""`load_territory` and what the models say of a place once it is loaded."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from services.management.commands.load_territory import Progress, checked
from services.models import (
    Arrondissement,
    Commune,
    Court,
    Department,
    Epci,
    Neighbourhood,
    NeighbourLink,
    Zone,
)
from services.territory import official

pytestmark = pytest.mark.django_db


@pytest.fixture
def vosges(load):
    load("88")
    return Department.objects.get(code="88")


def rows():
    """Every row of the territory, with the transaction that last wrote it."""
    found = {}
    with connection.cursor() as cursor:
        for model in (Department, Arrondissement, Epci, Court, Commune, NeighbourLink):
            cursor.execute(f'SELECT id, xmin::text FROM "{model._meta.db_table}"')  # noqa: S608
            found |= {(model.__name__, pk): writer for pk, writer in cursor.fetchall()}
    return found


# --- what is loaded --------------------------------------------------------------------------


def test_the_vosges_are_loaded_whole(vosges):
    communes = Commune.objects.filter(department=vosges)
    assert communes.municipalities().count() == 506
    assert communes.filter(kind="COMD").count() == 6  # three more bear the code of their parent
    assert Epci.objects.count() == 13
    assert NeighbourLink.objects.count() == 1397
    assert vosges.srid == 2154
    assert vosges.outline
    assert str(vosges) == "Vosges (88)"
    names = Arrondissement.objects.values_list("code", "name")
    assert list(names) == [
        ("881", "Épinal"), ("882", "Neufchâteau"), ("883", "Saint-Dié-des-Vosges")
    ]  # fmt: skip


def test_a_commune_as_loaded(vosges):
    thillot = Commune.objects.get(code="88468")
    assert (thillot.name, thillot.bare_name, thillot.of_name) == (
        "Le Thillot", "Thillot", "du Thillot"
    )  # fmt: skip
    assert thillot.population == 3167
    assert thillot.postal_codes == "88160"
    assert thillot.epci.name == "Communauté de communes des Ballons des Hautes-Vosges"
    assert thillot.arrondissement.name == "Épinal"
    assert thillot.zone == Zone.GENDARMERIE
    assert thillot.court.name == "Tribunal judiciaire d’Épinal"
    assert thillot.sort_key == "le thillot"


def test_neighbours_are_listed_once_each(vosges):
    epinal = Commune.objects.get(code="88160")
    found = list(epinal.neighbours())
    assert len(found) == len(set(found)) == 14
    longchamp = Commune.objects.get(code="88273")
    assert longchamp in found
    assert epinal in longchamp.neighbours()
    assert epinal not in found


def test_a_delegated_commune_comes_with_its_parent(vosges):
    rollainville = Commune.objects.get(code="88393")
    assert rollainville.parent.name == "Neufchâteau"
    assert rollainville.outline is None
    assert rollainville.arrondissement == rollainville.parent.arrondissement
    assert not rollainville.neighbours().exists()


def test_zone_and_court_follow_the_rules(vosges):
    police = Commune.objects.filter(zone=Zone.POLICE).values_list("name", flat=True)
    assert list(police) == ["Épinal", "Saint-Dié-des-Vosges"]
    by_court = dict(
        Commune.objects.municipalities()
        .filter(code__in=("88160", "88321", "88413"))
        .values_list("name", "court__name")
    )
    assert by_court == {
        "Épinal": "Tribunal judiciaire d’Épinal",
        "Neufchâteau": "Tribunal judiciaire d’Épinal",
        "Saint-Dié-des-Vosges": "Tribunal judiciaire de Saint-Dié-des-Vosges",
    }


def test_french_order(vosges):
    names = list(Commune.objects.values_list("name", flat=True))
    assert names.index("Dounoux") < names.index("Éloyes") < names.index("Épinal")
    assert names.index("Épinal") < names.index("Esley") < names.index("Étival-Clairefontaine")
    assert names.index("Étival-Clairefontaine") < names.index("Évaux-et-Ménil")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("thillot", "Le Thillot"),
        ("LE THILLOT", "Le Thillot"),
        ("st dié", "Saint-Dié-des-Vosges"),
        ("Saint-Dié-des-Vosges", "Saint-Dié-des-Vosges"),
        ("epinal", "Épinal"),
        ("88422", "Épinal"),  # a code it absorbed
        ("88468", "Le Thillot"),
        ("rollainville", "Rollainville"),
    ],
)
def test_a_commune_is_found_as_people_type_it(vosges, typed, name):
    assert name in [commune.name for commune in Commune.objects.matching(typed)]


def test_nothing_typed_finds_nothing(vosges):
    assert not Commune.objects.matching(" ?! ").exists()


def test_an_old_name_finds_the_new_commune(vosges):
    # The part that bears the code of La Vôge-les-Bains was called otherwise; it has no row.
    commune = Commune.objects.get(code="88029")
    assert (commune.name, commune.other_names) == ("La Vôge-les-Bains", "Bains-les-Bains")
    assert list(Commune.objects.matching("bains les bains").filter(code="88029")) == [commune]


@pytest.mark.parametrize(
    ("code", "communes", "links"),
    [("2A", 124, 321), ("974", 24, 50), ("976", 17, 29), ("75", 1, 50)],
)
def test_any_department(load, code, communes, links):
    printed = load(code)
    assert Commune.objects.municipalities().count() == communes
    assert NeighbourLink.objects.count() == links
    assert f"{communes} commune" in printed
    assert not Commune.objects.filter(court=None).exists()


def test_a_city_cut_up_is_counted_by_its_arrondissements(load):
    load("75")
    units = Commune.objects.statistical_units()
    assert units.count() == 20
    assert set(units.values_list("kind", flat=True)) == {"ARM"}
    assert sum(unit.population for unit in units) == Commune.objects.get(code="75056").population


def test_communes_without_outline_are_loaded_and_said(load):
    printed = load("15")
    assert "sans contour publié : Celles, Chalinargues, Chavagnac, Sainte-Anastasie" in printed
    celles = Commune.objects.get(code="15031")
    assert (celles.outline, celles.centre_x) == (None, None)


def test_an_epci_over_two_departments_is_one_row(load):
    load("88", "54")
    shared = Epci.objects.filter(communes__department__code="88").filter(
        communes__department__code="54"
    )
    assert shared.distinct().count() == 2


# --- loading again ---------------------------------------------------------------------------


def test_loading_twice_writes_nothing(vosges, load):
    before = rows()
    printed = load("88")
    assert rows() == before
    assert "déjà à jour" in printed


def test_loading_again_keeps_what_people_corrected(vosges, load):
    golbey = Commune.objects.get(code="88209")
    golbey.zone_override = Zone.POLICE
    golbey.court_override = Court.objects.get(code="88413")
    golbey.override_reason = "Arrêté de 2024"
    golbey.save()
    Commune.objects.filter(pk=golbey.pk).update(population=1, name="Autre")

    assert "1 ligne modifiée" in load("88")

    golbey.refresh_from_db()
    assert (golbey.name, golbey.population) == ("Golbey", 8832)
    assert golbey.zone == Zone.POLICE
    assert golbey.derived_zone == Zone.GENDARMERIE
    assert golbey.court.code == "88413"
    assert golbey.derived_court.code == "88160"


def test_a_commune_that_left_the_list_keeps_its_row(vosges, load):
    epinal = Commune.objects.get(code="88160")
    gone = Commune.objects.create(
        code="88999", name="Ancienne", bare_name="Ancienne", of_name="d’Ancienne",
        department=vosges, derived_zone=Zone.GENDARMERIE, derived_court=epinal.court,
    )  # fmt: skip
    NeighbourLink.objects.create(first=epinal, second=gone)

    Neighbourhood.objects.create(commune=gone, name="Bitola")
    printed = load("88")
    assert "1 commune sortie de la liste" in printed
    assert "1 quartier d’une commune sortie de la liste : relancez load_neighbourhoods" in printed

    gone.refresh_from_db()
    assert gone.retired_in == official.GEOGRAPHY_YEAR
    assert gone not in Commune.objects.in_force()
    assert not gone.neighbours().exists()
    assert "déjà à jour" in load("88")


def test_a_commune_back_on_the_list_is_in_force_again(vosges, load):
    Commune.objects.filter(code="88160").update(retired_in=2020)
    load("88")
    assert Commune.objects.in_force().filter(code="88160").exists()


def test_as_many_queries_whatever_the_department(load):
    with CaptureQueriesContext(
        connection,
    ) as small:
        load("976")
    with CaptureQueriesContext(connection) as large:
        load("88")
    # Rows are written by the two hundred; nothing is asked per commune.
    assert len(large) - len(small) < 12


# --- what is typed ---------------------------------------------------------------------------

KNOWN = ["01", "2A", "54", "88", "974"]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        (["88"], ["88"]),
        (["88", "54", "88"], ["88", "54"]),
        (["88,54", "2a"], ["88", "54", "2A"]),
        (["1"], ["01"]),
        ([" 974 "], ["974"]),
    ],
)
def test_codes_are_understood_as_typed(typed, codes):
    assert checked(typed, KNOWN) == codes


def test_an_unknown_department_is_refused_with_the_list():
    with pytest.raises(CommandError, match=r"inconnu : 20, 99\. Codes possibles : 01, 2A, 54, 88"):
        checked(["20", "88", "99"], KNOWN)


@pytest.mark.parametrize("typed", [[], [" , "]])
def test_no_department_is_refused_with_an_example(typed):
    with pytest.raises(CommandError, match="load_territory --department 88"):
        checked(typed, KNOWN)


def test_nothing_is_written_for_an_unknown_department(load):
    with pytest.raises(CommandError, match="inconnu : 99"):
        load("88", "99")
    assert not Department.objects.exists()


def test_a_missing_source_is_said_in_french(monkeypatch):
    def missing():
        raise official.SourceMissing("Le paquet manque.")

    monkeypatch.setattr(official, "read_france", missing)
    with pytest.raises(CommandError, match="Le paquet manque"):
        call_command("load_territory", department=["88"])


class Terminal(io.StringIO):
    def isatty(self):
        return True


def output(stream):
    """Django's wrapper around a stream, as a command has it."""
    from django.core.management.base import OutputWrapper

    return OutputWrapper(stream)


def test_a_bar_on_a_terminal_and_plain_lines_elsewhere():
    terminal, pipe, quiet = Terminal(), io.StringIO(), Terminal()
    for stream, shown in ((terminal, True), (pipe, True), (quiet, False)):
        progress = Progress(output(stream), shown=shown)
        progress.say("Vosges (88) : contours", 0.5)
        progress.line("Vosges (88) : déjà à jour.")
    assert "███████████████░░░░░░░░░░░░░░░  50%  Vosges (88) : contours…" in terminal.getvalue()
    assert pipe.getvalue() == "Vosges (88) : déjà à jour.\n"
    assert quiet.getvalue() == ""


# --- what the database holds -----------------------------------------------------------------


@pytest.fixture
def bare(db):
    """Two courts, one commune."""
    department = Department.objects.create(
        code="88", name="Vosges", name_with_article="les Vosges", of_name="des Vosges",
        in_name="dans les Vosges", srid=2154, seat_code="88160", geography_year=2026,
        population_year=2023,
    )  # fmt: skip
    near, far = (
        Court.objects.create(code=code, name=code, department=department)
        for code in ("88160", "88413")
    )
    commune = Commune.objects.create(
        code="88001", name="Les Ableuvenettes", bare_name="Ableuvenettes",
        of_name="des Ableuvenettes", department=department,
        derived_zone=Zone.GENDARMERIE, derived_court=near,
    )  # fmt: skip
    return commune, near, far


def test_saving_an_override_moves_the_court(bare):
    commune, near, far = bare
    assert commune.court == near
    commune.court_override, commune.override_reason = far, "Annexe du code"
    commune.save(update_fields=["court_override", "override_reason"])
    assert Commune.objects.get().court == far
    commune.court_override = None
    commune.save()
    assert Commune.objects.get().court == near


@pytest.mark.parametrize(
    "change",
    [
        {"court": None},
        {"court": "far"},
        {"court_override": "far", "override_reason": "oui"},
        {"zone_override": Zone.POLICE},  # without a reason
        {"kind": "COMD"},  # without a parent
        {"centre_x": 1},  # half a point
    ],
)
def test_what_must_always_be_true_is_refused_by_the_database(bare, change):
    commune, _, far = bare
    values = {column: far if value == "far" else value for column, value in change.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Commune.objects.filter(pk=commune.pk).update(**values)


def test_a_link_is_written_in_one_order_only(bare):
    commune, _, _ = bare
    with pytest.raises(IntegrityError), transaction.atomic():
        NeighbourLink.objects.create(first=commune, second=commune)


def test_a_neighbourhood_is_named_once_whatever_the_accents(bare):
    commune, _, _ = bare
    quarter = Neighbourhood.objects.create(commune=commune, name="Bitola – Champbeauvert")
    assert str(quarter) == "Bitola – Champbeauvert (Les Ableuvenettes)"
    Neighbourhood.objects.create(commune=commune, name="Saut-le-Cerf", kind="QPV", code="QN08801M")
    with pytest.raises(IntegrityError), transaction.atomic():
        Neighbourhood.objects.create(commune=commune, name="BITOLA – Champbeauvert")
