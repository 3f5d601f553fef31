"""Whatever others post, at any door of the reports, nobody comes to read more of them."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from django.urls.converters import UUIDConverter
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cross.checks import doors
from cross.guard import GuardedQuerySet
from intel import access
from intel.actions import matching
from intel.models import Feedback, Match, Restriction
from intel.models.choices import IdentifierKind
from intel.states import State
from services.models import Unit
from tests import factories
from tests.house.conftest import examples

OWNERS = ("diane", "karim")
OTHERS = ("louise", "bruno", "anna", "marc", "gilles", "rose", "claire", "tom", "ines", "paul")
EVERYBODY = OWNERS + OTHERS
# Doors by which the owner unit itself opens a report further: that is what they are for.
WIDENING = frozenset(
    {
        "restrict_report",
        "confirm_release",
        "decide_access_request",
        "invite_guest",
        "prolong_invitation",
        "share_report",
    }
)
REPORTS = ("open", "named", "closed", "draft", "twin")


def report_doors():
    """Every address of this application's rooms of reports, by name."""
    return sorted(
        pattern.name
        for _, pattern in doors()
        if pattern.callback.__module__.startswith("intel.") and pattern.name
    )


@pytest.fixture
def shelf(cast, vosges):
    """Diane's reports, of each audience; `twin` is Louise's, to link them with."""
    diane = cast.diane
    made = {
        "open": factories.report(diane, vosges["Épinal"]),
        "named": factories.report(diane, vosges["Épinal"], units=[cast.louise.unit]),
        "closed": factories.report(diane, vosges["Golbey"], units=[]),
        "draft": factories.report(diane, vosges["Golbey"], draft=True),
        "twin": factories.report(cast.louise, vosges["Épinal"]),
    }
    matching.decide(made["twin"], made["open"], by=cast.anna, kind="corrobore", why="Même fait")
    return {name: report.reference for name, report in made.items()}


def readers(cast, references):
    """Who reads which: pairs (member, reference)."""
    return {
        (name, reference)
        for name in EVERYBODY
        for reference in access.readable_reports(cast[name])
        .filter(reference__in=references)
        .values_list("reference", flat=True)
    }


posts = st.fixed_dictionaries(
    {
        "report": st.sampled_from(REPORTS),
        "other": st.sampled_from(REPORTS),
        "number": st.integers(1, 6),
        "target": st.sampled_from(State.values),
        "unit": st.integers(0, 8),
        "units": st.lists(st.integers(0, 8), max_size=3),
        "member": st.sampled_from(EVERYBODY),
        "reason": st.sampled_from([*Restriction.Reason.values, "1"]),
        "grade": st.sampled_from(["A1", "B2", "F6"]),
        "feedback": st.sampled_from(Feedback.Outcome.values),
        "kind": st.sampled_from([*IdentifierKind.values, *Match.Kind.values]),
        "version": st.integers(1, 4),
        "diffusion": st.sampled_from(["protocole", "ouverte", "restreinte", "0", "1"]),
    }
)


def address_of(name, said, cast, shelf):
    [pattern] = [pattern for _, pattern in doors() if pattern.name == name]
    values = {
        "reference": shelf[said["report"]],
        "key": "nouveau-0123456789ab",
        "number": f"NSL-88-2026-{said['number']:03}",
        "code": "88001",
        "batch": uuid4(),
    }
    values["pk"] = uuid4() if name == "job_progress" else said["number"]
    if isinstance(pattern.pattern.converters.get("key"), UUIDConverter):
        values["key"] = key_of(pattern, said["number"], cast.diane)
    return reverse(name, kwargs={key: values[key] for key in pattern.pattern.converters})


def key_of(pattern, number, member):
    """An address that stands, whoever may read it, among what hangs on the reports; or none."""
    rows = pattern.callback.gate_policy.rule(member).model.objects.all()
    if isinstance(rows, GuardedQuerySet):
        rows = rows.unguarded(because="test")
    keys = list(rows.order_by("pk").values_list("key", flat=True))
    return keys[number % len(keys)] if keys else uuid4()


def payload(said, cast, shelf, units):
    """One form that speaks to every form: each reads the fields it knows."""
    day = (timezone.localdate() + timezone.timedelta(days=20)).strftime("%d/%m/%Y")
    unit = units[said["unit"] % len(units)]
    member = cast[said["member"]].pk
    return {
        "target": said["target"], "vers": said["target"],
        "to": said["target"] if said["number"] % 2 else f"unite-{unit}",
        "why": "motif", "text": "Un texte.", "facts": "Autre texte.", "subject": "Autre objet",
        "original": shelf[said["other"]], "reference": shelf[said["other"]],
        "avec": shelf[said["other"]],
        "report": shelf[said["other"]], "references": [shelf[name] for name in REPORTS],
        "unit": unit, "units": [units[index % len(units)] for index in said["units"]],
        "lists": [1], "owner": unit, "guest": member, "member": member, "author": member,
        "reason": said["reason"], "restriction_text": "précision", "review_on": day,
        "until": day, "ends_on": day, "starts_on": day, "answer_by": day,
        "source_grade": said["grade"][0], "information_grade": said["grade"][1],
        "feedback": said["feedback"], "kind": said["kind"], "raw": "AB-123-CD",
        "value": "AB123CD", "version": said["version"], "seen": said["target"],
        "audience": said["diffusion"], "diffusion": said["diffusion"], "state": said["target"],
        "protocol": said["number"], "recipient": "un service", "decision": "accepted",
        "accept": "1", "agreed": "on", "origin": "service", "commune": "88001",
        "department": "54", "envoyer": "1", "transmettre": "1",
        "outcomes": ["joint"], "informed": [units[index % len(units)] for index in said["units"]],
        "what": "Rappeler", "due_on": day, "mine": "oui",
    }  # fmt: skip


def sequences(who, names):
    acts = st.tuples(st.sampled_from(who), st.sampled_from(names), posts)
    return st.lists(acts, min_size=4, max_size=14)


by_others = sequences(OTHERS, report_doors())
by_owners = sequences(EVERYBODY, sorted(set(report_doors()) - WIDENING))
drawn = settings(
    phases=[Phase.explicit, Phase.generate],  # a sequence of pages is slow to shorten
    max_examples=examples(quick=12, whole=300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def check_nothing_widens(cast, shelf, enter, acts):
    ours = [shelf[name] for name in REPORTS if name != "twin"]
    units = list(Unit.objects.order_by("pk").values_list("pk", flat=True))
    with transaction.atomic():
        before = readers(cast, ours)
        for who, name, said in acts:
            with transaction.atomic():
                answer = enter(cast[who]).post(
                    address_of(name, said, cast, shelf), payload(said, cast, shelf, units)
                )
            assert answer.status_code < 500, (who, name)
        wider = readers(cast, ours) - before
        transaction.set_rollback(True)
    assert not wider


@drawn
@given(acts=by_others)
def test_nothing_that_others_do_widens_an_audience(cast, shelf, enter, acts):
    check_nothing_widens(cast, shelf, enter, acts)


@drawn
@given(acts=by_owners)
def test_nor_what_the_owner_does_but_by_the_doors_that_are_for_it(cast, shelf, enter, acts):
    sent = "draft"  # transmitting a draft is what opens it
    acts = [act for act in acts if not (act[0] in OWNERS and act[2]["report"] == sent)]
    check_nothing_widens(cast, shelf, enter, acts)


def test_the_doors_that_widen_do_widen(cast, shelf, enter):
    """Else the tests above could not fail."""
    before = readers(cast, shelf.values())
    diane, karim = enter(cast.diane), enter(cast.karim)
    diane.post(f"/renseignements/{shelf['closed']}/lever-restriction/", {"why": "enquête close"})
    [asked] = access.confirmable_releases(cast.karim)
    karim.post(reverse("confirm_release", args=[asked.key]))
    assert ("bruno", shelf["closed"]) in readers(cast, shelf.values()) - before
