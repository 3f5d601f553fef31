"""Protocols: who reads them, who keeps them, and that each end holds at once."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cross.audit.models import Entry
from cross.ui.templatetags.words import day
from intel import access
from intel.models.choices import Product
from protocols import access as protocol_access
from protocols import actions, subjects
from protocols.models import Participation, Protocol, ProtocolStep
from protocols.reading.protocol import STATES, state_of
from protocols.reading.seats import seats
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def ours(cast, vosges):
    return Protocol.objects.get(department=vosges.department)


@pytest.fixture
def today():
    return timezone.localdate()


def typed(**fields):
    """A seat as its form sends it: a permanent one, from today on."""
    today = timezone.localdate()
    return {
        "quality": "permanent", "contributes": "oui", "subject": "", "communes": "",
        "starts_on": today.isoformat(), "ends_on": "",
    } | fields  # fmt: skip


def referent(**fields):
    until = (timezone.localdate() + 90 * DAY).isoformat()
    return typed(quality="referent", subject="Protoxyde d’azote", ends_on=until) | fields


def seat_of(member):
    rows = Participation.objects.filter(group=member.unit.group)
    return rows.running_or_to_come().get()


# --- Who --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "reads", "keeps"),
    [("marc", 200, True), ("anna", 200, False), ("diane", 200, False), ("claire", 200, False),
     ("ines", 200, False), ("tom", 200, False), ("paul", 404, False)],
)  # fmt: skip
def test_who_reads_a_protocol_and_who_keeps_it(cast, ours, enter, who, reads, keeps):
    client = enter(cast[who])
    answer = client.get(f"/protocoles/{ours.key}/")
    assert answer.status_code == reads
    assert ("Admettre une unité" in answer.content.decode()) == keeps
    seat, signed = seat_of(cast.louise).key, factories.signed_by(ours.lead_service)
    for address, fields in [
        (f"/protocoles/{ours.key}/suspendre/", {"from_day": timezone.localdate(), "why": "x"}),
        (f"/protocoles/{ours.key}/reprendre/", {"why": "x"}),
        (f"/protocoles/{ours.key}/avenant/", {"signed_on": "2021-01-01", "changes": "x"} | signed),
        (f"/protocoles/{ours.key}/fin/", {"last_day": timezone.localdate(), "why": "x"}),
        (f"/protocoles/sieges/{seat}/", typed(quality="permanent", why="x")),
    ]:
        assert client.post(address, fields).status_code == (302 if keeps else 404), address


@pytest.mark.parametrize(
    ("lack", "change"),
    [
        ("the role", lambda cast: setattr(cast.marc, "role", "analyste")),
        ("the cell", lambda cast: setattr(cast.marc.unit, "is_cell", False)),
        ("an open unit", lambda cast: setattr(cast.marc.unit, "closed_on", timezone.localdate())),
        ("its seat", lambda cast: seats_of(cast.marc).update(ended_at=timezone.now())),
        ("a seat of today", lambda cast: seats_of(cast.marc).update(
            starts_on=timezone.localdate() + DAY)),
        ("a permanent seat", lambda cast: seats_of(cast.marc).update(
            standing="referent", ends_on=timezone.localdate())),
    ],
)  # fmt: skip
def test_an_animator_keeps_nothing_without(cast, ours, enter, lack, change):
    client, address = enter(cast.marc), f"/protocoles/{ours.key}/suspendre/"
    assert client.get(address).status_code == 200
    change(cast)
    cast.marc.unit.save()
    cast.marc.save()
    assert client.get(address).status_code == 404
    assert enter(cast.paul).get(address).status_code == 404


def seats_of(member):
    return Participation.objects.filter(group=member.unit.group)


# --- The life of a protocol -------------------------------------------------------------------


def test_a_suspension_closes_at_once_and_its_keeper_lifts_it(cast, vosges, ours, enter, today):
    report = factories.report(cast.diane, vosges["Épinal"])
    diane, marc = enter(cast.diane), enter(cast.marc)
    assert diane.get(report.get_absolute_url()).status_code == 200
    marc.post(
        f"/protocoles/{ours.key}/suspendre/", {"from_day": today, "why": "révision du protocole"}
    )
    assert diane.get(report.get_absolute_url()).status_code == 404
    page = marc.get(f"/protocoles/{ours.key}/").content.decode()
    assert "Protocole suspendu" in page
    assert "révision du protocole" in page
    assert marc.get(f"/protocoles/{ours.key}/suspendre/").status_code == 200
    marc.post(f"/protocoles/{ours.key}/reprendre/", {"why": "révision faite"})
    assert diane.get(report.get_absolute_url()).status_code == 200
    assert [step.kind for step in ProtocolStep.objects.order_by("pk")] == ["suspended", "resumed"]
    lines = Entry.objects.filter(verb__in=["protocol.suspended", "protocol.resumed"])
    assert {line.who for line in lines} == {"Marc Essai"}
    assert lines.count() == 2
    assert enter(cast.paul).get(report.get_absolute_url()).status_code == 404


def test_what_was_set_names_its_day(cast, ours, enter, today):
    """A day typed without its year is read for him: he sees which."""
    client, day_ = enter(cast.marc), today + 30 * DAY
    short, told = f"{day_:%d/%m}", day(day_)
    for address, name in (
        (f"/protocoles/sieges/{seat_of(cast.louise).key}/fin/", "last_day"),
        (f"/protocoles/{ours.key}/suspendre/", "from_day"),
        (f"/protocoles/{ours.key}/fin/", "last_day"),
    ):
        page = client.post(address, {name: short, "why": "réorganisation"}, follow=True)
        assert any(told in str(said) for said in page.context["messages"]), address
    yesterday = f"{today - DAY:%d/%m}"
    seat = f"/protocoles/sieges/{seat_of(cast.diane).key}/fin/"
    refused = client.post(seat, {"last_day": yesterday, "why": "réorganisation"})
    assert refused.status_code == 422
    assert "Écrivez aussi l’année" in refused.content.decode()


def test_a_suspension_to_come_closes_on_its_day(cast, vosges, ours, today):
    factories.report(cast.diane, vosges["Épinal"])
    actions.suspend(ours, by=cast.marc, from_day=today + DAY, why="révision")
    assert access.readable_reports(cast.diane).exists()
    assert list(Protocol.objects.in_force(today)) != list(Protocol.objects.in_force(today + DAY))
    assert not Protocol.objects.in_force(today + DAY).filter(pk=ours.pk).exists()


@pytest.mark.parametrize(
    ("act", "field", "sentence"),
    [
        (lambda p, day: actions.suspend(p, by=None, from_day=day - DAY, why="x"),
         "from_day", "Choisissez aujourd’hui"),
        (lambda p, day: actions.suspend(p, by=None, from_day=day, why=" "),
         "why", "Indiquez le motif"),
        (lambda p, day: actions.resume(p, by=None, why="x"),
         "__all__", "n’est pas suspendu"),
        (lambda p, day: actions.end(p, by=None, last_day=day - DAY, why="x"),
         "last_day", "suspendez le protocole"),
        (lambda p, day: actions.amend(p, by=None, signed_on=day + DAY, changes="x"),
         "signed_on", "entre la signature"),
        (lambda p, day: actions.amend(p, by=None, signed_on=p.signed_on - DAY, changes="x"),
         "signed_on", "entre la signature"),
        (lambda p, day: actions.amend(
            p, by=None, signed_on=day, changes="x", ends_on=day - DAY), "ends_on", "à venir"),
    ],
)  # fmt: skip
def test_what_is_refused_says_what_to_do(ours, today, act, field, sentence):
    with pytest.raises(ValidationError) as refused:
        act(ours, today)
    told = refused.value.message_dict if hasattr(refused.value, "error_dict") else {}
    said = told.get(field) or refused.value.messages
    assert sentence in " ".join(said)
    ours.refresh_from_db()
    assert (ours.suspended_from, ours.ends_on) == (None, None)


def test_an_amendment_brings_an_expired_protocol_back(cast, vosges, ours, enter, today):
    factories.report(cast.diane, vosges["Épinal"])
    actions.end(ours, by=cast.marc, last_day=today, why="terme convenu")
    assert access.readable_reports(cast.diane).exists()  # the last day is included
    Protocol.objects.filter(pk=ours.pk).update(ends_on=today - DAY)
    assert not access.readable_reports(cast.diane).exists()
    client, address = enter(cast.marc), f"/protocoles/{ours.key}/avenant/"
    until, signed = today + 365 * DAY, factories.signed_by(ours.lead_service)
    client.post(
        address,
        {"signed_on": today.isoformat(), "changes": "Prolongation d’un an.",
         "ends_on": until.isoformat()} | signed,
    )  # fmt: skip
    ours.refresh_from_db()
    assert ours.ends_on == until
    assert access.readable_reports(cast.diane).exists()
    page = client.get(f"/protocoles/{ours.key}/").content.decode()
    assert "Avenant n° 1" in page
    assert "Prolongation d’un an." in page
    line = Entry.objects.get(verb="protocol.amended")
    assert "→" in line.recipients
    said = {"signed_on": today.isoformat(), "changes": "Un signataire de plus."}
    client.post(address, said | signed)
    assert list(ours.amendments.order_by("rank").values_list("rank", "ends_on")) == [
        (1, until), (2, None),
    ]  # fmt: skip
    ours.refresh_from_db()
    assert ours.ends_on == until  # an amendment may leave the end where it is
    assert enter(cast.paul).get(address).status_code == 404


def test_a_refused_form_keeps_what_was_typed(cast, ours, enter):
    answer = enter(cast.marc).post(
        f"/protocoles/{ours.key}/avenant/", {"signed_on": "", "changes": "Un texte tapé."}
    )
    assert answer.status_code == 422
    assert "Un texte tapé." in answer.content.decode()


def test_every_state_has_its_word(today):
    seen = {
        state_of(Protocol(signed_on=signed, starts_on=start, ends_on=end, suspended_from=pause))
        for signed, start, end, pause in [
            (today, today, None, None),
            (None, today, None, None),
            (today, today, None, today),
            (today, today - DAY, today - DAY, None),
            (today, today + DAY, None, None),
        ]
    }
    assert seen == set(STATES.values())


# --- Seats ------------------------------------------------------------------------------------


def admit(client, protocol, unit, **fields):
    return client.post(f"/protocoles/{protocol.key}/admettre/", {"unit": unit.pk, **fields})


def test_admitting_and_ending_a_seat_touch_no_report(cast, vosges, ours, enter):
    report = factories.report(cast.diane, vosges["Épinal"])
    client, unit = enter(cast.marc), cast.rose.unit
    assert admit(client, ours, unit, **typed()).status_code == 302
    newcomer = factories.member("zoe", unit, "liaison")
    assert access.readable_reports(newcomer).filter(pk=report.pk).exists()
    client.post(f"/protocoles/sieges/{seat_of(newcomer).key}/fin/", {"why": "fin de la mission"})
    assert not access.readable_reports(newcomer).exists()
    verbs = Entry.objects.filter(who="Marc Essai").values_list("verb", flat=True)
    assert {"unit.admitted", "unit.withdrawn"} <= set(verbs)


@pytest.mark.parametrize(
    ("seat", "reads"),
    [
        ({"products": ["nitrous_oxide"]}, {"gas"}),
        ({"communes": "Golbey"}, {"golbey"}),
        ({"products": ["nitrous_oxide"], "communes": "golbey, 88003"}, {"gas", "golbey", "other"}),
        ({}, set()),
    ],
)
def test_a_referent_reads_his_subject_until_a_date(cast, vosges, ours, enter, seat, reads):
    reports = {
        "gas": factories.report(cast.diane, vosges["Épinal"], products=["nitrous_oxide"]),
        "golbey": factories.report(cast.diane, vosges["Golbey"], products=["cocaine"]),
        "other": factories.report(cast.diane, vosges["Le Thillot"], products=["cocaine"]),
    }
    answer = admit(enter(cast.marc), ours, cast.rose.unit, **referent(**seat))
    assert answer.status_code == 302
    opened = {
        name
        for name, report in reports.items()
        if enter(cast.rose).get(report.get_absolute_url()).status_code == 200
    }
    assert opened == reads
    seats_of(cast.rose).update(
        starts_on=timezone.localdate() - 5 * DAY, ends_on=timezone.localdate() - DAY
    )
    for report in reports.values():
        assert enter(cast.rose).get(report.get_absolute_url()).status_code == 404
        assert enter(cast.paul).get(report.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ends_on": ""}, "participe jusqu’à une date"),
        ({"subject": " "}, "pour quel sujet"),
        ({"communes": "Golbey, Nancy"}, "« Nancy » n’est pas une commune"),
        ({"ends_on": "2020-01-01"}, "doit finir après avoir commencé"),
        ({"products": ["inventé"]}, "inventé"),
        ({"quality": "roi"}, "roi"),
    ],
)
def test_a_seat_that_is_refused_says_why_and_is_not_given(cast, ours, enter, fields, sentence):
    answer = admit(enter(cast.marc), ours, cast.rose.unit, **referent(**fields))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not seats_of(cast.rose).exists()


def test_the_subject_left_out_of_sight_is_no_part_of_a_permanent_seat(cast, ours, enter):
    sent = referent(quality="permanent", products=["cocaine"], communes="Nancy", ends_on="")
    assert admit(enter(cast.marc), ours, cast.rose.unit, **sent).status_code == 302
    seat = seats_of(cast.rose).get()
    assert (seat.products, seat.communes.count()) == ([], 0)
    with pytest.raises(ValidationError, match="ôtez produits et communes"):
        actions.change_seat(
            seat, replace(actions.seat_of(seat), products=("cocaine",)), by=cast.marc, why="essai"
        )


def test_units_without_anybody_who_reads_are_not_offered(cast, ours, enter):
    offered = set(protocol_access.admissible_units(ours))
    assert {cast.louise.unit, cast.rose.unit} <= offered
    assert not {cast.ines.unit, cast.tom.unit, cast.paul.unit} & offered
    page = enter(cast.marc).get(f"/protocoles/{ours.key}/admettre/").content.decode()
    assert f"{cast.louise.unit} (siège en cours)" in page


def test_units_of_elsewhere_and_units_seated_already_are_not_admitted(cast, ours, enter):
    client = enter(cast.marc)
    assert admit(client, ours, cast.paul.unit, **typed()).status_code == 422
    answer = admit(client, ours, cast.louise.unit, **typed())
    assert "participe déjà au protocole" in answer.content.decode()
    assert seats_of(cast.louise).count() == 1


def test_reading_only_contributes_nothing(cast, vosges, ours, enter):
    change = typed(contributes="non", why="lecture seule")
    enter(cast.marc).post(f"/protocoles/sieges/{seat_of(cast.louise).key}/", change)
    assert access.standing(cast.louise).departments
    with pytest.raises(ValidationError):
        factories.report(cast.louise, vosges["Épinal"])


def test_readmission_keeps_the_history(cast, ours, enter, today):
    client, unit = enter(cast.marc), cast.louise.unit
    first = seat_of(cast.louise)
    client.post(f"/protocoles/sieges/{first.key}/fin/", {"why": "convention dénoncée"})
    assert not access.standing(cast.louise).departments
    admit(client, ours, unit, **typed())
    assert access.standing(cast.louise).departments
    old, new = seats_of(cast.louise).order_by("pk")
    assert (old.pk, old.starts_on, old.ends_on) == (first.pk, first.starts_on, None)
    assert (old.ended_why, old.ended_by, new.given_by) == (
        "convention dénoncée", cast.marc, cast.marc,
    )  # fmt: skip
    assert new.starts_on == today
    page = client.get(f"/protocoles/{ours.key}/").content.decode()
    assert "convention dénoncée" in page
    # Why a seat ended is told to those who keep them.
    others = enter(cast.diane).get(f"/protocoles/{ours.key}/").content.decode()
    assert "Anciens sièges" in others
    assert "convention dénoncée" not in others


def test_a_seat_is_prolonged_and_cut_short_without_losing_its_past(cast, ours, enter, today):
    client = enter(cast.marc)
    admit(client, ours, cast.rose.unit, **referent(products=["cocaine"]))
    later = (today + 200 * DAY).isoformat()
    change = referent(products=["cocaine"], ends_on=later, why="prolongation")
    assert client.get(f"/protocoles/sieges/{seat_of(cast.rose).key}/").status_code == 200
    client.post(f"/protocoles/sieges/{seat_of(cast.rose).key}/", change)
    assert seat_of(cast.rose).ends_on == today + 200 * DAY
    client.post(
        f"/protocoles/sieges/{seat_of(cast.rose).key}/fin/",
        {"last_day": (today + DAY).isoformat(), "why": "plus besoin"},
    )
    assert seat_of(cast.rose).ends_on == today + DAY
    assert access.standing(cast.rose).subjects
    rows = seats_of(cast.rose).order_by("pk")
    assert [row.ended_why for row in rows] == ["prolongation", "plus besoin", ""]
    assert Entry.objects.get(verb="seat.changed").recipients.count("→") == 1
    stale = f"/protocoles/sieges/{rows[0].key}/"
    assert client.get(stale).status_code == 404  # an ended row is history
    assert enter(cast.paul).get(stale).status_code == 404


def test_nobody_touches_the_seat_of_his_own_unit(cast, ours, enter):
    own = seat_of(cast.marc)
    assert enter(cast.marc).post(
        f"/protocoles/sieges/{own.key}/fin/", {"why": "x"}
    ).status_code == 404  # fmt: skip
    with pytest.raises(ValidationError, match="propre unité"):
        actions.end_seat(own, by=cast.marc, why="x")
    assert access.standing(cast.marc).departments


def test_the_database_itself_holds_one_seat_at_a_time(cast, ours):
    row = seat_of(cast.louise)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(
            group=row.group, permission=row.permission, content_object=ours
        )


@pytest.mark.parametrize("first", [0, 30])
def test_the_database_itself_holds_one_signed_protocol_a_day(ours, today, first):
    """The running one ends on the thirtieth day: the next begins the day after at the earliest."""
    Protocol.objects.filter(pk=ours.pk).update(ends_on=today + 30 * DAY)
    following = {
        "department": ours.department, "lead_service": ours.lead_service, "title": "Suivant",
        "legal_basis": "Circulaire", "signed_on": today,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Protocol.objects.create(starts_on=today + first * DAY, **following)
    Protocol.objects.create(starts_on=today + 31 * DAY, **following)


def test_the_products_of_a_seat_are_those_of_reports():
    assert subjects.products() == Product.choices


def test_no_address_says_how_many_there_are(cast, ours, enter):
    """Of protocols, of seats: the number of a row is in no address, and opens none."""
    client, seat = enter(cast.marc), seat_of(cast.louise)
    page = client.get(f"/protocoles/{ours.key}/").content.decode()
    assert f"/protocoles/sieges/{seat.key}/" in page
    assert not re.search(r"/protocoles/(sieges/|signataires/)?\d+/", page)
    for number in (f"{ours.pk}/", f"{ours.pk}/pdf/", f"sieges/{seat.pk}/"):
        assert client.get(f"/protocoles/{number}").status_code == 404
    assert client.get(f"/protocoles/sieges/{seat.key}/").status_code == 200


def test_the_page_costs_the_same_with_one_seat_and_with_ten(cast, ours, vosges, enter):
    client, address = enter(cast.marc), f"/protocoles/{ours.key}/"
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for rank in range(10):
        unit = factories.unit(vosges.department, f"Unité {rank}")
        participation = actions.admit(unit, ours, by=cast.marc)
        actions.end_seat(participation, by=cast.marc, why="essai")
        actions.admit(unit, ours, by=cast.marc)
        actions.amend(ours, by=cast.marc, signed_on=timezone.localdate(), changes="x")
    assert len(seats(ours).running) > 10
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 15
