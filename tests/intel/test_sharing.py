"""The life of a restriction; who will see, who sees and why; how much each service shares."""

import re
import threading
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cross.audit.models import Entry
from cross.ui.templatetags.words import day
from intel import access, periods, tasks
from intel.access import Why
from intel.actions import invitations, openness, shares, sharing
from intel.actions.sharing import Narrowing
from intel.models import (
    Audience,
    Openness,
    ReleaseRequest,
    Report,
    ReportGroupGrant,
    ReportMemberGrant,
    ReportShare,
    Restriction,
    RestrictionChange,
)
from intel.models.choices import Origin, Product
from intel.reading import audience
from intel.states import State
from protocols.models import Participation, Protocol
from services.models import Unit
from tests import factories

EVERY_READER = {"diane", "karim", "louise", "bruno", "anna", "marc", "gilles"}


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"])


@pytest.fixture
def restricted(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])


def stored(report):
    return Report.objects.unguarded(because="test").get(pk=report.pk)


def readers(report, cast):
    return {
        name
        for name, member in cast.items()
        if access.readable_reports(member).filter(pk=report.pk).exists()
    }


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def narrowing(*units, review_on=None, reason="source", text=""):
    return Narrowing(units, reason, text, review_on or in_days(30))


def lines(verb):
    found = Entry.objects.filter(verb=verb).order_by("pk")
    return list(found.values_list("who", "why", "recipients"))


def plain(answer):
    text = answer.content.decode().replace("&nbsp;", " ")
    return text.replace("\u00a0", " ").replace("\u202f", " ")


# --- Narrow, renew ----------------------------------------------------------------------------


def test_each_narrowing_is_kept_with_its_before_and_its_after(cast, report, enter):
    sharing.restrict(report, by=cast.diane, narrowing=narrowing(cast.louise.unit))
    sharing.restrict(
        report, by=cast.karim, narrowing=narrowing(cast.bruno.unit, text="avis du juge")
    )
    sharing.renew(report, by=cast.diane, review_on=in_days(60), why="Toujours en cours")
    kept = RestrictionChange.objects.of(report).order_by("pk")
    mine = "Brigade des douanes"
    assert list(kept.values_list("kind", "before", "after", "review_on")) == [
        ("narrowed", "toutes les unités du protocole", f"{mine}, Commissariat", in_days(30)),
        ("changed", f"{mine}, Commissariat", f"Brigade de recherches, {mine}", in_days(30)),
        ("renewed", *(_said(days) for days in (30, 60)), in_days(60)),
    ]
    assert lines("report.restricted")[0][2] == (
        f"toutes les unités du protocole → {mine}, Commissariat"
    )
    assert lines("report.audience_changed") == [
        (
            "Karim Essai",
            "Protection d’une source",
            f"{mine}, Commissariat → Brigade de recherches, {mine}",
        )
    ]
    assert lines("report.renewed")[0][:2] == ("Diane Essai", "Toujours en cours")
    page = plain(enter(cast.bruno).get(report.get_absolute_url()))
    for words in ("Lecture restreinte", "Restriction modifiée", "Restriction prolongée"):
        assert words in page
    assert f"{mine}, Commissariat → Brigade de recherches, {mine}" in page
    assert "avis du juge" in page
    assert enter(cast.louise).get(report.get_absolute_url()).status_code == 404
    assert enter(cast.paul).get(report.get_absolute_url()).status_code == 404


def _said(days):
    return f"à revoir le {audience.day(in_days(days))}"


def test_a_report_born_restricted_says_so_in_its_history_and_in_the_journal(cast, restricted):
    [change] = RestrictionChange.objects.of(restricted)
    assert (change.before, change.after) == ("", "Brigade des douanes, Commissariat")
    assert lines("report.restricted") == [
        ("Diane Essai", "Protection d’une source", "Brigade des douanes, Commissariat")
    ]


def test_a_long_list_tells_the_journal_what_was_added_and_taken_away(cast, vosges, report):
    protocol = Protocol.objects.get(department=vosges.department)
    units = [factories.unit(vosges.department, f"Brigade de Remiremont {n}") for n in range(12)]
    for unit in units:
        factories.admit(unit, protocol, by=None, starts_on=date(2020, 9, 24))
    sharing.restrict(report, by=cast.diane, narrowing=narrowing(*units))
    sharing.restrict(report, by=cast.diane, narrowing=narrowing(*units[1:], cast.louise.unit))
    [(_, _, told)] = lines("report.audience_changed")
    assert told == (
        "13 unités → 13 unités ; ajoutées : Commissariat ; retirées : Brigade de Remiremont 0"
    )


def test_naming_everybody_is_no_restriction(cast, vosges, report, enter):
    everybody = [cast[name].unit for name in ("louise", "bruno", "anna", "gilles")]
    with pytest.raises(ValidationError, match="demandez la levée"):
        sharing.restrict(report, by=cast.diane, narrowing=narrowing(*everybody))
    with pytest.raises(ValidationError, match="demandez la levée"):
        factories.report(cast.diane, vosges["Épinal"], units=everybody)
    assert stored(report).audience == Audience.PROTOCOL
    sharing.restrict(report, by=cast.diane, narrowing=narrowing(*everybody[1:]))
    with pytest.raises(ValidationError, match="demandez la levée"):
        sharing.restrict(report, by=cast.karim, narrowing=narrowing(*everybody))
    assert readers(report, cast) == EVERY_READER - {"louise"}
    assert "paul" not in readers(report, cast)


@pytest.mark.parametrize(
    ("days", "why", "fault"),
    [
        (0, "x", "review_on"),
        (-1, "x", "review_on"),
        (91, "x", "review_on"),
        (30, " ", "why"),
        (1, "x", None),
        (90, "x", None),
    ],
)
def test_a_renewal_has_a_reason_and_ends_within_ninety_days(cast, restricted, days, why, fault):
    before = Restriction.objects.of(restricted).get().review_on
    said = {"by": cast.diane, "review_on": in_days(days), "why": why}
    if fault:
        with pytest.raises(ValidationError) as refusal:
            sharing.renew(restricted, **said)
        assert set(refusal.value.error_dict) == {fault}
        assert Restriction.objects.of(restricted).get().review_on == before
    else:
        sharing.renew(restricted, **said)
        assert Restriction.objects.of(restricted).get().review_on == in_days(days)


# --- What a narrowing ends --------------------------------------------------------------------


@pytest.fixture
def led_elsewhere(cast, meurthe, report):
    """An open report with a guest, a guest to come, and another department."""
    soon = timezone.now() + timedelta(days=2)
    until = timezone.now() + timedelta(days=5)
    given = {"by": cast.diane, "until": until, "reason": "avis"}
    invitations.invite(report, guest=cast.rose, **given)
    invitations.open_to(cast.paul, report, since=soon, **given)
    theirs = Protocol.objects.get(department=meurthe.department)
    shares.share(report, by=cast.diane, protocol=theirs, why="même réseau")
    return report


def test_narrowing_ends_guests_and_shares_at_once_says_so_before_and_journals_it(
    cast, led_elsewhere, enter
):
    url = f"{led_elsewhere.get_absolute_url()}diffusion/"
    assert {"rose", "paul"} <= readers(led_elsewhere, cast)
    said = plain(enter(cast.diane).get(url))
    assert "Prennent fin aussitôt" in said
    for name in ("Rose Essai", "Paul Essai", "Meurthe-et-Moselle"):
        assert name in said
    sent = {
        "units": [cast.louise.unit_id],
        "reason": "source",
        "restriction_text": "",
        "review_on": in_days(20).isoformat(),
    }
    assert enter(cast.diane).post(url, sent).status_code == 302
    assert readers(led_elsewhere, cast) == {"diane", "karim", "louise"}
    assert not ReportMemberGrant.objects.filter(content_object=led_elsewhere).exists()
    assert not ReportShare.objects.of(led_elsewhere).exists()
    ended = {told for _, _, told in lines("report.invitation_ended")}
    assert len(ended) == 2
    assert [told for _, _, told in lines("report.share_ended")] == ["Meurthe-et-Moselle (54)"]
    # Opened again, it does not lead there again.
    asked = sharing.ask_release(led_elsewhere, by=cast.diane, why="fini")
    sharing.confirm_release(asked, by=cast.karim)
    assert readers(led_elsewhere, cast) == EVERY_READER


def test_naming_one_more_unit_ends_nothing(cast, restricted, enter):
    until = timezone.now() + timedelta(days=5)
    invitations.invite(restricted, by=cast.diane, guest=cast.rose, until=until, reason="avis")
    sharing.restrict(
        restricted, by=cast.diane, narrowing=narrowing(cast.louise.unit, cast.bruno.unit)
    )
    assert readers(restricted, cast) == {"diane", "karim", "louise", "bruno", "rose"}
    page = plain(enter(cast.diane).get(f"{restricted.get_absolute_url()}diffusion/"))
    assert "Prennent fin" not in page
    assert "Invité : Rose Essai (jusqu’au" in page
    sharing.restrict(restricted, by=cast.diane, narrowing=narrowing(cast.bruno.unit))
    assert readers(restricted, cast) == {"diane", "karim", "bruno"}
    assert "paul" not in readers(restricted, cast)


# --- Open again, by two -----------------------------------------------------------------------


@pytest.fixture
def asked(cast, restricted):
    return sharing.ask_release(restricted, by=cast.diane, why="La source est partie.")


@pytest.mark.parametrize(
    ("who", "confirms", "declines", "withdraws"),
    [
        ("diane", False, False, True),  # nobody opens it alone
        ("karim", True, True, False),
        ("louise", False, False, False),  # she reads it; it is not hers
        ("bruno", False, False, False),
        ("anna", False, False, False),
        ("marc", False, False, False),
        ("gilles", False, False, False),
        ("rose", False, False, False),
        ("ines", False, False, False),
        ("tom", False, False, False),
        ("fanny", False, False, False),
        ("paul", False, False, False),
    ],
)
def test_who_decides_of_a_release(
    cast, restricted, asked, enter, who, confirms, declines, withdraws
):
    client = enter(cast[who])
    acts = {"confirmer": confirms, "refuser": declines, "retirer": withdraws}
    for act, may in acts.items():
        with transaction.atomic():
            answer = client.post(f"/levees/{asked.key}/{act}/", {"why": "non"})
            level = stored(restricted).audience
            transaction.set_rollback(True)
        assert (answer.status_code == 302) == may, act
        opened = act == "confirmer" and confirms
        assert (level == Audience.PROTOCOL) == opened


def test_what_waits_is_told_to_its_unit_alone(cast, restricted, asked, enter):
    for name in ("diane", "karim", "louise"):
        page = plain(enter(cast[name]).get(restricted.get_absolute_url()))
        assert ("La source est partie." in page) == (name != "louise")
        assert ("Confirmer la levée" in page) == (name == "karim")
        assert ("Retirer ma demande" in page) == (name == "diane")
    assert readers(restricted, cast) == {"diane", "karim", "louise"}


def test_a_refusal_is_told_to_its_unit_and_may_be_asked_again(cast, restricted, asked, enter):
    client = enter(cast.karim)
    assert client.post(f"/levees/{asked.key}/refuser/", {"why": " "}).status_code == 422
    assert client.post(f"/levees/{asked.key}/refuser/", {"why": "Trop tôt."}).status_code == 302
    assert lines("report.release_declined") == [("Karim Essai", "Trop tôt.", "")]
    assert "Trop tôt." in plain(enter(cast.diane).get(restricted.get_absolute_url()))
    assert "Trop tôt." not in plain(enter(cast.louise).get(restricted.get_absolute_url()))
    again = sharing.ask_release(restricted, by=cast.karim, why="cette fois")
    sharing.confirm_release(again, by=cast.diane)
    assert readers(restricted, cast) == EVERY_READER
    page = plain(enter(cast.louise).get(restricted.get_absolute_url()))
    assert "Demandée par Karim Essai. cette fois" in page
    assert "paul" not in readers(restricted, cast)


def test_one_release_is_asked_at_a_time_and_decided_once(cast, restricted, asked):
    with pytest.raises(ValidationError, match="déjà demandée, par Diane Essai"):
        sharing.ask_release(restricted, by=cast.karim, why="moi aussi")
    sharing.withdraw_release(asked, by=cast.diane)
    for decide in (sharing.confirm_release, sharing.withdraw_release):
        with pytest.raises(ValidationError, match="vient d’y répondre"):
            decide(asked, by=cast.karim)
    assert stored(restricted).audience == Audience.RESTRICTED
    assert "paul" not in readers(restricted, cast)


@pytest.mark.parametrize(
    "gone",
    [
        {"is_active": False},
        {"authorised_until": -1},
        {"unit": "louise"},
    ],
)
def test_a_first_person_who_is_gone_is_no_first_person(cast, restricted, asked, gone):
    [(name, value)] = gone.items()
    value = in_days(value) if name == "authorised_until" else value
    setattr(cast.diane, name, cast.louise.unit if name == "unit" else value)
    cast.diane.save()
    with pytest.raises(ValidationError):
        sharing.confirm_release(asked, by=cast.karim)
    assert stored(restricted).audience == Audience.RESTRICTED
    sharing.decline_release(asked, by=cast.karim, why="Elle a quitté l’unité")
    assert sharing.ask_release(restricted, by=cast.karim, why="je reprends").is_waiting


def test_a_narrowing_tells_before_and_after_that_the_release_goes(cast, restricted, asked, enter):
    """Karim narrows what Diane asked to open: he is told first, she on her page of requests."""
    client, address = enter(cast.karim), f"{restricted.get_absolute_url()}diffusion/"
    assert "La levée demandée par Diane Essai sera retirée" in plain(client.get(address))
    sent = {
        "units": [cast.anna.unit.pk], "reason": "source", "review_on": in_days(20).isoformat(),
    }  # fmt: skip
    after = plain(client.post(address, sent, follow=True))
    assert "La levée demandée par Diane Essai est retirée." in after
    told = f"Sans objet : la restriction a été resserrée le {day(timezone.localdate())}."
    assert told.replace("\u00a0", " ") in plain(enter(cast.diane).get("/demandes/"))
    for who in ("karim", "louise", "paul"):
        assert "Sans objet" not in plain(enter(cast[who]).get("/demandes/"))
    # Taken back by oneself, it needs no such word; after a month, nor does this one.
    again = sharing.ask_release(restricted, by=cast.diane, why="encore")
    sharing.withdraw_release(again, by=cast.diane)
    assert plain(enter(cast.diane).get("/demandes/")).count("Retirée") == 1
    long_ago = timezone.now() - timedelta(days=31)
    ReleaseRequest.objects.of(restricted).update(decided_at=long_ago)
    assert "Sans objet" not in plain(enter(cast.diane).get("/demandes/"))


@pytest.mark.parametrize("act", ["confirmer", "refuser", "retirer"])
def test_a_release_decided_in_two_tabs_is_told_in_the_second(cast, restricted, asked, enter, act):
    first = enter(cast.diane if act == "retirer" else cast.karim)
    address = f"/levees/{asked.key}/{act}/"
    assert first.post(address, {"why": "non"}).status_code == 302
    again = first.post(address, {"why": "non"}, follow=True)
    assert again.status_code == 200
    assert "Quelqu’un vient d’y répondre" in plain(again)
    assert ReleaseRequest.objects.of(restricted).count() == 1
    assert enter(cast.paul).post(address, {"why": "non"}).status_code == 404


def test_what_is_confirmed_is_what_was_asked(cast, restricted, asked, enter):
    """Narrowed since: the page on which a second person is about to click says something else."""
    confirm = reverse("confirm_release", args=[asked.key])
    sharing.restrict(restricted, by=cast.diane, narrowing=narrowing(cast.anna.unit))
    assert "vient d’y répondre" in plain(enter(cast.karim).post(confirm, follow=True))
    assert stored(restricted).audience == Audience.RESTRICTED
    told = f"Sans objet : la restriction a été resserrée le {day(timezone.localdate())}."
    assert lines("report.release_withdrawn") == [("Diane Essai", told, "")]
    again = sharing.ask_release(restricted, by=cast.diane, why="plus de raison")
    again = reverse("confirm_release", args=[again.key])
    assert enter(cast.paul).post(again).status_code == 404
    assert enter(cast.karim).post(again).status_code == 302
    assert stored(restricted).audience == Audience.PROTOCOL


def test_the_database_itself_wants_two_persons(cast, restricted, asked):
    decided = {"decision": "accepted", "decided_at": timezone.now()}
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        ReleaseRequest.objects.filter(pk=asked.pk).update(decided_by=cast.diane, **decided)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        RestrictionChange.objects.create(
            report=restricted, kind="released", after="tous", by=cast.diane, asked_by=cast.diane
        )


def test_the_page_says_when_nobody_can_confirm(cast, vosges, enter):
    lonely = factories.report(cast.louise, vosges["Épinal"], units=[])
    page = plain(enter(cast.louise).get(f"{lonely.get_absolute_url()}lever-restriction/"))
    assert "Personne d’autre de votre unité ne peut confirmer" in page  # Fanny's time is over
    ours = factories.report(cast.diane, vosges["Épinal"], units=[])
    page = plain(enter(cast.diane).get(f"{ours.get_absolute_url()}lever-restriction/"))
    assert "Peut confirmer : Karim Essai." in page
    assert "5 unités verront cette fiche" in page


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_open_or_close_but_never_both(cast, restricted, asked):
    """Karim confirms while Diane narrows: whichever comes last is what stands, grants included."""
    acts = [
        lambda: sharing.confirm_release(asked, by=cast.karim),
        lambda: sharing.restrict(restricted, by=cast.diane, narrowing=narrowing(cast.anna.unit)),
    ]
    ready = threading.Barrier(len(acts))

    def run(act):
        try:
            ready.wait(10)
            act()
        except ValidationError:
            pass  # it came second, and was refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    is_open = stored(restricted).audience == Audience.PROTOCOL
    assert ReportGroupGrant.objects.filter(content_object=restricted).exists() != is_open
    assert Restriction.objects.of(restricted).exists() != is_open
    assert readers(restricted, cast) == (EVERY_READER if is_open else {"diane", "karim"} | CELL)


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_open_it_once(cast, restricted, asked):
    cast["hugo"] = factories.member("hugo", cast.diane.unit, "liaison")
    ready, refused = threading.Barrier(2), []

    def confirm(by):
        try:
            ready.wait(10)
            sharing.confirm_release(asked, by=by)
        except ValidationError:
            refused.append(by)
        finally:
            connection.close()

    people = [threading.Thread(target=confirm, args=[cast[who]]) for who in ("karim", "hugo")]
    for person in people:
        person.start()
    for person in people:
        person.join(30)
    assert len(refused) == 1
    assert len(lines("report.released")) == 1
    assert RestrictionChange.objects.of(restricted).filter(kind="released").count() == 1
    assert readers(restricted, cast) == EVERY_READER | {"hugo"}


CELL = {"anna", "marc"}

# What members may do to one report of Diane's unit; the last of each is what is asked for.
ACTS = ("narrow", "name", "renew", "ask", "ask again", "withdraw", "decline", "review passes")


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    acts=st.lists(
        st.tuples(st.sampled_from(ACTS), st.sampled_from(["diane", "karim"])), max_size=8
    )
)
def test_whatever_one_person_or_time_does_it_never_opens(cast, vosges, acts):
    """Only a second person opens; at no moment in between is the report anybody else's."""
    with transaction.atomic():
        report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
        named = {"diane", "karim", "louise"}
        for act, who in acts:
            named = _play(act, report, cast, cast[who], named)
            assert stored(report).audience == Audience.RESTRICTED
            assert readers(report, cast) == named
        transaction.set_rollback(True)


def _play(act, report, cast, by, named):
    """Play one act, refused or not, and say who reads the report after it."""
    waiting = sharing.release_asked(report)
    try:
        with transaction.atomic():
            if act == "narrow":
                sharing.restrict(report, by=by, narrowing=narrowing())
                return {"diane", "karim"}
            if act == "name":
                sharing.restrict(report, by=by, narrowing=narrowing(cast.bruno.unit))
                return {"diane", "karim", "bruno"}
            if act == "renew":
                sharing.renew(report, by=by, review_on=in_days(40), why="encore")
            elif act.startswith("ask"):
                sharing.ask_release(report, by=by, why="fini")
            elif act == "withdraw" and waiting:
                sharing.withdraw_release(waiting, by=by)
            elif act == "decline" and waiting:
                sharing.decline_release(waiting, by=by, why="non")
            elif act == "review passes":
                Restriction.objects.of(report).update(review_on=in_days(-1))
            if waiting and by == waiting.asked_by:
                with pytest.raises(ValidationError):
                    sharing.confirm_release(waiting, by=by)
    except ValidationError:
        pass  # refused: nothing has changed, which the caller checks
    return named


# --- All those of one's unit ------------------------------------------------------------------


def reviewed(by, commune, days, **fields):
    report = factories.report(by, commune, units=[], **fields)
    Restriction.objects.of(report).update(review_on=in_days(days))
    return report


def test_the_list_calls_for_what_is_due_and_opens_nothing(cast, vosges, enter):
    overdue, soon, later = (reviewed(cast.diane, vosges["Épinal"], days) for days in (-3, 6, 30))
    foreign = reviewed(cast.louise, vosges["Épinal"], -3)
    page = plain(enter(cast.karim).get("/restrictions/"))
    assert overdue.reference in page
    assert "Dépassée" in page
    assert soon.reference in page
    assert "Bientôt" in page
    assert later.reference not in page
    assert later.reference in plain(enter(cast.karim).get("/restrictions/?voir=toutes"))
    assert foreign.reference not in plain(enter(cast.karim).get("/restrictions/?voir=toutes"))
    assert readers(overdue, cast) == {"diane", "karim"}
    assert overdue.reference not in plain(enter(cast.paul).get("/restrictions/?voir=toutes"))


def test_several_are_renewed_at_once_or_none(cast, vosges, enter):
    mine = [reviewed(cast.diane, vosges["Épinal"], -3) for _ in range(3)]
    sent = {
        "fiches": [each.reference for each in mine],
        "why": "",
        "review_on": "",
        "prolonger": 1,
    }
    refused = enter(cast.karim).post("/restrictions/", sent)
    assert refused.status_code == 422
    assert "Indiquez jusqu’à quand prolonger" in plain(refused)
    assert plain(refused).count(" checked") == 3
    sent |= {"why": "Enquête en cours", "review_on": in_days(80).isoformat()}
    done = enter(cast.karim).post("/restrictions/", sent, follow=True)
    assert "3 restrictions prolongées" in plain(done)
    days = {Restriction.objects.of(each).get().review_on for each in mine}
    assert days == {in_days(80)}
    assert len(lines("report.renewed")) == 3


def test_several_releases_are_asked_at_once(cast, vosges, enter):
    mine = [reviewed(cast.diane, vosges["Épinal"], -3) for _ in range(2)]
    sent = {"fiches": [each.reference for each in mine], "release_why": " ", "lever": 1}
    # What was typed for the other act is no fault of this one.
    sent |= {"review_on": "31/02/2026"}
    refused = enter(cast.karim).post("/restrictions/", sent)
    assert "doivent être levées" in plain(refused)
    assert "n’existe pas" not in plain(refused)
    sent |= {"release_why": "Fini"}
    done = enter(cast.karim).post("/restrictions/", sent, follow=True)
    assert "2 levées demandées" in plain(done)
    assert "Levée demandée" in plain(done)
    assert all(readers(each, cast) == {"diane", "karim"} for each in mine)
    again = enter(cast.diane).post("/restrictions/", sent)
    assert again.status_code == 422
    assert "déjà demandée" in plain(again)
    assert ReleaseRequest.objects.of(mine[0]).count() == 1


def test_what_is_posted_is_resolved_among_ones_own(cast, vosges, enter):
    mine = reviewed(cast.diane, vosges["Épinal"], -3)
    foreign = reviewed(cast.louise, vosges["Épinal"], -3)
    named = factories.report(cast.louise, vosges["Épinal"], units=[cast.diane.unit])
    for other in (foreign.reference, named.reference, "CROSS-88-2026-99999", "x" * 300, "\0"):
        sent = {
            "fiches": [mine.reference, other],
            "why": "x",
            "review_on": in_days(9).isoformat(),
            "prolonger": 1,
        }
        assert enter(cast.diane).post("/restrictions/", sent).status_code == 404, other
    assert Restriction.objects.of(mine).get().review_on == in_days(-3)
    assert enter(cast.paul).post("/restrictions/", sent).status_code == 404


def test_the_list_costs_the_same_whatever_it_holds(
    cast, vosges, enter, django_assert_max_num_queries
):
    client, costs = enter(cast.diane), []
    client.get("/restrictions/")
    for number in (1, 6):
        for _ in range(number):
            reviewed(cast.diane, vosges["Épinal"], -3)
        with django_assert_max_num_queries(15) as queries:
            client.get("/restrictions/")
        costs.append(len(queries))
    assert costs[0] == costs[1]


# --- Before saving ----------------------------------------------------------------------------


def habit(cast, vosges, *, opened, closed, origin=Origin.SERVICE):
    for number in range(opened + closed):
        units = None if number < opened else [cast.louise.unit]
        report = factories.report(
            cast.diane, vosges["Épinal"], origin=Origin.OPEN_SOURCE, units=units
        )
        Report.objects.filter(pk=report.pk).update(origin=origin)


@pytest.mark.parametrize(
    ("opened", "closed", "choice", "said"),
    [
        (10, 0, Audience.RESTRICTED, "ouvre ces fiches à tout le protocole (10 sur 10"),
        (10, 0, Audience.PROTOCOL, ""),
        (9, 1, Audience.RESTRICTED, "ouvre ces fiches à tout le protocole (9 sur 10"),
        (2, 9, Audience.PROTOCOL, "restreint ces fiches (9 sur 11"),
        (2, 9, Audience.RESTRICTED, ""),
        (6, 6, Audience.RESTRICTED, ""),  # now one thing, now the other
        (6, 6, Audience.PROTOCOL, ""),
        (9, 0, Audience.RESTRICTED, ""),  # too few to be a habit
    ],
)
def test_a_choice_against_the_habit_of_the_unit_is_said(
    cast, vosges, opened, closed, choice, said
):
    habit(cast, vosges, opened=opened, closed=closed)
    told = audience.habit_against(choice, cast.karim, Origin.SERVICE)
    assert (said in told) if said else told == ""
    # Another unit's habit is no habit of ours, nor is that of another origin.
    assert audience.habit_against(choice, cast.louise, Origin.SERVICE) == ""
    assert audience.habit_against(choice, cast.karim, Origin.CITIZEN) == ""
    assert audience.habit_against(choice, cast.paul, Origin.SERVICE) == ""


def test_the_entry_form_says_who_will_see_it_with_and_without_script(cast, vosges, enter):
    habit(cast, vosges, opened=10, closed=0)
    client = enter(cast.diane)
    page = plain(client.get("/renseignements/nouveau/"))
    assert "Les 5 unités du protocole, dès la transmission." in page
    assert "Brigade de recherches, Brigade des douanes" in page  # each is named, unfolded
    sent = {
        "audience": "nommees",
        "units": [cast.louise.unit_id, cast.paul.unit_id, "x"],
        "origin": Origin.SERVICE,
    }
    told = "Votre unité (Brigade des douanes) et 1 unité : Commissariat."
    habits = "D’habitude, votre unité ouvre ces fiches à tout le protocole (10 sur 10"
    part = plain(client.post("/renseignements/qui-verra/", sent))
    whole = plain(client.post("/renseignements/nouveau/", sent | {"apercu": "1"}))
    for text in (part, whole):
        assert told in text
        assert habits in text
        assert "elle ne pourra ni la trier" in text
        assert "Groupement 54" not in text
    assert "<html" not in part
    assert "Décrivez les faits" not in whole
    assert Report.objects.unguarded(because="test").count() == 10


def test_a_seat_on_a_subject_is_counted_when_the_report_touches_it(cast, vosges, enter):
    protocol = Protocol.objects.get(department=vosges.department)
    seat = {
        "standing": Participation.Standing.CASE_BY_CASE,
        "subject": "Protoxyde d’azote",
        "products": [Product.NITROUS_OXIDE],
        "starts_on": date(2020, 9, 24),
        "ends_on": in_days(30),
    }
    permission = access.permission_id(Protocol, "read_reports")
    Participation.objects.create(
        content_object=protocol, permission_id=permission, group=cast.rose.unit.group, **seat
    )
    client = enter(cast.diane)
    sent = {"audience": "protocole", "origin": Origin.SERVICE}
    assert "Les 5 unités" in plain(client.post("/renseignements/qui-verra/", sent))
    sent |= {"products": [Product.NITROUS_OXIDE]}
    told = plain(client.post("/renseignements/qui-verra/", sent))
    assert "Les 6 unités" in told
    assert "Éducation nationale" in told


def test_changing_a_report_says_who_reads_it_guests_included(cast, restricted, enter):
    until = timezone.now() + timedelta(days=5)
    invitations.invite(restricted, by=cast.diane, guest=cast.rose, until=until, reason="avis")
    page = plain(enter(cast.karim).get(f"{restricted.get_absolute_url()}modifier/"))
    assert "2 unités verront cette fiche : Brigade des douanes (la vôtre) et Commissariat." in page
    assert "Invité : Rose Essai" in page


# --- Why do I see this? -----------------------------------------------------------------------


def _seat_on_cocaine(cast, vosges):
    protocol = Protocol.objects.get(department=vosges.department)
    Participation.objects.create(
        content_object=protocol,
        permission_id=access.permission_id(Protocol, "read_reports"),
        group=cast.rose.unit.group,
        standing=Participation.Standing.CASE_BY_CASE,
        subject="Abords des établissements",
        products=[Product.COCAINE],
        starts_on=date(2020, 9, 24),
        ends_on=date(2027, 3, 3),
    )


@pytest.mark.parametrize(
    ("who", "why", "said"),
    [
        ("karim", Why.OWN, "votre unité l’a rédigée."),
        ("louise", Why.OPEN, "du protocole « Protocole CROSS des Vosges », où la vôtre siège."),
        ("gilles", Why.COURT, "Épinal, est du ressort du tribunal judiciaire de Épinal."),
        ("rose", Why.SUBJECT, "siège : Abords des établissements, jusqu’au 3 mars 2027."),
        ("paul", Why.SHARED, "Brigade des douanes l’a partagée avec votre département le"),
        ("claire", None, ""),
    ],
)
def test_why_one_sees_an_open_report(cast, vosges, meurthe, enter, who, why, said):
    report = factories.report(cast.diane, vosges["Épinal"], products=[Product.COCAINE])
    _seat_on_cocaine(cast, vosges)
    theirs = Protocol.objects.get(department=meurthe.department)
    shares.share(report, by=cast.diane, protocol=theirs, why="réseau", until=date(2027, 3, 3))
    assert access.why_readable(cast[who], report) == why
    answer = enter(cast[who]).get(report.get_absolute_url())
    assert answer.status_code == (200 if why else 404)
    if why:
        page = plain(answer)
        assert "Pourquoi est-ce que je vois ceci" in page
        assert said in page
    if why == Why.SHARED:
        assert "jusqu’au 3 mars 2027" in page


@pytest.mark.parametrize(
    ("who", "why", "said"),
    [
        ("diane", Why.OWN, "votre unité l’a rédigée."),
        (
            "louise",
            Why.NAMED,
            "votre unité est nommée par Brigade des douanes, qui l’a restreinte",
        ),
        ("rose", Why.INVITED, "sur invitation de l’unité Brigade des douanes, donnée le"),
        ("bruno", None, ""),
        ("gilles", None, ""),
        ("paul", None, ""),
    ],
)
def test_why_one_sees_a_restricted_report(cast, restricted, enter, who, why, said):
    until = timezone.now() + timedelta(days=5)
    invitations.invite(restricted, by=cast.diane, guest=cast.rose, until=until, reason="Avis.")
    assert access.why_readable(cast[who], restricted) == why
    answer = enter(cast[who]).get(restricted.get_absolute_url())
    assert answer.status_code == (200 if why else 404)
    if why:
        assert said in plain(answer)
    if why == Why.INVITED:
        assert "Motif : Avis." in plain(answer)


def test_every_rule_has_its_sentence():
    assert set(audience.REASONS) == set(Why)


# --- As a unit sees ---------------------------------------------------------------------------


@pytest.fixture
def shelf(cast, vosges):
    """Reports of every kind, by name."""
    epinal = vosges["Épinal"]
    return {
        "open": factories.report(cast.diane, epinal),
        "named": factories.report(cast.diane, epinal, units=[cast.louise.unit, cast.marc.unit]),
        "cell's": factories.report(cast.diane, epinal, units=[cast.marc.unit]),
        "hidden": factories.report(cast.louise, epinal, units=[]),
        "draft": factories.report(cast.louise, epinal, draft=True),
    }


def shown(answer, shelf):
    return {name for name, report in shelf.items() if report.reference in plain(answer)}


def test_the_animator_looks_as_a_unit_at_what_he_reads_and_at_nothing_more(cast, shelf, enter):
    client, unit = enter(cast.marc), cast.louise.unit
    assert shown(client.get(f"/renseignements/?vu_par={unit.pk}"), shelf) == {"open", "named"}
    assert shown(client.get(f"/renseignements/?non_vu_par={unit.pk}"), shelf) == {"cell's"}
    both = f"/renseignements/?vu_par={unit.pk}&non_vu_par={cast.bruno.unit_id}"
    assert shown(client.get(both), shelf) == {"named"}
    page = plain(client.get(f"/renseignements/?vu_par={unit.pk}&etat=a_trier"))
    assert f'href="?etat=a_trier&amp;non_vu_par={unit.pk}"' in page
    assert "Quitter cette vue" in page
    assert [told for _, _, told in lines("report.looked_as")] == [""] * 5
    targets = set(Entry.objects.filter(verb="report.looked_as").values_list("target", flat=True))
    assert "ce que voit Commissariat" in targets
    assert "ce que ne voit pas Commissariat" in targets


def test_what_he_takes_away_while_he_looks_is_journalled_too(cast, shelf, enter):
    client, unit = enter(cast.marc), cast.louise.unit
    file = client.get(f"/renseignements/export/?format=csv&vu_par={unit.pk}")
    text = b"".join(file.streaming_content).decode()
    taken = {name for name, report in shelf.items() if report.reference in text}
    assert taken == {"open", "named"}
    looked = Entry.objects.get(verb="report.looked_as")
    assert looked.target == "ce que voit Commissariat"
    # Who may not look is given the plain list, and no such line.
    enter(cast.paul).get(f"/renseignements/export/?format=csv&vu_par={unit.pk}")
    assert Entry.objects.filter(verb="report.looked_as").count() == 1


def test_what_he_is_shown_is_what_the_unit_reads(cast, shelf):
    among = access.readable_reports(cast.marc)
    for name in ("diane", "louise", "bruno", "gilles"):
        read = access.read_by_unit(cast[name].unit, among=among)
        mine = set(among.values_list("pk", flat=True))
        theirs = set(access.readable_reports(cast[name]).values_list("pk", flat=True))
        assert set(read.values_list("pk", flat=True)) == mine & theirs, name
    assert not access.read_by_unit(cast.claire.unit, among=among).exists()
    assert not access.read_by_unit(cast.paul.unit, among=among).exists()


def test_a_prosecutor_s_unit_is_looked_at_within_its_court(cast, vosges, shelf):
    from services.models import Court

    elsewhere = Court.objects.create(
        code="88413", name="Tribunal judiciaire de Saint-Dié", department=vosges.department
    )
    Unit.objects.filter(pk=cast.gilles.unit_id).update(court=elsewhere)
    unit = Unit.objects.get(pk=cast.gilles.unit_id)
    assert not access.read_by_unit(unit, among=access.readable_reports(cast.marc)).exists()


@pytest.mark.parametrize("who", ["anna", "diane", "louise", "gilles", "rose", "paul"])
def test_nobody_else_looks_as_anybody(cast, shelf, enter, who):
    client = enter(cast[who])
    address = f"/renseignements/?vu_par={cast.diane.unit_id}"
    assert shown(client.get(address), shelf) == shown(client.get("/renseignements/"), shelf)
    assert "Quitter cette vue" not in plain(client.get(address))
    sheet = client.get(f"{shelf['open'].get_absolute_url()}?comme={cast.diane.unit_id}")
    assert "voit cette fiche." not in plain(sheet)
    assert not Entry.objects.filter(verb="report.looked_as").exists()


@pytest.mark.parametrize("typed", ["0", "x", "99999999999999999999", "\0"])
def test_a_forged_unit_shows_no_report(cast, shelf, enter, typed):
    answer = enter(cast.marc).get("/renseignements/", {"vu_par": typed})
    assert answer.status_code == 200
    assert shown(answer, shelf) == set()
    assert (
        enter(cast.marc).get(shelf["open"].get_absolute_url(), {"comme": typed}).status_code == 200
    )


def test_a_unit_of_another_department_is_not_looked_through(cast, shelf, enter):
    answer = enter(cast.marc).get(f"/renseignements/?vu_par={cast.paul.unit_id}")
    assert shown(answer, shelf) == set()
    assert "n’est pas un choix" in plain(answer)


@pytest.mark.parametrize(("name", "sees"), [("open", True), ("named", True), ("cell's", False)])
def test_a_sheet_says_whether_a_unit_sees_it(cast, shelf, enter, name, sees):
    address = f"{shelf[name].get_absolute_url()}?comme={cast.louise.unit_id}"
    page = plain(enter(cast.marc).get(address))
    assert f"Commissariat {'voit' if sees else 'ne voit pas'} cette fiche." in page
    assert lines("report.looked_as") == [("Marc Essai", "", "comme Commissariat")]
    hidden = f"{shelf['hidden'].get_absolute_url()}?comme={cast.louise.unit_id}"
    assert enter(cast.marc).get(hidden).status_code == 404
    assert enter(cast.paul).get(address).status_code == 404


# --- How much each service shares -------------------------------------------------------------

MAY = periods.month_of(date(2026, 5, 1))


def recorded(cast, vosges, month, *, opened=0, closed=0, by="diane"):
    """Reports recorded on the tenth of a month, restricted that day for 30 days or not."""
    noon = timezone.make_aware(datetime.combine(month.start + timedelta(days=9), time(12)))
    made, cast[by].authorised_from = [], date(2020, 9, 24)
    with time_machine.travel(noon, tick=False):
        for number in range(opened + closed):
            units = None if number < opened else [cast.louise.unit]
            made.append(factories.report(cast[by], vosges["Épinal"], units=units))
    return made


def share_of(member, month=MAY):
    row = Openness.objects.get(service=member.unit.service_id, month=month.start)
    return row.band, row.overdue


@pytest.mark.parametrize(
    ("opened", "closed", "band"),
    [
        (20, 0, "over_95"),
        (24, 1, "over_95"),  # 96
        (19, 1, "from_80"),  # 95
        (16, 4, "from_80"),
        (15, 5, "from_50"),  # 75
        (10, 10, "from_50"),
        (9, 11, "under_50"),
        (0, 20, "under_50"),
        (19, 0, ""),  # under twenty, nothing is told
        (0, 19, ""),
        (0, 0, ""),
    ],
)
def test_a_share_is_told_in_bands_and_of_few_reports_not_at_all(
    cast, vosges, opened, closed, band
):
    recorded(cast, vosges, MAY, opened=opened, closed=closed)
    openness.build(vosges.department, MAY)
    assert share_of(cast.diane)[0] == band


def test_no_month_less_another_gives_a_report_away(cast, vosges, enter):
    """One more hidden report in June: every reader sees what he saw of May."""
    june = periods.month_of(date(2026, 6, 1))
    recorded(cast, vosges, MAY, opened=22, closed=3)
    recorded(cast, vosges, june, closed=1)
    for month in (MAY, june):
        openness.build(vosges.department, month)
    assert share_of(cast.diane, MAY)[0] == share_of(cast.diane, june)[0] == "from_80"
    page = plain(enter(cast.bruno).get("/diffusion/"))
    assert "80 à 95 %" in page
    assert not re.search(r"\b8[4-8]\s%", page)
    assert "80 à 95 %" not in plain(enter(cast.paul).get("/diffusion/"))


@pytest.mark.parametrize(("closed", "told"), [(0, 0), (1, None), (4, None), (5, 5), (6, 6)])
def test_a_few_overdue_restrictions_are_not_counted_aloud(cast, vosges, closed, told):
    april = MAY.previous()
    recorded(cast, vosges, april, closed=closed)  # until the 10th of May
    openness.build(vosges.department, april)
    openness.build(vosges.department, MAY)
    assert share_of(cast.diane, april)[1] == 0
    assert share_of(cast.diane)[1] == told


def test_a_month_is_counted_as_it_stood_and_never_again(cast, vosges):
    made = recorded(cast, vosges, MAY, opened=12, closed=12)
    for report in made[12:14]:
        asked = sharing.ask_release(report, by=cast.diane, why="fini")
        sharing.confirm_release(asked, by=cast.karim)
    for report in made[:6]:
        sharing.restrict(report, by=cast.diane, narrowing=narrowing())
    assert openness.build(vosges.department, MAY) > 0
    assert share_of(cast.diane)[0] == "from_50"  # half of them, that evening
    recorded(cast, vosges, MAY, closed=12)
    before = list(Openness.objects.order_by("pk").values())
    assert openness.build(vosges.department, MAY) == 0
    assert list(Openness.objects.order_by("pk").values()) == before
    with pytest.raises(ValueError, match="not over"):
        openness.build(vosges.department, periods.month_of(timezone.localdate()))


def test_drafts_are_nobody_s_sharing(cast, vosges):
    made = recorded(cast, vosges, MAY, opened=19, closed=1)
    Report.objects.filter(pk=made[0].pk).update(state=State.DRAFT)
    openness.build(vosges.department, MAY)
    assert share_of(cast.diane)[0] == ""


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_count_a_month_once(cast, vosges):
    recorded(cast, vosges, MAY, opened=10)
    ready, built = threading.Barrier(2), []

    def run():
        try:
            ready.wait(10)
            built.append(openness.build(vosges.department, MAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    services = Openness.objects.count()
    assert sorted(built) == [0, services]
    assert services == 5  # those with a seat, whether they wrote or not


def test_every_night_counts_what_is_over_and_not_yet_counted(cast, vosges, meurthe):
    today = timezone.localdate()
    last = periods.month_of(today).previous()
    protocol = Protocol.objects.get(department=meurthe.department)
    protocol.starts_on = last.start
    protocol.save()
    tasks.nightly_openness(None)
    months = Openness.objects.filter(department=vosges.department).values_list("month", flat=True)
    assert set(months) == {each.start for each in periods.last_months(last.end, 12)}
    theirs = Openness.objects.filter(department=meurthe.department)
    assert set(theirs.values_list("month", flat=True)) == {last.start}
    assert tasks.nightly_openness(None) == {"built": 0}


def test_a_hidden_report_changes_nothing_on_the_page(cast, vosges, enter):
    """Not before its month is over, and then by a figure of all its service's reports."""
    last = periods.month_of(timezone.localdate()).previous()
    recorded(cast, vosges, last, opened=20)
    openness.build(vosges.department, last)
    client = enter(cast.bruno)
    before = plain(client.get("/diffusion/")).split("<main")[1].split("</main")[0]
    assert "plus de 95 %" in before
    factories.report(cast.diane, vosges["Épinal"], units=[])
    recorded(cast, vosges, last, closed=1)
    assert plain(client.get("/diffusion/")).split("<main")[1].split("</main")[0] == before


@pytest.mark.parametrize(
    ("who", "status", "reads"),
    [
        ("diane", 200, True),
        ("bruno", 200, True),
        ("anna", 200, True),
        ("gilles", 200, True),
        ("rose", 200, False),  # a guest reads what he is invited to
        ("claire", 403, False),
        ("ines", 403, False),
        ("paul", 200, False),  # the board of his own department
    ],
)
def test_the_whole_cell_reads_how_much_each_service_shares(
    cast, vosges, meurthe, enter, who, status, reads
):
    last = periods.month_of(timezone.localdate()).previous()
    made = recorded(cast, vosges, last, opened=16, closed=4)
    until = timezone.now() + timedelta(days=5)
    invitations.invite(made[0], by=cast.diane, guest=cast.rose, until=until, reason="avis")
    openness.build(vosges.department, last)
    openness.build(meurthe.department, last)
    answer = enter(cast[who]).get("/diffusion/")
    assert answer.status_code == status
    page = plain(answer)
    assert ("Brigade des douanes 88" in page) == reads
    assert ("80 à 95 %" in page) == reads


def test_the_page_says_so_when_nothing_is_counted_yet(cast, enter):
    assert "Aucun mois terminé" in plain(enter(cast.diane).get("/diffusion/"))


def test_ones_own_overdue_restrictions_are_told_live_to_ones_unit_alone(cast, vosges, enter):
    reviewed(cast.diane, vosges["Épinal"], -1)
    told = "1 restriction à revoir aujourd’hui"
    assert told in plain(enter(cast.karim).get("/diffusion/"))
    assert told not in plain(enter(cast.louise).get("/diffusion/"))
    assert told not in plain(enter(cast.paul).get("/diffusion/"))
