"""A person asks what is kept of her: what concerns her is looked for, and the answer is made.

Nothing of it is kept here: the journal says who looked, for which request, which report was told
and which withheld, for which reason. A person who exercises her right herself reads what
may be told and nothing else: whether something was withheld is not to be read in it. When the
right is exercised through the authority, the authority reads all of it and answers her.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import listed
from intel import access
from intel.actions import handing
from intel.actions.targets import Wanted
from intel.extraction.letters import tokens
from intel.models.choices import IdentifierKind
from intel.reading import person_answers, persons
from intel.reading.persons import Concerned
from intel.references import NAMES_A_REPORT

AUTHORITY = "Commission nationale de l’informatique et des libertés"
SHORTEST_NAME = 3
ANSWER, FILE, WORK = "reponse", "dossier", "feuille-de-travail"
HER = "la personne concernée"  # the journal does not hold her name
UNDECIDED = "Ce qui a été trouvé a changé depuis : cherchez de nouveau."
NO_PROTOCOL = "Aucun protocole signé ne dit ce qui fonde le traitement : rien n’est à répondre."


class Way(models.TextChoices):
    """Law 78-17, articles 105 to 108."""

    DIRECT = "direct", "Droit direct"
    INDIRECT = "indirect", "Droit indirect, par la CNIL"

    @property
    def hint(self):
        return HINTS[self]

    @property
    def documents(self):
        """Pairs (code, French label), the first one the main button; the last one is for himself,
        before he decides: units answer in days, not in minutes."""
        return (*DOCUMENTS[self], (WORK, "Feuille de travail, avant de décider"))


HINTS = {
    Way.DIRECT: "La personne s’adresse à vous (art. 105). Elle lit ce qui peut lui être dit, et "
    "rien qui laisse deviner le reste (art. 107).",
    Way.INDIRECT: "La CNIL vérifie pour elle (art. 108). Le dossier lui est remis en entier ; la "
    "CNIL répond à la personne.",
}
DOCUMENTS = {
    Way.DIRECT: ((ANSWER, "Réponse à la personne"), (FILE, "Dossier de la demande, à garder")),
    Way.INDIRECT: ((FILE, "Dossier pour la CNIL"),),
}


# Of each document: its verb in the journal, and what gathers it.
MADE = {
    ANSWER: ("person.answered", person_answers.answer_document),
    FILE: ("person.file_made", person_answers.file_document),
    WORK: ("person.sheet_made", person_answers.work_document),
}


class Decision(models.TextChoices):
    """Told, or the reason of article 107 for which it is withheld."""

    TOLD = "dit", "Communiquer"
    INQUIRIES = "enquetes", "Ne pas communiquer : gênerait une enquête ou une procédure"
    OFFENCES = "infractions", "Ne pas communiquer : nuirait à la détection ou aux poursuites"
    SAFETY = "securite", "Ne pas communiquer : sécurité publique"
    STATE = "surete", "Ne pas communiquer : sûreté nationale"
    OTHERS = "tiers", "Ne pas communiquer : droits et libertés d’autrui"
    ANOTHER = "homonyme", "Ne concerne pas cette personne"


@dataclass(frozen=True)
class Request:
    """What was asked; `wanted` are the identifiers that are looked for."""

    number: str
    received_on: date
    way: Way
    person: str
    wanted: tuple[Wanted, ...]

    @property
    def journal_reference(self):
        return f"demande d’accès {self.number}"


@dataclass(frozen=True)
class Answer:
    """What was decided of one report, None before it is; `extract` is what is told of it."""

    concerned: Concerned
    decision: Decision | None
    extract: str = ""

    @property
    def is_told(self):
        return self.decision == Decision.TOLD


def look_for(asked, *, by):
    """Every report of one's department that may speak of the person.

    Whoever shows them writes the line of it: see `note_search`.
    """
    _check_names_nothing(asked)
    return persons.concerning(asked.wanted, by.unit.department)


def note_search(asked, *, by):
    """What was found is about to be shown: each page that shows it has its line."""
    kinds = dict.fromkeys(IdentifierKind(each.kind).label for each in asked.wanted)
    journal.record(by, "person.searched", asked, why=f"{asked.way.label} : {listed(kinds)}")


def _check_names_nothing(asked):
    named = set(tokens(asked.person)) & set(tokens(asked.number))
    if any(len(word) >= SHORTEST_NAME for word in named) or NAMES_A_REPORT.search(asked.number):
        raise ValidationError(
            {"number": "Cette référence est inscrite au journal : qu’elle ne nomme personne."}
        )


@transaction.atomic
def answer(asked, answers, *, by, document):
    """The PDF, its line and, when it goes to somebody, one line a report: that it was told, to
    whom, or why it was not."""
    found = look_for(asked, by=by)
    if {each.reference for each in found} != {each.concerned.reference for each in answers}:
        raise ValidationError(UNDECIDED)
    to_authority = document == FILE and asked.way == Way.INDIRECT
    verb, gather = MADE[document]
    told = HER if document == ANSWER else AUTHORITY if to_authority else str(by)
    printed = asked.person if document == ANSWER else told
    protocol = access.registered_protocols(by).begun(timezone.localdate()).first()
    if protocol is None:
        raise ValidationError(NO_PROTOCOL)
    copy = handing.copy_of(verb, asked, by=by, recipient=printed, reason=asked.way.label)
    made = handing.set_in_type(gather(asked, answers, protocol, copy))
    journal.record(by, verb, asked, why=asked.way.label, recipients=told)
    if document == ANSWER or to_authority:  # what he keeps tells nobody anything
        _record_each(asked, answers, by=by, recipient=told)
    return made


def _record_each(asked, answers, *, by, recipient):
    for each in answers:
        verb = "report.told_to_person" if each.is_told else "report.withheld_from_person"
        why = f"{asked.journal_reference} : {each.decision.label}"
        journal.record(by, verb, each.concerned.report, why=why, recipients=recipient)
