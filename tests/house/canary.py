"""A report of one unit alone, a canary in every text: who reads the word has seen the report."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from intel.actions import attachments, drafts, places
from intel.models import Feedback, Restriction, Tip
from tests import factories

CANARY = "CANARIJAUNE"
WORD = "serinette"  # in its facts and nowhere else: what is searched for


def hidden_report(by, commune, *, plate, identifiers=(), **fields):
    """`plate` as it is written in the facts; `identifiers` beside the alias that it has anyway."""
    said = {
        "subject": f"{CANARY} objet",
        "facts": f"{CANARY} faits {WORD} {plate}",
        "place": f"{CANARY} lieu",
        "days_and_hours": f"{CANARY} nuit",
        "vehicles": f"{CANARY} fourgon",
        "persons": f"{CANARY} deux hommes",
        "handling": "H3",
        "handling_note": f"{CANARY} réserve",
        "source_code": f"{CANARY}-7",
    }
    named = [("plate", plate, "ZZ987ZZ"), *identifiers, ("alias", CANARY, CANARY.lower())]
    report = factories.report(by, commune, units=[], identifiers=named, **said, **fields)
    Restriction.objects.of(report).update(text=f"{CANARY} motif")
    upload = SimpleUploadedFile(f"{CANARY}.txt", f"{CANARY} pièce".encode())
    attachments.attach(report, by=by, upload=upload)
    Tip.objects.create(
        report=report,
        department=report.department,
        portal=f"{CANARY} portail",
        portal_reference=f"{CANARY}-1",
        raw_text=f"{CANARY} texte d’origine",
        contact=f"{CANARY}@exemple.invalid",
    )
    Feedback.objects.create(
        report=report, unit=report.owner, outcome="useful", text=f"{CANARY} retour", by=by
    )
    factories.amount(report, by, raw=f"{CANARY} 77 €")
    described = places.Described(f"{CANARY} hall", "lieu", commune, address=f"{CANARY} rue")
    said = places.Said(
        timezone.localdate(), state="actif", hours=f"{CANARY} nuit", products=("ketamine",),
        lookouts=f"{CANARY} guetteurs", stash=f"{CANARY} nourrice",
    )  # fmt: skip
    places.cite(places.create(described, by=by), report, said, by=by)
    drafts.keep(by=by, key="nouveau", fields={"facts": [f"{CANARY} brouillon"]})
    return report
