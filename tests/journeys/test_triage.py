"""The queue of the cell in a real browser: twenty tips by the keyboard alone, two people at once,
many at once, with and without script."""

import statistics
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from intel.bundles import bundles_of
from intel.models import Docket, Report, Step
from intel.reading.triage import asked_by, waiting
from intel.states import State
from tests import factories
from tests.browser import assert_accessible, assert_fits

pytestmark = pytest.mark.timeout(300)

LOOKS = [(1440, "light"), (390, "dark")]
# What a citizen might tell, and what an analyst would make of it.
TOLD = (
    ("Un homme vend de la résine dans le hall du 12, le soir.", "trie"),
    ("Mon voisin fait du bruit la nuit.", "hors_champ"),
    ("Ça deale quelque part en ville.", "a_completer"),
    ("Deux jeunes guettent sous le porche de l’école, le midi.", "trie"),
    ("Un scooter blanc livre place du marché vers 22 h.", "trie"),
    ("Une voiture mal garée gêne le passage.", "hors_champ"),
    ("Un homme armé attend devant le garage avec des sachets.", "urgent"),
    ("Des colis arrivent par la poste chez des étudiants.", "trie"),
    ("Odeur de cannabis dans la cage d’escalier, troisième étage.", "trie"),
    ("Quelqu’un vend, je ne sais pas où.", "a_completer"),
    ("Rodéos urbains sur le parking du supermarché.", "hors_champ"),
    ("Un appartement vide reçoit des visites toutes les dix minutes.", "trie"),
    ("Serre éclairée jour et nuit dans une grange.", "trie"),
    ("Publicité mensongère d’un magasin de CBD.", "hors_champ"),
    ("Vente par messagerie, livraison devant le lycée.", "trie"),
    ("Un fourgon étranger décharge de nuit derrière la scierie.", "trie"),
    ("Je crois que ma nièce fume.", "a_completer"),
    ("Échanges rapides à la portière d’une berline grise.", "trie"),
    ("Bagarre entre voisins hier soir.", "hors_champ"),
    ("Seringues retrouvées dans le square, chaque matin.", "trie"),
)  # fmt: skip
# The keys of each decision: its own, then the figure of its reason, then Enter.
KEYS = {
    "trie": ["v"],
    "hors_champ": ["x", "1", "Enter"],
    "a_completer": ["c", "1", "Enter"],
    "urgent": ["!", "1", "Enter"],
}

# The reasons are open and have the keyboard.
READY = "details[data-decision][open] input[type=radio]:focus"


@pytest.fixture
def told(cast, vosges):
    now = timezone.now()
    return [
        factories.report(
            cast.anna, vosges["Épinal"], origin="citizen", subject=f"Signalement {rank}",
            facts=facts, received_at=now - timedelta(minutes=100 - rank),
        )
        for rank, (facts, _) in enumerate(TOLD)
    ]  # fmt: skip


def is_open(page, report):
    page.get_by_role("heading", name=report.subject, exact=False).first.wait_for()


def state_of(report):
    return Report.objects.unguarded(because="test").get(pk=report.pk).state


def test_twenty_tips_are_classified_by_the_keyboard_alone(browse, cast, told):
    page = browse(cast.anna)
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("t")
    pressed = []
    for report, (_, decision) in zip(told, TOLD, strict=True):
        page.locator("#fiche h2", has_text=f"{report.subject} ").wait_for()
        keys = KEYS[decision]
        for key in keys:
            if key == "1":
                page.locator(READY).wait_for(state="attached")
            page.keyboard.press(key)
        count = len(keys)
        if decision == "urgent":  # it stays in the queue, first: go on with the next
            page.locator(".cx-done").get_by_text("Urgent").wait_for()
            while page.locator("#fiche h2", has_text=report.subject).count():
                page.keyboard.press("v")
                count += 1
                page.locator("#fiche h2", has_text=report.subject).wait_for(state="detached")
        pressed.append(count)
    page.get_by_role("heading", name="La file est vide").wait_for()
    expected = ["trie" if decision == "urgent" else decision for _, decision in TOLD]
    assert [state_of(report) for report in told] == expected
    assert statistics.median(pressed) <= 3
    assert max(pressed) <= 4
    whys = Step.objects.filter(target=State.OUT_OF_SCOPE).unguarded(because="test")
    assert set(whys.values_list("why", flat=True)) == {"Sans rapport avec les stupéfiants"}


def test_with_single_keys_off_nothing_is_decided_by_one(browse, cast, told):
    cast.anna.shortcuts = False
    cast.anna.save(update_fields=["shortcuts"])
    page = browse(cast.anna)
    page.goto("/tri/")
    is_open(page, told[0])
    asked = []  # but for what a page asks by itself, about its session
    page.on(
        "request",
        lambda request: (
            asked.append(request.url)
            if request.method == "POST" or request.is_navigation_request()
            else None
        ),
    )
    for key in "vxcd!asm":
        page.keyboard.press(key)
    assert asked == []
    page.get_by_role("button", name="Recevable").click()
    page.locator("#fiche h2", has_text=told[1].subject).wait_for()
    assert [step.target for step in Step.objects.of(told[0])] == [State.SORTED]


def test_words_typed_on_the_reasons_are_the_reason(browse, cast, told):
    page = browse(cast.anna)
    page.goto("/tri/")
    is_open(page, told[0])
    page.keyboard.press("x")
    page.locator(READY).wait_for(state="attached")
    page.keyboard.type("Déjà vu avec la mairie")
    page.keyboard.press("Control+Enter")
    page.locator("#fiche h2", has_text=told[1].subject).wait_for()
    assert Step.objects.of(told[0]).get().why == "Déjà vu avec la mairie"


def test_figures_choose_again_once_the_reason_was_refused(browse, cast, told):
    page = browse(cast.anna)
    page.goto("/tri/")
    is_open(page, told[0])
    page.keyboard.press("x")
    page.locator(READY).wait_for(state="attached")
    page.keyboard.press("Enter")
    page.locator("details[data-decision][open] [data-errors]:focus").wait_for()
    page.keyboard.press("2")
    page.locator(READY).wait_for(state="attached")
    page.keyboard.press("Enter")
    page.locator("#fiche h2", has_text=told[1].subject).wait_for()
    assert Step.objects.of(told[0]).get().why == "Trop vague pour être exploité"
    browse.complaints.clear()  # the browser itself logs the 422


@pytest.fixture
def alike(cast, vosges):
    facts = "Vente de résine devant le bureau de tabac, chaque soir vers dix-neuf heures."
    return [
        factories.report(cast.anna, vosges["Épinal"], origin="citizen", facts=facts)
        for _ in range(9)
    ]


def test_what_a_decision_asks_is_seen_whole(browse, cast, alike):
    page = browse(cast.anna)
    for width, height in ((1280, 800), (1366, 768), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto("/tri/")
        for key in "gd":
            page.keyboard.press(key)
            page.locator(READY).wait_for(state="attached")
            form = page.locator("details[data-decision][open] form").bounding_box()
            send = page.locator("details[data-decision][open] [type=submit]").bounding_box()
            sheet = page.locator("#fiche").bounding_box()
            assert form["x"] + form["width"] <= sheet["x"] + sheet["width"], (key, width)
            assert send["y"] + send["height"] <= height, (key, width)
            page.keyboard.press("Escape")


def test_the_original_of_a_duplicate_is_chosen_by_its_figure(browse, cast, alike):
    page = browse(cast.anna)
    page.goto("/tri/")
    page.keyboard.press("d")
    page.locator(READY).wait_for(state="attached")
    opened = page.locator("#fiche .cx-triage__head a").inner_text()
    second = page.locator("details[data-decision][open]").get_by_role("radio").nth(1)
    original = second.get_attribute("value")
    page.keyboard.press("2")
    expect(second).to_be_checked()
    page.keyboard.press("Enter")
    page.locator(".cx-done").get_by_text("Doublon").wait_for()
    treated = Report.objects.unguarded(because="test").get(reference=opened)
    assert (treated.state, treated.duplicate_of.reference) == (State.DUPLICATE, original)


def test_the_help_tells_the_keys_that_answer_and_no_other(browse, cast, told):
    page = browse(cast.anna)

    def helped():
        page.keyboard.press("?")
        lines = page.locator("[data-shortcut-list]")
        lines.get_by_text("Fermer").wait_for()
        said = dict(zip(lines.locator("dt").all_inner_texts(),
                        lines.locator("dd").all_inner_texts(), strict=True))  # fmt: skip
        page.keyboard.press("Escape")
        return said

    page.goto("/tri/")
    is_open(page, told[0])
    keys = helped()
    assert {"j", "t", "g", "v", "x", "Espace"} <= keys.keys()
    assert "k" not in keys, "nothing comes before the first"
    assert (keys["j"], keys["g"]) == ("Élément suivant de la file", "Coter")
    page.keyboard.press("t")
    expect(page.get_by_label(f"Cocher {told[0].reference}")).to_be_checked()
    page.keyboard.press("j")
    page.locator("#fiche h2", has_text=told[1].subject).wait_for()
    assert "k" in helped()
    page.keyboard.press("g")
    page.locator(READY).wait_for(state="attached")
    page.goto("/demandes/")
    assert not helped().keys() & {"j", "t", "v", "g"}


def test_what_another_has_open_is_taken_over_on_purpose(browse, cast, told):
    karim = browse(cast.marc)
    karim.goto(f"/tri/{told[0].reference}/")
    is_open(karim, told[0])
    page = browse(cast.anna)
    page.goto("/tri/")
    page.locator("#fiche").get_by_text("Ouverte par Marc Essai").wait_for()
    page.keyboard.press("v")
    page.get_by_role("heading", name="Prendre la main ?").wait_for()
    assert_accessible(page)
    assert state_of(told[0]) == State.RECEIVED
    page.keyboard.press("p")
    page.locator("#fiche h2", has_text=told[1].subject).wait_for()
    assert state_of(told[0]) == State.SORTED
    karim.keyboard.press("x")
    karim.locator(READY).wait_for(state="attached")
    karim.keyboard.press("1")
    karim.keyboard.press("Enter")
    karim.get_by_text("passée à « Trié » par Anna Essai").wait_for()
    assert state_of(told[0]) == State.SORTED
    browse.complaints.clear()  # the browser itself logs the 409


@pytest.mark.parametrize(("width", "theme"), LOOKS)
@pytest.mark.parametrize("script", [True, False])
def test_many_at_once_then_undone(browse, cast, told, width, theme, script):
    page = browse(cast.anna, width=width, theme=theme, script=script)
    page.goto("/tri/")
    if script:
        page.get_by_label("Tout sélectionner").check()
        expect(page.locator("[name=fiche]:checked")).to_have_count(len(told))
        page.get_by_label("Tout sélectionner").uncheck()
        assert_fits(page)
        assert_accessible(page)
    else:
        expect(page.get_by_label("Tout sélectionner")).to_be_hidden()
    for report in told[1:3]:
        page.get_by_label(f"Cocher {report.reference}").check()
    page.get_by_role("button", name="Décider pour la sélection").click()
    page.get_by_role("heading", name="Décider pour 2 fiches").wait_for()
    page.get_by_role("radio", name="Hors champ").check(force=True)
    if script:
        assert_fits(page)
        assert_accessible(page)
    page.get_by_label("Motif", exact=False).first.fill("Sans rapport")
    page.get_by_role("button", name="Voir ce que cela fera").click()
    page.get_by_text("2 fiches sur 2 changeront d’état").wait_for()
    if script:
        assert_fits(page)
        assert_accessible(page)
    assert state_of(told[1]) == State.RECEIVED
    page.get_by_role("button", name="Appliquer").click()
    page.get_by_text("2 fiches passées à").wait_for()
    assert [state_of(report) for report in told[1:3]] == [State.OUT_OF_SCOPE] * 2
    page.get_by_role("button", name="Tout annuler").click()
    page.get_by_text("2 décisions annulées").wait_for()
    assert [state_of(report) for report in told[1:3]] == [State.RECEIVED] * 2


def test_what_was_ticked_stays_so_when_another_item_opens(browse, cast, told):
    page = browse(cast.anna)
    page.goto("/tri/")
    page.get_by_label(f"Cocher {told[2].reference}").check()
    page.keyboard.press("j")
    page.locator("#fiche h2", has_text=told[1].subject).wait_for()
    expect(page.locator("[name=fiche]:checked")).to_have_count(1)


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_a_bundle_is_unfolded_and_decided(browse, cast, vosges, width, theme):
    facts = "Vente de résine devant le bureau de tabac, chaque soir vers dix-neuf heures."
    copies = [
        factories.report(cast.anna, vosges["Épinal"], origin="citizen", facts=facts)
        for _ in range(15)
    ]
    assert len(bundles_of(waiting(cast.anna, asked_by({}))).folded) == 14
    page = browse(cast.anna, width=width, theme=theme)
    page.goto("/tri/")
    page.get_by_role("link", name="14 signalements semblables").click()
    page.locator("[data-under]").nth(13).wait_for()
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("button", name="Décider pour tous").click()
    page.get_by_role("heading", name="Décider pour 15 fiches").wait_for()
    page.get_by_role("radio", name="Recevable").check(force=True)
    page.get_by_role("button", name="Voir ce que cela fera").click()
    page.get_by_role("button", name="Appliquer").click()
    page.get_by_text("15 fiches passées à").wait_for()
    assert {state_of(report) for report in copies} == {State.SORTED}


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_given_put_aside_and_malicious_are_pages(browse, cast, told, width, theme):
    page = browse(cast.anna, width=width, theme=theme)
    page.goto("/tri/")
    is_open(page, told[0])
    page.keyboard.press("a")
    page.get_by_label("Analyste").select_option(label="Marc Essai")
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Attribuée à Marc Essai").first.wait_for()
    page.keyboard.press("s")
    day = timezone.localdate() + timedelta(days=2)
    page.get_by_label("Jusqu’au").fill(f"{day:%d/%m/%Y}")
    page.get_by_label("Motif").fill("La mairie rappelle")
    assert_accessible(page)
    page.get_by_role("button", name="Mettre de côté").click()
    page.locator("#fiche h2", has_text=told[1].subject).wait_for()
    assert Docket.objects.of(told[0]).get().aside_why == "La mairie rappelle"
    page.keyboard.press("m")
    page.get_by_role("heading", name="Signalement malveillant").wait_for()
    assert_fits(page)
    assert_accessible(page)
    page.get_by_label("Dénonciation calomnieuse").check(force=True)
    page.get_by_label("J’ai lu ce qui sera effacé").check(force=True)
    page.get_by_role("button", name="Effacer définitivement").click()
    page.get_by_text("hors champ, contenu effacé").wait_for()
    assert state_of(told[1]) == State.OUT_OF_SCOPE
