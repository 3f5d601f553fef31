"""The clauses of a protocol: settings, each with the sentence that says what it switches on.

    CLAUSES, TEXTS                        the tables, in the order in which people read them
    terms_of(protocol) -> dict            what stands today, as data that JSON keeps
    rebuilt(terms)                        the same, read back: what the sentences are said of
    check(values)                         raises, in sentences, on clauses that do not agree

Each holds where it acts: `shares_elsewhere` in `intel.access`, the kinds of seats in
`protocols.actions.seats`, the meetings in `protocols.cadence`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError

from cross.ui.templatetags.words import NBSP, counted, day
from protocols import cadence
from protocols.models import Rhythm

FIRST_DAY, LAST_DAY = 1, 28  # a day that every month has
MOST_WEEKS = 52
MOST_MONTHS = 120  # ten years: the ceiling of every rule of retention


@dataclass(frozen=True)
class Clause:
    """One thing that a protocol settles; `columns` are those of `Protocol` that it rests on."""

    label: str
    columns: tuple[str, ...]
    says: Callable[[Any], str]


def _permanence(of):
    if of.is_permanent:
        return "La cellule est permanente : ses agents y travaillent toute l’année."
    return "La cellule n’est pas permanente : elle travaille par réunions."


def _lead(of):
    return f"{of.lead_service}, dont la cellule trie, cote et oriente les renseignements."


def _referents(of):
    if of.calls_referents:
        return (
            "Des référents d’autres domaines sont appelés au cas par cas : chacun lit ce qui "
            "touche à son sujet, jusqu’à une date."
        )
    return "Aucun référent n’est appelé au cas par cas : un tel siège est refusé."


def _contributors(of):
    if of.takes_contributors:
        return (
            "Une mairie, un bailleur peut transmettre sans consulter : il apprend la suite de ses "
            "contributions, et ne lit rien d’autre."
        )
    return "Seules les unités qui consultent transmettent : tout autre siège est refusé."


def _meetings(of):
    words = cadence.in_words(of)
    if not words:
        return "Le protocole ne fixe aucun rythme : chaque réunion se convoque à part."
    said = [f"La cellule se réunit {words}"]
    if of.meets_at:
        said.append(f"à {of.meets_at.hour}{NBSP}h{NBSP}{of.meets_at.minute:02d}")
    if of.meets_where:
        said.append(of.meets_where)
    return f"{', '.join(said)}. {_COUNTED[of.rhythm]}"


_COUNTED = {
    "": "Aucun jour n’étant fixé, chaque réunion se convoque à part.",
    Rhythm.MONTH: "Un samedi ou un dimanche, c’est le lundi qui suit ; la prochaine date est "
    "proposée d’elle-même.",
    Rhythm.WEEKS: "La prochaine date est proposée d’elle-même.",
}


def _retention(of):
    if of.retention_months is None:
        return "Le protocole ne fixe pas de durée : aucune fiche n’est effacée d’elle-même."
    return (
        f"Une fiche est gardée {counted(of.retention_months, 'mois')} après son dernier élément "
        "utile, puis effacée la nuit qui suit, sauf si elle est gelée."
    )


def _sharing(of):
    if of.shares_elsewhere:
        return (
            "Une unité peut montrer une fiche ouverte à un autre département, avec un motif "
            "inscrit au journal."
        )
    return (
        "Aucune fiche ne se partage avec un autre département : c’est refusé, et ce qui était "
        "partagé ne s’y ouvre plus."
    )


def _last_day(of):
    return f"Jusqu’au {day(of.ends_on)} compris." if of.ends_on else "Sans date de fin."


# The text itself: settled when it is signed. An amendment moves its end alone.
TEXTS = {
    "title": Clause("Intitulé", ("title",), lambda of: of.title),
    "legal_basis": Clause("Fondement et missions", ("legal_basis",), lambda of: of.legal_basis),
    "start": Clause(
        "Entrée en vigueur", ("starts_on",), lambda of: f"À partir du {day(of.starts_on)}."
    ),
    "end": Clause("Fin", ("ends_on",), _last_day),
}

CLAUSES = {
    "lead": Clause("Service animateur", ("lead_service",), _lead),
    "permanence": Clause("Cellule permanente ou non", ("is_permanent",), _permanence),
    "meetings": Clause(
        "Réunions",
        (
            "rhythm",
            "meets_on_day",
            "meets_every_weeks",
            "meets_from",
            "meets_every",
            "meets_at",
            "meets_where",
        ),
        _meetings,
    ),
    "referents": Clause("Référents au cas par cas", ("calls_referents",), _referents),
    "contributors": Clause("Qui transmet sans consulter", ("takes_contributors",), _contributors),
    "sharing": Clause("Partage avec d’autres départements", ("shares_elsewhere",), _sharing),
    "retention": Clause("Durée de conservation", ("retention_months",), _retention),
}

COLUMNS = tuple(name for clause in CLAUSES.values() for name in clause.columns)
DAYS = {"starts_on", "ends_on", "meets_from"}
# Not asked again of an amendment: what no other rhythm needs is emptied with it.
OF_RHYTHM = {
    "": {"meets_every"},
    Rhythm.MONTH: {"meets_on_day"},
    Rhythm.WEEKS: {"meets_every_weeks", "meets_from"},
}
_ALL_OF_RHYTHM = set().union(*OF_RHYTHM.values())


def terms_of(protocol):
    """Every term as it stands: {column: text, number, true or false, or null}. The service keeps
    the name that it had."""
    columns = [name for clause in (*TEXTS.values(), *CLAUSES.values()) for name in clause.columns]
    return {name: _kept(getattr(protocol, name)) for name in columns}


def _kept(value):
    if isinstance(value, date | time):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int) else str(value)


def rebuilt(terms):
    """What `terms_of` kept, with its days and hours again: whatever says a clause takes it."""
    return SimpleNamespace(**{name: _read_back(name, value) for name, value in terms.items()})


def _read_back(name, value):
    if value is None:
        return None
    if name in DAYS:
        return date.fromisoformat(value)
    return time.fromisoformat(value) if name == "meets_at" else value


def check(values):
    """The clauses as they are to be written, or what does not hold together.

    `values` gives every column of `COLUMNS`; what its rhythm does not use is emptied.
    """
    rhythm = values["rhythm"]
    if rhythm == Rhythm.MONTH and not _between(FIRST_DAY, values["meets_on_day"], LAST_DAY):
        raise ValidationError(
            {"meets_on_day": f"Choisissez un jour de {FIRST_DAY} à {LAST_DAY} : chaque mois l’a."}
        )
    if rhythm == Rhythm.WEEKS:
        if not _between(1, values["meets_every_weeks"], MOST_WEEKS):
            raise ValidationError(
                {"meets_every_weeks": f"Écrivez un nombre de semaines, de 1 à {MOST_WEEKS}."}
            )
        if values["meets_from"] is None:
            raise ValidationError(
                {"meets_from": "Indiquez la première réunion : les semaines se comptent d’elle."}
            )
        if values["meets_from"].weekday() >= cadence.SATURDAY:
            raise ValidationError({"meets_from": "Choisissez un jour de semaine."})
    months = values["retention_months"]
    if months is not None and not _between(1, months, MOST_MONTHS):
        raise ValidationError(
            {"retention_months": f"Écrivez un nombre de mois, de 1 à {MOST_MONTHS}."}
        )
    unused = _ALL_OF_RHYTHM - OF_RHYTHM[rhythm]
    emptied = {name: "" if name == "meets_every" else None for name in unused}
    return dict(values) | emptied


def _between(least, number, most):
    return number is not None and least <= number <= most


def moved(before, after):
    """{column: [before, after]} of the columns that differ between two of `terms_of`."""
    return {
        name: [before.get(name), after[name]] for name in after if before.get(name) != after[name]
    }
