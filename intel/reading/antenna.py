"""The notes to the antenna as the cell reads them, and the reports that it may choose."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from cross.printing.content import Boxed, Document, Entries, Section
from cross.printing.words import read_words
from cross.ui import keyset
from cross.ui.templatetags.words import day
from intel import access, periods
from intel.actions.antenna import content_of, digest_of
from intel.models import AntennaLine
from intel.models.choices import Handling, InformationGrade, Mode, Origin, Product, SourceGrade
from intel.reading.filters import asked_by, chips_of
from intel.reading.list import COLUMNS

SIZE = 50
BECAUSE = "how many reports the unit put in its own note"
RIGHT_IT = "à rectifier auprès de l’antenne"


def notes_of(member):
    """Latest first, each with `chosen`, its number of reports."""
    return list(
        access.antenna_notes(member)
        .annotate(chosen=Count("lines"))
        .select_related("by", "sent_by")
        .order_by("-at", "-pk")[:SIZE]
    )


@dataclass(frozen=True)
class Row:
    """One report of a note. `waits` for an accord, which `has_asked` says; `moved` since it was
    frozen; `stays` when its owner has kept it back since."""

    report: object
    content: dict | None
    waits: bool
    has_asked: bool
    moved: bool
    stays: bool


@dataclass(frozen=True)
class Page:
    rows: list
    closed: int  # lines whose report is no longer open to the member, or may not be told any more
    erased: int  # reports that were frozen and are no more

    @property
    def waiting(self):
        return [row for row in self.rows if row.waits]

    @property
    def to_correct(self):
        return [row for row in self.rows if row.moved]

    @property
    def may_freeze(self):
        return bool(self.rows) and not self.waiting and not self.closed

    @property
    def may_leave(self):
        return not self.closed and not any(row.stays for row in self.rows)


def page_of(note, member):
    """What of a note its reader may open: a report that closed since is counted, never named."""
    readable = (
        access.readable_reports(member) if note.is_frozen else access.tellable_reports(member)
    )
    waiting = access.own_accords(member).filter(report=OuterRef("pk"), decision="")
    reports = {
        report.pk: report
        for report in readable.filter(pk__in=_lines(note).values("report"))
        .select_related("owner", "commune")
        .annotate(
            leaves=Exists(access.told_freely(member).filter(pk=OuterRef("pk"))),
            has_asked=Exists(waiting),
        )
        .order_by("-received_at", "-pk")
    }
    lines = {line.report_id: line for line in _lines(note).unguarded(because=BECAUSE)}
    rows = [_row(report, lines[report.pk]) for report in reports.values()]
    return Page(
        rows=rows,
        closed=len(lines) - len(rows),
        erased=len(note.digests) - len(lines) if note.is_frozen else 0,
    )


def _lines(note):
    return AntennaLine.objects.filter(note=note)


def _row(report, line):
    frozen = line.content is not None
    return Row(
        report=report,
        content=line.content,
        waits=not frozen and not report.leaves,
        has_asked=report.has_asked,
        # Corrected, restricted or kept back since: what the antenna holds is no longer what is so.
        stays=frozen and not report.leaves,
        moved=frozen and (not report.leaves or digest_of(content_of(report)) != line.digest),
    )


# --- Choosing ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    asked: object
    page: keyset.Page
    chosen: list
    proposals: list


def choice_for(note, member, query):
    """What may be put in a note, by the filters of the list of reports."""
    asked = asked_by(member, query)
    reports = asked.of(access.tellable_reports(member)).exclude(
        pk__in=_lines(note).values("report")
    )
    waits = access.told_with_accord(member).filter(pk=OuterRef("pk"))
    rows = (
        reports.select_related("commune", "owner")
        .only(*COLUMNS)
        .with_opening()
        .annotate(waits=Exists(waits))
    )
    page = keyset.page_of(rows, query, keys=("received_at", "id"), size=SIZE)
    return Choice(asked, page, chips_of(asked), proposals_on(timezone.localdate()))


def proposals_on(today):
    """What an antenna usually asks for: (words, query of the list), over the last ninety days."""
    since = (today - timedelta(days=90)).isoformat()
    graded = "&".join(f"source={each}" for each in "AB") + "&information=1&information=2"
    return [
        ("Sources fiables, information probable", f"{graded}&recu_du={since}"),
        ("Exploités ou retour fait", f"etat=exploite&etat=retour_fait&recu_du={since}"),
        ("Transport, go-fast, mules", f"mode=transport&mode=courier&recu_du={since}"),
        ("Réseaux sociaux, livraison", f"mode=social_media&mode=delivery&recu_du={since}"),
        ("Laboratoires, cultures", f"mode=laboratory&mode=growing&recu_du={since}"),
        ("Blanchiment", f"mode=laundering&recu_du={since}"),
    ]


# --- As files ---------------------------------------------------------------------------------

LABELS = {
    "reference": "Référence", "received_on": "Reçu le", "occurred_on": "Date des faits",
    "occurred_until": "Jusqu’au", "valid_until": "Valable jusqu’au", "unit": "Unité contributrice",
    "origin": "Origine", "commune_code": "Code Insee", "commune": "Commune", "place": "Lieu",
    "days_and_hours": "Jours et créneaux", "subject": "Objet",
    "facts": "Faits observés ou rapportés", "comment": "Commentaire de l’analyste",
    "products": "Produits", "modes": "Modes opératoires", "vehicles": "Véhicules",
    "persons": "Individus", "source_grade": "Cotation de la source",
    "information_grade": "Cotation de l’information", "handling": "Code d’exploitation",
}  # fmt: skip
CODED = {
    "origin": Origin, "products": Product, "modes": Mode, "source_grade": SourceGrade,
    "information_grade": InformationGrade, "handling": Handling,
}  # fmt: skip


def told_in_words(content, name):
    """One field of a report that was told, as a person reads it."""
    value = content[name]
    if name in CODED:
        values = value if isinstance(value, list) else [value] if value else []
        return ", ".join(str(CODED[name](each).label) for each in values)
    if name.endswith(("_on", "_until")) and value:
        return periods.day_in_words(timezone.datetime.fromisoformat(value).date())
    return value or ""


def document_of(note, contents, copy, *, notice):
    """The note as a printed document: one section a report, facts and comment apart."""
    sections = [_section(content) for content in contents]
    return Document(
        title="Note à l’antenne",
        subject=note.title,
        reference=note.number,
        issuer=f"CROSS {note.department.of_name}",
        scope=note.department.name,
        notice=notice,
        copy=copy,
        about=(
            ("Destinataire", note.recipient),
            ("Arrêtée le", day(note.frozen_at)),
            ("Fiches", str(len(contents))),
            ("Empreinte", note.digest[:16]),
        ),
        sections=tuple(sections),
        numbered=True,
    )


FIRST = (
    "source_grade", "information_grade", "handling", "occurred_on", "occurred_until",
    "valid_until", "received_on", "unit", "origin", "commune", "place", "days_and_hours",
    "products", "modes", "vehicles", "persons",
)  # fmt: skip


def _section(content):
    title = " – ".join(filter(None, [content["reference"], content["subject"]]))
    pairs = tuple((LABELS[name], said) for name in FIRST if (said := told_in_words(content, name)))
    body = [Entries(pairs), Boxed("Faits observés ou rapportés", read_words(content["facts"]))]
    if content["comment"]:
        body.append(Boxed("Commentaire de l’analyste", read_words(content["comment"])))
    return Section(title, tuple(body))
