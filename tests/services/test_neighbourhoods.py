"""`load_neighbourhoods`, and which neighbourhood a point is of.

The file is invented: five features around three square communes of one kilometre, side by side.
"""

import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cross.ui import maps
from intel.models import Report
from services.geography import neighbourhoods_of, numbers_by_commune, rest_of_commune, units_of
from services.models import Commune, Member, Neighbourhood
from services.territory import geojson, geometry, neighbourhoods
from services.territory.points import degrees_of
from tests import factories

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parent / "samples" / "neighbourhoods.geojson"
# Where the invented squares lie, in Lambert-93.
X, Y = 960_000, 6_790_000


@pytest.fixture
def vosges():
    made = factories.territory()
    for commune in Commune.objects.all():
        (ring,) = commune.outline[0]
        commune.outline = [[[X + ring[i] if i % 2 == 0 else Y + ring[i] for i in range(8)]]]
        commune.save()
    return made


@pytest.fixture
def load(tmp_path):
    """Runs the command on a file, or on features; returns what it printed."""

    def run(*features, file=SAMPLE, year=2024, kind="qpv", **options):
        if features:
            file = tmp_path / "quartiers.geojson"
            content = {"type": "FeatureCollection", "features": features}
            file.write_text(json.dumps(content), encoding="utf-8")
        out = io.StringIO()
        call_command("load_neighbourhoods", file, kind=kind, year=year, stdout=out, **options)
        return out.getvalue().replace("\u00a0", " ")

    return run


def refusal(load, *features, **options):
    with pytest.raises(CommandError) as refused:
        load(*features, **options)
    assert not Neighbourhood.objects.exists()
    first, *sentences = str(refused.value).replace("\u00a0", " ").split("\n")
    assert first == "Rien n’a été chargé."
    return sentences


def square(west, south, east, north):
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [degrees_of(X + x, Y + y, 2154)[::-1] for x, y in corners]


def quarter(code="QN08801M", name="Les Glacis", ring=None, **properties):
    return {
        "type": "Feature",
        "properties": {"code_qp": code, "lib_qp": name, "insee_dep": "88"} | properties,
        "geometry": {
            "type": "Polygon",
            "coordinates": [square(100, 100, 300, 300) if ring is None else ring],
        },
    }


def codes(**filters):
    found = Neighbourhood.objects.filter(**filters).order_by("code")
    return list(found.values_list("code", flat=True))


# --- what is loaded --------------------------------------------------------------------------


def test_the_neighbourhoods_of_the_departments_loaded_are_kept(vosges, load):
    assert load() == (
        "Vosges (88) : 4 quartiers chargés : Les Glacis (Épinal), Cité de l’Étang (Épinal), "
        "Le Pont-Neuf (Golbey, Épinal), Le Vieux Moulin (Golbey) ; 4 créés ; contour qui se "
        "croisait, réparé : Le Vieux Moulin.\n"
        "1 quartier laissé : département 54 non chargé.\n"
    )
    glacis, ring, bridge, mill = Neighbourhood.objects.order_by("code")
    assert geometry.from_json(glacis.outline).equals(
        shapely.box(X + 100, Y + 100, X + 300, Y + 300)
    )
    assert (glacis.year, glacis.population, glacis.retired_in) == (2024, None, None)
    assert str(glacis) == "Les Glacis (Épinal, QPV)"
    shape = geometry.from_json(ring.outline)
    assert (len(ring.outline), round(shape.area)) == (2, 400**2 - 200**2 + 100**2)
    # Its file names Épinal alone: most of it lies in Golbey.
    assert (bridge.commune, bridge.others) == (vosges["Golbey"], [vosges["Épinal"].pk])
    assert geometry.from_json(mill.outline).area == pytest.approx(20_000)


def test_a_border_that_strays_over_a_commune_is_not_in_it(vosges, load):
    load(quarter(ring=square(800, 100, 1010, 300)))
    assert Neighbourhood.objects.get().others == []
    # Named by the file, a strip is enough.
    load(quarter(ring=square(800, 100, 1010, 300), insee_com="88001;88002"))
    assert Neighbourhood.objects.get().others == [vosges["Golbey"].pk]


def test_loading_twice_writes_nothing_and_adds_no_query_a_row(vosges, load):
    load()
    before = list(Neighbourhood.objects.values_list("pk", "code"))
    with CaptureQueriesContext(connection) as asked:
        printed = load()
    assert "déjà à jour" in printed
    assert list(Neighbourhood.objects.values_list("pk", "code")) == before
    assert not [each for each in asked if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_properties_in_capitals_and_those_of_2015_are_known(vosges, load):
    old = quarter()
    old["properties"] = {
        "CODE_QP": "QP088003", "NOM_QP": "Les Glacis", "COMMUNE_QP": "Épinal, Golbey"
    }  # fmt: skip
    load(old, year=2015)
    assert codes(kind="QPV", name="Les Glacis") == ["QP088003"]
    elsewhere = [quarter("QP02A001"), quarter("QP974001"), quarter("QP001002")]
    for each in elsewhere:
        each["properties"].pop("insee_dep")
    assert "3 quartiers laissés : départements 01, 2A, 974 non chargés." in load(
        old, *elsewhere, year=2015
    )


def test_a_neighbourhood_cut_at_the_communes_is_one(vosges, load):
    load(
        quarter(ring=square(800, 100, 1000, 300), insee_com="88001"),
        quarter(ring=square(1000, 100, 1100, 300), insee_com="88002"),
    )
    whole = Neighbourhood.objects.get()
    assert (len(whole.outline), whole.commune.name, len(whole.others)) == (1, "Épinal", 1)


def test_the_commune_of_a_code_that_was_absorbed_is_today_s(vosges, load):
    Commune.objects.filter(code="88002").update(former_codes="88999")
    load(quarter(ring=square(990, 100, 1300, 300), insee_com="88999, 88001"))
    assert Neighbourhood.objects.get().others == [vosges["Épinal"].pk]


# --- inhabitants -----------------------------------------------------------------------------


def test_inhabitants_come_from_a_table_apart_and_stay_for_that_year(vosges, load, tmp_path):
    table = tmp_path / "pop.csv"
    table.write_text(
        "codeQPV;libQPV;popMuniQPV\nQN08801M;Les Glacis;1 234\nQN08802N;Étang;nd\n", "cp1252"
    )
    load(population=table)
    known = dict(Neighbourhood.objects.values_list("code", "population"))
    assert (known["QN08801M"], known["QN08802N"], known["QN08803N"]) == (1234, None, None)
    assert "déjà à jour" in load()
    load(year=2030)
    assert not Neighbourhood.objects.exclude(population=None).exists()


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("a;b\n1;2\n", "Populations : la première ligne n’a pas de colonne codeqpv"),
        ("code,population\nQN08801M,beaucoup\n", "Populations, ligne 2 : « beaucoup » n’est pas"),
    ],
)
def test_a_table_of_inhabitants_that_cannot_be_read_is_told(
    vosges, load, tmp_path, table, sentence
):
    path = tmp_path / "pop.csv"
    path.write_text(table)
    assert sentence in refusal(load, population=path)[0]


# --- another year ----------------------------------------------------------------------------


@pytest.fixture
def cited(vosges, load, cast_here):
    """Reads « Les Glacis » of 2024 in a report."""
    load(department="88")
    glacis = Neighbourhood.objects.get(code="QN08801M")
    Report.objects.unguarded(because="the test").update(neighbourhood=glacis)
    return glacis


@pytest.fixture
def cast_here(vosges):
    meurthe = factories.territory("54", "Meurthe-et-Moselle", "Nancy", ("Nancy",))
    cast = factories.cast(vosges, meurthe)
    return factories.report(cast.diane, vosges["Épinal"])


def test_what_a_later_file_lacks_is_ended_and_what_is_still_there_keeps_its_key(cited, load):
    key = Neighbourhood.objects.get(code="QN08802N").pk
    printed = load(quarter("QN08802N", "L'Étang"), quarter("QN08809N", "Les Glacis"), year=2030)
    assert "1 créé, 1 modifié, 3 clos" in printed
    cited.refresh_from_db()
    assert (cited.year, cited.retired_in) == (2024, 2030)
    renewed = Neighbourhood.objects.get(code="QN08802N")
    assert (renewed.pk, renewed.name, renewed.year) == (key, "L’Étang", 2030)
    assert set(Neighbourhood.objects.in_force().values_list("year", flat=True)) == {2030}
    # Back in a file later still.
    load(quarter(), year=2031)
    cited.refresh_from_db()
    assert (cited.year, cited.retired_in) == (2031, None)


def test_a_file_of_the_same_year_replaces_it_and_spares_what_is_cited(cited, load):
    printed = load(quarter("QN08802N"))
    assert "1 modifié, 1 clos, 2 retirés" in printed
    cited.refresh_from_db()
    assert cited.retired_in == 2024
    assert codes() == ["QN08801M", "QN08802N"]


def test_an_older_file_is_refused(vosges, load):
    load()
    with pytest.raises(CommandError, match="le millésime 2024 est déjà chargé, celui de 2015"):
        load(year=2015)
    assert len(codes()) == 4


def test_a_department_that_the_file_lacks_is_left_alone_unless_it_is_asked(vosges, load):
    load()
    only_there = quarter("QN05401M", insee_dep="54")
    load(only_there, year=2030)
    assert len(codes(retired_in=None)) == 4
    printed = load(only_there, year=2030, department="88")
    assert "Vosges (88) : 0 quartier chargé ; 4 clos." in printed
    assert "1 quartier laissé : département 54 non demandé." in printed


def test_what_people_typed_is_taken_up_and_never_ended(vosges, load):
    typed = Neighbourhood.objects.create(
        commune=vosges["Épinal"], name="Les Glacis", kind=Neighbourhood.Kind.PRIORITY
    )
    other = Neighbourhood.objects.create(
        commune=vosges["Épinal"], name="Ailleurs", kind=Neighbourhood.Kind.PRIORITY
    )
    load()
    typed.refresh_from_db()
    other.refresh_from_db()
    assert (typed.code, other.retired_in) == ("QN08801M", None)


# --- QRR -------------------------------------------------------------------------------------


def republican(**properties):
    each = quarter()
    each["properties"] = properties
    return each


def test_the_list_of_the_ministry_is_read_and_lies_over_the_priority_ones(vosges, load):
    load()
    load(republican(nom="Grand Glacis", dep="88", code_qrr="88-1"), kind="qrr", year=2021)
    assert codes(kind="QRR") == ["88-1"]
    assert len(codes(kind="QPV", retired_in=None)) == 4
    units = units_of(vosges.department)
    assert neighbourhoods_of(vosges.department, units, "QRR").names == ("Grand Glacis",)


def test_another_list_says_how_its_properties_are_called(vosges, load):
    local = republican(secteur="Grand Glacis", code_qrr="1")
    told = refusal(load, local, kind="qrr")
    assert told == [
        "Élément n° 1 : la propriété « nom » manque ou est vide (présentes : code_qrr, secteur). "
        "Si elle s’appelle autrement, ajoutez --property name=NOM."
    ]
    mapped = {"kind": "qrr", "property": ["name=SECTEUR", "code="]}
    far = republican(secteur="Loin")
    far["geometry"]["coordinates"] = [[[2, 48], [2.1, 48], [2.1, 48.1], [2, 48]]]
    assert "1 quartier laissé : hors du territoire chargé" in load(local, far, **mapped)
    made = Neighbourhood.objects.get()
    assert (made.name, made.code, made.commune) == ("Grand Glacis", None, vosges["Épinal"])
    assert "déjà à jour" in load(local, **mapped)


def test_two_of_one_name_and_codes_that_are_not_national_are_told(vosges, load):
    one = republican(nom="Nord")
    assert refusal(load, one, one, kind="qrr") == [
        "Élément n° 2 : « Nord » est deux fois dans la même commune."
    ]
    meurthe = factories.territory("54", "Meurthe-et-Moselle", "Nancy", ("Nancy",))
    taken = Neighbourhood.objects.create(commune=meurthe["Nancy"], name="Sud", code="1")
    with pytest.raises(CommandError, match=r"est déjà celui de « Sud \(Nancy\) »"):
        load(republican(nom="Nord", dep="88", code_qrr="1"), kind="qrr")
    assert list(Neighbourhood.objects.all()) == [taken]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("nom=x", "rôles possibles : code, name, department"),
        ("name", "rôles possibles : code, name, department"),
        ("code=", "QPV demande un nom pour « code »"),
    ],
)
def test_a_role_that_is_none_is_refused(vosges, load, typed, sentence):
    with pytest.raises(CommandError, match=sentence):
        load(property=[typed])


# --- files that cannot be used ---------------------------------------------------------------


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": features} | more).encode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"code;nom\n", "Ligne 1, colonne 1 : le fichier n’est pas du JSON valable."),
        (b'{\n"type": ,', "Ligne 2, colonne 9 : le fichier n’est pas du JSON valable."),
        ("{\n\n\"é".encode("latin-1"), "Ligne 3 : le fichier n’est pas un texte en UTF-8"),
        (b"PK\x03\x04", "Le fichier est une archive : décompressez-la"),
        (b"[" * 200_000, "ses listes sont emboîtées trop profondément"),
        (b'{"a": NaN}', "Le fichier contient un nombre qui n’en est pas un."),
        (b'{"a": 1' + b"0" * 5000 + b"}", "Le fichier contient un nombre qui n’en est pas un."),
        (b"[]", "« type » devrait être « FeatureCollection »"),
        (b'{"type": "Feature"}', "« type » devrait être « FeatureCollection »"),
        (collection(), "Le fichier ne contient aucun quartier"),
        (collection(1, {"type": "Feature"}), "Élément n° 1 : ce n’est pas un élément GeoJSON"),
        (collection(quarter(), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}),
         "dans une autre projection (« urn:ogc:def:crs:EPSG::2154 ») : prenez la version"),
        (collection(quarter(), crs=[]), "dans une autre projection"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_of_neighbourhoods_is_refused(
    vosges, load, tmp_path, content, sentence
):
    path = tmp_path / "x.geojson"
    path.write_bytes(content)
    assert sentence in refusal(load, file=path)[0]


def test_a_file_too_heavy_or_absent_is_refused_unread(vosges, load, tmp_path):
    path = tmp_path / "x.geojson"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    assert refusal(load, file=path) == ["Le fichier pèse 200 Mo, plus que les 100 admis."]
    assert "ne peut pas être lu" in refusal(load, file=tmp_path / "absent")[0]


def shaped(kind, coordinates):
    return quarter() | {"geometry": {"type": kind, "coordinates": coordinates}}


@pytest.mark.parametrize(
    ("feature", "sentence"),
    [
        (quarter("88-1"), "Élément n° 2 (88-1) : le code d’un quartier prioritaire ressemble à"),
        (quarter(name=""), "Élément n° 2 : la propriété « lib_qp » ou « nom_qp » manque"),
        (quarter(name={"a": 1}), "la propriété « lib_qp » ou « nom_qp » manque"),
        (quarter(name="x" * 300), "passe 250 caractères, ou en contient d’invisibles"),
        (quarter(name="a\0b"), "passe 250 caractères, ou en contient d’invisibles"),
        (quarter(name="Autre"), "ce code est déjà celui de « Les Glacis », élément n° 1."),
        (quarter() | {"geometry": None}, "(QN08801M) : son contour manque."),
        (shaped("Point", [6, 48]), "devrait être une surface (« Polygon » ou « MultiPolygon »)"),
        (shaped("Polygon", []), "son contour contient une surface sans anneau"),
        (shaped("MultiPolygon", 3), "son contour est vide"),
        (shaped("Polygon", [[[6, 48], [6, 48]]]), "a un anneau de moins de 4 points"),
        (quarter(ring=square(1, 1, 2, 2)[:4]), "a un anneau qui n’est pas fermé"),
        (quarter(ring=[[X, Y]] * 4), "pas une longitude puis une latitude, en degrés"),
        (quarter(ring=[["6", "48"]] * 4), "pas une longitude puis une latitude, en degrés"),
        (quarter(ring=[[True, 48]] * 4), "pas une longitude puis une latitude, en degrés"),
        (quarter(ring=[[6, 48]] * 4), "son contour n’entoure rien"),
    ],
)
def test_a_fault_says_which_feature(vosges, load, feature, sentence):
    (told,) = refusal(load, quarter(), feature)
    assert told.startswith("Élément n° 2")
    assert sentence in told


@pytest.mark.parametrize(
    "ring",
    [
        [[y, x] for x, y in square(100, 100, 300, 300)],
        square(5000, 5000, 5100, 5100),
        [[-170, -80], [-169, -80], [-169, -79], [-170, -80]],
    ],
)
def test_what_lies_in_no_commune_of_its_department_is_told(vosges, load, ring):
    (told,) = refusal(load, quarter(ring=ring))
    assert "Élément n° 1 (QN08801M) : son contour n’est dans aucune commune des Vosges" in told


def test_every_fault_is_told_at_once_and_a_long_list_is_cut(vosges, load):
    told = refusal(load, *(quarter(f"x{number}") for number in range(25)))
    assert len(told) == 21
    assert told[-1] == "… et 5 autres fautes."


def test_faults_elsewhere_do_not_matter(vosges, load):
    load(quarter(), quarter("QN05401M", insee_dep="54") | {"geometry": None})
    assert codes() == ["QN08801M"]


def test_the_bounds_are_above_the_national_file():
    assert geojson.MOST_FEATURES > 1584
    assert neighbourhoods.PRIORITY_CODE.fullmatch("QN97414I")


# --- shown -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "reads"), [("marc", True), ("tom", True), ("anna", False), ("paul", False)]
)
def test_who_reads_what_was_loaded(cited, load, cast_here, client, who, reads):
    load(quarter("QN08802N", "L'Étang", square(900, 100, 1100, 300)), year=2030, department="88")
    client.force_login(Member.objects.get(username=who))
    page = " ".join(client.get("/services/").content.decode().split())
    assert ("Quartiers connus" in page) == reads
    assert ('<td data-label="Communes">Épinal, Golbey</td>' in page) == reads
    assert ("2024, hors liste depuis 2030" in page) == reads


# --- a point in a neighbourhood --------------------------------------------------------------


@pytest.fixture
def ground(vosges, load):
    load()
    units = units_of(vosges.department)
    return units, neighbourhoods_of(vosges.department, units)


def told(ground, *facts, said=None):
    """The code of the neighbourhood of each fact, given as (x, y, code of its commune)."""
    units, level = ground
    x, y, where = zip(*facts, strict=True)
    numbers = level.numbers_of(
        np.array(x, dtype=float) + X,
        np.array(y, dtype=float) + Y,
        np.array([units.codes.index(code) if code else -1 for code in where]),
        said,
    )
    return [level.codes[number] if number >= 0 else None for number in numbers]


NAN = float("nan")


def test_a_point_is_of_the_neighbourhood_that_holds_it(ground):
    assert told(
        ground,
        (200, 200, "88001"),
        (450, 450, "88001"),
        (600, 600, "88001"),  # in the hole
        (900, 150, "88001"),  # in the second part
        (350, 350, "88001"),
        (NAN, NAN, "88001"),
    ) == ["QN08801M", "QN08802N", None, "QN08802N", None, None]


def test_a_border_is_of_what_it_encloses(ground):
    assert told(
        ground,
        (100, 200, "88001"),
        (99, 200, "88001"),
        (300, 300, "88001"),
        (500, 600, "88001"),  # of the hole
        (501, 600, "88001"),
    ) == ["QN08801M", None, "QN08801M", "QN08802N", None]


def test_two_that_share_a_border_leave_it_to_the_first(vosges, load):
    load(
        quarter("QN08809N", "Est", square(100, 100, 300, 300)),
        quarter("QN08801M", "Ouest", square(300, 100, 500, 300)),
    )
    units = units_of(vosges.department)
    level = neighbourhoods_of(vosges.department, units)
    assert told((units, level), (300, 200, "88001")) == ["QN08801M"]


def test_the_commune_wins_over_the_point(ground):
    assert told(
        ground,
        (200, 200, "88002"),  # the point lies in Les Glacis, the commune is the next one
        (950, 700, "88001"),  # Le Pont-Neuf lies in both
        (1100, 700, "88002"),
        (950, 700, "88002"),
        (950, 700, "88003"),
        (200, 200, None),
    ) == [None, "QN08803N", "QN08803N", "QN08803N", None, None]


def test_what_the_report_names_wins_over_its_point_but_not_over_its_commune(ground):
    glacis = Neighbourhood.objects.get(code="QN08801M").pk
    # Named: without a point, against a point, in another commune, not of this kind.
    assert told(
        ground,
        (NAN, NAN, "88001"),
        (450, 450, "88001"),
        (NAN, NAN, "88002"),
        (450, 450, "88001"),
        (450, 450, "88001"),
        said=np.array([glacis, glacis, glacis, 0, glacis + 10**6]),
    ) == ["QN08801M", "QN08801M", None, "QN08802N", "QN08802N"]


def test_parts_and_remainder_make_the_commune_again(ground):
    units, level = ground
    generator = np.random.default_rng(7)
    x, y = generator.uniform(X, X + 3000, 500), generator.uniform(Y, Y + 1000, 500)
    where = ((x - X) // 1000).astype(int)
    where[:20], x[20:40] = -1, NAN
    numbers = level.numbers_of(x, y, where)
    parts, rests = level.parts_of(numbers, where), level.rests_of(numbers, where)
    for unit, code in enumerate(units.codes):
        inside = np.isin(parts, np.flatnonzero(level.parts[:, 1] == unit)).sum()
        whole = (where == unit).sum() if code != "88003" else 0  # without neighbourhood
        assert inside + (rests == unit).sum() == whole
    for number in range(len(level)):
        of_it = np.flatnonzero(level.parts[:, 0] == number)
        assert np.isin(parts, of_it).sum() == (numbers == number).sum()
    assert (numbers >= 0).sum() > 20
    assert rest_of_commune("Épinal") == "Épinal, reste de la commune"


def test_the_map_draws_them_as_it_draws_communes(ground, vosges):
    """The same units and projection: one frame holds both."""
    rows = [*Commune.objects.order_by("code"), *Neighbourhood.objects.order_by("code")]
    areas = [maps.Area(row.code, row.name, row.outline) for row in rows]
    alone, both = (
        maps.choropleth(chosen, {"88001": 3, "QN08801M": 2}, title="Essai")
        for chosen in (areas[:3], areas)
    )
    frames = {re.search(r'viewBox="([^"]+)"', svg)[1] for svg in (alone, both)}
    assert len(frames) == 1
    assert both.count("<path") > alone.count("<path") > 0


def test_a_department_without_neighbourhoods_has_none(vosges):
    units = units_of(vosges.department)
    none = neighbourhoods_of(vosges.department, units)
    where = np.array([0, 1, -1])
    numbers = none.numbers_of(np.full(3, X + 5.0), np.full(3, Y + 5.0), where, where * 0)
    assert numbers.tolist() == [-1, -1, -1]
    assert none.parts_of(numbers, where).tolist() == [-1, -1, -1]
    assert none.rests_of(numbers, where).tolist() == [-1, -1, -1]


def test_the_level_comes_in_two_queries_and_its_version_moves_with_it(ground, vosges):
    units, level = ground
    with CaptureQueriesContext(connection) as asked:
        again = neighbourhoods_of(vosges.department, units)
    assert len(asked) == 2
    assert again.version == level.version
    assert np.isnan(level.population).all()
    Neighbourhood.objects.filter(code="QN08801M").update(population=900)
    counted = neighbourhoods_of(vosges.department, units)
    assert counted.version != level.version
    Neighbourhood.objects.filter(code="QN08801M").update(retired_in=2030)
    assert neighbourhoods_of(vosges.department, units).codes == level.codes[1:]


def test_a_merged_commune_takes_its_neighbourhoods_along(ground, vosges, load):
    Commune.objects.filter(code="88002").update(retired_in=2027)
    both = [[[X, Y, X + 2000, Y, X + 2000, Y + 1000, X, Y + 1000]]]
    Commune.objects.filter(code="88001").update(former_codes="88002", outline=both)
    units = units_of(vosges.department)
    level = neighbourhoods_of(vosges.department, units)
    assert {units.codes[unit] for unit in level.parts[:, 1]} == {"88001"}
    assert len(level.parts) == len(level) == 4
    assert numbers_by_commune(units, vosges.department)[vosges["Golbey"].pk] == 0
    # Loaded again, the same file says the heir to who chooses one.
    assert "2 modifiés" in load()
    assert not Neighbourhood.objects.exclude(commune=vosges["Épinal"]).exists()
