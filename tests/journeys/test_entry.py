"""Entry and triage in a real browser: by the keyboard alone, and without losing a word."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from cross.ui.templatetags import words
from intel.actions import life
from intel.models import Amount, Draft, Identifier, Report, Step
from intel.states import State
from services.models import Commune, Neighbourhood
from tests import factories
from tests.browser import assert_accessible, assert_fits

NEW = "/renseignements/nouveau/"
LOOKS = [(1440, "light"), (1440, "dark"), (390, "dark"), (320, "light")]
FACTS = "Deux hommes vendent devant la gare, tél 06 39 98 76 54."


def only_report():
    return Report.objects.unguarded(because="test").get()


# --- Entry ------------------------------------------------------------------------------------


def test_a_field_filled_in_again_is_no_longer_said_to_be_wrong(browse, cast):
    page = browse(cast.diane)
    page.goto(NEW)
    page.get_by_role("button", name="Transmettre").click()
    page.locator("[data-errors]").wait_for()
    expect(page.locator(".fr-error-text")).to_have_count(4)
    page.get_by_label("Que s’est-il passé ?").fill("Deux hommes vendent.")
    expect(page.locator(".fr-error-text")).to_have_count(3)
    assert "_error" not in (page.locator("#id_facts").get_attribute("aria-describedby") or "")
    page.locator("#id_origin input").first.check(force=True)
    expect(page.locator(".fr-error-text")).to_have_count(2)
    assert_accessible(page)
    browse.complaints.clear()  # the browser itself logs the status of a refused form


def test_a_report_is_typed_by_the_keyboard_alone(browse, cast):
    page = browse(cast.diane)
    page.goto(NEW)
    page.keyboard.type(FACTS)  # the page opens with the keyboard in the text
    page.keyboard.press("Tab")
    page.keyboard.type("golb")
    page.get_by_role("option", name="Golbey").wait_for()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Où ?")).to_have_value("Golbey (88002)")
    page.keyboard.press("Tab")
    page.keyboard.type("hier")
    for _ in range(3):  # over the end of a span and the box « non précisée », to the origins
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    page.get_by_text("transmis, faits du ").wait_for()
    report = only_report()
    assert (report.commune.name, report.origin, report.state) == (
        "Golbey", "service", State.RECEIVED,
    )  # fmt: skip
    assert not Draft.objects.of(cast.diane).exists()


def test_what_is_typed_is_kept_by_itself_and_offered_again(browse, cast):
    page = browse(cast.diane)
    page.clock.install()
    page.goto(NEW)
    page.get_by_label("Que s’est-il passé ?").fill(FACTS)
    page.clock.run_for(3500)
    page.get_by_text("Brouillon enregistré à").wait_for()
    page.goto("/renseignements/")
    page.goto(NEW)
    page.get_by_role("link", name="Reprendre votre saisie du").click()
    expect(page.get_by_label("Que s’est-il passé ?")).to_have_value(FACTS)


def test_a_session_that_ends_while_typing_loses_nothing(browse, cast):
    page = browse(cast.diane)
    page.goto(NEW)
    page.get_by_label("Que s’est-il passé ?").fill(FACTS)
    page.get_by_label("Où ?").fill("Épinal")
    page.get_by_label("Date non précisée").check(force=True)
    page.get_by_label("Appel téléphonique").check(force=True)
    page.get_by_text("Brouillon enregistré à").wait_for()
    Session.objects.all().delete()  # by the server: the browser knows nothing of it
    page.get_by_role("button", name="Transmettre").click()
    page.get_by_role("dialog", name="Votre session est terminée").wait_for()
    assert Draft.objects.of(cast.diane).get().fields["facts"] == [FACTS]
    assert not Report.objects.unguarded(because="test").exists()

    other = page.context.new_page()
    other.goto("/connexion/")
    other.get_by_label("Identifiant").fill("diane")
    other.get_by_label("Mot de passe").fill(factories.PASSWORD)
    other.get_by_role("button", name="Se connecter").click()
    other.wait_for_url("**/")
    page.get_by_role("button", name="Reprendre").click()
    page.get_by_text("transmis. 5 unités peuvent le lire.").wait_for()
    assert only_report().facts == FACTS
    browse.complaints.clear()  # the browser itself logs the 401


def test_identifiers_appear_under_the_text_and_stay_ticked(browse, cast):
    page = browse(cast.diane)
    page.goto(NEW)
    facts = page.get_by_label("Que s’est-il passé ?")
    facts.press_sequentially(FACTS)
    box = page.get_by_label("06 39 98 76 54")
    box.check(force=True)
    facts.press_sequentially(" Golf CD-321-EF.")
    page.get_by_label("CD-321-EF").wait_for()
    expect(page.get_by_label("06 39 98 76 54")).to_be_checked()
    expect(page.get_by_label("CD-321-EF")).not_to_be_checked()
    page.get_by_label("Signalement citoyen").check(force=True)
    page.get_by_text("Coordonnées de l’auteur ?").wait_for()


def test_a_tick_made_while_the_panel_is_drawn_again_is_kept(browse, cast):
    page = browse(cast.diane)
    page.goto(NEW)
    page.get_by_label("Que s’est-il passé ?").fill(f"{FACTS} Golf CD-321-EF.")
    page.get_by_label("CD-321-EF").wait_for()
    page.get_by_label("CD-321-EF").check(force=True)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/reperer/", hold)
    page.get_by_label("Constatation d’un service").check(force=True)
    page.locator("#reperes.htmx-request").wait_for(state="attached")
    page.get_by_label("06 39 98 76 54").check(force=True)
    page.get_by_label("CD-321-EF").uncheck(force=True)
    with page.expect_response("**/reperer/"):
        held[0].continue_()
    page.locator("#reperes:not(.htmx-request)").wait_for(state="attached")
    expect(page.get_by_label("06 39 98 76 54")).to_be_checked()
    expect(page.get_by_label("CD-321-EF")).not_to_be_checked()


def test_everything_found_is_confirmed_by_one_key_and_each_thing_undone(browse, cast, vosges):
    for name in ("Est", "Sud"):
        Neighbourhood.objects.create(commune=vosges["Épinal"], name=name)
    page = browse(cast.diane)
    page.goto(NEW)
    facts = f"{FACTS} Cocaïne, Golf CD-321-EF, quartier Est puis quartier Sud, à Épinal."
    page.get_by_label("Que s’est-il passé ?").fill(facts)
    page.get_by_role("button", name="Tout confirmer").wait_for()
    page.get_by_label("Où ?").fill("Épinal")
    page.get_by_label("Date non précisée").check(force=True)
    page.get_by_label("Appel téléphonique").check(force=True)
    page.keyboard.press("t")
    boxes = page.locator("#reperes input[type=checkbox]")
    unticked = [box.get_attribute("data-only-one") for box in boxes.all() if not box.is_checked()]
    assert unticked == ["neighbourhood"] * 2, "of two neighbourhoods one is chosen by hand"
    assert not Report.objects.unguarded(because="test").exists()
    page.get_by_label("CD-321-EF").uncheck(force=True)
    page.keyboard.press("Control+Enter")
    page.get_by_text("peuvent le lire.").wait_for()
    report = only_report()
    assert report.products == ["cocaine"]
    kept = Identifier.objects.of(report).values_list("kind", flat=True)
    assert list(kept) == ["phone"]


def test_the_first_down_goes_to_the_first_commune_and_tab_takes_it(browse, cast, vosges):
    twin = Commune.objects.get(pk=vosges["Golbey"].pk)
    twin.pk, twin.code, twin.name, twin.epci = None, "88999", "Golbey-le-Haut", None
    twin.bare_name = twin.name
    twin.save(force_insert=True)
    page = browse(cast.diane)
    page.goto(NEW)
    where = page.get_by_label("Où ?")
    where.press_sequentially("golb")
    expect(page.get_by_role("option")).to_have_count(2)
    where.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_text(
        re.compile("^Golbey \\(88002\\)")
    )
    where.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_text(re.compile("^Golbey-le-Haut"))
    where.press("Tab")
    expect(where).to_have_value("Golbey-le-Haut (88999)")
    expect(where).not_to_be_focused()


def test_where_and_when_are_proposed_beside_their_fields_and_taken_by_one_key(
    browse, cast, vosges
):
    yesterday = f"{timezone.localdate() - timedelta(days=1):%d/%m/%Y}"
    page = browse(cast.diane)
    page.goto(NEW)
    where, when = page.get_by_label("Où ?"), page.get_by_label("Quand ?")
    page.get_by_label("Que s’est-il passé ?").fill("Hier à Golbey, vente devant le collège.")
    page.locator("#proposed-commune").get_by_label("Golbey").wait_for()
    assert_fits(page)
    assert_accessible(page)
    assert (where.input_value(), when.input_value()) == ("", ""), "nothing is filled by itself"
    where.press("ArrowDown")
    assert where.input_value() == "Golbey (88002)"
    assert page.locator("#proposed-commune").is_hidden()
    page.locator("#proposed-date label").click()
    assert when.input_value() == yesterday
    page.get_by_label("Appel téléphonique").check(force=True)
    page.keyboard.press("Control+Enter")
    page.get_by_text("peuvent le lire.").wait_for()
    assert only_report().commune.name == "Golbey"


def test_what_was_typed_by_hand_is_never_filled_over(browse, cast, vosges):
    page = browse(cast.diane)
    page.goto(NEW)
    where = page.get_by_label("Où ?")
    where.fill("Épinal")
    page.get_by_label("Date non précisée").check(force=True)
    with page.expect_response("**/reperer/"):
        page.get_by_label("Que s’est-il passé ?").fill("Hier à Golbey, vente devant le collège.")
    where.press("ArrowDown")
    assert where.input_value() == "Épinal"
    assert page.locator("#proposed-commune").is_hidden()
    assert page.locator("#proposed-date").is_hidden()
    where.fill("")
    page.locator("#proposed-commune").get_by_label("Golbey").wait_for()


def test_without_script_what_is_ticked_beside_an_empty_field_fills_it(browse, cast, vosges):
    page = browse(cast.diane, script=False)
    page.goto(NEW)
    page.get_by_label("Que s’est-il passé ?").fill("Hier à Golbey, vente devant le collège.")
    page.get_by_role("button", name="Repérer").click()
    page.locator("#proposed-commune input").check(force=True)
    page.locator("#proposed-date input").check(force=True)
    expect(page.get_by_role("button", name="Tout confirmer")).to_have_count(0)
    page.get_by_label("Appel téléphonique").check(force=True)
    page.get_by_role("button", name="Transmettre").click()
    page.get_by_text("peuvent le lire.").wait_for()
    report = only_report()
    assert report.commune.name == "Golbey"
    assert report.occurred_on == timezone.localdate() - timedelta(days=1)


def test_a_pasted_text_is_marked_and_what_is_refused_is_not_kept(browse, cast):
    page = browse(cast.diane)
    page.goto("/renseignements/coller/")
    page.get_by_label("Texte du message").fill(
        "Vente tous les soirs devant la gare d’Épinal, 10 pochons d’herbe, 2 500 € en liquide."
    )
    page.get_by_role("button", name="Lire ce texte").click()
    page.get_by_role("heading", name="Confirmer ce qui a été lu").wait_for()
    assert page.locator("mark").all_inner_texts() == [
        "tous les soirs", "devant la gare", "Épinal", "10 pochons", "herbe", "2 500 €",
    ]  # fmt: skip
    assert_accessible(page)
    for label in ("Épinal", "devant la gare", "tous les soirs", "10 pochons, cannabis (herbe)"):
        page.get_by_label(label).check(force=True)
    page.get_by_role("button", name="Continuer la saisie").click()
    expect(page.locator("#id_place")).to_have_value("devant la gare")
    page.get_by_label("Date non précisée").check(force=True)
    page.get_by_role("button", name="Transmettre").click()
    page.get_by_text("peuvent le lire.").wait_for()
    report = only_report()
    assert (report.place, report.days_and_hours) == ("devant la gare", "tous les soirs")
    assert [(kept.kind, kept.raw) for kept in Amount.objects.of(report)] == [
        ("quantity", "10 pochons")
    ]


def test_who_will_see_it_follows_the_boxes(browse, cast):
    page = browse(cast.diane)
    page.goto(NEW)

    def told(sentence):
        page.locator("#qui-verra").get_by_text(sentence).wait_for()

    told("Les 5 unités du protocole, dès la transmission.")
    assert page.get_by_label("Motif de la restriction").is_hidden()
    page.get_by_label("Unités nommées").check(force=True)
    told("Votre unité seule (Brigade des douanes), tant que rien n’est coché.")
    page.get_by_label("Commissariat").check(force=True)
    told("Votre unité (Brigade des douanes) et 1 unité : Commissariat.")
    told("La cellule n’en fait pas partie")
    expect(page.get_by_label("Motif de la restriction")).to_be_visible()


def test_a_day_that_is_said_becomes_the_date_it_means(browse, cast):
    page = browse(cast.diane)
    page.goto(NEW)
    yesterday = timezone.localdate() - timedelta(days=1)
    when = page.get_by_label("Quand ?")
    when.fill("hier")
    when.blur()
    page.get_by_text(words.weekday(yesterday)).wait_for()
    assert when.input_value() == f"{yesterday:%d/%m/%Y}"
    when.fill("jamais")
    expect(page.get_by_text(words.weekday(yesterday))).to_have_count(0)
    with page.expect_response("**/jours/**"):
        when.blur()
    assert when.input_value() == "jamais", "what means no day is left as it was typed"


@pytest.mark.parametrize("script", [True, False])
def test_a_refused_form_is_whole_again(browse, cast, script):
    page = browse(cast.diane, script=script)
    page.goto(NEW)
    page.get_by_label("Que s’est-il passé ?").fill(FACTS)
    page.get_by_label("Quand ?").fill("31/02/2026")
    page.get_by_label("Où ?").fill("Épinal")
    page.get_by_role("button", name="Transmettre").click()
    page.get_by_role("heading", name="2 points à corriger").wait_for()
    expect(page.get_by_label("Que s’est-il passé ?")).to_have_value(FACTS)
    expect(page.get_by_label("Quand ?")).to_have_value("31/02/2026")
    page.get_by_label("Quand ?").fill("03/09/2026")
    page.get_by_label("Courrier").check(force=True)
    page.get_by_role("button", name="Transmettre").click()
    page.get_by_text("transmis, faits du jeudi 3 septembre 2026. 5 unités").wait_for()
    browse.complaints.clear()  # the browser itself logs the 422


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_the_pages_of_entry_fit_and_are_accessible(browse, cast, vosges, width, theme):
    report = factories.report(cast.diane, vosges["Épinal"])
    page = browse(cast.diane, width=width, theme=theme)

    def look():
        assert_fits(page)
        assert_accessible(page)

    for address in (NEW, f"{report.get_absolute_url()}modifier/", "/renseignements/coller/"):
        page.goto(address)
        for fold in page.locator(".cx-fold > summary").all():
            fold.click()
        look()
    page.get_by_label("Texte du message").fill(f"{FACTS} À Golbey hier, cocaïne. « Momo ».")
    page.get_by_role("button", name="Lire ce texte").click()
    page.get_by_role("heading", name="Confirmer ce qui a été lu").wait_for()
    look()
    page.goto(NEW)
    page.get_by_label("Unités nommées").check(force=True)
    page.get_by_label("Où ?").fill("Golbey (88001)")
    page.get_by_role("button", name="Transmettre").click()
    page.get_by_role("heading", name="points à corriger").wait_for()
    look()
    browse.complaints.clear()  # the browser itself logs the 422


# --- Triage -----------------------------------------------------------------------------------


@pytest.fixture
def waiting(cast, vosges):
    return [
        factories.report(cast.diane, vosges["Épinal"], subject=f"Fiche {number}")
        for number in range(4)
    ]


def is_open(page, subject):
    page.get_by_role("heading", name=subject).wait_for()  # its code stands beside it


def state_of(report):
    return Report.objects.unguarded(because="test").get(pk=report.pk).state


def test_a_queue_is_treated_by_single_keys(browse, cast, waiting):
    page = browse(cast.anna)
    page.goto("/tri/")
    is_open(page, "Fiche 0")
    page.keyboard.press("v")
    is_open(page, "Fiche 1")
    page.keyboard.press("x")
    page.locator("textarea:focus, input:focus").wait_for()
    page.keyboard.type("Sans lien")
    page.keyboard.press("Control+Enter")
    is_open(page, "Fiche 2")
    page.keyboard.press("j")
    is_open(page, "Fiche 3")
    page.keyboard.press("k")
    is_open(page, "Fiche 2")
    page.keyboard.press("c")
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    is_open(page, "Fiche 3")
    assert [state_of(report) for report in waiting] == [
        State.SORTED, State.OUT_OF_SCOPE, State.SORTED, State.RECEIVED,
    ]  # fmt: skip
    page.keyboard.press("u")
    is_open(page, "Fiche 2")
    page.get_by_text("Décision annulée").wait_for()
    assert state_of(waiting[2]) == State.RECEIVED
    page.go_back()  # an address of the queue, never a fragment
    page.get_by_role("heading", name="File de tri").wait_for()
    expect(page.get_by_role("navigation", name="Menu principal")).to_be_visible()


def test_a_key_that_decides_nothing_says_why(browse, cast, waiting):
    page = browse(cast.anna)
    page.goto("/tri/")
    is_open(page, "Fiche 0")

    def told(key):
        page.keyboard.press(key)
        return page.locator("#annonces").inner_text().replace("\u00a0", " ")

    assert told("o") == (
        "« Orienter » ne s’applique pas à une fiche « Reçu », "
        "seulement à une fiche « Coté », « Enrichi » ou « Refusé »."
    )
    assert told("u") == "Il n’y a pas de décision à annuler."
    assert told("k") == "Premier élément de cette page de la file."
    assert state_of(waiting[0]) == State.RECEIVED
    page.keyboard.press("v")
    is_open(page, "Fiche 1")
    expect(page.locator('[data-silent-key="u"]')).to_have_count(0)


def test_graded_and_directed_by_the_keyboard(browse, cast, waiting):
    life.move(waiting[0], by=cast.anna, target=State.SORTED)
    page = browse(cast.anna)
    page.goto("/tri/?file=evaluation")
    is_open(page, "Fiche 0")
    page.keyboard.press("g")
    page.get_by_label("A : totalement fiable").wait_for()
    page.keyboard.press("b")
    page.keyboard.press("3")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Orienter").first.wait_for()
    report = only_graded()
    assert (report.state, report.grade) == (State.GRADED, "B3")
    page.keyboard.press("o")
    # The letters that choose in a list are the browser's own, and go by its clock.
    page.get_by_label("Unité attributaire").select_option(label="Commissariat")
    page.get_by_label("Unité attributaire").press("Control+Enter")
    page.get_by_role("heading", name="Rien n’est en cours d’évaluation").wait_for()
    assert state_of(waiting[0]) == State.DIRECTED


def only_graded():
    return Report.objects.unguarded(because="test").exclude(source_grade="").get()


def test_two_keys_in_a_row_still_lead_elsewhere(browse, cast, waiting):
    life.move(waiting[0], by=cast.anna, target=State.SORTED)
    page = browse(cast.anna)
    page.goto("/tri/?file=evaluation")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/renseignements/**")


def test_the_same_queue_without_script(browse, cast, waiting):
    page = browse(cast.anna, script=False)
    page.goto("/tri/")
    page.locator("summary", has_text="Hors champ").click()
    page.locator("details[open]").get_by_label("Motif").fill("Sans lien")
    page.locator("details[open]").get_by_role("button", name="Hors champ").click()
    is_open(page, "Fiche 1")
    assert Step.objects.of(waiting[0]).get().why == "Sans lien"
    page.get_by_role("button", name="Annuler").click()
    is_open(page, "Fiche 0")


def test_what_another_treated_is_told_in_place(browse, cast, waiting):
    page = browse(cast.anna)
    page.goto("/tri/")
    is_open(page, "Fiche 0")
    life.move(waiting[0], by=cast.marc, target=State.SORTED)
    page.keyboard.press("v")
    page.get_by_text("passée à « Trié » par Marc Essai").wait_for()
    assert Step.objects.of(waiting[0]).count() == 1


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_the_queue_fits_and_is_accessible(browse, cast, waiting, width, theme):
    page = browse(cast.anna, width=width, theme=theme)
    page.goto("/tri/")
    assert_fits(page)
    assert_accessible(page)
    for decision in page.locator("[data-decision] > summary").all():
        decision.click()
        assert_fits(page)
        assert_accessible(page)
    page.locator("details[open]").locator("button[type=submit]").click()
    page.get_by_role("alert").wait_for()
    assert_fits(page)
    assert_accessible(page)
    for report in waiting:
        life.move(report, by=cast.marc, target=State.SORTED)
    page.goto("/tri/")
    page.get_by_role("heading", name="La file est vide").wait_for()
    assert_accessible(page)
    browse.complaints.clear()  # the browser itself logs the 422
