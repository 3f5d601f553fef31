"""The words of an edition as fields of a form, and who changed which of them.

Sections and axes are the units: two people may write different ones at the same time. The form
carries a short digest of each unit as it was shown, so that what only the other person changed is
taken over and what both changed is shown side by side.
"""

import hashlib
import json
from dataclasses import dataclass

from intel.reading.brief_sections import WRITTEN

MOST_AXES = 6
AXIS_FIELDS = {
    "title": "Titre",
    "objective": "Objectif",
    "actions": "Actions",
    "pilot": "Pilote",
    "partners": "Partenaires",
    "deadline": "Échéance",
    "indicator": "Indicateur",
    "state": "État",
}
TITLE = "title"


def axis_field(rank, name):
    return f"axis{rank}_{name}"


# Name of a unit to its words for people and to its fields.
UNITS = {
    TITLE: ("Titre de la note", (TITLE,)),
    **{part.code: (part.title, (part.code,)) for part in WRITTEN},
    **{
        f"axis{rank}": (f"Axe {rank}", tuple(axis_field(rank, name) for name in AXIS_FIELDS))
        for rank in range(1, MOST_AXES + 1)
    },
}
# What is kept of a form that is being typed.
FIELDS = {"version", "seen"} | {name for _, names in UNITS.values() for name in names}


def fields_of(edition):
    """Every field with its text, as the form shows them."""
    fields = {TITLE: edition.title}
    fields |= {part.code: edition.words.get(part.code, "") for part in WRITTEN}
    axes = edition.words.get("axes", [])
    for rank in range(1, MOST_AXES + 1):
        axis = axes[rank - 1] if rank <= len(axes) else {}
        fields |= {axis_field(rank, name): axis.get(name, "") for name in AXIS_FIELDS}
    return fields


def words_of(fields):
    """The words as an edition stores them; axes left empty are dropped, the others close up."""
    axes = (
        {name: fields[axis_field(rank, name)] for name in AXIS_FIELDS}
        for rank in range(1, MOST_AXES + 1)
    )
    words = {part.code: fields[part.code] for part in WRITTEN}
    return words | {"axes": [axis for axis in axes if any(axis.values())]}


def with_axis(fields, axis):
    """The fields with those of `axis` in the first axis that is empty; None when all are taken."""
    for rank in range(1, MOST_AXES + 1):
        names = {name: axis_field(rank, name) for name in AXIS_FIELDS}
        if not any(fields.get(name) for name in names.values()):
            return fields | {names[name]: text for name, text in axis.items()}
    return None


def seen_of(fields):
    """A digest per unit, for the form to carry: what the member had on the screen."""
    return json.dumps({unit: _digest(fields, names) for unit, (_, names) in UNITS.items()})


def _digest(fields, names):
    # A form sends line ends of its own and may lose blanks at the end of a text.
    texts = ["\n".join(str(fields.get(name, "")).split("\r\n")).strip() for name in names]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Difference:
    """A unit whose stored text is not the typed one. `is_yours`: the member has changed it too."""

    label: str
    fields: tuple
    theirs: str
    yours: str
    is_yours: bool


def differences(edition, typed, seen):
    """Where the stored edition and what was typed part; `seen` is what `seen_of` had given.

    What cannot be read counts as changed by both: it is shown, never taken over in silence.
    """
    stored, shown = fields_of(edition), _read(seen)
    found = []
    for unit, (label, names) in UNITS.items():
        theirs, yours = _digest(stored, names), _digest(typed, names)
        if theirs != yours and shown.get(unit) != theirs:
            found.append(
                Difference(
                    label,
                    names,
                    theirs=_text(stored, names),
                    yours=_text(typed, names),
                    is_yours=shown.get(unit) != yours,
                )
            )
    return found


def _read(seen):
    try:
        shown = json.loads(seen or "{}")
    except ValueError:
        return {}
    return shown if isinstance(shown, dict) else {}


def _text(fields, names):
    if len(names) == 1:
        return fields[names[0]]
    labelled = zip(AXIS_FIELDS.values(), names, strict=True)
    return "\n".join(f"{label} : {fields[name]}" for label, name in labelled if fields[name])
