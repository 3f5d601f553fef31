"""Communes as people type them: suggestions while typing, and the one that was meant.

"st die", "Thillot", "epinal", "88160", "Épinal (88160)": accents, dashes, capitals and the usual
contractions never matter. What remains in doubt is asked, never decided.
"""

import re
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, Value, When

from cross import gate
from cross.ui.templatetags.words import counted
from intel.extraction.communes import Gazetteer
from intel.extraction.neighbourhoods import Neighbourhoods
from services.models import Commune, Neighbourhood
from services.territory.names import folded, search_words

SUGGESTED = 8
# « Épinal (88160) », « 88160 », « Épinal 88000 ».
CODE = re.compile(r"[(\s]*\b(\d[\dABab]\d{3})\b\)?\s*$")

# « Mairie de Charmes », « Ville d’Épinal », « Mairie du Thillot ».
TOWN = re.compile(
    r"(?:mairie|commune|ville|police municipale)\s+(?:de la |de l[’']|des |de |du |d[’'])"
    r"(?P<commune>.+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Resolution:
    """The commune that was meant; or candidates to choose from, with a sentence to act on."""

    commune: Commune | None = None
    candidates: tuple[Commune, ...] = ()
    fault: str = ""


def label(commune):
    """How a commune is written in a field: its name settles it for people, its code for us."""
    return f"{commune.name} ({commune.code})"


def detail(commune):
    """What tells two communes of one name apart."""
    inhabitants = counted(commune.population, "habitant") if commune.population else ""
    return ", ".join(part for part in (inhabitants, str(commune.epci or "")) if part)


def choosable(department):
    return Commune.objects.statistical_units().filter(department=department)


def suggest(department, text, most=SUGGESTED):
    """The communes whose name holds what was typed: the one of that very name first, then those
    that start with it, then the most populous."""
    if not search_words(text):
        return []
    found = choosable(department).matching(text).select_related("epci").defer("outline")
    return list(found.order_by(_how_near(text), "-population", "code")[:most])


def _how_near(text):
    """0 for the name that was typed, 1 for those that start with it, with or without their
    article, 2 for the others."""
    typed, spelt = folded(text).strip(), "-".join(search_words(text))
    same = Q(sort_key=typed) | Q(bare_name__iexact=text.strip())
    starts = Q(sort_key__startswith=typed) | Q(bare_name__istartswith=text.strip())
    if spelt:
        same |= Q(sort_key=spelt)
        starts |= Q(sort_key__startswith=spelt)
    return Case(
        When(same, then=Value(0)),
        When(starts, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def resolve(department, text, chosen=""):
    """Which commune of `department` `text` names. `chosen` is the Insee code ticked among the
    candidates of a former answer, if it was."""
    found = _resolve(department, text)
    ticked = [each for each in found.candidates if each.code == chosen]
    return Resolution(ticked[0]) if ticked else found


def of_town(unit):
    """The commune of a town hall, as its field writes it, read in the name of the unit; or "".

    Only a name that says it whole and in one way: a landlord has houses in several.
    """
    named = TOWN.match(unit.name)
    found = _resolve(unit.department, named["commune"]) if named else Resolution()
    return label(found.commune) if found.commune else ""


def _resolve(department, text):
    name, code = _name_and_code(_without_department(department, text))
    candidates = _candidates(department, name, code)
    if len(candidates) == 1:
        return Resolution(candidates[0])
    if candidates:
        return Resolution(candidates=tuple(candidates[:SUGGESTED]), fault=_too_many(candidates))
    if name and code:
        return _contradiction(department, name, code)
    return _unknown(department, text)


def _without_department(department, text):
    """« Épinal, Vosges » and « Épinal (Vosges) » say no more than « Épinal »."""
    return re.sub(rf"[,(\s]+{re.escape(department.name)}\s*\)?\s*$", "", text, flags=re.IGNORECASE)


def _name_and_code(text):
    code = CODE.search(text)
    if not code:
        return text.strip(), ""
    return text[: code.start()].strip(" ,-"), code[1].upper()


def _candidates(department, name, code):
    rows = choosable(department).defer("outline").order_by(_how_near(name), "-population", "code")
    if code:
        rows = rows.filter(
            Q(code=code) | Q(postal_codes__contains=code) | Q(former_codes__contains=code)
        )
    if not name:
        # An Insee code is a commune; a postal code is shared by several.
        exact = [each for each in rows if each.code == code]
        return exact or list(rows)
    found = list(rows.matching(name))
    wanted = search_words(name)
    return [each for each in found if _is_called(each, wanted)] or found


def _is_called(commune, words):
    return words in (search_words(commune.name), search_words(commune.bare_name))


def _too_many(candidates):
    if len(candidates) > SUGGESTED:
        return (
            f"{counted(len(candidates), 'commune')} correspondent : complétez le nom, ou "
            "choisissez l’une des premières ci-dessous."
        )
    return "Plusieurs communes correspondent : choisissez la bonne ci-dessous."


def _contradiction(department, name, code):
    """A name and a code that disagree: both readings are shown, none is preferred."""
    by_name = _candidates(department, name, "")
    by_code = _candidates(department, "", code)
    if not by_name and not by_code:
        return _unknown(department, f"{name} ({code})")
    if not by_name or not by_code:
        known = by_name or by_code
        unknown = f"le code {code}" if by_name else f"le nom « {name} »"
        return Resolution(
            candidates=tuple(known[:SUGGESTED]),
            fault=f"Dans ce département, {unknown} est inconnu : confirmez la commune ci-dessous.",
        )
    return Resolution(
        candidates=tuple(dict.fromkeys([*by_name[:4], *by_code[:4]])),
        fault=f"Le nom « {name} » et le code {code} ne désignent pas la même commune : "
        "choisissez.",
    )


def _unknown(department, text):
    near = gazetteer(department).nearest(text)
    if near:
        codes = [commune.code for commune in near.communes]
        return Resolution(
            candidates=tuple(choosable(department).filter(code__in=codes).defer("outline")),
            fault=f"Aucune commune ne s’appelle « {text} » {department.in_name}. "
            "Vouliez-vous dire :",
        )
    return Resolution(
        fault=f"Aucune commune ne s’appelle « {text} » {department.in_name}. Vérifiez "
        "l’orthographe ou tapez les premières lettres ; pour un autre département, adressez-vous "
        "à sa cellule."
    )


def gazetteer(department):
    """Names of the communes of a department, for reading them in a running text.

    Former and delegated communes lead to the one of today: Bains-les-Bains to La Vôge-les-Bains.
    """
    today = choosable(department).order_by("code")
    rows = list(today.values_list("pk", "code", "name", "population", "other_names"))
    known = {pk: row for pk, *row in rows}
    parts = Commune.objects.in_force().filter(department=department, parent__in=known)
    former = parts.exclude(kind=Commune.Kind.MUNICIPAL).order_by("code")
    return Gazetteer(
        [
            *((pk, code, name, population) for pk, code, name, population, _ in rows),
            *(
                (pk, code, other.strip(), population)
                for pk, code, _, population, others in rows
                for other in others.split("/")
                if other.strip()
            ),
            *(
                (parent, known[parent][0], name, known[parent][2])
                for parent, name in former.values_list("parent", "name")
            ),
        ]
    )


def neighbourhoods_of(department, *, kept=None):
    """Those of a department with their communes, asked once a request.

    In force, and the one whose key is `kept`: a report may name one that has ended since.
    """
    known = (
        Neighbourhood.objects.of(department)
        .with_others()
        .select_related("commune")
        .defer("outline", "commune__outline")
    )
    found = gate.once(("neighbourhoods", department.pk), lambda: list(known))
    return [each for each in found if each.retired_in is None or each.pk == kept]


def neighbourhoods(department):
    """Names of the neighbourhoods of a department, for the same use."""
    known = sorted(neighbourhoods_of(department), key=lambda each: each.pk)
    return Neighbourhoods((each.pk, each.name, each.commune.name) for each in known)
