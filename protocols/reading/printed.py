"""A protocol as a printed document: what its reader reads on its page, and no more."""

from django.conf import settings

from cross.printing.content import (
    Document,
    Entries,
    Paragraph,
    Run,
    Section,
    Signatory,
    Table,
    TableColumn,
)
from cross.printing.words import read_words
from cross.ui.templatetags.words import day
from protocols.reading import protocol as reading
from protocols.reading.seats import seats

DEMONSTRATION = "Données fictives"
NOT_SIGNED = "Projet, non signé"
BOUND = "Ceux qui se sont engagés, dans l’ordre de l’original"


def protocol_document(protocol, copy):
    """A draft has a place for each signature, a signed protocol says who signed."""
    word, _ = reading.state_of(protocol)
    signed = reading.signed(protocol)
    signatures = signed[None]
    sections = [
        Section("Fondement et missions", read_words(protocol.legal_basis)),
        Section("Clauses", (Entries(_clauses(protocol), columns=1),)),
    ]
    if not protocol.is_draft:
        sections += [
            Section("Signataires", (_signatories(signatures, BOUND),)),
            *_amended(reading.amendments(protocol, signed)),
            Section("Qui participe", (_seated(seats(protocol).running),)),
        ]
    return Document(
        title=protocol.title,
        reference=f"Protocole {protocol.department.code}-{protocol.pk}",
        issuer=f"CROSS {protocol.department.of_name}",
        scope=f"{protocol.department.name} ({protocol.department.code})",
        state=NOT_SIGNED if protocol.is_draft else word,
        notice=DEMONSTRATION if settings.DEMONSTRATION else "",
        copy=copy,
        about=tuple(_about(protocol)),
        sections=tuple(sections),
        signatories=_to_sign(signatures) if protocol.is_draft else (),
        numbered=True,
    )


def _about(protocol):
    yield "Signé le", day(protocol.signed_on) or "Pas encore signé"
    yield "En vigueur à partir du", day(protocol.starts_on)
    yield "Jusqu’au", day(protocol.ends_on) or "Sans date de fin"
    if protocol.suspended_from:
        yield "Suspendu à partir du", day(protocol.suspended_from)


def _clauses(protocol):
    return tuple((each.label, each.words) for each in reading.clauses_of(protocol))


def _signatories(signatures, caption):
    return Table(
        caption,
        (
            TableColumn("Qualité"),
            TableColumn("Signé par"),
            TableColumn("Service"),
            TableColumn("Le"),
        ),
        tuple(
            (each.capacity, _signed_by(each), str(each.service), day(each.signed_on))
            for each in signatures
        ),
    )


def _signed_by(signature):
    return f"{signature.signed_by}{', représentant' if signature.is_representative else ''}"


def _to_sign(signatures):
    return tuple(Signatory(each.capacity, each.signed_by) for each in signatures)


def _amended(amendments):
    """The first first, each with what it changed in words and clause by clause, and who signed."""
    for amendment in reversed(amendments):
        until = f" Nouvelle fin : {day(amendment.ends_on)}." if amendment.ends_on else ""
        signed = Paragraph((Run(f"Signé le {day(amendment.signed_on)}.{until}", bold=True),))
        body = [signed, *read_words(amendment.changes)]
        if amendment.changes_in_words:
            body.append(_moved(amendment))
        if amendment.signatories:
            caption = f"Signataires de l’avenant n° {amendment.rank}"
            body.append(_signatories(amendment.signatories, caption))
        yield Section(str(amendment), tuple(body))


def _moved(amendment):
    return Table(
        f"Clauses changées par l’avenant n° {amendment.rank}",
        (TableColumn("Clause"), TableColumn("Avant"), TableColumn("Après")),
        tuple((each.label, each.before, each.after) for each in amendment.changes_in_words),
    )


def _seated(lines):
    return Table(
        "Unités qui participent aujourd’hui",
        (
            TableColumn("Unité"),
            TableColumn("Qualité"),
            TableColumn("Accès"),
            TableColumn("Jusqu’au"),
        ),
        tuple(
            # What sits for the summaries alone, or hands in, has no other quality.
            (
                line.unit.name,
                line.quality.capitalize() or None,
                line.access,
                day(line.row.ends_on) or None,
            )
            for line in lines
        ),
    )
