"""Every page of the table of doors, in a real browser, as each role that it is drawn for.

Light and dark, 1440, 390 and 320 pixels wide: no violation of WCAG that axe can see, one title,
every control within reach of the keyboard, no slip of the pen. Then the same pages in other
states, and every form once it is refused.
"""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intel import access, periods
from intel.actions import (
    accords,
    annexes,
    attachments,
    bulk,
    complements,
    contributions,
    corrections,
    desk,
    discarded,
    drafts,
    editions,
    handovers,
    imports,
    invitations,
    life,
    lists,
    malice,
    matching,
    operations,
    places,
    previews,
    raw_texts,
    referrals,
    reports,
    requests,
    searches,
    shares,
    sharing,
    silent_mode,
    summaries,
    targets,
    telling,
    unit_work,
)
from intel.models import Identifier, Summary, SummaryAudience
from intel.states import State
from protocols.models import Participation, Protocol
from services.models import Commune, Department, Member
from tests import factories
from tests.browser import RULES, assert_accessible, assert_fits
from tests.house.conftest import examples, picture
from tests.house.test_doors import DOORS

# Who plays whom; the others of the table have the role of one of these.
PLAYERS = {
    "anna": "analyste",
    "marc": "animatrice",
    "diane": "liaison.douane",
    "louise": "liaison.police",
    "claire": "prefecture",
    "gilles": "parquet.epinal",
    "rose": "referent",
    "ines": "dpo",
    "tom": "technique",
    "hugo": "chef.douane",
    "nora": "partenaire",
}
# Doors without a page of their own: they answer a form, a script, or with a file.
NOT_PAGES = {
    "preview_attachment", "release_attachment", "bring_back_draft", "bring_back_report",
    "attachment_page", "build_summary", "commune_suggestions", "confirm_release", "drop_draft",
    "drop_words", "edition_pdf", "end_invitation", "end_share", "export_hits",
    "export_reports",
    "import_faults", "import_progress",
    "follow_search", "remove_search", "restore_search",
    "import_sample", "import_start", "import_undo", "job_progress", "keep_draft", "keep_words",
    "move_report", "preview_audience", "preview_restriction", "print_report",
    "remove_amount", "remove_attachment", "remove_identifier",
    "spot_identifiers", "switch_shortcuts", "triage_decide", "triage_grade", "triage_undo",
    "triage_bring_back", "triage_bulk", "triage_bulk_undo", "triage_take_over",
    "clear_attachment", "remove_annex", "remove_complement", "remove_list",
    "withdraw_correction", "add_note", "give_task", "remove_note", "finish_task", "remove_task",
    "cancel_event", "export_places", "print_place", "remove_observation", "remove_operation",
    "withdraw_place", "understood_day", "undo_move", "validate_edition", "withdraw_handover",
    "withdraw_access_request", "withdraw_accord", "withdraw_release",
    "decide_match", "end_value", "entry_matches", "undo_match",
    "mark_notification", "mark_notifications", "open_notification", "unmark_notifications",
}  # fmt: skip
# In the demonstration the head of unit is of the unit that owns the report.
OTHERWISE = {"propose_correction": {"hugo"}}
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
    ("claire", "/notes/{edition}/rouvrir/"),
    ("marc", "/protocoles/{protocol}/admettre/"),
    ("marc", "/protocoles/{protocol}/suspendre/"),
    ("marc", "/protocoles/{protocol}/reprendre/"),
    ("marc", "/protocoles/{protocol}/fin/"),
    ("marc", "/protocoles/{protocol}/avenant/"),
    ("marc", "/protocoles/sieges/{seat}/"),
    ("marc", "/protocoles/sieges/{seat}/fin/"),
    ("hugo", "/services/mon-unite/nouveau/"),
    ("hugo", "/services/mon-unite/{unit_member}/"),
    ("tom", "/services/agents/nouveau/"),
    ("tom", "/services/agents/{member}/"),
    ("rose", "/compte/mot-de-passe/"),
]
TIPS = (
    "reference;date;commune;description\n"
    "SIG-1;20/09/2026;Épinal;Vente tous les soirs devant la gare.\n"
    "SIG-2;20/09/2026;Golbey;Des colis arrivent la nuit.\n"
    "SIG-3;hier peut-être;Nulle-Part;\n"
)
COLOURS = {"type": "rule", "values": ["color-contrast"]}
# What a narrow page may break that a wide one does not; every rule is asked again with --slow.
NARROW = examples(
    quick={"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}, whole=RULES
)
MORE_STOPS = 12  # regions that scroll, groups of radio buttons without a choice
SLIPS = re.compile(
    r"\bNone\b|\bundefined\b|\{[{%]|\b[01][ \xa0](?!mois\b|fois\b|avis\b|des\b|gris\b)\w+s\b"
)


# --- The world --------------------------------------------------------------------------------


@pytest.fixture
def files_apart(demonstration):
    """Not apart: the files of the demonstration stay where it put them."""


def player(name):
    return Member.objects.select_related("unit").get(username=PLAYERS[name])


@pytest.fixture(scope="module")
def world(demonstration):
    """What the addresses name, as in the table of doors, within the demonstration."""
    department = Department.objects.get(code="88")
    epinal = Commune.objects.get(code="88160")
    diane, anna, claire = player("diane"), player("anna"), player("claire")
    report = factories.report(
        diane, epinal, subject="Remise de colis derrière la gare", days_and_hours="le soir"
    )
    reports.confirm_identifier(report, by=diane, kind="plate", raw="AB-123-CD", value="AB123CD")
    file = SimpleUploadedFile("note.txt", b"ce que dit la note")
    attachment = attachments.attach(report, by=diane, upload=file)
    drafts.keep(by=diane, key="nouveau-0123456789ab", fields={"facts": ["Vu hier à Golbey."]})
    masked = Summary.objects.filter(audience=SummaryAudience.PREFECTURE).latest("starts_on")
    draft_edition, edition = (
        editions.create(masked, by=claire, title=title)
        for title in ("Note de stratégie en rédaction", "Note de stratégie validée")
    )
    editions.validate(edition, by=claire, version=edition.version)
    period = periods.read(masked.period)
    mine, cells = (
        sharing.ask_release(
            factories.report(by, epinal, units=[player("louise").unit]), by=by, why="fini"
        )
        for by in (diane, anna)
    )
    return {
        "asked": mine.report.reference,
        "release": cells.key,
        "unit": player("louise").unit.pk,
        "report": report.reference,
        "correction": corrections.propose(
            report, by=player("louise"), field="vehicles", value="Un scooter noir", why="Vu hier"
        ).key,
        "graded": graded(diane, epinal).reference,
        "directed": directed(diane, epinal).reference,
        **in_hand(diane, epinal),
        "draft": factories.report(diane, epinal, draft=True).reference,
        "restricted": factories.report(diane, epinal, units=[anna.unit]).reference,
        **exchanged(diane, epinal),
        **kept_apart(diane, epinal),
        **met(diane, epinal),
        **cited(report, diane),
        **brought_together(diane, epinal),
        **at_the_desk(diane, epinal),
        **kept_by_units(report, diane),
        "attachment": attachment.key,
        "notification": told(report, by=diane),
        "identifier": Identifier.objects.of(report).get().key,
        "amount": factories.amount(report, diane).key,
        "protocol": Protocol.objects.get(department=department).pk,
        "seat": Participation.objects.get(group=player("louise").unit.group).pk,
        "member": player("louise").pk,
        "unit_member": player("diane").pk,
        "commune": epinal.code,
        "key": "nouveau-0123456789ab",
        "summary": Summary.objects.get(audience=SummaryAudience.CELL, period=masked.period).pk,
        "masked": masked.pk,
        "job": summaries.ask(department, period, by=anna).pk,
        "import": import_of("a-verifier.csv", by=anna).pk,
        "imported": import_of("importe.csv", by=anna, start=True).pk,
        "edition": edition.number,
        "draft_edition": draft_edition.number,
    }


def told(report, *, by):
    louise = player("louise")
    telling.tell("report.corrected", report=report, to=[louise], by=by)
    unseen = access.unseen_notifications(louise)
    return unseen.get(kind="report.corrected", report=report).key


def kept_by_units(report, by):
    """A search, one taken back; a note, a task, a draft thrown away, a picture drawn again."""
    louise = player("louise")
    kept, removed = (
        searches.save(by=by, name=name, query="q=vendent", is_shared=True)
        for name in ("Ventes de l’essai", "Ventes anciennes")
    )
    searches.remove(removed, by=by)
    draft = factories.report(by, report.commune, draft=True)
    discarded.discard(draft, by=by)
    drawn = attachments.attach(report, by=by, upload=SimpleUploadedFile("photo.png", picture()))
    previews.examine(drawn)
    return {
        "search": kept.key,
        "removed_search": removed.key,
        "note": unit_work.note(report, by=louise, text="À croiser.").key,
        "task": unit_work.give(report, by=louise, what="Relire", to=None).key,
        "discarded": access.discarded_reports(by).get(reference=draft.reference).key,
        "drawn": drawn.key,
    }


def exchanged(by, commune):
    """Guests, other departments, what is asked and answered: two reports that are passed on."""
    louise = player("louise")
    gendarme = Member.objects.get(username="liaison.gendarmerie")
    passed_on = factories.report(by, commune, handling="H2", subject="Un fourgon venu de Nancy")
    alone = factories.report(by, commune, units=[])
    until = timezone.now() + timedelta(days=10)
    invitations.invite(
        passed_on, by=by, guest=player("rose"), until=until, reason="avis", completes=True
    )
    doubs = factories.territory("25", "Doubs", "Besançon", ("Besançon",)).department
    station = factories.unit(doubs, "Groupement de gendarmerie")
    neighbour = factories.protocol(doubs, station.service)
    shares.share(passed_on, by=by, protocol=neighbour, why="Même équipe des deux côtés")
    accord = accords.ask(passed_on, by=louise, recipient="Parquet", why="Réquisition")
    return {
        "held": factories.report(gendarme, commune, handling="H2").reference,
        "passed_on": passed_on.reference,
        "invitation": access.endable_invitations(by).get(content_object=passed_on).key,
        "share": access.endable_shares(by).get(report=passed_on).key,
        "access_request": requests.ask(
            alone.reference, by=player("anna"), why="Donnée au téléphone"
        ).key,
        "accord": accord.key,
    }


def at_the_desk(by, commune):
    """Each thing that the cell notes about what waits; two tips that say the same."""
    anna, marc = player("anna"), player("marc")
    given, aside, held, tip, alike, _, gone, sorted_ = (
        factories.report(by, commune, origin="citizen", facts=facts)
        for facts in (
            "Un scooter rouge livre chaque soir.", "Des colis arrivent la nuit au garage.",
            "Deux guetteurs sous le porche.", "Mon voisin vend, j’en suis certain.",
            *["Vente de résine devant le bureau de tabac, chaque soir vers dix-neuf heures."] * 2,
            "Tout est la faute de ma belle-sœur.", "Une serre dans une maison vide.",
        )
    )  # fmt: skip
    today = timezone.localdate()
    desk.assign(given, by=marc, to=anna, due_on=today + timedelta(days=2))
    until = today + timedelta(days=4)
    desk.put_aside(aside, by=marc, until=until, why="La mairie rappelle jeudi")
    desk.take_over(held, by=marc)
    malice.forget(gone, by=anna, malice="revenge")
    versions = {sorted_.reference: sorted_.version}
    decided = bulk.decide(
        [sorted_], by=anna, target=State.SORTED, versions=versions, batch=uuid4()
    )
    return {
        "given": given.reference,
        "aside": aside.reference,
        "held_open": held.reference,
        "tip": tip.reference,
        "alike": alike.reference,
        "forgotten": gone.reference,
        "batch": decided.batch,
    }


def brought_together(by, commune):
    """Two that cite one telephone, two that were said to confirm one another, a frequent value."""
    phone = ("phone", "06 39 98 77 10", "+33639987710")
    louise, anna = player("louise"), player("anna")
    known, near, confirmed, confirming = (
        factories.report(each, commune, place="Le port", identifiers=[phone])
        for each in (by, louise, by, louise)
    )
    match = matching.decide(confirming, confirmed, by=anna, kind="corrobore", why="Même fait")
    listed = matching.list_value(by=anna, kind="phone", value="+33639980000", why="Standard")
    return {
        "known": known.reference,
        "near": near.reference,
        "confirmed": confirmed.reference,
        "confirming": confirming.reference,
        "match": match.key,
        "frequent_value": listed.pk,
    }


def cited(report, by):
    """A place that a report cites, with all that may be said of it; another that none cites."""
    commune, today = report.commune, timezone.localdate()
    centre = (commune.centre_x, commune.centre_y)
    square, bare = (
        places.create(places.Described(name, kind, commune, True, True, address, point), by=by)
        for name, kind, address, point in (
            ("Square des Essais", "point", "rue des Essais", centre),
            ("Box des Essais", "lieu", "", None),
        )
    )
    said = places.Said(
        today, state="actif", hours="de 14 h à 2 h", products=("cocaine", "crack"),
        lookouts="deux, aux deux entrées", stash="au troisième étage",
    )  # fmt: skip
    observation = places.cite(square, report, said, by=by)
    operation = places.note_operation(
        square, by=by, kind="pilonnage", day=today, result="Une interpellation"
    )
    return {
        "place": square.key,
        "bare_place": bare.key,
        "observation": observation.key,
        "operation": operation.key,
    }


def met(by, commune):
    """An operation near one of Louise’s, a check that found a unit to call, one that did not."""
    start = timezone.now() + timedelta(days=2)
    of_louise, event = (
        operations.declare(
            operations.Plan(
                "search", commune, start, start + timedelta(hours=1), "Adj. Essai, 03 53 01 00 99",
                point=(commune.centre_x + east, commune.centre_y),
            ),
            by=each,
        )
        for each, east in ((player("louise"), 0), (by, 200))
    )  # fmt: skip
    plate = ("plate", "XX-111-XX", "XX111XX")
    factories.report(player("louise"), commune, units=[], identifiers=[plate])
    made, none = (
        targets.check([targets.Wanted.read("plate", each)], by=by)
        for each in ("XX-111-XX", "XX-222-XX")
    )
    silent = factories.report(by, commune, units=[], identifiers=[("plate", "XX-3", "XX333XX")])
    until = timezone.localdate() + timedelta(days=2)
    silent_mode.keep(silent, by=by, reason="Équipe en place", review_on=until)
    hit = access.told_hits(by).get(held_event=of_louise)
    return {
        "event": event.number,
        "check": made.number,
        "unanswered": none.number,
        "silent": silent.reference,
        "hit": hit.key,
    }


def kept_apart(by, commune):
    """Two texts, an annex, a complement, a list; a report proposed, and one handed over untold."""
    louise, gendarme = player("louise"), Member.objects.get(username="liaison.gendarmerie")
    sourced, untold = (
        factories.report(by, commune, subject=subject, origin=origin)
        for subject, origin in (
            ("Un box sous la rampe", "human_source"),
            ("Des remises au port", "service"),
        )
    )
    raw_texts.keep(sourced, by=by, original=raw_texts.Original("Dit tout bas.", True))
    raw_texts.keep(sourced, by=by, original=raw_texts.Original("Dit tout haut.", False))
    file = SimpleUploadedFile("source.txt", b"ce que dit la source")
    annex = annexes.add(
        sourced, by=by, title="Ce que nous préparons", text="À part.", units=[louise.unit]
    )
    proposed = handovers.propose(
        untold, by=by, target=gendarme.unit, why="Votre secteur", hides_origin=True
    )
    handovers.accept(proposed, by=gendarme)
    waiting = handovers.propose(sourced, by=by, target=louise.unit, why="Votre secteur")
    vosges = [louise.unit, gendarme.unit]
    return {
        "sourced": sourced.reference,
        "untold": untold.reference,
        "reserved": attachments.attach(sourced, by=by, upload=file).key,
        "annex": annex.key,
        "complement": complements.add(sourced, by=louise, text="Vu aussi à Golbey.").key,
        "handover": waiting.key,
        "list": lists.save(None, by=by, name="Est du département", units=vosges, lists=[]).pk,
    }


def graded(by, commune):
    report = factories.report(by, commune)
    life.move(report, by=player("anna"), target=State.SORTED)
    reports.grade(
        report, by=player("anna"), source="B", information="3", why="", version=report.version + 1
    )
    return life.move(report, by=player("anna"), target=State.GRADED)


def directed(by, commune):
    return life.move(
        graded(by, commune), by=player("anna"), target=State.DIRECTED, unit=player("louise").unit
    )


def in_hand(by, commune):
    """What Louise's unit took and sent to a court; what the town hall is asked to complete."""
    louise, nora = player("louise"), player("nora")
    report = life.move(directed(by, commune), by=louise, target=State.ACKNOWLEDGED)
    sent_on = timezone.localdate()
    referral = referrals.refer(report, by=louise, court=commune.court, sent_on=sent_on)
    sent = contributions.send(by=nora, facts="Des sachets derrière le préau.", commune=commune)
    life.move(sent, by=player("anna"), target=State.TO_COMPLETE, why="Quelle rue ?")
    return {
        "in_hand": report.reference,
        "referral": referral.key,
        "unfinished": sent.reference,
    }


def import_of(name, *, by, start=False):
    upload = SimpleUploadedFile(name, TIPS.encode())
    batch = imports.receive(upload, portal=f"Portail de {name}", by=by)
    imports.choose_columns(batch, batch.mapping, by=by)
    if start:
        imports.start(batch, by=by)
    return batch


# --- What every page owes ---------------------------------------------------------------------


LAST = "document.querySelector('[hx-trigger^=intersect]')?.scrollIntoView()"


def bring_what_comes_last(page):
    """What is fetched when one scrolls to it is there before the page is looked at."""
    page.evaluate(LAST)
    page.get_by_role("link", name="Chercher des rapprochements").wait_for(state="detached")
    page.evaluate("scrollTo(0, 0)")


def look_at(page):
    """The open page, light at 1440 pixels when it comes, in every dress."""
    bring_what_comes_last(page)
    titles = page.locator("h1:visible").all_inner_texts()
    assert len(titles) == 1
    assert page.title().removesuffix(" – CROSS").strip()
    assert SLIPS.findall(page.locator("main").inner_text()) == []
    assert_fits(page)
    assert_accessible(page)
    assert out_of_reach(page) == []
    page.emulate_media(color_scheme="dark")
    assert_accessible(page, only=COLOURS)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 844})
    assert_fits(page)
    assert_accessible(page, only=NARROW)
    page.set_viewport_size({"width": 320, "height": 640})
    assert_fits(page)


# One radio button of a group stands for all of them: the arrows go from one to the next.
CONTROLS = """
[...document.querySelectorAll("main :is(a[href], button, input, select, textarea, summary)")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled)
  .filter((each) => each.tabIndex >= 0 && (each.type !== "radio" || each.checked))
"""
WATCH = """
window.reached = new Set()
document.addEventListener("focusin", (event) => window.reached.add(event.target))
"""
LEFT = f"""
{CONTROLS}.filter((each) => !window.reached.has(each)).map((each) => each.outerHTML.slice(0, 120))
"""


def out_of_reach(page):
    """The controls of the page that the Tab key never comes to."""
    page.evaluate(WATCH)
    page.locator("main").focus()
    for _ in range(page.evaluate(f"{CONTROLS}.length") + MORE_STOPS):
        page.keyboard.press("Tab")
    return page.evaluate(LEFT)


# --- Pages ------------------------------------------------------------------------------------


def client_of(name):
    client = Client()
    client.force_login(player(name), backend="services.backend.MemberBackend")
    return client


def address_of(name, world):
    arguments = {key: world[value] for key, value in DOORS[name][1].items()}
    return reverse(name, kwargs=arguments)


@pytest.mark.parametrize("name", sorted(DOORS.keys() - NOT_PAGES))
def test_a_page_as_each_role_that_it_is_drawn_for(world, visit, name):
    address = address_of(name, world)
    drawn = {}
    for who in (PLAYERS.keys() & DOORS[name][2]) - OTHERWISE.get(name, set()):
        with transaction.atomic():
            answer = client_of(who).get(address, follow=True)
            # An item that is opened is taken: the server would wait for the row held here.
            transaction.set_rollback(True)
        assert answer.status_code == 200
        # The same templates make the same page, whoever reads it.
        drawn.setdefault(frozenset(template.name for template in answer.templates), who)
    assert drawn
    for who in seen_by(drawn):
        page = visit(PLAYERS[who])
        page.goto(address)
        look_at(page)


def seen_by(drawn):
    """Whose pages are looked at: those made of more templates first, and of the others only what
    has a template that was not seen yet; each with --slow."""
    seen: set = set()
    for parts in sorted(drawn, key=len, reverse=True):
        if examples(quick=not parts <= seen, whole=True):
            seen |= parts
            yield drawn[parts]


@pytest.mark.parametrize("name", sorted(NOT_PAGES))
def test_a_door_without_a_page_draws_none(world, name):
    who = min(PLAYERS.keys() & DOORS[name][2])
    answer = client_of(who).get(address_of(name, world))
    assert answer.status_code in {302, 405} or b"<main" not in b"".join(answer)


@pytest.mark.parametrize(("who", "address"), STATES)
def test_a_page_in_another_state(world, visit, who, address):
    page = visit(PLAYERS[who])
    assert page.goto(address.format(**world)).ok
    look_at(page)


def test_refusals_are_pages_too(visit, world):
    page = visit(PLAYERS["diane"])
    for address, status in (("/renseignements/CROSS-88-2020-9999/", 404), ("/tri/", 403)):
        assert page.goto(address).status == status
        look_at(page)
    visit.complaints.clear()  # the browser itself logs each of them


# --- Nothing right ----------------------------------------------------------------------------


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
    assert summary.evaluate("(element) => element === document.activeElement")
    assert page.title().startswith("Erreur")
    look_at(page)
    visit.complaints.clear()  # the browser itself logs the status of a refused form
