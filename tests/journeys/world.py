"""What the addresses of the table of doors name, within the demonstration."""

from datetime import timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
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
    edition_life,
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
from protocols.models import Participation
from services.models import Commune, Department, Member
from tests import factories
from tests.house.conftest import picture

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
TIPS = (
    "reference;date;commune;description\n"
    "SIG-1;20/09/2026;Épinal;Vente tous les soirs devant la gare.\n"
    "SIG-2;20/09/2026;Golbey;Des colis arrivent la nuit.\n"
    "SIG-3;hier peut-être;Nulle-Part;\n"
)


def player(name):
    return Member.objects.select_related("unit").get(username=PLAYERS[name])


def make():
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
    for by in (claire, player("gilles")):
        edition_life.validate(edition, by=by, version=edition.version)
    edition_life.publish(edition, by=claire, version=edition.version)
    period = periods.read(masked.period)
    mine, cells = (
        sharing.ask_release(
            factories.report(by, epinal, units=[player("louise").unit]), by=by, why="fini"
        )
        for by in (diane, anna)
    )
    of_cell = Summary.objects.get(audience=SummaryAudience.CELL, period=masked.period)
    of_place = cited(report, diane)
    return {
        **of_place,
        **factories.strategy(
            player("marc"), diane, report, place=of_place["place"], summary=of_cell.pk
        ),
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
        **brought_together(diane, epinal),
        **at_the_desk(diane, epinal),
        **kept_by_units(report, diane),
        "attachment": attachment.key,
        "notification": told(report, by=diane),
        **factories.lines_kept(diane, player("ines")),
        **factories.kept_and_gone(player("ines"), factories.report(diane, epinal)),
        "identifier": Identifier.objects.of(report).get().key,
        "amount": factories.amount(report, diane).key,
        **factories.antenna_notes(player("anna"), report),
        **factories.papers(player("marc")),
        **factories.gatherings(
            player("marc"),
            report=report,
            in_charge=player("louise"),
            guest=player("rose"),
            answering=diane,
        ),
        "seat": Participation.objects.get(group=player("louise").unit.group).key,
        "member": player("louise").pk,
        "unit_member": player("diane").pk,
        "factor": factories.factor(diane).pk,
        "withdrawal": factories.lost_factor(diane, by=player("hugo")).key,
        "connection": factories.connection(diane).pk,
        "commune": epinal.code,
        "key": "nouveau-0123456789ab",
        "summary": of_cell.pk,
        "masked": masked.pk,
        "job": summaries.ask(department, period, by=anna).pk,
        "import": import_of("a-verifier.csv", by=anna).pk,
        "imported": import_of("importe.csv", by=anna, start=True).pk,
        "edition": edition.number,
        "printed": factories.print_key(edition, claire),
        "copy": edition.copies.latest("copy_number").key,
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
        "work": "nightly_openness",
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
