"""Sums, prices, quantities, hours and places: proposed from a text, ticked by hand, then kept."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cross.audit.models import Entry
from intel.actions import discarded
from intel.extraction.amounts import find_amounts, read_value, spell
from intel.extraction.products import find_products
from intel.forms.human_source import CHECKS
from intel.models import Amount, Draft, Report
from protocols.actions import admit
from protocols.models import Protocol
from services.models import Neighbourhood
from tests import factories

NEW = "/renseignements/nouveau/"
FACTS = (
    "Vente tous les soirs de 18 h à 20 h devant la gare, quartier Bitola. 10 pochons d'herbe, "
    "coke à 60 € le gramme, 2 500 € en liquide."
)
TICKED = ["quantity|10 pochon cannabis_herbe|10 pochons", "sum|2500 EUR|2 500 €"]


def typed(**fields):
    return {"facts": FACTS, "commune": "Épinal", "undated": "on", "origin": "service"} | fields


def only_report():
    return Report.objects.unguarded(because="test").get()


def boxes(response):
    """{name of the boxes: what each sends}."""
    found = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]+)" id="repere', response.text):
        found.setdefault(name, []).append(unescape(value))
    return found


# --- Read and written -------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "value", "shown"), [
    ("50 €", "50 EUR", "50 €"),
    ("3 000 euros", "3000 EUR", "3 000 €"),
    ("2 k€", "2000 EUR", "2 000 €"),
    ("deux cents balles", "200 EUR", "200 €"),
    ("quatre-vingt-dix euros", "90 EUR", "90 €"),
    ("1.200,50 €", "1200.5 EUR", "1 200,5 €"),
    ("une vingtaine de pochons", "20 pochon", "20 pochons"),
    ("40 euros le gramme", "40 EUR/g", "40 € le gramme"),
    ("1 500 € le kilo", "1.5 EUR/g", "1,5 € le gramme"),
    ("15 € la barrette", "15 EUR/barrette", "15 € la barrette"),
    ("2,5 kg de coke", "2500 g cocaine", "2,5 kg, cocaïne"),
    ("une demi-livre", "250 g", "250 g"),
    ("2 L de GHB", "2000 ml ghb", "2 l, GHB / GBL"),
    ("3 cailloux de crack", "3 caillou crack", "3 cailloux, crack"),
    ("1 savonnette", "1 savonnette", "1 savonnette"),
])  # fmt: skip
def test_an_amount_is_read_and_shown(written, value, shown):
    [found] = find_amounts(written, find_products(written))
    assert found.value == value
    amount = read_value(found.kind, found.value)
    assert amount.value == value
    assert re.sub(r"\s", " ", spell(amount)) == shown


@pytest.mark.parametrize("text", [
    "18 euros de l'heure", "200 m plus loin", "au 3e étage", "06 39 98 50 20",
    "3 paquets de pâtes", "à 40 pieds de profondeur", "un pochon", "2 doses de vaccin",
    "1m80, 75 kg", "0 €", "12 L",
])  # fmt: skip
def test_what_is_no_amount(text):
    assert find_amounts(text, find_products(text)) == []


@pytest.mark.parametrize(("kind", "value"), [
    ("sum", "50 g"), ("quantity", "50 EUR"), ("price", "50 EUR"), ("sum", "50 EUR/g"),
    ("sum", "-1 EUR"), ("sum", "0 EUR"), ("quantity", "1 parsec"), ("quantity", "1 g lune"),
    ("sum", "1e9 EUR"), ("sum", "9999999999 EUR"), ("sum", ""), ("price", "1 EUR/EUR"),
])  # fmt: skip
def test_what_was_forged_is_refused(kind, value):
    with pytest.raises(ValueError):  # noqa: PT011 - the message is for the log alone
        read_value(kind, value)


# --- Proposed while typing --------------------------------------------------------------------


def test_each_kind_is_proposed_with_its_own_box(cast, vosges, enter):
    bitola = Neighbourhood.objects.create(commune=vosges["Épinal"], name="Bitola")
    found = boxes(enter(cast.diane).post(reverse("spot_identifiers"), {"facts": FACTS}))
    assert found == {
        "amounts": [TICKED[0], "price|60 EUR/g cocaine|60 € le gramme", TICKED[1]],
        "spotted": [
            "hours|tous les soirs de 18 h à 20 h", "place|devant la gare",
            f"neighbourhood|{bitola.pk}", "product|cannabis_herbe", "product|cocaine",
        ],
    }  # fmt: skip


def test_a_box_says_the_words_of_the_text_where_they_differ(cast, enter):
    said = {"facts": "Il vend 50 euros le demi-gramme."}
    answer = enter(cast.diane).post(reverse("spot_identifiers"), said)
    shown = re.sub(r"\s+", " ", answer.text)
    assert "100 € le gramme" in shown
    assert "Prix, écrit « 50 euros le demi-gramme »" in shown


def test_what_the_fields_say_is_not_proposed_again(cast, enter):
    said = {
        "facts": FACTS, "place": "devant la gare", "days_and_hours": "le matin",
        "products": ["cannabis_herbe"],
    }  # fmt: skip
    found = boxes(enter(cast.diane).post(reverse("spot_identifiers"), said))
    assert found["spotted"] == ["hours|tous les soirs de 18 h à 20 h", "product|cocaine"]


def test_a_ticked_product_joins_those_of_its_field_and_says_who_will_read(cast, vosges, enter):
    today = timezone.localdate()
    admit(
        cast.rose.unit, Protocol.objects.get(department=vosges.department), by=None,
        standing="referent", starts_on=today, ends_on=today + timedelta(days=9),
        products=["cocaine"],
    )  # fmt: skip
    said = typed(products=["cannabis_herbe"], spotted=["product|cocaine", "product|cocaine"])
    client = enter(cast.diane)
    assert str(cast.rose.unit) in client.post(reverse("preview_audience"), said).text
    client.post(NEW, said)
    assert only_report().products == ["cannabis_herbe", "cocaine"]


def test_nothing_is_kept_that_was_not_ticked(cast, enter):
    enter(cast.diane).post(NEW, typed())
    report = only_report()
    assert not Amount.objects.of(report).exists()
    assert (report.place, report.days_and_hours, report.neighbourhood) == ("", "", None)


def test_what_is_ticked_is_kept_and_fills_its_field(cast, vosges, enter):
    bitola = Neighbourhood.objects.create(commune=vosges["Épinal"], name="Bitola")
    spotted = ["hours|tous les soirs", "place|devant la gare", f"neighbourhood|{bitola.pk}"]
    enter(cast.diane).post(NEW, typed(amounts=TICKED, spotted=spotted, place="Hall B"))
    report = only_report()
    assert (report.place, report.days_and_hours) == ("Hall B, devant la gare", "tous les soirs")
    assert report.neighbourhood == bitola
    kept = Amount.objects.of(report)
    assert [(each.kind, each.number, each.unit, each.product) for each in kept] == [
        ("quantity", Decimal(10), "pochon", "cannabis_herbe"), ("sum", Decimal(2500), "EUR", ""),
    ]  # fmt: skip
    assert {each.by for each in kept} == {cast.diane}


@pytest.mark.parametrize(("chosen", "kept"), [
    ([], ["cannabis_herbe"]), (["cocaine"], ["cocaine"]),
])  # fmt: skip
def test_a_ticked_amount_says_its_product_when_nothing_else_does(
    cast, vosges, enter, chosen, kept
):
    enter(cast.diane).post(NEW, typed(amounts=TICKED, products=chosen))
    assert only_report().products == kept


def test_ticked_twice_it_is_kept_once(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"], facts=FACTS)
    factories.amount(report, cast.diane)
    change = reverse("change_report", args=[report.reference])
    sent = typed(amounts=TICKED, spotted=["place|devant la gare"], place="Devant la gare")
    answer = enter(cast.diane).post(change, sent | {"version": report.version})
    assert answer.status_code == 302
    assert Amount.objects.of(report).count() == 2
    report = only_report()
    assert report.place == "Devant la gare"


@pytest.mark.parametrize("wrong", [
    {"amounts": ["sum|50 g|50 €"]}, {"amounts": ["autre|50 EUR|50 €"]},
    {"amounts": ["sum|50 EUR|"]}, {"amounts": [f"sum|50 EUR|{'5' * 200}"]},
    {"spotted": ["chose|ici"]}, {"spotted": [f"place|{'loin ' * 60}"]},
    {"spotted": ["product|lune"]},
])  # fmt: skip
def test_a_box_that_was_not_drawn_is_refused(cast, enter, wrong):
    assert enter(cast.diane).post(NEW, typed(**wrong)).status_code == 422
    assert not Report.objects.unguarded(because="test").exists()


def test_two_neighbourhoods_are_one_too_many(cast, vosges, enter):
    one, two = (
        Neighbourhood.objects.create(commune=vosges["Épinal"], name=name)
        for name in ("Est", "Sud")
    )
    sent = typed(neighbourhood=str(one.pk), spotted=[f"neighbourhood|{two.pk}"])
    answer = enter(cast.diane).post(NEW, sent)
    assert answer.status_code == 422
    assert "Un autre quartier est coché sous le texte" in answer.text


def test_a_box_stays_ticked_when_the_form_comes_back(cast, enter):
    answer = enter(cast.diane).post(NEW, typed(commune="", amounts=TICKED))
    assert answer.status_code == 422
    assert len(re.findall(r'name="amounts"[^>]*checked', answer.text)) == 2


def test_ticked_words_of_a_human_source_are_read_again_first(cast, enter):
    """Words of the shared text alone are proposed; ticking some asks for the reading again."""
    client = enter(cast.diane)
    said = typed(
        origin="human_source", raw_text="Elle a vu 900 € chez lui.", facts="Vente devant la gare."
    )
    assert "900" not in str(boxes(client.post(NEW, said)))
    client.post(NEW, said | {"checks": [code for code, _ in CHECKS]})
    report = only_report()
    change = reverse("change_report", args=[report.reference])
    again = said | {"spotted": ["place|devant la gare"], "version": report.version}
    answer = client.post(change, again)
    assert answer.status_code == 422
    assert "Relisez le texte partagé" in answer.text


# --- Pasted -----------------------------------------------------------------------------------


def test_a_pasted_text_is_confirmed_piece_by_piece(cast, vosges, enter):
    bitola = Neighbourhood.objects.create(commune=vosges["Épinal"], name="Bitola")
    client = enter(cast.diane)
    page = client.post(reverse("paste_report"), {"text": FACTS}).url
    shown = client.get(page).text
    marked = re.findall(r'data-kind="(\w+)">([^<]+)</mark>', shown)
    assert ("hours", "tous les soirs de 18 h à 20 h") in marked
    assert ("price", "60 € le gramme") in [(kind, unescape(words)) for kind, words in marked]
    assert "checked" not in shown
    confirmed = {
        "neighbourhood": str(bitola.pk),
        "place": ["devant la gare"],
        "hours": ["tous les soirs de 18 h à 20 h"],
        "quantity": [TICKED[0]],  # and not the sum
    }
    client.post(page, confirmed)
    kept = Draft.objects.of(cast.diane).get().fields
    assert kept["amounts"] == [TICKED[0]]
    assert (kept["place"], kept["days_and_hours"]) == (
        ["devant la gare"], ["tous les soirs de 18 h à 20 h"],
    )  # fmt: skip
    assert kept["neighbourhood"] == [str(bitola.pk)]
    assert not Amount.objects.unguarded(because="test").exists(), "nothing before it is recorded"


# --- On the sheet -----------------------------------------------------------------------------


def test_a_sheet_shows_adds_and_removes(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"])
    client = enter(cast.anna)  # the cell works on it
    page = reverse("confirm_amount", args=[report.reference])
    answer = client.post(page, {"raw": "2 kg d’herbe"}, follow=True)
    assert "2 kg, cannabis (herbe)" in re.sub(r"\s", " ", answer.text)
    amount = Amount.objects.of(report).get()
    client.post(reverse("remove_amount", args=[amount.key]))
    assert not Amount.objects.of(report).exists()
    verbs = Entry.objects.filter(target=report.reference).values_list("verb", flat=True)
    assert {"amount.confirmed", "amount.removed"} <= set(verbs)


@pytest.mark.parametrize("raw", ["rien", "50 € et 2 kg", "", "12"])
def test_one_amount_is_asked_for(cast, vosges, enter, raw):
    report = factories.report(cast.diane, vosges["Épinal"])
    page = reverse("confirm_amount", args=[report.reference])
    assert enter(cast.diane).post(page, {"raw": raw}).status_code == 422
    assert not Amount.objects.of(report).exists()


def test_it_leaves_with_an_exported_list(cast, vosges, enter):
    factories.amount(factories.report(cast.diane, vosges["Épinal"]), cast.diane)
    answer = enter(cast.louise).get(reverse("export_reports"), {"format": "csv"})
    [row] = csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig")), delimiter=";")
    assert re.sub(r"\s", " ", row["Montants et quantités"]) == "2 500 €"


def test_it_is_erased_with_its_report(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"], draft=True)
    factories.amount(report, cast.diane)
    discarded.discard(report, by=cast.diane)
    assert not Amount.objects.unguarded(because="test").exists()


@pytest.mark.parametrize("wrong", [
    {"number": 0}, {"kind": "sum", "unit": "g"}, {"kind": "quantity", "unit": "EUR"},
])  # fmt: skip
def test_the_database_keeps_no_nonsense(cast, vosges, wrong):
    report = factories.report(cast.diane, vosges["Épinal"])
    fields = {"kind": "sum", "number": 5, "unit": "EUR", "raw": "5 €", "by": cast.diane} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        Amount.objects.create(report=report, **fields)


@pytest.mark.parametrize(("who", "reads", "writes"), [
    ("diane", True, True), ("karim", True, True), ("louise", True, False), ("anna", True, True),
    ("bruno", False, False), ("claire", False, False), ("ines", False, False),
    ("tom", False, False), ("paul", False, False),
])  # fmt: skip
def test_it_follows_its_report(cast, vosges, enter, who, reads, writes):
    named = [cast.louise.unit, cast.anna.unit]
    report = factories.report(cast.diane, vosges["Épinal"], units=named)
    amount = factories.amount(report, cast.diane)
    client = enter(cast[who])
    sheet = client.get(report.get_absolute_url())
    assert ("2 500 €" in re.sub(r"\s", " ", sheet.text)) is reads
    page = reverse("confirm_amount", args=[report.reference])
    assert (client.get(page).status_code == 200) is writes
    client.post(reverse("remove_amount", args=[amount.key]))
    assert Amount.objects.of(report).exists() is not writes
