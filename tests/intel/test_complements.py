"""What readers add to a report, under their own names, and take back within the hour."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.actions import complements, invitations
from intel.models import Complement, Mention
from tests import factories

TEXT = "Le même véhicule a été vu à Golbey ce matin."


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"])


def page(client, report):
    return client.get(report.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("diane", True),
        ("louise", True),
        ("anna", True),
        ("gilles", False),  # reads, and writes nothing
        ("rose", False),
        ("claire", False),
        ("tom", False),
        ("paul", False),
    ],
)
def test_who_adds_a_complement(cast, enter, report, who, may):
    client = enter(cast[who])
    address = f"{report.get_absolute_url()}complement/"
    assert (client.get(address).status_code == 200) is may
    assert (client.post(address, {"text": TEXT}).status_code == 302) is may
    assert Complement.objects.of(report).exists() is may
    if may:
        shown = page(enter(cast.bruno), report)
        assert TEXT in shown
        assert cast[who].get_full_name() in shown


def test_an_empty_one_is_refused_and_a_draft_takes_none(cast, vosges, enter, report):
    client = enter(cast.louise)
    assert client.post(f"{report.get_absolute_url()}complement/", {}).status_code == 422
    draft = factories.report(cast.diane, vosges["Épinal"], draft=True)
    answer = enter(cast.diane).post(f"{draft.get_absolute_url()}complement/", {"text": TEXT})
    assert answer.status_code == 404


def test_its_author_alone_takes_it_back_within_the_hour(cast, enter, report):
    enter(cast.louise).post(f"{report.get_absolute_url()}complement/", {"text": TEXT})
    [complement] = Complement.objects.of(report)
    address = f"/complements/{complement.key}/retirer/"
    assert address in page(enter(cast.louise), report)
    for who in ("diane", "anna", "bruno", "paul"):
        assert address not in page(enter(cast[who]), report)
        assert enter(cast[who]).post(address).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        late = enter(cast.louise)
        assert address not in page(late, report)
        assert late.post(address).status_code == 404
    assert enter(cast.louise).post(address).status_code == 302
    assert not Complement.objects.of(report).exists()
    verbs = Entry.objects.filter(verb__startswith="complement.").order_by("pk")
    assert [line.verb for line in verbs] == ["complement.added", "complement.removed"]


def drawn(client, address):
    """The key that a form is drawn with."""
    return re.search(r'name="sent" value="(\w{32})"', client.get(address).content.decode())[1]


def test_the_same_form_sent_twice_adds_one(cast, enter, report):
    client, address = enter(cast.louise), f"{report.get_absolute_url()}complement/"
    sent = {"text": TEXT, "sent": drawn(client, address)}
    answers = [client.post(address, sent) for _ in range(2)]
    assert len({answer.url for answer in answers}) == 1
    assert Complement.objects.of(report).count() == 1
    assert Entry.objects.filter(verb="complement.added").count() == 1
    # What was changed after going back says something else, and another form another thing.
    client.post(address, sent | {"text": f"{TEXT} À midi."})
    client.post(address, {"text": TEXT, "sent": drawn(client, address)})
    enter(cast.bruno).post(address, sent)
    assert Complement.objects.of(report).count() == 4
    assert enter(cast.paul).post(address, sent).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_nor_do_two_that_arrive_together(cast, report):
    ready, made = threading.Barrier(2), []

    def add():
        try:
            ready.wait(10)
            made.append(complements.add(report, by=cast.louise, text=TEXT, sent="0" * 32).pk)
        finally:
            connection.close()

    both = [threading.Thread(target=add) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(30)
    assert len(made) == 2
    assert len(set(made)) == 1


def test_the_unit_of_the_report_is_told_at_home(cast, enter, report):
    enter(cast.louise).post(f"{report.get_absolute_url()}complement/", {"text": TEXT})
    home = enter(cast.karim).get("/").content.decode()
    assert "Compléments à vos fiches" in home
    assert report.reference in home
    for who in ("louise", "bruno", "paul"):
        assert "Compléments à vos fiches" not in enter(cast[who]).get("/").content.decode()


# --- To whom one speaks -------------------------------------------------------------------------


def ask(client, report, *units, text="Est-ce le même hall ?"):
    address = f"{report.get_absolute_url()}complement/"
    return client.post(address, {"text": text, "units": [unit.pk for unit in units]})


def test_a_unit_is_spoken_to_and_told(cast, enter, report):
    assert ask(enter(cast.louise), report, cast.diane.unit, cast.bruno.unit).status_code == 302
    shown = page(enter(cast.anna), report)
    assert "À l’attention de Brigade de recherches, Brigade des douanes" in shown
    for who, is_told in (("diane", 1), ("karim", 1), ("bruno", 1), ("louise", 0), ("anna", 0)):
        told = access.unseen_notifications(cast[who]).filter(kind="mention.made")
        assert told.count() == is_told, who


def test_who_cannot_read_it_cannot_be_spoken_to(cast, vosges, enter):
    narrow = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    form = enter(cast.louise).get(f"{narrow.get_absolute_url()}complement/").content.decode()
    assert "Brigade des douanes" in form
    for outside in (cast.bruno.unit, cast.paul.unit, cast.claire.unit):
        assert f'value="{outside.pk}"' not in form
        assert ask(enter(cast.louise), narrow, outside).status_code == 422
        with pytest.raises(ValidationError):
            complements.add(narrow, by=cast.louise, text=TEXT, units=[outside])
    assert not Complement.objects.of(narrow).exists()


def test_a_guest_speaks_to_nobody_and_is_not_told_who_reads(cast, vosges, enter):
    alone = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    until = timezone.now() + timedelta(days=2)
    invitations.invite(
        alone, by=cast.diane, guest=cast.rose, until=until, reason="avis", completes=True
    )
    ask(enter(cast.diane), alone, cast.louise.unit)
    rose = enter(cast.rose)
    assert "Est-ce le même hall" in page(rose, alone)
    assert "À l’attention de" not in page(rose, alone)
    assert (
        "Commissariat" not in rose.get(f"{alone.get_absolute_url()}complement/").content.decode()
    )
    assert ask(rose, alone, cast.louise.unit, text="Oui").status_code == 302
    assert (
        Mention.objects.unguarded(because="test").count() == 1
    )  # what was posted to a field that is not there is nothing


def test_what_is_taken_back_is_told_no_more(cast, enter, report):
    ask(enter(cast.louise), report, cast.diane.unit)
    [complement] = Complement.objects.of(report)
    enter(cast.louise).post(f"/complements/{complement.key}/retirer/")
    assert not access.unseen_notifications(cast.diane).exists()
    assert ask(enter(cast.paul), report, cast.diane.unit).status_code == 404
