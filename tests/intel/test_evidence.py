"""What the strategy rests on: each reader is told of what he opens, and of nothing else."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.actions import evidence as acts
from intel.actions import life, places, reports, strategy_reminders
from intel.models import ReportReference
from intel.states import State
from protocols.actions import strategy as strategies
from protocols.outcomes import OutcomeKind
from protocols.states import ActionState, StrategyState
from tests import factories

pytestmark = pytest.mark.django_db
WORD = "zibeline"


@pytest.fixture
def action(cast):
    today = timezone.localdate()
    strategy = strategies.begin(
        by=cast.marc,
        title="Plan d’essai",
        starts_on=today - timedelta(days=200),
        ends_on=today + timedelta(days=160),
    )
    axis = strategies.add_axis(strategy, by=cast.marc, title="Présence", objective="Reprendre.")
    made = strategies.add_action(
        axis, by=cast.marc, title="Contrôles conjoints", unit=cast.diane.unit
    )
    strategies.move(strategy, by=cast.claire, state=StrategyState.ADOPTED)
    return made


@pytest.fixture
def restricted(cast, vosges):
    """Of Diane's unit, read by it and by the cell alone."""
    return factories.report(
        cast.diane, vosges["Golbey"], units=[cast.marc.unit], facts=f"Un {WORD}."
    )


@pytest.fixture
def opened(cast, vosges):
    return factories.report(cast.louise, vosges["Épinal"])


def page(enter, who, action):
    return enter(who).get(f"/strategie/actions/{action.key}/").content.decode()


@pytest.mark.parametrize(
    ("who", "sees_open", "sees_restricted"),
    [
        ("diane", True, True),
        ("karim", True, True),
        ("marc", True, True),
        ("anna", True, True),
        ("louise", True, False),
        ("bruno", True, False),
        ("gilles", True, False),
        ("claire", False, False),  # the prefecture opens no report
    ],
)
def test_who_is_told_of_a_report(
    cast, enter, action, opened, restricted, who, sees_open, sees_restricted
):
    acts.cite(action, by=cast.marc, reports=[opened, restricted])
    outcome = acts.record_outcome(
        action,
        by=cast.diane,
        kind=OutcomeKind.ARREST,
        day=timezone.localdate(),
        figure=2,
        reports=[restricted],
    )
    told = page(enter, cast[who], action)
    assert (opened.reference in told) is sees_open
    assert (restricted.reference in told) is sees_restricted
    assert WORD not in told
    assert "Interpellation" in told
    # One result alone would tell the prefecture of the report that it came from.
    assert ("2 personnes" in " ".join(told.split())) is (who != "claire")
    assert ("Interpellation · n.c." in told) is (who == "claire")
    assert str(outcome.key) not in told or who in {"diane", "karim", "marc"}


def test_nothing_says_how_many_are_hidden(cast, enter, action, opened, restricted, stopped_clock):
    """The page of who does not read it is the very same with it and without."""
    acts.cite(action, by=cast.marc, reports=[opened])
    readers = [enter(cast[who]) for who in ("louise", "gilles", "claire")]
    address = f"/strategie/actions/{action.key}/"
    pages = [client.get(address).content for client in readers]
    lists = [client.get(f"/strategie/{action.axis.strategy.key}/").content for client in readers]
    acts.cite(action, by=cast.marc, reports=[restricted])
    assert [_plain(client.get(address).content) for client in readers] == list(map(_plain, pages))
    again = [client.get(f"/strategie/{action.axis.strategy.key}/").content for client in readers]
    assert list(map(_plain, again)) == list(map(_plain, lists))


def _plain(content):
    """Without the tokens that each answer draws anew."""
    lines = content.decode().splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line and "nonce" not in line]


def test_what_one_does_not_read_is_not_cited(cast, enter, action, restricted):
    for reference in (restricted.reference, "CROSS-88-2026-9999"):
        answer = enter(cast.claire).post(
            f"/strategie/actions/{action.key}/references/", {"reports": reference}
        )
        assert answer.status_code == 422
        assert f"« {reference} » n’est pas la référence" in answer.content.decode()
    with pytest.raises(PermissionDenied):
        acts.cite(action, by=cast.claire, reports=[restricted])
    with pytest.raises(PermissionDenied):
        acts.cite(action, by=cast.louise, reports=[])  # her unit is not in charge
    assert not ReportReference.objects.filter(action=action).exists()


def test_a_hidden_reference_is_removed_by_nobody_else(cast, enter, action, restricted):
    acts.cite(action, by=cast.marc, reports=[restricted])
    reference = ReportReference.objects.of(restricted).get()
    address = f"/strategie/references/fiche/{reference.key}/retirer/"
    for who in ("claire", "louise", "gilles", "paul"):
        assert enter(cast[who]).post(address).status_code == 404
    assert enter(cast.diane).post(address).status_code == 302
    assert not ReportReference.objects.filter(action=action).exists()


@pytest.mark.parametrize(
    ("who", "named"), [("diane", True), ("marc", True), ("louise", True), ("gilles", True)]
)
def test_the_result_stands_on_the_sheet(cast, enter, action, opened, who, named):
    acts.cite(action, by=cast.marc, reports=[opened])
    acts.record_outcome(
        action,
        by=cast.diane,
        kind=OutcomeKind.ASSETS,
        day=timezone.localdate(),
        figure=12_500,
    )
    sheet = enter(cast[who]).get(opened.get_absolute_url()).content.decode()
    assert "Ce qu’on en a fait" in sheet
    assert "Avoirs saisis" in sheet
    assert ("Contrôles conjoints" in sheet) is named


def test_the_result_stands_on_no_other_sheet(cast, enter, action, opened, restricted):
    acts.record_outcome(
        action,
        by=cast.diane,
        kind=OutcomeKind.ARREST,
        day=timezone.localdate(),
        reports=[restricted],
    )
    assert (
        "Interpellation" not in enter(cast.louise).get(opened.get_absolute_url()).content.decode()
    )
    assert enter(cast.louise).get(restricted.get_absolute_url()).status_code == 404


def test_a_place_is_told_to_its_readers(cast, vosges, enter, action):
    described = places.Described(name="Square des Essais", kind="lieu", commune=vosges["Épinal"])
    place = places.create(described, by=cast.diane)
    acts.cite(action, by=cast.diane, places=[place])
    assert "Square des Essais" in page(enter, cast.diane, action)
    for who in ("louise", "marc", "claire"):
        assert "Square des Essais" not in page(enter, cast[who], action)


def test_who_does_not_read_the_strategy(cast, enter, action):
    address = f"/strategie/actions/{action.key}/"
    for who in ("paul", "rose", "ines", "tom"):
        assert enter(cast[who]).get(address).status_code == 404
        assert enter(cast[who]).get("/strategie/").status_code in {403, 200}
        assert "Plan d’essai" not in enter(cast[who]).get("/strategie/").content.decode()


def test_what_is_taken_back_is_read_by_nobody(cast, enter, action, opened):
    outcome = acts.record_outcome(
        action,
        by=cast.diane,
        kind=OutcomeKind.CLOSURE,
        day=timezone.localdate(),
        reports=[opened],
    )
    address = f"/strategie/resultats/{outcome.key}/reprendre/"
    assert enter(cast.louise).post(address).status_code == 404
    enter(cast.diane).post(address)
    assert "Fermeture d’un lieu" not in page(enter, cast.louise, action)
    assert (
        "Ce qu’on en a fait"
        not in enter(cast.louise).get(opened.get_absolute_url()).content.decode()
    )
    enter(cast.diane).post(f"/strategie/resultats/{outcome.key}/retablir/")
    assert "Fermeture d’un lieu" in page(enter, cast.louise, action)


def test_the_journal_holds_references_alone(cast, action, restricted):
    acts.cite(action, by=cast.marc, reports=[restricted])
    line = Entry.objects.get(verb="evidence.added")
    assert (line.target, line.why) == (f"action {action.pk}", restricted.reference)


def test_the_walk_of_an_officer(cast, enter):
    """From nothing to an adopted strategy, by its pages alone."""
    claire = enter(cast.claire)
    today = timezone.localdate()
    made = claire.post(
        "/strategie/nouvelle/",
        {
            "title": "Plan départemental",
            "starts_on": f"{today:%d/%m/%Y}",
            "ends_on": f"{today + timedelta(days=365):%d/%m/%Y}",
        },
    )
    strategy = made["Location"]
    claire.post(f"{strategy}axe/", {"title": "Occuper", "objective": "Reprendre l’espace."})
    axis = claire.get(strategy).context["table"].axes[0].axis
    action = claire.post(
        f"/strategie/axes/{axis.key}/action/",
        {
            "axis": axis.pk,
            "title": "Patrouilles",
            "unit": cast.louise.unit_id,
            "due_on": f"{today + timedelta(days=60):%d/%m/%Y}",
            "indicator": "Patrouilles",
            "target_value": "12,5",
        },
    )["Location"]
    assert enter(cast.louise).get(action).status_code == 404
    claire.post(f"{strategy}etat/", {"state": StrategyState.ADOPTED})
    louise = enter(cast.louise)
    assert "12,5" in louise.get(action).content.decode()
    quarter = louise.get(f"{action}point/").context["form"].fields["quarter"].choices[0][0]
    louise.post(
        f"{action}point/",
        {"quarter": quarter, "state": ActionState.ENGAGED, "value": "3", "words": "Trois tenues."},
    )
    told = enter(cast.gilles).get(action).content.decode()
    assert "Trois tenues." in told
    assert "Engagée" in told
    filtered = louise.get(f"{strategy}?etat=realisee").content.decode()
    assert "Aucune action ne répond à ces filtres" in filtered
    assert louise.post(f"{action}modifier/", {"title": "Autre"}).status_code == 404


def test_a_late_unit_is_reminded_once(cast, enter, action):
    action.due_on = timezone.localdate() - timedelta(days=1)
    action.save(update_fields=["due_on"])
    assert strategy_reminders.remind() == 1
    assert strategy_reminders.remind() == 0
    told = {
        who: access.unseen_notifications(cast[who]).filter(kind="action.overdue").count()
        for who in ("diane", "karim", "louise", "anna", "claire")
    }
    assert told == {"diane": 1, "karim": 1, "louise": 0, "anna": 0, "claire": 0}
    home = enter(cast.claire).get("/").content.decode()
    assert "action en retard" in home
    late = enter(cast.diane).get("/strategie/?voir=retard", follow=True).content.decode()
    assert "Contrôles conjoints" in late
    assert "Échéance dépassée" in late


def test_a_report_has_a_result_outside_of_any_action(cast, vosges, enter):
    """Said by the unit that has it in hand, on the sheet, to who follows its life."""
    report = factories.report(
        cast.diane, vosges["Golbey"], units=[cast.marc.unit, cast.bruno.unit]
    )
    address = f"/renseignements/{report.reference}/resultat/"
    assert enter(cast.bruno).get(address).status_code == 404  # nobody has been asked to act yet
    reports.grade(report, by=cast.anna, source="B", information="3")
    for target in (State.SORTED, State.GRADED):
        life.move(report, by=cast.anna, target=target)
    life.move(report, by=cast.anna, target=State.DIRECTED, unit=cast.bruno.unit)
    said = {"kind": "saisie", "day": f"{timezone.localdate():%d/%m/%Y}", "figure": "250"}
    assert enter(cast.louise).post(address, said).status_code == 404
    assert enter(cast.bruno).post(address, said).status_code == 302
    sheet = enter(cast.diane).get(report.get_absolute_url()).content.decode()
    assert "Saisie de produits" in sheet
    assert "250\u00a0g" in sheet
    outcome = access.own_results(cast.bruno).get()
    taking_back = f"/strategie/resultats/{outcome.key}/reprendre/"
    assert enter(cast.diane).post(taking_back).status_code == 404
    assert enter(cast.bruno).post(taking_back)["Location"] == report.get_absolute_url()


def test_ten_rows_ask_as_much_as_one(cast, vosges, enter, action):
    """The page of the strategy, and that of an action with its references, lines and results."""
    client = enter(cast.diane)

    def grow():
        acts.cite(action, by=cast.marc, reports=[factories.report(cast.diane, vosges["Golbey"])])
        acts.record_outcome(action, by=cast.diane, kind="rien", day=timezone.localdate())
        strategies.add_action(action.axis, by=cast.marc, title="Autre", unit=cast.louise.unit)
        quarter = strategies.quarters_of(action)[0]
        strategies.write_line(
            action, by=cast.diane, quarter=quarter, state=action.state, words="Point."
        )

    def asked():
        for address in (f"/strategie/{action.axis.strategy.key}/", action.get_absolute_url()):
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            yield len(captured)

    grow()
    one = list(asked())
    for _ in range(9):
        grow()
    assert list(asked()) == one
