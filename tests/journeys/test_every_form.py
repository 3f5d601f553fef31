"""Every form, sent with nothing in it: it says what it wants, and is a page like any other."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.looking import look_again
from tests.journeys.world import PLAYERS

# Every form, to be sent with nothing in it.
FORMS = [
    ("diane", "/renseignements/nouveau/"),
    ("nora", "/contributions/nouvelle/"),
    ("nora", "/contributions/{unfinished}/completer/"),
    ("louise", "/renseignements/{in_hand}/parquet/"),
    ("louise", "/renseignements/{in_hand}/etape/?vers=exploite"),
    ("diane", "/renseignements/coller/"),
    ("diane", "/renseignements/valeurs/"),
    ("diane", "/renseignements/recherches/nouvelle/?adresse=q%3Dvendent"),
    ("diane", "/renseignements/recherches/{search}/modifier/"),
    ("diane", "/renseignements/{report}/modifier/"),
    ("diane", "/renseignements/{report}/diffusion/"),
    ("diane", "/renseignements/{restricted}/diffusion/prolonger/"),
    ("diane", "/renseignements/{restricted}/lever-restriction/"),
    ("anna", "/restrictions/?voir=toutes"),
    ("ines", "/conservation/gels/{hold}/lever/"),
    ("diane", "/lieux/nouveau/"),
    ("diane", "/lieux/{place}/modifier/"),
    ("diane", "/lieux/{place}/observer/"),
    ("diane", "/lieux/{place}/operations/"),
    ("diane", "/renseignements/{report}/lieux/"),
    ("diane", "/deconfliction/cibles/"),
    ("diane", "/deconfliction/cibles/{check}/fnos/"),
    ("diane", "/deconfliction/operations/nouvelle/"),
    ("diane", "/deconfliction/operations/{event}/modifier/"),
    ("diane", "/deconfliction/operations/{event}/fnos/"),
    ("diane", "/deconfliction/issues/{hit}/"),
    ("louise", "/demandes/acces/"),
    ("diane", "/demandes/acces/{access_request}/"),
    ("louise", "/renseignements/{held}/accord/"),
    ("diane", "/demandes/accords/{accord}/"),
    ("diane", "/renseignements/{report}/inviter/"),
    ("diane", "/invitations/{invitation}/prolonger/"),
    ("diane", "/renseignements/{report}/partager/"),
    ("diane", "/renseignements/{report}/annexes/"),
    ("louise", "/renseignements/{report}/complement/"),
    ("diane", "/renseignements/{report}/transfert/"),
    ("diane", "/renseignements/{sourced}/relire/"),
    ("diane", "/services/listes/nouvelle/"),
    ("diane", "/renseignements/{report}/pieces/"),
    ("diane", "/renseignements/{report}/identifiants/"),
    ("diane", "/renseignements/{report}/montants/"),
    ("louise", "/renseignements/{report}/corrections/proposer/?champ=commune"),
    ("anna", "/renseignements/{report}/cotation/"),
    ("anna", "/tri/{report}/cote/"),
    ("anna", "/tri/{tip}/malveillant/"),
    ("anna", "/rapprochements/valeurs/ajouter/"),
    ("anna", "/rapprochements/{report}/"),
    ("anna", "/renseignements/{report}/etape/?vers=hors_champ"),
    ("anna", "/renseignements/{report}/etape/?vers=doublon"),
    ("anna", "/renseignements/{graded}/etape/?vers=oriente"),
    ("anna", "/signalements/import/nouveau/"),
    ("anna", "/signalements/import/{import}/colonnes/"),
    ("claire", "/notes/nouvelle/"),
    ("claire", "/notes/{draft_edition}/rediger/"),
    ("claire", "/notes/{edition}/imprimer/"),
    ("claire", "/notes/{edition}/rectifier/"),
    ("marc", "/protocoles/{protocol}/admettre/"),
    ("marc", "/protocoles/{protocol}/annexes/"),
    ("marc", "/protocoles/{protocol_draft}/modifier/"),
    ("marc", "/protocoles/{protocol_draft}/signataires/"),
    ("marc", "/protocoles/signataires/{signature}/"),
    ("marc", "/protocoles/{protocol}/suspendre/"),
    ("marc", "/protocoles/{protocol}/reprendre/"),
    ("marc", "/protocoles/{protocol}/fin/"),
    ("marc", "/protocoles/{protocol}/avenant/"),
    ("anna", "/syntheses/{summary}/carte/"),
    ("marc", "/protocoles/sieges/{seat}/"),
    ("marc", "/protocoles/sieges/{seat}/fin/"),
    ("hugo", "/services/mon-unite/nouveau/"),
    ("hugo", "/services/mon-unite/{unit_member}/"),
    ("tom", "/services/agents/nouveau/"),
    ("tom", "/services/agents/{member}/"),
    ("tom", "/exploitation/horaires/nightly_openness/"),
    ("rose", "/compte/mot-de-passe/"),
]

EMPTIED = """
(form) => {
  const typed = "textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=submit])"
  for (const input of form.elements) {
    if (input.matches(typed)) input.value = ""
    if (input.matches("select")) input.selectedIndex = 0
    if (input.matches("[type=radio]")) input.checked = false
  }
}
"""


@pytest.mark.parametrize(("who", "address"), FORMS)
def test_a_form_sent_empty_says_what_it_wants(world, visit, who, address):
    page = visit(PLAYERS[who])
    page.goto(address.format(**world))
    form = page.locator("main form.cx-form")
    form.evaluate(EMPTIED)
    form.locator("button[type=submit]:visible").first.click()
    summary = page.locator("[data-errors]")
    summary.wait_for()
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Erreur"))
    look_again(page)
    visit.complaints.clear()  # the browser itself logs the status of a refused form
