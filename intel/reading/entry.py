"""What the entry form needs to be drawn, and what two versions of a report have different."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from cross import gate
from intel import access
from intel.actions import drafts
from intel.extraction.cleaning import TEXT_LIMIT
from intel.models import Revision
from intel.reading import communes, proposals
from intel.reading.audience import REVIEW_DAYS, choosable_units
from intel.reading.history import in_words
from intel.reading.lists import lists_of
from intel.reading.nearby import Clues
from services.roles import Right, may


def form_choices(member, key, *, report=None):
    """The arguments of `forms.entry.EntryForm`, for a new report or for `report`."""
    department = member.unit.department
    audience = report is None
    units = list(choosable_units(member)) if audience else ()
    return {
        "resolve": lambda text, chosen: communes.resolve(department, text, chosen),
        "today": timezone.localdate(),
        "units": units,
        "lists": lists_of(member, among=units) if audience else (),
        "neighbourhoods": communes.neighbourhoods_of(
            department, kept=report.neighbourhood_id if report else None
        ),
        "files": drafts.files(by=member, key=key),
        "review_on": timezone.localdate() + timedelta(days=REVIEW_DAYS),
        "may_comment": audience and may(Right.TRIAGE)(member),
        "audience": audience,
        "kept_original": original_of(member, report) if report else None,
        "has_own_source": report is None or access.reads_source(member, report),
    }


def clues_of(form, member, report=None):
    """What is typed in `form`, an EntryForm not yet sent, for what is near it to be found.

    Whatever the text holds counts, ticked or not; `report` is the one being changed.
    """

    def typed(name):
        # Not yet cleaned; PostgreSQL has no text with a NUL.
        return str((name in form.fields and form[name].value()) or "").replace("\0", "")

    text, where, near = typed("facts"), typed("commune").strip(), typed("neighbourhood")
    commune = form.resolve(where, typed("commune_code")).commune if where else None
    found = proposals.identifiers_in(text, today=timezone.localdate())
    return Clues(
        department=report.department_id if report else member.unit.department_id,
        commune=commune.pk if commune else None,
        place=typed("place"),
        neighbourhood=int(near) if near in form.neighbourhoods else None,
        received_at=report.received_at if report else timezone.now(),
        products=tuple(form.products_so_far()),
        text=f"{typed('subject')} {text}"[:TEXT_LIMIT],
        identifiers=frozenset((each.kind, each.value) for each in found),
        pk=report.pk if report else None,
        fact=report.fact_id if report else None,
    )


def original_of(member, report):
    """The words of the human source of a report, for the unit that keeps them; else None."""

    def found():
        kept = access.readable_raw_texts(member).filter(report=report).first()
        return kept.text if kept else None

    return gate.once(("original", member.pk, report.pk), found)


# As the form and the sheet call them.
LABELS = {
    "facts": "Faits",
    "commune": "Commune",
    "neighbourhood": "Quartier",
    "place": "Lieu",
    "occurred_on": "Date des faits",
    "occurred_until": "Jusqu’au",
    "received_at": "Reçu le",
    "origin": "Origine",
    "source_code": "Code de la source",
    "subject": "Objet",
    "days_and_hours": "Jours et créneaux",
    "products": "Produits",
    "modes": "Modes opératoires",
    "vehicles": "Véhicules",
    "persons": "Individus",
    "handling": "Code d’exploitation",
    "handling_note": "Précision sur l’exploitation",
}


@dataclass(frozen=True)
class Difference:
    """One field that two agents see differently."""

    name: str
    label: str
    stored: str
    yours: str
    is_yours: bool  # you changed it too; otherwise the stored text is taken as it is


def differences(report, typed, *, seen, original=None):
    """Where the stored report and what was typed differ.

    `original` is the text kept of its human source; what it said before is kept nowhere, so that
    it is always compared by eye. `seen` is the version that was on the screen: the revisions made
    since tell which fields the others changed, and so which differences are of one's own making.
    """
    before = {}
    since = Revision.objects.of(report).filter(version__gte=seen).order_by("version", "pk")
    for revision in since:
        for name, value in revision.before.items():
            before.setdefault(name, value)
    compared = []
    if typed.original and original not in {None, typed.original.text}:
        words = (original, typed.original.text)
        compared.append(Difference("raw_text", "Texte d’origine", *words, is_yours=True))
    return compared + [
        Difference(
            name,
            LABELS[name],
            in_words(name, getattr(report, name)),
            in_words(name, value),
            is_yours=name not in before or in_words(name, value) != in_words(name, before[name]),
        )
        for name, value in typed.fields.items()
        if getattr(report, name) != value
    ]


def last_change(report):
    """The last revision, to say who and when."""
    revisions = Revision.objects.of(report).select_related("by")
    return revisions.order_by("-version", "-pk").first()
