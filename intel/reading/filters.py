"""The filters of the list of reports: from the address to one condition each."""

import datetime
from dataclasses import dataclass
from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cross.ui.templatetags.words import short_day
from intel import access, states
from intel.extraction.cleaning import spaced
from intel.forms.filters import REACHES, FilterForm
from intel.indicators.naming import reports_named
from intel.models import Audience, Identifier
from intel.models.choices import Handling, InformationGrade, SourceGrade
from intel.models.life import return_is_late
from intel.reading import around, search
from intel.reading.behind import figure_named
from intel.states import State
from intel.summaries.days import midnight
from services.models import Department, Unit
from services.roles import Right, may

TOO_WIDE = (
    f"Plus de {spaced(around.MOST_SPOTS)}\u00a0lieux sont cités dans ce rayon\u00a0: "
    "choisissez-en un plus court."
)
# What people look for, each a set of states; together they hold every state once.
STAGES = {
    "brouillons": ("Brouillons", {State.DRAFT}),
    "a_trier": ("À trier", states.AWAITING_TRIAGE),
    "a_completer": ("À compléter", {State.TO_COMPLETE}),
    "en_evaluation": ("En évaluation", states.IN_EVALUATION),
    "orientes": ("Orientés", {State.DIRECTED, State.ACKNOWLEDGED, State.DECLINED}),
    "retour_a_faire": ("Retour à faire", states.AWAITING_FEEDBACK),
    "clos": ("Clos", states.CLOSED),
    "ecartes": ("Écartés", {State.DUPLICATE, State.OUT_OF_SCOPE}),
}
# A single state may be asked too: the figures of the home pages lead here.
STAGE_CHOICES = [(name, label) for name, (label, _) in STAGES.items()] + [
    (state.value, state.label) for state in State if state.value not in STAGES
]


def states_of(names):
    """The states behind the values of the filter « état »."""
    return {state for name in names for state in (STAGES[name][1] if name in STAGES else {name})}


def _any_of(column):
    return lambda values, member: Q(**{f"{column}__in": values})


def _overlapping(column):
    return lambda values, member: Q(**{f"{column}__overlap": values})


def _of_whom(values, member):
    mine, units = Q(author=member.pk), Q(owner=member.unit_id)
    return units if "unite" in values else mine


def _diffused(values, member):
    levels = {"ouverte": Audience.PROTOCOL, "restreinte": Audience.RESTRICTED}
    return Q(audience__in=[levels[value] for value in values])


def _citing(kinds, member):
    return Exists(Identifier.objects.filter(report=OuterRef("pk"), kind__in=kinds))


def _looked_at(unit, member):
    return access.lookable_units(member).get(pk=unit)


CONDITIONS = {
    "commune": lambda communes, member: Q(commune__in=[commune.pk for commune in communes]),
    "autour": lambda circle, member: circle.condition(),
    "identifiant": _citing,
    "pieces": lambda values, member: access.holds_attachments(member),
    "etat": lambda values, member: Q(state__in=states_of(values)),
    "produit": _overlapping("products"),
    "origine": _any_of("origin"),
    "unite": lambda values, member: Q(owner__in=[int(value) for value in values]),
    "mode": _overlapping("modes"),
    "source": _any_of("source_grade"),
    "information": _any_of("information_grade"),
    "exploitation": _any_of("handling"),
    "diffusion": _diffused,
    "validite": lambda values, member: Q(valid_until__lt=timezone.localdate()),
    "retour": lambda values, member: return_is_late(),
    "departement": _any_of("department"),
    "qui": _of_whom,
    "recu_du": lambda day, member: Q(received_at__gte=midnight(day)),
    "recu_au": lambda day, member: Q(received_at__lt=midnight(day + datetime.timedelta(days=1))),
    # A span of days fits when it touches the period asked.
    "faits_du": lambda day, member: Q(occurred_on__gte=day) | Q(occurred_until__gte=day),
    "faits_au": lambda day, member: Q(occurred_on__lte=day),
    "vu_par": lambda unit, member: access.seen_by_unit(_looked_at(unit, member)),
    "non_vu_par": lambda unit, member: ~access.seen_by_unit(_looked_at(unit, member)),
    "synthese": lambda figure, member: figure.condition,
    "indicateur": lambda named, member: named[1],
}


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list: the form that read it, and one condition per filter."""

    form: FilterForm
    wanted: dict
    given: dict

    @property
    def names_one(self):
        """Is a reference asked, and nothing else? Its sheet may be any that the member reads."""
        said = self.wanted.get("q", "")
        return len(self.wanted) == 1 and bool(search.REFERENCE.fullmatch(said))

    def of(self, reports):
        """Those of `reports` that fit; none while a filter is refused: its error says why."""
        return reports.none() if self.form.errors else reports.filter(*self.given.values())


def asked_by(member, query):
    """What `query` (the QueryDict of an address of the list) asks, read for `member`."""
    departments = departments_of(member)
    form = _form(query, departments, member)
    form.is_valid()
    wanted = {name: value for name, value in form.cleaned_data.items() if value}
    if "autour" in wanted:
        wanted["autour"] = around.Circle(wanted["autour"], member, departments)
        if wanted["autour"].is_too_wide:
            form.add_error("autour", TOO_WIDE)
            del wanted["autour"]
    given = {
        name: _words_condition(value, member) if name == "q" else CONDITIONS[name](value, member)
        for name, value in wanted.items()
    }
    return Asked(form, wanted, given)


def departments_of(member):
    """The departments whose reports this member reads; his own when he is only invited."""
    return access.standing(member).departments or (member.unit.department_id,)


def _form(query, departments, member):
    lookable = access.lookable_units(member).order_by("sort_key", "pk")
    units = Unit.objects.filter(department__in=departments).order_by("sort_key", "pk")
    several = departments if len(departments) > 1 else ()
    choices = Department.objects.filter(pk__in=several).order_by("code").values_list("pk", "name")

    def find_communes(text):
        return search.communes_named(text, departments)

    return FilterForm(
        query,
        stages=STAGE_CHOICES,
        units=[(str(unit.pk), str(unit)) for unit in units],
        departments=[(str(pk), name) for pk, name in choices],
        lookable=[(str(unit.pk), str(unit)) for unit in lookable],
        gives_returns=may(Right.DIRECT)(member),
        find_communes=find_communes,
        find_ground=lambda text: around.ground_of(text, member, find_communes=find_communes),
        find_figure=partial(figure_named, member),
        find_indicator=partial(reports_named, member),
    )


def _words_condition(words, member):
    reference = search.reference_in(words, department=member.unit.department.code)
    if reference:
        return Q(reference=reference)
    return search.asked(
        words, readable=access.listed_reports(member), departments=departments_of(member)
    )


WORDS = {
    "source": dict(SourceGrade.choices),
    "information": dict(InformationGrade.choices),
    "exploitation": {code: code for code in Handling.values},
}


def chips_of(asked):
    """The filters in force, in words, each with what to take out of the address."""
    form, chips = asked.form, []
    for name, value in asked.wanted.items():
        label = form.fields[name].label
        if name == "q":
            chips.append(_chip(name, form.data[name], label, f"« {value} »"))
        elif name == "commune":
            several = len(value) > 1
            text = f"« {form.data[name]} » ({len(value)} communes)" if several else value[0].name
            chips.append(_chip(name, form.data[name], label, text))
        elif name == "autour":
            text = f"{value.ground.name}, {dict(REACHES)[form.data.get('rayon', '')]}"
            chips.append(_chip(name, form.data[name], label, text))
        elif name == "indicateur":
            chips.append(_chip(name, form.data[name], label, value[0]))
        elif name == "synthese":
            chips.append(_chip(name, form.data[name], label, value.words))
        elif isinstance(value, datetime.date):
            chips.append(_chip(name, form.data[name], label, short_day(value)))
        else:
            words = WORDS.get(name) or dict(form.fields[name].choices)
            values = [value] if isinstance(value, str) else value
            chips += [_chip(name, each, label, words[each]) for each in values]
    return chips


def _chip(name, value, label, text):
    return {"name": name, "value": value, "label": label, "text": text}
