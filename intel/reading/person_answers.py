"""The answer to a person, and the file of her request, as printed documents."""

from dataclasses import replace

from django.conf import settings

from cross.printing.content import (
    Bullets,
    Document,
    Entries,
    Paragraph,
    Run,
    Section,
    Subtitle,
)
from cross.printing.words import read_words
from cross.ui.templatetags.words import day
from intel.models.choices import IdentifierKind
from intel.reading.register import NEVER_KEPT, identifiers

FOR_HER = "RÉPONSE À LA PERSONNE CONCERNÉE"
HANDED = "Remis par le délégué à la protection des données à la personne concernée, à elle seule."
NOTHING_TOLD = (
    "La recherche a porté sur tout ce que vous avez indiqué. Aucune information ne vous est "
    "communiquée."
)
# The same in every answer, whatever is kept: it tells nothing of it.
NEITHER_NOR = (
    "Cette réponse ne dit pas si le traitement garde autre chose : la loi permet de ne pas le "
    "faire savoir lorsque cela gênerait une enquête, la prévention ou la poursuite d’infractions, "
    "la sécurité publique, la sûreté nationale, ou les droits d’autrui (loi du 6 janvier 1978, "
    "article 107)."
)
RIGHTS = (
    "Faire rectifier ou effacer ce qui est inexact (article 106), auprès du délégué à la "
    "protection des données qui vous répond.",
    "Saisir la Commission nationale de l’informatique et des libertés, qui vérifie pour vous ce "
    "qui ne vous est pas communiqué (article 108).",
    "Former un recours devant le juge.",
)


def answer_document(asked, answers, protocol, copy):
    """What may be told, and no trace of what may not: told nothing, all answers are alike."""
    told = [each for each in answers if each.is_told]
    document = _document(asked, protocol, copy, title="Réponse à une demande d’accès")
    return replace(
        document,
        marking=FOR_HER,
        handling=HANDED,
        about=(("Demande", asked.number), ("Reçue le", day(asked.received_on))),
        sections=(
            Section("Ce qui vous est communiqué", (*_told(told), _words(NEITHER_NOR))),
            Section("Le traitement", tuple(_processing(protocol))),
            Section("Vos droits", (_list(RIGHTS),)),
        ),
    )


def file_document(asked, answers, protocol, copy):
    """Everything that was found and decided, for the authority or for the delegate's own file."""
    told = [each for each in answers if each.is_told]
    return replace(
        _document(asked, protocol, copy, title="Dossier d’une demande d’accès"),
        about=(
            ("Demande", asked.number),
            ("Reçue le", day(asked.received_on)),
            ("Droit exercé", asked.way.label),
            ("Recherché", _sought(asked)),
            ("Personne", asked.person),
        ),
        sections=(
            Section("Fiches trouvées et décisions", tuple(_decisions(answers))),
            Section("Ce qui est communiqué", tuple(_told(told, nothing="Rien."))),
            Section("Le traitement", tuple(_processing(protocol))),
        ),
    )


def work_document(asked, answers, protocol, copy):
    """What was found, to ask units with before anything is decided; told to nobody."""
    told = [each for each in answers if each.is_told]
    return replace(
        file_document(asked, answers, protocol, copy),
        title="Feuille de travail d’une demande d’accès",
        sections=(
            Section("Fiches trouvées, à demander aux unités", tuple(_decisions(answers))),
            Section("Ce qui serait communiqué", tuple(_told(told, nothing="Rien encore."))),
        ),
    )


def _document(asked, protocol, copy, *, title):
    department = protocol.department
    return Document(
        title=title,
        subject=protocol.title,
        reference=f"Demande {asked.number}",
        issuer=f"CROSS {department.of_name}",
        scope=f"{department.name} ({department.code})",
        notice="Données fictives" if settings.DEMONSTRATION else "",
        copy=copy,
    )


def _told(told, nothing=NOTHING_TOLD):
    if not told:
        yield _words(nothing)
    for rank, each in enumerate(told, start=1):
        report = each.concerned.report
        yield Subtitle(f"Information {rank}")
        yield Entries(
            (
                ("Reçue le", day(report.received_at)),
                ("Par", str(report.owner.service)),
                ("Gardée jusqu’au", day(each.concerned.term.day)),
            ),
            columns=3,
        )
        yield from read_words(each.extract)


def _processing(protocol):
    yield from read_words(protocol.legal_basis)
    facts = "Faits rapportés, lieux, dates, véhicules et personnes citées"
    yield _words(f"{facts} ; {identifiers()} {NEVER_KEPT}.")
    yield _words("Destinataires : les unités que le protocole admet, chacune pour ses missions.")
    months = protocol.retention_months
    if months:
        yield _words(
            f"Durée : {months} mois après le dernier élément utile, dix ans au plus ; la moitié, "
            "et trois ans au plus, pour une fiche qui cite une personne mineure."
        )


def _decisions(answers):
    if not answers:
        yield _words("Aucune fiche n’a été trouvée.")
    for each in answers:
        found = each.concerned
        yield Subtitle(found.reference)
        yield Entries(
            (
                ("Unité", str(found.report.owner)),
                ("Décision", each.decision.label if each.decision else "À décider"),
                ("Trouvé", " ; ".join(found.how)),
                ("Attention", ", ".join(found.cautions) or "Rien de particulier"),
                ("Reçue le", day(found.report.received_at)),
                ("Gardée jusqu’au", day(found.term.day)),
            ),
            columns=2,
        )


def _sought(asked):
    return ", ".join(dict.fromkeys(IdentifierKind(each.kind).label for each in asked.wanted))


def _words(text):
    return Paragraph((Run(text),))


def _list(lines):
    return Bullets(tuple((Run(line),) for line in lines))
