"""What a person typed, ticked or asked is not lost when a session ends or a server stops."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from cross.outbox.models import Job
from intel import periods
from intel.actions import editions, summaries
from intel.models import Edition, Report, Restriction, Step, Summary, SummaryAudience
from tests import factories
from tests.browser import sign_in
from tests.outbox.conftest import broker, running_worker  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = "Deux lignes écrites longuement, avec « guillemets » et accents."


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], subject="Colis derrière la gare")


def stored(report):
    return Report.objects.unguarded(because="test").get(pk=report.pk)


# --- The session ends while one types ---------------------------------------------------------


def comment(page, report):
    page.goto(f"{report.get_absolute_url()}commentaire/")
    page.get_by_role("textbox", name="Commentaire").fill(TYPED)
    return page.get_by_role("button", name="Enregistrer")


def reason_in_the_queue(page, report):
    page.goto(f"/tri/{report.reference}/")
    page.keyboard.press("x")
    page.get_by_role("textbox", name="Motif").fill(TYPED)
    return page.locator("details[open]").get_by_role("button", name="Hors champ")


def narrowing(page, report):
    page.goto(f"{report.get_absolute_url()}diffusion/")
    page.get_by_label("Enquête en cours").check(force=True)
    page.get_by_label("Précision").fill(TYPED)
    return page.get_by_role("button", name="Restreindre")


def words_of_a_note(page, report):
    page.goto(f"/notes/{Edition.objects.get().number}/rediger/")
    page.get_by_role("textbox", name="Points de deal").fill(TYPED)
    return page.get_by_role("button", name="Enregistrer")


# Who fills which form, what the page says once it is sent, and where the text went.
FORMS = {
    "comment": (
        "anna", comment, "Commentaire enregistré", lambda report: stored(report).comment
    ),
    "reason": (
        "anna", reason_in_the_queue, TYPED, lambda report: Step.objects.of(report).get().why
    ),
    "narrowing": (
        "diane", narrowing, "Fiche restreinte", lambda report: restriction(report).text
    ),
    "words": ("claire", words_of_a_note, "version 2", lambda report: words()["places"]),
}  # fmt: skip


def restriction(report):
    return Restriction.objects.of(report).get()


def words():
    return Edition.objects.get().words


@pytest.mark.parametrize("form", FORMS)
def test_a_session_that_ends_while_typing(browse, cast, vosges, report, form):
    who, fill, told, kept = FORMS[form]
    _, masked, *_ = summaries.build(vosges.department, periods.read("2026-Q3"))
    editions.create(masked, by=cast.claire, title="Note")
    page = browse(cast[who])
    send = fill(page, report)
    Session.objects.all().delete()  # by the server: the browser knows nothing of it
    send.click()
    window = page.get_by_role("dialog", name="Votre session est terminée")
    window.wait_for()
    with page.context.expect_page() as opened:
        window.get_by_role("link", name="Se connecter").click()
    sign_in(opened.value, who)
    window.get_by_role("button", name="Reprendre").click()
    page.locator("main").get_by_text(told).first.wait_for()
    assert kept(report).strip() == TYPED
    browse.complaints.clear()  # the browser itself logs each 401


def test_signed_in_again_meanwhile_the_old_page_still_sends(browse, cast, report):
    page = browse(cast.anna)
    send = comment(page, report)
    Session.objects.all().delete()
    sign_in(page.context.new_page(), "anna")  # a new session, and new tokens for its forms
    send.click()
    page.get_by_text("Commentaire enregistré").wait_for()
    assert stored(report).comment == TYPED


def test_nothing_is_sent_in_the_name_of_another(browse, cast, report):
    page = browse(cast.anna)
    send = comment(page, report)
    Session.objects.all().delete()
    sign_in(page.context.new_page(), "marc")
    send.click()
    page.get_by_text("Une autre personne s’est connectée.").wait_for()
    expect(page.get_by_role("textbox", name="Commentaire")).to_have_value(TYPED)
    assert stored(report).comment == ""


# --- A colleague saves first ------------------------------------------------------------------


def test_two_agents_on_the_same_sheet(browse, cast, report):
    pages = {}
    for who in ("diane", "karim"):
        pages[who] = browse(cast[who])
        pages[who].goto(f"{report.get_absolute_url()}modifier/")
        pages[who].get_by_label("Que s’est-il passé ?").fill(f"Récit de {who}.")
    save(pages["diane"])
    pages["diane"].get_by_text("vos modifications sont enregistrées").wait_for()
    save(pages["karim"])
    conflict = pages["karim"].locator(".cx-entry__conflict")
    conflict.wait_for()
    assert "Diane Essai" in conflict.inner_text()
    assert {"Récit de diane.", "Récit de karim."} <= set(conflict.locator("div").all_inner_texts())
    assert stored(report).facts == "Récit de diane."
    pages["karim"].get_by_label("Que s’est-il passé ?").fill("Les deux récits.")
    save(pages["karim"])
    pages["karim"].get_by_text("vos modifications sont enregistrées").wait_for()
    assert stored(report).facts == "Les deux récits."
    browse.complaints.clear()  # the browser itself logs the status of the refused form


def save(page):
    page.get_by_label("Motif").fill("Précision")
    page.get_by_role("button", name="Enregistrer les modifications").click()


# --- A form is refused ------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False])
def test_a_refused_form_keeps_what_was_typed_and_ticked(browse, cast, report, script):
    page = browse(cast.diane, script=script)
    page.goto(f"{report.get_absolute_url()}diffusion/")
    page.get_by_label("Commissariat").check(force=True)
    page.get_by_label("Précision").fill(TYPED)
    page.locator("#id_review_on").fill("2020-01-01")
    page.get_by_role("button", name="Restreindre").click()
    page.locator("[data-errors]").wait_for()
    expect(page.get_by_label("Commissariat")).to_be_checked()
    expect(page.get_by_label("Précision")).to_have_value(TYPED)
    expect(page.locator("#id_review_on")).to_have_value("01/01/2020")
    assert not stored(report).is_restricted
    browse.complaints.clear()


# --- No script, and the Back button -----------------------------------------------------------


def test_a_day_without_script(browse, cast):
    page = browse(cast.diane, script=False)
    page.goto("/renseignements/nouveau/")
    page.get_by_label("Que s’est-il passé ?").fill(f"{TYPED} Plaque AB-123-CD.")
    page.get_by_label("Où ?").fill("golbey")
    page.get_by_label("Date non précisée").check(force=True)
    page.get_by_label("Appel téléphonique").check(force=True)
    page.get_by_role("button", name="Repérer les identifiants du texte").click()
    page.get_by_label("AB-123-CD").check(force=True)
    page.get_by_role("button", name="Transmettre").click()
    reference = re.search(r"CROSS-88-\d{4}-\d{5}", page.locator("main").inner_text())[0]

    page = browse(cast.anna, script=False)
    page.goto("/tri/")
    page.get_by_role("button", name="Recevable").click()
    assert re.match(rf"{reference}\s: Trié", page.locator(".cx-done").inner_text())
    page.get_by_role("searchbox").fill("AB123CD")
    page.get_by_role("search").get_by_role("button").first.click()
    page.get_by_role("link", name=reference).click()
    expect(page.locator("main")).to_contain_text("Trié", use_inner_text=True)
    expect(page.locator("main")).to_contain_text("AB-123-CD", use_inner_text=True)

    page.goto("/syntheses/")
    page.get_by_role("button", name="Construire").click()
    expect(page.get_by_text("En attente du calculateur")).to_be_visible()
    with running_worker():
        while not page.get_by_text("Synthèses construites").is_visible():
            page.get_by_role("link", name="Actualiser").click()
    page.get_by_role("link", name="Ouvrir la synthèse").click()
    assert page.locator("h1").inner_text().startswith("Synthèse territoriale")


def test_back_from_a_sheet_finds_the_filtered_list(browse, cast, vosges):
    for products in (["cocaine"], ["cocaine"], ["heroine"]):
        factories.report(cast.diane, vosges["Épinal"], products=products)
    page = browse(cast.anna)
    page.goto("/renseignements/")
    page.get_by_label("Cocaïne").check(force=True)
    page.locator("#nombre").get_by_text("2 renseignements").wait_for()
    page.locator("tbody a").first.click()
    page.get_by_role("heading", name="Faits observés ou rapportés").wait_for()
    page.go_back()
    page.locator("#nombre").get_by_text("2 renseignements").wait_for()
    expect(page.get_by_label("Cocaïne")).to_be_checked()
    page.go_back()
    page.locator("#nombre").get_by_text("3 renseignements").wait_for()


# --- The broker is down -----------------------------------------------------------------------


def test_a_summary_asked_while_the_broker_is_down_is_built_later(browse, cast, broker):  # noqa: F811
    broker.stop()
    page = browse(cast.anna)
    page.goto("/syntheses/")
    page.get_by_role("button", name="Construire").click()
    page.get_by_text("En attente du calculateur").wait_for()
    page.goto("/renseignements/")
    assert page.locator("h1").inner_text() == "Renseignements"
    page.go_back()
    page.get_by_text("En attente du calculateur").wait_for()

    broker.start()
    a_minute_ago = timezone.now() - timedelta(seconds=61)
    Job.objects.update(created_at=a_minute_ago)  # younger, the sweep would let it wait its turn
    with running_worker():  # sweeps as it starts
        page.get_by_text("Synthèses construites").wait_for()
    audiences = list(Summary.objects.values_list("audience", flat=True))
    assert SummaryAudience.CELL in audiences
    assert len(audiences) == len(set(audiences)), "asked once, built once"
