"""The local strategy: who reads and writes it, its life, its axes and actions."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.utils import timezone

from cross.audit.models import Entry
from protocols import access, quarters
from protocols.actions import admit, outcomes, suspend, totals
from protocols.actions import strategy as acts
from protocols.models import Action, ActionMove, Protocol, Strategy
from protocols.outcomes import OutcomeKind
from protocols.reading.strategy import adopted_strategy, frozen_axes
from protocols.reading.totals import families_of
from protocols.states import (
    ACTION_MOVES,
    STRATEGY_MOVES,
    WITH_A_REASON,
    ActionState,
    StrategyState,
)
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy(cast):
    today = timezone.localdate()
    return acts.begin(
        by=cast.marc,
        title="Plan départemental d’essai",
        starts_on=today - timedelta(days=200),
        ends_on=today + timedelta(days=160),
    )


@pytest.fixture
def action(cast, strategy):
    axis = acts.add_axis(
        strategy, by=cast.marc, title="Présence", objective="Reprendre la voie publique."
    )
    return acts.add_action(
        axis,
        by=cast.marc,
        title="Contrôles conjoints",
        unit=cast.diane.unit,
        due_on=timezone.localdate() + timedelta(days=30),
        indicator="Contrôles",
        target_value=12,
    )


@pytest.fixture
def adopted(cast, strategy, action):
    acts.move(strategy, by=cast.claire, state=StrategyState.ADOPTED)
    strategy.refresh_from_db()
    return strategy


def test_the_moves_are_those_of_the_states():
    assert set(STRATEGY_MOVES) == set(StrategyState)
    assert set(ACTION_MOVES) == set(ActionState)
    assert set().union(*ACTION_MOVES.values()) == set(ActionState)
    assert {after for _, after in WITH_A_REASON} == set(ActionState) - {ActionState.DONE}


@pytest.mark.parametrize(
    ("who", "draft", "decided"),
    [
        ("marc", True, True),  # animates the cell
        ("claire", True, True),  # of the prefecture
        ("anna", False, True),
        ("diane", False, True),
        ("louise", False, True),
        ("gilles", False, True),
        ("rose", False, False),  # a guest
        ("ines", False, False),
        ("tom", False, False),
        ("fanny", False, False),  # her authorisation has ended
        ("paul", False, False),  # of another department
    ],
)
def test_who_reads_a_strategy(cast, strategy, action, who, draft, decided):
    assert access.readable_strategies(cast[who]).exists() is draft
    assert access.readable_actions(cast[who]).exists() is draft
    acts.move(strategy, by=cast.claire, state=StrategyState.ADOPTED)
    assert access.readable_strategies(cast[who]).exists() is decided
    assert access.readable_actions(cast[who]).exists() is decided


def test_a_draft_is_read_by_no_writer_of_another_department(cast, strategy):
    """Even where his unit sits: he writes nothing there."""
    officer = factories.member("léa", cast.paul.unit, cast.claire.role)
    admit(officer.unit, Protocol.objects.get(department=strategy.department), by=None)
    assert not access.readable_strategies(officer).exists()
    strategy.state = StrategyState.ADOPTED
    strategy.save()
    assert access.readable_strategies(officer).exists()


def test_a_draft_is_deleted_whole_and_what_was_adopted_is_not(cast, strategy, action, enter):
    address = f"/strategie/{strategy.key}/supprimer/"
    assert enter(cast.paul).post(address).status_code == 404
    acts.move(strategy, by=cast.claire, state=StrategyState.ADOPTED)
    acts.move(strategy, by=cast.claire, state=StrategyState.DRAFT, why="À revoir")
    enter(cast.marc).post(address)
    assert Strategy.objects.filter(pk=strategy.pk).exists()
    other = acts.begin(
        by=cast.marc, title="Essai", starts_on=strategy.starts_on, ends_on=strategy.ends_on
    )
    axis = acts.add_axis(other, by=cast.marc, title="Halls", objective="Tenir")
    acts.add_action(axis, by=cast.marc, title="Passer", unit=cast.diane.unit)
    enter(cast.marc).post(f"/strategie/{other.key}/supprimer/")
    assert not Strategy.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("page", ["etat", "point", "modifier", "resultat", "references"])
def test_each_form_of_an_action_is_sent_where_it_is_read(cast, adopted, action, enter, page):
    told = enter(cast.marc).get(f"/strategie/actions/{action.key}/{page}/").content.decode()
    assert 'class="cx-form" method="post" action=""' in told


def test_axes_change_places(cast, strategy, action, enter):
    first = action.axis
    second = acts.add_axis(strategy, by=cast.marc, title="Routes", objective="Contrôler")
    address = f"/strategie/axes/{second.key}/ordre/"
    assert enter(cast.paul).post(address, {"sens": "haut"}).status_code == 404
    enter(cast.claire).post(address, {"sens": "haut"})
    assert list(strategy.axes.order_by("rank")) == [second, first]
    enter(cast.claire).post(address, {"sens": "haut"})  # the first stays the first
    enter(cast.claire).post(address, {"sens": "bas"})
    assert list(strategy.axes.order_by("rank")) == [first, second]


@pytest.mark.parametrize(
    ("who", "writes", "follows"),
    [
        ("marc", True, True),
        ("claire", True, True),
        ("diane", False, True),  # her unit is in charge
        ("louise", False, False),
        ("anna", False, False),
        ("gilles", False, False),
        ("paul", False, False),
    ],
)
def test_who_writes_and_who_follows(cast, adopted, action, who, writes, follows):
    assert access.writes_strategy(cast[who]) is writes or who == "paul"
    assert access.writable_actions(cast[who]).exists() is writes
    assert access.followable_actions(cast[who]).exists() is follows


def test_an_action_is_added_by_who_writes_the_axis(cast, action):
    with pytest.raises(PermissionDenied):
        acts.add_action(action.axis, by=cast.diane, title="Autre", unit=cast.diane.unit)
    with pytest.raises(PermissionDenied):
        acts.add_action(action.axis, by=cast.paul, title="Autre", unit=cast.paul.unit)
    with pytest.raises(ValidationError, match="siège"):
        acts.add_action(action.axis, by=cast.marc, title="Autre", unit=cast.paul.unit)
    assert Action.objects.count() == 1


def test_the_protocol_suspended_closes_its_strategy(cast, adopted):
    ours = Protocol.objects.get(department=adopted.department)
    suspend(ours, by=cast.marc, from_day=timezone.localdate(), why="Essai.")
    assert not access.readable_strategies(cast.marc).exists()
    assert not access.readable_strategies(cast.diane).exists()


def test_a_move_keeps_who_when_and_why(cast, adopted, action):
    acts.move_action(action, by=cast.diane, state=ActionState.ENGAGED)
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        acts.move_action(action, by=cast.diane, state=ActionState.SUSPENDED)
    acts.move_action(action, by=cast.diane, state=ActionState.SUSPENDED, why="Effectif réduit.")
    with pytest.raises(ValidationError, match="ne devient pas"):
        acts.move_action(action, by=cast.diane, state=ActionState.DONE)
    with pytest.raises(PermissionDenied):
        acts.move_action(action, by=cast.louise, state=ActionState.ENGAGED)
    assert [(move.after, move.why) for move in action.moves.order_by("pk")] == [
        ("engagee", ""),
        ("suspendue", "Effectif réduit."),
    ]
    assert Entry.objects.filter(verb="action.moved").count() == 2


def test_what_was_followed_is_never_written_over(cast, adopted, action):
    acts.move_action(action, by=cast.diane, state=ActionState.ENGAGED)
    move = action.moves.get()
    for change in (
        lambda: ActionMove.objects.filter(pk=move.pk).update(why="autre"),
        move.delete,
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    with pytest.raises(ValidationError, match="abandonnée"):
        acts.remove_action(action, by=cast.marc)


def test_one_adopted_at_a_time(cast, adopted):
    other = acts.begin(
        by=cast.claire, title="Autre", starts_on=adopted.starts_on, ends_on=adopted.ends_on
    )
    with pytest.raises(ValidationError, match="encore adoptée"):
        acts.move(other, by=cast.claire, state=StrategyState.ADOPTED)
    acts.move(adopted, by=cast.claire, state=StrategyState.ENDED, why="Bilan présenté.")
    with pytest.raises(ValidationError, match="au moins une action"):
        acts.move(other, by=cast.claire, state=StrategyState.ADOPTED)
    assert [step.state for step in adopted.steps.order_by("pk")] == ["adoptee", "terminee"]


def test_an_action_taken_out_comes_back(cast, adopted, action):
    acts.remove_action(action, by=cast.claire)
    assert not access.readable_actions(cast.diane).exists()
    acts.restore_action(access.restorable_actions(cast.claire).get(), by=cast.claire)
    assert access.readable_actions(cast.diane).exists()


# --- Its follow-up ----------------------------------------------------------------------------


def line(action, by, **more):
    told = {
        "quarter": quarters.quarter_of(timezone.localdate()),
        "state": action.state,
        "words": "Deux contrôles tenus.",
    } | more
    return acts.write_line(action, by=by, **told)


def test_a_quarter_is_told_by_the_unit_in_charge(cast, adopted, action):
    first = line(action, cast.diane, value=4, state=ActionState.ENGAGED)
    line(action, cast.marc, value=6, state=ActionState.ENGAGED, words="Corrigé : trois contrôles.")
    told = access.readable_actions(cast.louise).with_present().get()
    assert (told.value, told.state, told.said_for) == (6, "engagee", first.quarter)
    assert [each.value for each in action.lines.order_by("pk")] == [4, 6]  # nothing is lost
    with pytest.raises(ProgrammingError), transaction.atomic():
        first.delete()
    for who in ("louise", "gilles", "paul", "ines"):
        with pytest.raises(PermissionDenied):
            line(action, cast[who])
    with pytest.raises(ValidationError, match="déjà commencé"):
        line(action, cast.diane, quarter=quarters.after(first.quarter))


def test_what_is_late(cast, adopted, action):
    today = timezone.localdate()
    actions = access.readable_actions(cast.diane)
    assert not actions.late(today).exists()
    later = quarters.after(quarters.after(quarters.quarter_of(today)))
    assert actions.silent(later).exists()
    assert actions.late(action.due_on + timedelta(days=1)).exists()
    acts.move_action(action, by=cast.diane, state=ActionState.DROPPED, why="Sans objet.")
    assert not actions.late(later).exists()


# --- What came of it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": OutcomeKind.NOTHING, "figure": 3}, "figure"),
        ({"kind": OutcomeKind.ASSETS}, "figure"),
        ({"kind": OutcomeKind.ARREST, "product": "cannabis"}, "product"),
        ({"kind": OutcomeKind.SEIZURE, "product": "sucre"}, "product"),
        ({"kind": OutcomeKind.ARREST, "day": timezone.localdate() + timedelta(days=3)}, "day"),
    ],
)
def test_an_outcome_that_cannot_be(cast, adopted, action, said, field):
    with pytest.raises(ValidationError) as refused:
        outcomes.record_of(action, by=cast.diane, **{"day": timezone.localdate(), **said})
    assert field in refused.value.error_dict
    assert not action.outcomes.exists()


def test_the_note_is_told_no_number_below_five(cast, adopted, action):
    today = timezone.localdate()
    period = SimpleNamespace(start=today - timedelta(days=30), end=today)
    line(action, cast.diane, value=4)
    for _ in range(4):
        outcomes.record_of(action, by=cast.diane, kind=OutcomeKind.ASSETS, day=today, figure=1_000)
    told = frozen_axes(adopted_strategy(adopted.department), period)
    assert told["axes"][0]["actions"][0]["indicator"] == {
        "name": "Contrôles",
        "unit": "",
        "start": None,
        "target": 12,
        "value": 4,
        "quarter": quarters.in_words(quarters.quarter_of(today)),
    }
    [masked] = told["outcomes"]
    assert (masked["count"], masked["figure"]) == (None, None)
    fifth = outcomes.record_of(
        action, by=cast.diane, kind=OutcomeKind.ASSETS, day=today, figure=1_000
    )
    [shown] = frozen_axes(adopted, period)["outcomes"]
    assert (shown["count"], shown["figure"], shown["figure_unit"]) == (5, 5_000, "€,€")
    assert shown["unit_class"] == "Douane"
    outcomes.take_back(fifth, by=cast.diane)
    assert frozen_axes(adopted, period)["outcomes"] == [masked]
    json.dumps(told)  # plain data, that a note may keep


# --- Totals that others counted ---------------------------------------------------------------


def counted(cast, **more):
    today = timezone.localdate()
    told = {
        "kind": "mec_trafic",
        "nomenclature": "nfi",
        "starts_on": today - timedelta(days=60),
        "ends_on": today - timedelta(days=10),
        "value": 42,
        "source": "SSMSI, essai",
    } | more
    return totals.enter(by=cast.claire, **told)


def test_a_correction_keeps_the_former_value(cast, enter):
    first = counted(cast)
    with pytest.raises(ValidationError, match="déjà saisi"):
        counted(cast, value=43)
    second = totals.correct(first, by=cast.marc, value=41, why="Chiffre consolidé.")
    with pytest.raises(ValidationError, match="vient de corriger"):
        totals.correct(first, by=cast.marc, value=40, why="Autre.")
    assert list(access.readable_totals(cast.diane).standing()) == [second]
    told = enter(cast.diane).get("/strategie/chiffres/").content.decode()
    assert told.index("41") < told.index("avant&nbsp;: 42")
    totals.remove(second, by=cast.claire)
    totals.restore(access.restorable_totals(cast.claire).get(), by=cast.claire)


@pytest.mark.parametrize(
    "said",
    [
        {"nomenclature": ""},
        {"nomenclature": "service"},
        {"kind": "saisies"},
        {"kind": "afd", "product": "cocaine"},
        {"ends_on": timezone.localdate() + timedelta(days=40)},
    ],
)
def test_a_total_that_cannot_be(cast, said):
    with pytest.raises(ValidationError):
        counted(cast, **said)
    assert not access.readable_totals(cast.claire).exists()


def test_two_nomenclatures_are_never_in_one_table(cast):
    counted(cast)
    counted(cast, nomenclature="etat4001", value=58)
    counted(cast, kind="saisies", product="cocaine", nomenclature="", value=1_200)
    today = timezone.localdate() - timedelta(days=10)
    families = families_of(access.readable_totals(cast.diane), today.year)
    told = [
        (family.nomenclature, series.label, [total.row.value for total in series.totals])
        for family in families
        for series in family.series
    ]
    assert told == [
        ("nfi", "Personnes mises en cause pour trafic", [42]),
        ("etat4001", "Personnes mises en cause pour trafic", [58]),
        ("service", "Saisies de produits", [1_200]),
    ]


def test_who_enters_totals(cast, enter):
    for who, status in (("claire", 200), ("marc", 200), ("diane", 403), ("gilles", 403)):
        assert enter(cast[who]).get("/strategie/chiffres/nouveau/").status_code == status
    counted(cast)
    assert not access.readable_totals(cast.paul).exists()
    assert not access.readable_totals(cast.rose).exists()


def test_a_file_enters_whole_or_not_at_all(cast, enter):
    lines = (
        "total;produit;nomenclature;du;au;valeur;source\n"
        "Saisies de produits;Cocaïne;;01/01/2026;31/03/2026;1 200;Douane, essai\n"
        "Personnes mises en cause pour trafic;;nfi;01/01/2026;31/03/2026;{};SSMSI, essai\n"
    )
    claire = enter(cast.claire)

    def send(value):
        file = SimpleUploadedFile("totaux.csv", lines.format(value).encode())
        return claire.post("/strategie/chiffres/import/", {"file": file})

    refused = send("beaucoup")
    assert refused.status_code == 422
    assert "Ligne 3" in refused.content.decode()
    assert not access.readable_totals(cast.claire).exists()
    assert send("42").status_code == 302
    assert send("42").status_code == 302  # the same file says nothing new
    assert sorted(access.readable_totals(cast.claire).values_list("value", flat=True)) == [
        42,
        1_200,
    ]
