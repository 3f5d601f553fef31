"""What each act tells, and whom: through the actions themselves, and asked of each reader."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cross.outbox import doing
from cross.outbox.models import Job
from intel import access
from intel.actions import (
    accords,
    announcing,
    complements,
    handovers,
    invitations,
    life,
    matching,
    notices,
    operations,
    reports,
    requests,
    sharing,
    silent_mode,
    targets,
    telling,
)
from intel.models import Notification, Restriction
from intel.states import State
from services.roles import Role
from tests import factories


def told(cast, kind):
    """Who finds an unseen notification of that kind, each asked by his own rule."""
    return {
        name
        for name, member in cast.items()
        if access.unseen_notifications(member).filter(kind=kind).exists()
    }


def everything_told(cast):
    return {name for name, one in cast.items() if access.unseen_notifications(one).exists()}


def work(kind):
    """Do the jobs of that kind, as the worker would."""
    for job in Job.objects.filter(kind=kind, state="queued"):
        doing.perform(job)


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], grade=("B", "2"))


def move(report, cast, *targets, **said):
    for target in targets:
        by = cast.louise if target in {State.ACKNOWLEDGED, State.EXPLOITED} else cast.anna
        life.move(report, by=by, target=target, **said)


def directed(report, cast):
    move(report, cast, State.SORTED, State.GRADED)
    life.move(report, by=cast.anna, target=State.DIRECTED, unit=cast.louise.unit)


def test_the_contributor_hears_of_the_triage_and_an_undone_move_was_never_told(cast, report):
    move(report, cast, State.SORTED)
    assert told(cast, "report.triaged") == {"diane", "karim"}
    life.undo(report, by=cast.anna)
    assert everything_told(cast) == set()
    move(report, cast, State.TO_COMPLETE, why="Quelle rue ?")
    assert told(cast, "report.to_complete") == {"diane", "karim"}
    assert everything_told(cast) == {"diane", "karim"}


def test_a_tasking_its_answer_and_the_return(cast, report):
    directed(report, cast)
    assert told(cast, "tasking.received") == {"louise"}
    move(report, cast, State.ACKNOWLEDGED)
    # Whoever directed it, and those of the cell who do.
    assert told(cast, "tasking.answered") == {"anna", "marc"}
    move(report, cast, State.EXPLOITED, why="Deux interpellations", outcomes=["interpellation"])
    assert told(cast, "feedback.due") == {"anna", "marc"}
    move(report, cast, State.FED_BACK, feedback="acted")
    assert told(cast, "feedback.received") == {"diane", "karim"}
    assert "paul" not in everything_told(cast)


def test_what_its_unit_answers_is_unread_no_more(cast, report):
    """By whoever of it answered; taken in hand, the answer itself is still awaited."""
    other = factories.member("lucie", cast.louise.unit, Role.LIAISON)
    directed(report, cast)
    for kind in ("tasking.unacknowledged", "tasking.unanswered"):
        telling.tell(kind, report=report, to=[cast.louise.unit], about=kind)
    asked = Notification.objects.filter(kind__startswith="tasking.", unit=cast.louise.unit)
    assert asked.unguarded(because="test").count() == 6
    move(report, cast, State.ACKNOWLEDGED)
    for member in (cast.louise, other):
        unseen = access.unseen_notifications(member)
        assert [each.kind for each in unseen] == ["tasking.unanswered"]
    move(report, cast, State.EXPLOITED, why="Deux interpellations", outcomes=["interpellation"])
    assert not access.unseen_notifications(other).exists()
    # What tells the others is theirs to read.
    assert told(cast, "tasking.answered") == {"anna", "marc"}
    assert "paul" not in everything_told(cast)


def test_an_answer_taken_back_gives_its_unit_back_what_waits(cast, report):
    """But for what somebody saw by himself, and what an earlier answer settled."""
    other = factories.member("lucie", cast.louise.unit, Role.LIAISON)
    directed(report, cast)
    telling.tell("tasking.unanswered", report=report, to=[cast.louise.unit], about="late")

    def waits(member):
        return {each.kind for each in access.unseen_notifications(member)}

    notices.mark_seen(access.unseen_notifications(other).filter(kind="tasking.received"))
    move(report, cast, State.ACKNOWLEDGED)
    move(report, cast, State.EXPLOITED, why="Deux interpellations", outcomes=["interpellation"])
    assert waits(cast.louise) == waits(other) == set()
    life.undo(report, by=cast.louise)
    assert waits(cast.louise) == waits(other) == {"tasking.unanswered"}
    life.undo(report, by=cast.louise)
    assert waits(cast.louise) == {"tasking.received", "tasking.unanswered"}
    assert waits(other) == {"tasking.unanswered"}


def test_corrected_or_withdrawn_it_is_told_to_whoever_was_given_it(cast, enter, vosges):
    report = factories.report(cast.diane, vosges["Épinal"])
    address = report.get_absolute_url()
    for reader in (cast.bruno, cast.gilles, cast.karim):
        enter(reader).get(address)
    fields = {"place": "Le port"}
    corrected = reports.change(report, by=cast.diane, fields=fields, version=report.version)
    assert told(cast, "report.corrected") == {"bruno", "gilles", "karim"}
    # The same thing sent again corrects nothing.
    Notification.objects.unguarded(because="test").delete()
    reports.change(corrected, by=cast.diane, fields=fields, version=corrected.version)
    assert everything_told(cast) == set()
    # Who read it and may no longer is told nothing.
    narrowing = sharing.Narrowing(
        units=(cast.louise.unit, cast.anna.unit),
        reason="source",
        text="",
        review_on=timezone.localdate() + timedelta(days=30),
    )
    sharing.restrict(corrected, by=cast.diane, narrowing=narrowing)
    life.move(corrected, by=cast.anna, target=State.OUT_OF_SCOPE, why="Hors sujet")
    assert told(cast, "report.withdrawn") == {"louise", "marc"}
    assert told(cast, "report.triaged") == {"diane", "karim"}


def test_a_draft_is_corrected_in_silence(cast, vosges):
    draft = factories.report(cast.diane, vosges["Épinal"], draft=True)
    reports.change(draft, by=cast.diane, fields={"place": "Le port"}, version=draft.version)
    assert everything_told(cast) == set()


def test_a_complement_and_one_taken_back(cast, report):
    added = complements.add(report, by=cast.louise, text="Vu aussi à Golbey.", sent="clé")
    again = complements.add(report, by=cast.louise, text="Vu aussi à Golbey.", sent="clé")
    assert added == again
    assert told(cast, "complement.added") == {"diane", "karim"}
    assert access.unseen_notifications(cast.diane).count() == 1
    complements.remove(added, by=cast.louise)
    assert everything_told(cast) == set()


def test_a_pair_is_told_to_those_who_read_both(cast, vosges):
    ours = factories.report(cast.diane, vosges["Épinal"])
    theirs = factories.report(cast.louise, vosges["Épinal"], units=[cast.anna.unit])
    match = matching.decide(theirs, ours, by=cast.anna, kind="corrobore", why="Même fait")
    assert everything_told(cast) == {"louise"}
    matching.undo(match, by=cast.anna)
    assert everything_told(cast) == set()
    other = factories.report(cast.bruno, vosges["Épinal"])
    matching.decide(other, ours, by=cast.anna, kind="sans_lien", why="Rien à voir")
    assert everything_told(cast) == set()


def test_what_is_asked_of_a_unit_and_what_it_answers(cast, vosges):
    held = factories.report(cast.diane, vosges["Épinal"], handling="H2")
    accord = accords.ask(held, by=cast.louise, recipient="Parquet", why="Réquisition")
    assert told(cast, "accord.asked") == {"diane", "karim"}
    accords.decline(accord, by=cast.diane, answer="Pas encore")
    assert everything_told(cast) == {"louise"}
    proposed = handovers.propose(held, by=cast.diane, target=cast.bruno.unit, why="Secteur")
    assert told(cast, "handover.asked") == {"bruno"}
    handovers.accept(proposed, by=cast.bruno)
    assert told(cast, "handover.asked") == set()
    assert told(cast, "handover.decided") == {"diane", "karim"}


def test_a_release_takes_two_and_tells_the_other(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    asked = sharing.ask_release(report, by=cast.diane, why="Opération passée")
    assert everything_told(cast) == {"karim"}
    sharing.decline_release(asked, by=cast.karim, why="Pas encore")
    assert everything_told(cast) == {"diane"}


def test_an_access_asked_for_tells_the_owner_and_a_refusal_tells_nobody(cast, vosges):
    hidden = factories.report(cast.diane, vosges["Épinal"], units=[])

    def asked(reference):
        with CaptureQueriesContext(connection) as captured:
            made = requests.ask(reference, by=cast.louise, why="Donnée au téléphone")
        return made, len(captured)

    request, queries = asked(hidden.reference)
    _, for_nothing = asked("CROSS-88-2020-10000")
    assert queries == for_nothing
    work("tell_access_asked")
    assert everything_told(cast) == {"diane", "karim"}
    requests.decline(request, by=cast.diane)
    assert everything_told(cast) == set()
    again, _ = asked(factories.report(cast.diane, vosges["Épinal"], units=[]).reference)
    until = timezone.localdate() + timedelta(days=3)
    requests.grant(again, by=cast.diane, until=until)
    assert told(cast, "access.granted") == {"louise"}


def test_a_guest_is_told_that_he_is_invited(cast, vosges):
    hidden = factories.report(cast.diane, vosges["Épinal"], units=[])
    until = timezone.now() + timedelta(days=3)
    invitations.invite(hidden, by=cast.diane, guest=cast.rose, until=until, reason="avis")
    assert everything_told(cast) == {"rose"}


# --- Units that should speak ------------------------------------------------------------------


def plan(commune, **said):
    start = timezone.now() + timedelta(days=2)
    end = start + timedelta(hours=1)
    return operations.Plan("search", commune, start, end, "Adj. Essai", **said)


def silence():
    """As the form says it; its day is reckoned when it is said."""
    return {
        "is_silent": True,
        "silence_reason": "Équipe en place",
        "silence_review_on": timezone.localdate() + timedelta(days=30),
    }


@pytest.mark.parametrize(
    ("silent", "expected"), [(False, {"louise", "karim"}), (True, {"louise"})]
)
def test_two_operations_meet_and_both_sides_are_told_but_for_a_silence(
    cast, vosges, silent, expected
):
    said = silence() if silent else {}
    centre = (vosges["Épinal"].centre_x, vosges["Épinal"].centre_y)
    operations.declare(plan(vosges["Épinal"], point=centre, **said), by=cast.louise)
    work("tell_units_met")
    assert everything_told(cast) == set()
    other = factories.member("lucie", cast.louise.unit, "liaison")
    cast["lucie"] = other
    operations.declare(plan(vosges["Épinal"]), by=cast.diane)
    work("tell_units_met")
    # Not Diane, who has just read it on her screen.
    assert told(cast, "units.met") == expected | {"lucie"}
    # The very rule of the page of deconfliction.
    for name in told(cast, "units.met"):
        assert access.told_hits(cast[name]).exists()


@pytest.mark.parametrize("silent", [False, True])
def test_a_plate_that_is_looked_for(cast, vosges, silent):
    plate = [("plate", "XX-111-XX", "XX111XX")]
    hidden = factories.report(cast.louise, vosges["Épinal"], units=[], identifiers=plate)
    if silent:
        until = timezone.localdate() + timedelta(days=30)
        silent_mode.keep(hidden, by=cast.louise, reason="Équipe en place", review_on=until)
    targets.check([targets.Wanted.read("plate", "XX-111-XX")], by=cast.diane)
    work("tell_units_met")
    assert told(cast, "units.met") == ({"louise"} if silent else {"louise", "karim"})


def test_a_restriction_near_its_day_calls_its_unit_once(cast, vosges):
    far = factories.report(cast.diane, vosges["Épinal"], units=[])
    near = factories.report(cast.diane, vosges["Épinal"], units=[])
    soon = timezone.localdate() + timedelta(days=5)
    Restriction.objects.of(near).update(review_on=soon)
    silent_mode.keep(far, by=cast.diane, reason="Équipe en place", review_on=soon)
    assert (announcing.tell_reviews(), announcing.tell_reviews()) == (2, 0)
    assert told(cast, "restriction.due") == told(cast, "silence.due") == {"diane", "karim"}
    [line] = access.unseen_notifications(cast.diane).filter(kind="restriction.due")
    assert line.report == near


def test_paul_hears_of_nothing(cast, report):
    directed(report, cast)
    move(report, cast, State.ACKNOWLEDGED)
    assert "paul" not in everything_told(cast)
