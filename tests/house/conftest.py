"""The world of the doors, and how much of the house is walked: a part, or all with `--slow`."""

import io
import os
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from intel import access, periods
from intel.actions import (
    accords,
    annexes,
    attachments,
    bulk,
    complements,
    contributions,
    corrections,
    discarded,
    drafts,
    editions,
    handovers,
    imports,
    invitations,
    life,
    lists,
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
    summaries,
    targets,
    telling,
    unit_work,
)
from intel.models import Identifier
from intel.states import State
from protocols.models import Participation, Protocol
from services.roles import Role
from tests import factories


def picture():
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "#b34000").save(held, "PNG")
    return held.getvalue()


def examples(quick=40, whole=600):
    """How much is tried: how many random worlds, which rules; all of it with `--slow`."""
    return whole if os.environ.get("CROSS_WHOLE") else quick


@pytest.fixture
def cast(cast):
    """With two more in Bruno's unit: Hugo who heads it, Léa who only reads; and Nora, of a town
    hall that hands in and reads nothing."""
    cast["hugo"] = factories.member("hugo", cast.bruno.unit, Role.HEAD)
    cast["lea"] = factories.member("lea", cast.bruno.unit, Role.READER)
    cast["nora"] = factories.member("nora", factories.town_hall(cast), Role.PARTNER)
    return cast


@pytest.fixture
def world(cast, vosges):
    """What the addresses name: an open report and all that hangs on it, written by Diane."""
    report = factories.report(cast.diane, vosges["Épinal"])
    file = SimpleUploadedFile("note.txt", b"ce que dit la note")
    attachment = attachments.attach(report, by=cast.diane, upload=file)
    photo = SimpleUploadedFile("photo.png", picture())
    drawn = attachments.attach(report, by=cast.diane, upload=photo)
    previews.examine(drawn)
    reports.confirm_identifier(
        report, by=cast.diane, kind="plate", raw="AB-123-CD", value="AB123CD"
    )
    drafts.keep(by=cast.diane, key="nouveau-0123456789ab", fields={"facts": ["Vu hier à Golbey."]})
    of_cell, of_prefecture, *_ = summaries.build(vosges.department, periods.read("2026-Q3"))
    draft_edition, edition = (
        editions.create(of_prefecture, by=cast.claire, title=title)
        for title in ("En rédaction", "Validée")
    )
    factories.published(edition, cast)
    held = factories.report(cast.diane, vosges["Golbey"], handling="H2")
    alone = factories.report(cast.diane, vosges["Golbey"], units=[cast.louise.unit])
    table = "reference;description;commune\nSIG-1;Vente tous les soirs.;Épinal\n"
    batch = imports.receive(
        SimpleUploadedFile("signalements.csv", table.encode()), portal="Portail", by=cast.anna
    )
    asked = sharing.ask_release(
        factories.report(cast.anna, vosges["Golbey"], units=[]), by=cast.anna, why="fini"
    )
    of_place = cited(cast, factories.report(cast.diane, vosges["Golbey"]))
    return {
        **said(cast, vosges),
        **sought(cast),
        **of_place,
        **factories.strategy(
            cast.marc, cast.diane, report, place=of_place["place"], summary=of_cell.pk
        ),
        "release": asked.key,
        "import": batch.pk,
        "edition": edition.number,
        "printed": factories.print_key(edition, cast.claire),
        "copy": edition.copies.get().key,
        "draft_edition": draft_edition.number,
        "report": report.reference,
        "discarded": discarded_by(cast, vosges),
        "correction": corrections.propose(
            report, by=cast.louise, field="vehicles", value="Scooter", why="Vu"
        ).key,
        "note": unit_work.note(report, by=cast.louise, text="À croiser.").key,
        "task": unit_work.give(report, by=cast.louise, what="Relire", to=None).key,
        "draft": factories.report(cast.diane, vosges["Golbey"], draft=True).reference,
        "restricted": factories.report(
            cast.diane, vosges["Golbey"], units=[cast.louise.unit]
        ).reference,
        **exchanged(cast, held, alone),
        **met(cast, vosges["Épinal"]),
        **entrusted(cast, factories.report(cast.diane, vosges["Golbey"])),
        **kept_apart(cast, factories.report(cast.diane, vosges["Golbey"], origin="human_source")),
        "tip": factories.report(cast.diane, vosges["Golbey"], origin="citizen").reference,
        "batch": decided_together(cast, factories.report(cast.diane, vosges["Golbey"])),
        "attachment": attachment.key,
        "drawn": drawn.key,
        "notification": told(cast, report),
        "identifier": Identifier.objects.of(report).get().key,
        "amount": factories.amount(report, cast.diane).key,
        **factories.antenna_notes(cast.anna, report),
        **factories.papers(cast.marc),
        **factories.lines_kept(cast.diane, cast.ines),
        **factories.kept_and_gone(cast.ines, factories.report(cast.diane, vosges["Golbey"])),
        **factories.gatherings(
            cast.marc,
            report=factories.report(cast.diane, vosges["Golbey"]),
            in_charge=cast.louise,
            guest=cast.rose,
            answering=cast.diane,
        ),
        "seat": Participation.objects.get(group=cast.louise.unit.group).key,
        "member": cast.louise.pk,
        "factor": factories.factor(cast.diane).pk,
        "connection": factories.connection(cast.diane).pk,
        "unit_member": cast.bruno.pk,
        "withdrawal": factories.lost_factor(cast.bruno, by=cast.hugo).key,
        "commune": vosges["Golbey"].code,
        "work": "nightly_openness",
        "key": "nouveau-0123456789ab",
        "summary": of_cell.pk,
        "job": summaries.ask(vosges.department, periods.read("2026-Q2"), by=cast.anna).pk,
    }


def told(cast, report):
    """That this report was corrected: Louise, and nobody else, finds it."""
    telling.tell("report.corrected", report=report, to=[cast.louise], by=cast.diane)
    return access.unseen_notifications(cast.louise).get(kind="report.corrected").key


def entrusted(cast, report):
    """A report in the hands of Louise's unit, of which it seized a court; one of Nora's that the
    cell sent back to her."""
    court = report.commune.court
    reports.grade(report, by=cast.anna, source="B", information="3")
    for target in (State.SORTED, State.GRADED):
        life.move(report, by=cast.anna, target=target)
    life.move(report, by=cast.anna, target=State.DIRECTED, unit=cast.louise.unit)
    life.move(report, by=cast.louise, target=State.ACKNOWLEDGED)
    today = timezone.localdate()
    sent = contributions.send(by=cast.nora, facts="Des sachets.", commune=report.commune)
    life.move(sent, by=cast.anna, target=State.TO_COMPLETE, why="Quelle rue ?")
    return {
        "in_hand": report.reference,
        "referral": referrals.refer(report, by=cast.louise, court=court, sent_on=today).key,
        "unfinished": sent.reference,
    }


def decided_together(cast, report):
    """The key of what Anna decided in one go."""
    versions = {report.reference: report.version}
    return bulk.decide(
        [report], by=cast.anna, target=State.SORTED, versions=versions, batch=uuid4()
    ).batch


def sought(cast):
    """A search that Diane keeps for her unit, and one that she has just taken back."""
    kept, removed = (
        searches.save(by=cast.diane, name=name, query="q=vendent", is_shared=True)
        for name in ("Ventes", "Ventes anciennes")
    )
    searches.remove(removed, by=cast.diane)
    return {"search": kept.key, "removed_search": removed.key}


def discarded_by(cast, vosges):
    """A draft of Diane's, thrown away."""
    discarded.discard(factories.report(cast.diane, vosges["Golbey"], draft=True), by=cast.diane)
    return access.discarded_reports(cast.diane).get().key


def exchanged(cast, held, alone):
    """What waits and runs about two reports of Diane's: the keys of the table of doors."""
    until = timezone.now() + timedelta(days=10)
    invitations.invite(alone, by=cast.diane, guest=cast.rose, until=until, reason="avis")
    theirs = Protocol.objects.get(department=cast.paul.unit.department)
    shares.share(held, by=cast.diane, protocol=theirs, why="Même équipe")
    asked = requests.ask(alone.reference, by=cast.anna, why="Donnée au téléphone")
    accord = accords.ask(held, by=cast.louise, recipient="Parquet", why="Réquisition")
    return {
        "held": held.reference,
        "invitation": access.endable_invitations(cast.diane).get().key,
        "share": access.endable_shares(cast.diane).get().key,
        "access_request": asked.key,
        "accord": accord.key,
    }


def said(cast, vosges):
    """What the cell said of two reports, and a value that it set aside."""
    cited = [("phone", "06 39 98 00 00", "+33639980000")]
    pair = [
        factories.report(by, vosges["Golbey"], identifiers=cited)
        for by in (cast.diane, cast.louise)
    ]
    match = matching.decide(*pair, by=cast.anna, kind="corrobore", why="Même fait")
    value = matching.list_value(by=cast.anna, kind="phone", value="+33639980000", why="Standard")
    return {"match": match.key, "frequent_value": value.pk}


def cited(cast, report):
    """A place of Diane's that this report of hers cites, and where Louise's unit did something."""
    described = places.Described("Hall des Iris", "lieu", report.commune)
    place = places.create(described, by=cast.diane)
    said = places.Said(timezone.localdate(), state="actif", hours="le soir")
    observation = places.cite(place, report, said, by=cast.diane)
    operation = places.note_operation(
        place, by=cast.louise, kind="controle", day=timezone.localdate(), result="Rien"
    )
    return {"place": place.key, "observation": observation.key, "operation": operation.key}


def met(cast, commune):
    """An operation of Diane's near one of Louise's, and a check of Diane's."""
    start = timezone.now() + timedelta(days=2)
    of_louise, of_diane = (
        operations.declare(
            operations.Plan("search", commune, start, start + timedelta(hours=1), "Adj. Essai"),
            by=by,
        )
        for by in (cast.louise, cast.diane)
    )
    made = targets.check([targets.Wanted.read("plate", "XX-111-XX")], by=cast.diane)
    hit = access.told_hits(cast.diane).get(held_event=of_louise)
    return {"event": of_diane.number, "check": made.number, "hit": hit.key}


def kept_apart(cast, sourced):
    """What fewer people read or decide than read this report of Diane's, from a human source."""
    raw_texts.keep(sourced, by=cast.diane, original=raw_texts.Original("Dit tout bas.", True))
    upload = SimpleUploadedFile("source.txt", b"ce que dit la source")
    louise = cast.louise.unit
    return {
        "sourced": sourced.reference,
        "reserved": attachments.attach(sourced, by=cast.diane, upload=upload).key,
        "annex": annexes.add(
            sourced, by=cast.diane, title="Annexe", text="À part.", units=[louise]
        ).key,
        "complement": complements.add(sourced, by=cast.louise, text="Vu aussi à Golbey.").key,
        "handover": handovers.propose(sourced, by=cast.diane, target=louise, why="Secteur").key,
        "list": lists.save(None, by=cast.diane, name="Est", units=[louise], lists=[]).pk,
    }
