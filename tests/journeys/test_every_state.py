"""The pages of the table of doors in other states: empty, filtered, waiting, refused."""

import pytest

from tests.journeys.looking import look_again
from tests.journeys.world import PLAYERS

# The same pages in other states: (who, address), the names in braces being those of the world.
STATES = [
    ("anna", "/renseignements/?q=cocaine&etat=trie"),
    ("anna", "/renseignements/?q=introuvable"),
    ("anna", "/renseignements/?q=vendant"),
    ("diane", "/renseignements/recherches/nouvelle/?adresse=q%3Dvendent%26commune%3DGolbey"),
    ("diane", "/renseignements/recherches/?retiree={removed_search}"),
    ("gilles", "/renseignements/recherches/"),
    ("anna", "/renseignements/?q=vendent&autour=Épinal&rayon=1000"),
    ("anna", "/renseignements/?recu_du=31/02/2026"),
    ("anna", "/renseignements/{report}/etape/?vers=doublon"),
    ("anna", "/renseignements/{report}/etape/?vers=hors_champ"),
    ("anna", "/renseignements/{graded}/etape/?vers=oriente"),
    ("anna", "/tri/?file=completer"),
    ("anna", "/tri/?file=evaluation"),
    ("anna", "/tri/?voir=cote"),
    ("anna", "/tri/{given}/"),
    ("anna", "/tri/{aside}/"),
    ("anna", "/tri/{held_open}/"),
    ("anna", "/tri/{alike}/?deplie={alike}"),
    ("anna", "/renseignements/{forgotten}/"),
    ("anna", "/tri/?file=completer&attente=30&origine=human_source"),
    ("anna", "/rapprochements/{near}/?avec={known}"),
    ("anna", "/rapprochements/{confirming}/?avec={confirmed}"),
    ("anna", "/renseignements/{confirmed}/"),
    ("anna", "/renseignements/{confirmed}/rapprochements/"),
    ("anna", "/syntheses/?travail={job}"),
    ("anna", "/signalements/import/{import}/"),
    ("anna", "/signalements/import/{imported}/"),
    ("diane", "/renseignements/{restricted}/"),
    ("diane", "/renseignements/{passed_on}/"),
    ("louise", "/renseignements/{held}/"),
    ("louise", "/renseignements/export/?format=ods&exploitation=H2"),
    ("louise", "/demandes/acces/?reference=CROSS-88-2026-10000"),
    ("louise", "/renseignements/?q=CROSS-88-2020-10000"),
    ("rose", "/demandes/"),
    ("diane", "/renseignements/{asked}/"),
    ("diane", "/renseignements/{report}/validite/"),
    ("diane", "/renseignements/{asked}/lever-restriction/"),
    ("anna", "/restrictions/?voir=toutes"),
    ("diane", "/lieux/?commune=Épinal&etat=actif&sans=365"),
    ("diane", "/lieux/{place}/?imprimer"),
    ("diane", "/lieux/{bare_place}/"),
    ("diane", "/lieux/{bare_place}/observer/"),
    ("diane", "/renseignements/{report}/lieux/?q=introuvable"),
    ("rose", "/lieux/"),
    ("diane", "/deconfliction/cibles/{unanswered}/"),
    ("louise", "/deconfliction/"),
    ("marc", "/deconfliction/"),
    ("diane", "/renseignements/{silent}/diffusion/"),
    ("louise", "/notifications/?voir=toutes"),
    ("louise", "/notifications/?sujet=access.granted"),
    ("rose", "/notifications/"),
    ("rose", "/depuis-ma-visite/?quoi=repondues"),
    ("anna", "/depuis-ma-visite/?quoi=modifiees"),
    ("marc", "/renseignements/?vu_par={unit}"),
    ("marc", "/renseignements/?non_vu_par={unit}"),
    ("marc", "/renseignements/{report}/?comme={unit}"),
    ("diane", "/renseignements/{draft}/"),
    ("diane", "/renseignements/{sourced}/"),
    ("diane", "/renseignements/{sourced}/modifier/"),
    ("louise", "/renseignements/{sourced}/"),
    ("louise", "/renseignements/{untold}/"),
    ("anna", "/renseignements/{untold}/"),
    ("diane", "/renseignements/nouveau/?saisie={key}"),
    ("louise", "/renseignements/{directed}/"),
    ("louise", "/renseignements/{directed}/etape/?vers=refuse"),
    ("louise", "/renseignements/{in_hand}/etape/?vers=exploite"),
    ("louise", "/renseignements/{in_hand}/etape/?vers=sans_suite"),
    ("louise", "/orientations/?file=repondues"),
    ("anna", "/orientations/?vue=cellule&file=refusees"),
    ("marc", "/orientations/taux/"),
    ("nora", "/contributions/{unfinished}/"),
    ("claire", "/syntheses/{masked}/"),
    ("claire", "/notes/{draft_edition}/"),
    ("claire", "/notes/nouvelle/?synthese={masked}"),
    ("ines", "/journal/?reference=inconnue"),
    ("ines", "/journal/?du=32/13/2026"),
]


@pytest.mark.parametrize(("who", "address"), STATES)
def test_a_page_in_another_state(world, visit, who, address):
    page = visit(PLAYERS[who])
    assert page.goto(address.format(**world)).ok
    look_again(page)


def test_refusals_are_pages_too(visit, world):
    page = visit(PLAYERS["diane"])
    for address, status in (("/renseignements/CROSS-88-2020-9999/", 404), ("/tri/", 403)):
        assert page.goto(address).status == status
        look_again(page)
    visit.complaints.clear()  # the browser itself logs each of them
