"""The version of a brief for partners: the same edition without what `intel.printing.partners`
calls internal."""

import re
from dataclasses import fields, is_dataclass, replace

from intel.models.choices import Handling
from intel.printing.partners import REASON, RESERVED, SECTIONS, SOMEBODY
from services.models import Member, Service, Unit

# Whose units stand for themselves in a note: those who sign it, and the cell that prepares it.
SPEAKING = (Service.Kind.PREFECTURE, Service.Kind.PROSECUTOR)
APOSTROPHES = "'’"


def parts_told(parts):
    """The frozen parts without the indicators, the meetings, and what each reserves."""
    told = parts | {"indicators": {}, "meetings": {}, "left_out": {}}
    if since := parts.get("since"):
        told["since"] = since | {"indicators": []}
    return told


def is_told(code):
    """Is this section told to partners?"""
    return code not in SECTIONS


def copy_told(copy, issuer):
    """The copy without who printed it, nor why."""
    return replace(copy, printed_by=issuer, printed_by_unit="", reason=REASON)


def named_in(edition):
    """[[name, what is said instead], …] of the units, agents and codes that the note names.

    Frozen when the note is sealed, so that a unit or an agent renamed later is still left out.
    """
    texts = "\n".join(_texts([edition.title, edition.words, edition.parts]))
    instead = {
        name: unit.service.name
        for unit in Unit.objects.filter(department=edition.department_id, is_cell=False)
        .exclude(service__kind__in=SPEAKING)
        .select_related("service")
        for name in (unit.name, unit.short_name)
        if name and name != unit.service.name
    }
    instead |= {
        member.get_full_name(): SOMEBODY
        for member in Member.objects.filter(unit__department=edition.department_id)
        if member.get_full_name()
    }
    instead |= dict.fromkeys(Handling.values, RESERVED)
    return [[name, instead[name]] for name in sorted(instead) if _finds(name, texts)]


def _finds(name, text):
    return re.search(_pattern([name]), text) is not None


def _pattern(names):
    """Each name as a whole word, the longest first: one may begin another."""
    longest_first = sorted(names, key=len, reverse=True)
    return rf"(?<!\w)(?:{'|'.join(map(_loosely, longest_first))})(?!\w)"


def _loosely(name):
    """However its apostrophes and spaces are typed; and its capitals, where it has several words:
    alone, a short one in small letters may be a word of the language."""
    words = [
        "".join(f"[{APOSTROPHES}]" if each in APOSTROPHES else re.escape(each) for each in word)
        for word in name.split()
    ]
    pattern = r"\s+".join(words)
    return f"(?i:{pattern})" if len(words) > 1 else pattern


def _folded(name):
    """The same for all that `_loosely` finds of one name."""
    words = re.sub(f"[{APOSTROPHES}]", "'", name).split()
    return " ".join(words).casefold() if len(words) > 1 else "".join(words)


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def without_names(value, named):
    """The same words, tables or whole documents, with what is said instead of each name."""
    if not named:
        return value
    instead = {_folded(name): said for name, said in named}
    pattern = re.compile(_pattern([name for name, _ in named]))
    return _replaced(
        value, lambda text: pattern.sub(lambda found: instead[_folded(found[0])], text)
    )


def _replaced(value, change):
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_replaced(each, change) for each in value)
    if is_dataclass(value):
        return replace(
            value,
            **{
                each.name: _replaced(getattr(value, each.name), change)
                for each in fields(value)
                if each.name != "svg"  # communes, drawn
            },
        )
    return value
