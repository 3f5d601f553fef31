"""Sentences built from the codes of a summary: what they say, and what they never say."""

import re
from datetime import date
from itertools import product

import pytest
from django.utils import timezone

from intel.models import Maturity, Summary, SummaryAudience, TerritoryScore
from intel.reading.summary_words import sign_of
from intel.statistics import ChangeLabel, EffortStatus, History, HotSpotLabel, NotTested
from intel.summaries import words
from intel.summaries.words import Code
from intel.summaries.words.numbers import less_than
from services.models import Department

Dimension, Display = TerritoryScore.Dimension, TerritoryScore.Display
VOSGES = Department(code="88", name="Vosges", of_name="des Vosges", in_name="dans les Vosges")
NEVER = re.compile(r"score|danger|prédi|probabilité|significati", re.IGNORECASE)


def summary(period="2026-Q3", audience=SummaryAudience.CELL, **fields):
    fields = {
        "facts": 52, "reports": 81, "services": 6, "maturity": Maturity.CONSOLIDATED,
        "as_of": timezone.now(), "starts_on": date(2026, 7, 1), "ends_on": date(2026, 9, 30),
    } | fields  # fmt: skip
    return Summary(department=VOSGES, period=period, audience=audience, **fields)


def row(label="Golbey", dimension=Dimension.COMMUNE, facts=12, **fields):
    return TerritoryScore(
        dimension=dimension, code=fields.pop("code", label), label=label, facts=facts, **fields
    )


def rising(label="Golbey", **fields):
    fields = {
        "change": ChangeLabel.CLEAR_RISE, "effort": EffortStatus.INDEPENDENT, "facts": 12,
        "reference_facts": 12, "ratio": 4.0, "ratio_low": 1.6, "ratio_high": 9.7,
    } | fields  # fmt: skip
    return row(label, **fields)


def plain(sentence):
    return re.sub("[\u00a0\u202f]", " ", str(sentence))


def said(rows, code, **fields):
    """The sentences of that code, without the spaces that do not break."""
    found = words.sentences(summary(**fields), rows)
    return [plain(each) for each in found if each.code == code]


def test_the_opening_says_facts_reports_services_and_what_is_corroborated():
    top = row("Vosges", Dimension.DEPARTMENT, facts=52, facts_corroborated=19)
    (opening,) = said([top], Code.OPENING)
    assert opening == (
        "Au 3e trimestre 2026, 52 faits distincts ont été enregistrés (81 renseignements, "
        "6 services contributeurs). 19 sont recoupés par au moins deux origines indépendantes."
    )
    (alone,) = said([], Code.OPENING, facts=1, reports=1, services=None)
    assert alone == "Au 3e trimestre 2026, 1 fait a été enregistré (1 renseignement)."
    (none,) = said([], Code.OPENING, facts=0, reports=0)
    assert none == "Au 3e trimestre 2026, aucun fait n’a été enregistré."


def test_provisional_figures_say_so_and_what_is_still_to_come():
    fields = {"maturity": Maturity.PROVISIONAL, "share_entered": 0.84, "undated": 1}
    (opening,) = said([], Code.OPENING, unlocated=3, **fields)
    assert "Chiffres provisoires, arrêtés au" in opening
    assert "Environ 84 % des faits survenus jusqu’au" in opening
    assert "1 renseignement sans date n’entre dans aucun chiffre." in opening
    assert "3 faits ne sont placés dans aucune commune." in opening


def test_a_rise_says_its_ratio_its_range_and_what_effort_leaves_of_it():
    (rise,) = said([rising()], Code.RISE)
    assert rise == (
        "Hausse nette à Golbey : 12 faits contre 3 par trimestre en moyenne sur un an (multiplié "
        "par 4 ; fourchette 1,6 à 9,7). La hausse se voit aussi dans les appels et signalements. "
        "Un tel écart est très peu probable par hasard."
    )
    (rise,) = said([rising(effort=EffortStatus.CONCOMITANT, effort_ratio=1.6)], Code.RISE)
    assert (
        "Cette hausse accompagne une hausse de l’activité des services (+60 %). Elle ne prouve "
        "pas une aggravation." in rise
    )
    (rise,) = said([rising(effort=EffortStatus.UNKNOWN)], Code.RISE)
    assert "On ne sait pas si cette hausse vient de l’activité des services." in rise
    # Effort is known: it may be what is left once it is taken off.
    (rise,) = said([rising(effort_ratio=1.6)], Code.RISE)
    assert "La hausse ne s’explique pas par la seule activité des services." in rise


def test_a_fall_is_told_as_a_division():
    fall = rising(
        change=ChangeLabel.POSSIBLE_FALL, effort="", facts=4, reference_facts=40,
        ratio=0.4, ratio_low=0.125, ratio_high=0.8,
    )  # fmt: skip
    (found,) = said([fall], Code.FALL)
    assert found.startswith(
        "Baisse à confirmer à Golbey : 4 faits contre 10 par trimestre en moyenne sur un an "
        "(divisé par 2,5 ; fourchette 1,3 à 8). À confirmer :"
    )


@pytest.mark.parametrize(
    ("label", "dimension", "there"),
    [
        ("Épinal", Dimension.COMMUNE, "à Épinal"),
        ("Le Thillot", Dimension.COMMUNE, "au Thillot"),
        ("La Bresse", Dimension.COMMUNE, "à La Bresse"),
        ("Les Voivres", Dimension.COMMUNE, "aux Voivres"),
        ("Vosges", Dimension.DEPARTMENT, "dans les Vosges"),
        ("Épinal", Dimension.ARRONDISSEMENT, "dans l’arrondissement d’Épinal"),
        (
            "Communauté de communes des Hautes Vosges",
            Dimension.EPCI,
            "dans la communauté de communes des Hautes Vosges",
        ),
    ],
)
def test_where_it_rises(label, dimension, there):
    (rise,) = said([rising(label, dimension=dimension)], Code.RISE)
    assert rise.startswith(f"Hausse nette {there} :")


def test_too_few_says_what_would_not_have_been_seen():
    top = row(
        "Vosges", Dimension.DEPARTMENT, change=ChangeLabel.TOO_FEW, facts=9, reference_facts=38,
        overdispersion=1.0,
    )  # fmt: skip
    (few,) = said([top], Code.TOO_FEW)
    assert few == (
        "Effectif trop faible pour conclure dans les Vosges : 9 faits contre 9,5 par trimestre en "
        "moyenne sur un an. Une multiplication par moins de 2,3 ne se verrait pas."
    )
    communes = [
        row(name, change=ChangeLabel.TOO_FEW, facts=2) for name in ("Bruyères", "Mirecourt")
    ]
    (few,) = said([*communes, rising()], Code.TOO_FEW)
    assert "dans 2 communes sur 3 où des faits ont été enregistrés" in few


@pytest.mark.parametrize(
    ("ratio", "least"),
    [
        (2.02, "Une hausse de moins du double"),
        (1.52, "Une hausse de moins de 60 %"),
        (2.98, "Une hausse de moins du triple"),
        (3.5, "Une multiplication par moins de 3,5"),
    ],
)
def test_the_smallest_rise_that_shows(ratio, least):
    assert plain(less_than(ratio)) == least


def test_foyers_are_told_a_zone_with_what_was_expected():
    zone = {"hot_zone": "Remiremont"}
    rows = [
        row(
            "Remiremont", hot=HotSpotLabel.FOYER, hot_count=14, hot_expected=4.04,
            history=History.LASTING, **zone,
        ),
        row("Saint-Nabord", hot=HotSpotLabel.FOYER, hot_count=13, hot_expected=4.0, **zone),
        row("Éloyes", facts=0, **zone),
        row("Golbey", hot=HotSpotLabel.WATCHED, hot_count=6, hot_expected=2.0, hot_q=0.1),
    ]  # fmt: skip
    (foyer,) = said(rows, Code.FOYER, period="2026-Q3R12", hot_status="faite")
    assert foyer == (
        "Foyer : Remiremont ainsi que les communes voisines, 14 faits sur douze mois (hors "
        "faits connus des seuls citoyens) contre 4 attendus au vu de la population et des "
        "écarts habituels entre communes. Ce foyer est persistant : il apparaît presque à chaque "
        "trimestre. Une telle concentration est très peu probable par hasard."
    )
    (watched,) = said(rows, Code.WATCHED, period="2026-Q3R12")
    assert watched == (
        "Secteur à surveiller : Golbey ainsi que les communes voisines, 6 faits sur douze mois "
        "contre 2 attendus. Jusqu’à une fois sur 5, un tel secteur ne tient qu’au hasard."
    )
    (none,) = said([], Code.NOT_SEARCHED, period="2026-Q3R12", hot_status="faite")
    assert none.startswith("Aucun foyer ne se détache")


@pytest.mark.parametrize("change", [ChangeLabel.CLEAR_RISE, ChangeLabel.POSSIBLE_RISE])
def test_a_new_territory_that_rises_goes_by_that_word_alone(change):
    """The prefecture is told that it rises, never that it is new: both read the same word."""
    new = rising(reference_facts=0, ratio=None, change=change, is_emerging=True)
    assert len(said([new], Code.RISE)) == 1
    assert not said([new], Code.EMERGING)
    assert sign_of(new) == sign_of(rising(change=change))
    assert (
        sign_of(row(is_emerging=True, change=ChangeLabel.TOO_FEW)).words == "Territoire émergent"
    )


def test_a_new_territory_a_week_out_of_the_ordinary_and_a_rank_that_moves():
    (emerging,) = said([row("Bruyères", facts=3, is_emerging=True)], Code.EMERGING)
    assert emerging.startswith(
        "Territoire émergent : Bruyères, 3 faits au 3e trimestre 2026, aucun dans les douze mois "
        "précédents."
    )
    top = row("Vosges", Dimension.DEPARTMENT, facts=9, is_alarm=True, usual=2.64)
    (alarm,) = said([top], Code.ALARM, period="2026-W38")
    assert "Semaine inhabituelle dans les Vosges : 9 faits pour 2,6 d’habitude." in alarm
    rows = [row("Épinal", stock_rank=2, rank_is_sensitive=True)]
    (rank,) = said(rows, Code.SENSITIVE, period="2026-Q3R12")
    assert rank.startswith("Classement sensible : Épinal sort des 10 premières communes")
    assert not said([row(stock_rank=11, rank_is_sensitive=True)], Code.SENSITIVE)


def test_beyond_five_the_table_holds_the_rest():
    rows = [rising(f"Commune {rank}", facts=10 + rank) for rank in range(7)]
    found = said(rows, Code.RISE)
    assert len(found) == 6
    assert found[-1] == "Hausse : 2 autres communes dans le tableau."


def test_a_masked_summary_is_told_by_what_it_holds():
    """No reference, no ratio, no effort in numbers: nothing that gives a count back."""
    rows = [row(change=ChangeLabel.CLEAR_RISE, effort=EffortStatus.CONCOMITANT, facts=12)]
    fields = {"audience": SummaryAudience.PREFECTURE, "reports": None, "services": None}
    found = words.sentences(summary(**fields), rows, communes=507)
    by_code = {each.code: plain(each) for each in found}
    assert by_code[Code.RISE] == (
        "Hausse nette à Golbey : 12 faits, plus que le trimestre moyen des douze mois "
        "précédents. Cette hausse accompagne une hausse de l’activité des services. Elle ne "
        "prouve pas une aggravation. Un tel écart est très peu probable par hasard."
    )
    assert by_code[Code.HIDDEN] == (
        "506 communes comptent moins de 5 faits ou un nombre non communicable, et ne sont pas "
        "détaillées."
    )
    (opening,) = said([], Code.OPENING, facts=None, **fields)
    assert opening == "Au 3e trimestre 2026, le nombre de faits n’est pas communicable."
    new = words.sentences(summary(**fields), [row("Bruyères", facts=5, is_emerging=True)])
    assert "Bruyères, 5 faits au 3e trimestre 2026, très peu dans" in plain(new[1])
    hidden = {"facts": None, "display": Display.MASKED, "hot": HotSpotLabel.FOYER}
    foyer = words.sentences(
        summary("2026-Q3R12", **fields),
        [row(name, hot_zone="88383", **hidden) for name in ("Éloyes", "Remiremont")],
    )[1]
    assert foyer.text == "Foyer : Éloyes, Remiremont ainsi que les communes voisines."
    assert foyer.facts is None
    # One of its communes is not told for all: without counts, its heart is not known.
    stories = (("Éloyes", History.LASTING), ("Remiremont", History.INTENSIFYING))
    foyer = words.sentences(
        summary("2026-Q3R12", **fields),
        [row(name, hot_zone="88383", history=each, **hidden) for name, each in stories],
    )[1]
    assert foyer.doubt.startswith("Son évolution n’est pas la même dans toutes ses communes.")


def every_sentence():
    """Over all codes, with and without each number that a row may lack."""
    numbers = {
        "reference_facts": 12, "ratio": 2.0, "ratio_low": 1.1, "ratio_high": 3.0, "usual": 3.0,
        "effort_ratio": 1.6, "hot_count": 9, "hot_expected": 0.4, "hot_q": 0.01, "stock_rank": 1,
        "overdispersion": 1.5, "facts_corroborated": 0,
    }  # fmt: skip
    codes: list[dict] = [
        {"change": change, "effort": effort}
        for change, effort in product(ChangeLabel, EffortStatus)
    ]
    codes += [
        {"hot": hot, "hot_with_tips": other, "history": history}
        for hot, other, history in product(HotSpotLabel, HotSpotLabel, History)
    ]
    codes += [{"is_emerging": True}, {"rank_is_sensitive": True}, {"on_border": True}]
    codes += [{"is_alarm": True}, {"repeated_facts": 3}]
    codes += [{"repeated_facts": 1, "reactive": 1, "change": ChangeLabel.CLEAR_RISE}]
    statuses = ["", "faite", *NotTested]
    for kind, audience in product(("2026-Q3", "2026-09", "2026-Q3R12"), SummaryAudience):
        for dimension, held in product(words.TERRITORIES, (numbers, {})):
            lacks = {"usual": 3.0, "hot_expected": 2.0} if not held else {}
            rows = [row("Le Thillot", dimension, **held, **lacks, **one) for one in codes]
            for each in rows:
                yield from words.said_of_territory(summary(kind, audience), each)
            for status in statuses:
                found = summary(kind, audience, hot_status=status, moved={"facts": -1})
                yield from words.sentences(found, rows, communes=3)


def test_no_sentence_says_what_is_never_said():
    found = list(every_sentence())
    assert {each.code for each in found} == set(Code) - {Code.TO_CONFIRM, Code.SILENT}
    for text in {plain(each) for each in found}:
        assert not NEVER.search(text), text
        assert re.search(r"[.]$", text), text
        assert not re.search(r"None|  ", text), text
        assert not re.search(r"\b(à Le|de Le|de Épinal)\b", text), text


@pytest.mark.django_db
def test_communes_are_counted_for_a_masked_quarter_alone(vosges, django_assert_num_queries):
    stored = summary(audience=SummaryAudience.PREFECTURE, input_digest="x")
    stored.department = vosges.department
    stored.save()
    with django_assert_num_queries(2):
        (hidden,) = [each for each in words.said_of(stored) if each.code == Code.HIDDEN]
    assert hidden.facts is None
