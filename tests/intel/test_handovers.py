"""A report handed over: proposed, then accepted or not; its first unit may stay untold."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.actions import (
    annexes,
    attachments,
    complements,
    handovers,
    life,
    raw_texts,
    reports,
    sharing,
)
from intel.models import Feedback, Handover, RawText, ReleaseRequest, Report
from intel.reading.silence import UNTOLD
from intel.states import State
from tests import factories
from tests.meanwhile import while_it_is_accepted

WHY = "Le secteur est le vôtre."


def stored(report):
    return Report.objects.unguarded(because="test").get(pk=report.pk)


def page(client, address):
    answer = client.get(address, follow=True)
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode(errors="replace")


def propose(report, by, target, **said):
    return handovers.propose(report, by=by, target=target, why=WHY, **said)


def hand_over(report, by, to, **said):
    handovers.accept(propose(report, by, to.unit, **said), by=to)
    return stored(report)


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], subject="Remises au port")


# --- Proposing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may"),
    [("diane", True), ("karim", True), ("louise", False), ("anna", False), ("paul", False)],
)
def test_who_proposes(cast, enter, report, who, may):
    client = enter(cast[who])
    address = f"{report.get_absolute_url()}transfert/"
    typed = {"target": cast.bruno.unit.pk, "why": WHY}
    assert (client.get(address).status_code == 200) is may
    assert (client.post(address, typed).status_code == 302) is may
    assert Handover.objects.of(report).exists() is may
    assert stored(report).owner == cast.diane.unit


def test_it_goes_to_a_unit_that_reads_it_and_may_write(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    client = enter(cast.diane)
    address = f"{report.get_absolute_url()}transfert/"
    for unit in (cast.bruno.unit, cast.diane.unit, cast.gilles.unit, cast.paul.unit):
        answer = client.post(address, {"target": unit.pk, "why": WHY})
        assert answer.status_code == 422
    assert client.post(address, {"target": cast.louise.unit.pk, "why": ""}).status_code == 422
    answer = client.post(address, {"target": cast.louise.unit.pk, "why": WHY})
    assert answer.status_code == 302
    # One at a time, and no draft.
    assert client.get(address).status_code == 404
    draft = factories.report(cast.diane, vosges["Épinal"], draft=True)
    assert client.get(f"{draft.get_absolute_url()}transfert/").status_code == 404


def test_the_two_units_alone_know_of_a_proposal(cast, enter, report):
    proposed = propose(report, cast.diane, cast.louise.unit)
    for who in ("diane", "karim", "louise"):
        assert WHY in page(enter(cast[who]), report.get_absolute_url()) or who != "louise"
        assert "transf" in page(enter(cast[who]), report.get_absolute_url())
    for who in ("bruno", "anna", "gilles"):
        html = page(enter(cast[who]), report.get_absolute_url())
        assert WHY not in html
        assert "proposé" not in html
    for who in ("diane", "bruno", "anna", "paul"):
        address = f"/transferts/{proposed.key}/"
        assert enter(cast[who]).post(address, {"accepter": "1"}).status_code == 404
    assert stored(report).owner == cast.diane.unit


def test_it_is_withdrawn_by_its_owner_alone(cast, enter, report):
    proposed = propose(report, cast.diane, cast.louise.unit)
    address = f"/transferts/{proposed.key}/retirer/"
    for who in ("louise", "anna", "paul"):
        assert enter(cast[who]).post(address).status_code == 404
    assert enter(cast.karim).post(address).status_code == 302
    late = enter(cast.louise).get(f"/transferts/{proposed.key}/", follow=True)
    assert "Quelqu’un vient d’y répondre" in late.content.decode()
    proposed.refresh_from_db()
    assert (proposed.decision, proposed.decided_by) == ("withdrawn", cast.karim)


@pytest.mark.parametrize(
    ("first", "second"), [("accepter", "accepter"), ("refuser", "accepter"), ("", "refuser")]
)
def test_a_transfer_answered_in_two_tabs_is_told_in_the_second(cast, enter, report, first, second):
    proposed, louise = propose(report, cast.diane, cast.louise.unit), enter(cast.louise)
    if first:
        louise.post(f"/transferts/{proposed.key}/", {first: "1", "answer": "Hors zone."})
    else:
        enter(cast.diane).post(f"/transferts/{proposed.key}/retirer/")
    owner = stored(report).owner
    sent = {second: "1", "answer": "Hors zone."}
    answer = louise.post(f"/transferts/{proposed.key}/", sent, follow=True)
    assert answer.status_code == 200
    assert "Quelqu’un vient d’y répondre" in answer.content.decode()
    late = enter(cast.diane).post(f"/transferts/{proposed.key}/retirer/", follow=True)
    assert "Quelqu’un vient d’y répondre" in late.content.decode()
    assert stored(report).owner == owner
    assert enter(cast.paul).post(f"/transferts/{proposed.key}/", sent).status_code == 404


def test_what_is_answered_while_it_is_withdrawn_is_told(cast, enter, report, monkeypatch):
    """Louise declines between the moment Karim is handed it and the one the report is held."""
    proposed, withdraw = propose(report, cast.diane, cast.louise.unit), handovers.withdraw

    def too_late(handover, *, by):
        handovers.decline(proposed, by=cast.louise, answer="Hors de notre zone.")
        withdraw(handover, by=by)

    monkeypatch.setattr(handovers, "withdraw", too_late)
    answer = enter(cast.karim).post(f"/transferts/{proposed.key}/retirer/", follow=True)
    assert answer.redirect_chain == [(report.get_absolute_url(), 302)]
    assert "Quelqu’un vient d’y répondre" in answer.content.decode()
    assert "Proposition de transfert retirée" not in answer.content.decode()
    proposed.refresh_from_db()
    assert (proposed.decision, proposed.decided_by) == ("declined", cast.louise)


def test_it_is_declined_with_a_reason_that_the_owner_reads(cast, enter, report):
    proposed = propose(report, cast.diane, cast.louise.unit)
    client = enter(cast.louise)
    address = f"/transferts/{proposed.key}/"
    assert client.post(address, {"refuser": "1"}).status_code == 422
    answer = client.post(address, {"refuser": "1", "answer": "Hors de notre zone."})
    assert answer.status_code == 302
    assert stored(report).owner == cast.diane.unit
    assert "Hors de notre zone." in page(enter(cast.karim), report.get_absolute_url())
    assert "Hors de notre zone." not in page(enter(cast.bruno), report.get_absolute_url())


# --- Accepting --------------------------------------------------------------------------------


def test_accepting_changes_the_owner_and_its_rights(cast, enter, report):
    client = enter(cast.louise)
    proposed = propose(report, cast.diane, cast.louise.unit)
    assert client.post(f"/transferts/{proposed.key}/", {"accepter": "1"}).status_code == 302
    now = stored(report)
    assert (now.owner, now.first_owner, now.hides_first_owner) == (
        cast.louise.unit,
        cast.diane.unit,
        False,
    )
    for who, status in (("louise", 200), ("diane", 404), ("anna", 404), ("paul", 404)):
        assert enter(cast[who]).get(f"{now.get_absolute_url()}modifier/").status_code == status
    html = page(enter(cast.bruno), now.get_absolute_url())
    assert "Transférée de Brigade des douanes à Commissariat" in html
    lines = Entry.objects.filter(verb__startswith="handover.").order_by("pk")
    assert [(line.verb, line.recipients) for line in lines] == [
        ("handover.proposed", "Brigade des douanes → Commissariat"),
        ("handover.accepted", "Brigade des douanes → Commissariat"),
    ]


def test_two_who_accept_at_once_accept_once(cast, report):
    proposed = propose(report, cast.diane, cast.louise.unit)
    handovers.accept(proposed, by=cast.louise)
    with pytest.raises(Exception, match="vient d’y répondre"):
        handovers.accept(proposed, by=cast.louise)
    assert stored(report).version == report.version + 1


def test_nobody_reads_more_nor_less_after_a_handover(cast, vosges):
    narrow = factories.report(
        cast.diane, vosges["Épinal"], units=[cast.louise.unit, cast.anna.unit]
    )
    wide = factories.report(cast.diane, vosges["Épinal"])

    def readers(report):
        return {
            who for who in cast if access.readable_reports(cast[who]).filter(pk=report.pk).exists()
        }

    for report in (narrow, wide):
        before = readers(report)
        hand_over(report, cast.diane, cast.louise, hides_origin=True)
        assert readers(report) == before
        assert "paul" not in before
    # The new owner narrows further: whoever brought the report keeps it.
    sharing.restrict(
        stored(narrow),
        by=cast.louise,
        narrowing=sharing.Narrowing(
            units=(cast.anna.unit,),
            reason="source",
            text="",
            review_on=timezone.localdate() + timedelta(days=30),
        ),
    )
    assert readers(narrow) == {"diane", "karim", "louise", "anna", "marc"}


def test_the_source_stays_with_the_unit_that_brought_it(cast, vosges, enter):
    report = factories.report(
        cast.diane, vosges["Épinal"], origin="human_source", source_code="TULIPE-7"
    )
    original = raw_texts.Original("Mon cousin Ambroise l’a dit.", is_attested=True)
    raw_texts.keep(report, by=cast.diane, original=original)
    upload = SimpleUploadedFile("box.txt", b"le box")
    piece = attachments.attach(report, by=cast.diane, upload=upload)
    report = hand_over(report, cast.diane, cast.louise)
    for who, reads in (("diane", True), ("karim", True), ("louise", False), ("anna", False)):
        html = page(enter(cast[who]), report.get_absolute_url())
        assert ("Ambroise" in html) is reads
        assert ("TULIPE-7" in html) is reads
        assert ("le box" in page(enter(cast[who]), f"/pieces/{piece.key}/")) is reads
    louise = enter(cast.louise)
    form = page(louise, f"{report.get_absolute_url()}modifier/")
    assert "Ambroise" not in form
    assert "TULIPE-7" not in form
    typed = {"facts": "Autre texte.", "commune": "Épinal", "undated": "on"}
    typed |= {"version": report.version, "origin": "human_source", "source_code": "VOLE-1"}
    answer = louise.post(f"{report.get_absolute_url()}modifier/", typed | {"origin": "service"})
    assert answer.status_code == 422
    assert "Gardez l’origine" in answer.content.decode()
    assert louise.post(f"{report.get_absolute_url()}modifier/", typed).status_code == 302
    now = stored(report)
    assert (now.facts, now.source_code) == ("Autre texte.", "TULIPE-7")
    assert RawText.objects.of(now).get().unit == cast.diane.unit


def test_the_cell_answers_whoever_brought_the_report(cast, enter, report):
    life.move(report, by=cast.anna, target=State.SORTED)
    reports.grade(stored(report), by=cast.anna, source="B", information="3", why="")
    life.move(report, by=cast.anna, target=State.GRADED)
    life.move(report, by=cast.anna, target=State.DIRECTED, unit=cast.bruno.unit)
    report = hand_over(report, cast.diane, cast.louise)
    # The tasking still runs, and its unit still answers.
    life.move(report, by=cast.bruno, target=State.ACKNOWLEDGED)
    life.move(report, by=cast.bruno, target=State.EXPLOITED, why="Fait.", outcomes=["joint"])
    life.move(report, by=cast.anna, target=State.FED_BACK, feedback="useful")
    assert Feedback.objects.of(report).get().unit == cast.diane.unit
    assert "Remises au port" in feedbacks_of(enter(cast.karim))
    assert "Remises au port" not in feedbacks_of(enter(cast.louise))


def feedbacks_of(client):
    return " ".join(each.report.subject for each in client.get("/").context["feedbacks"])


def test_a_release_asked_by_the_former_unit_is_no_first_person_any_more(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    sharing.ask_release(report, by=cast.diane, why="Plus de raison.")
    hand_over(report, cast.diane, cast.louise)
    assert ReleaseRequest.objects.of(report).get().decision == "withdrawn"
    assert not access.decidable_releases(cast.louise).exists()
    assert Entry.objects.get(verb="report.release_withdrawn").target == report.reference


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["restrict", "confirm"])
def test_who_decides_while_it_is_handed_over_waits_and_is_owner_no_more(
    cast, vosges, monkeypatch, act
):
    """Louise accepts it while Diane's unit narrows it or opens it: her unit alone does, now."""
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    asked = sharing.ask_release(report, by=cast.karim, why="Plus de raison.")
    proposed = propose(report, cast.diane, cast.louise.unit)
    narrowing = sharing.Narrowing(
        (cast.anna.unit,), "source", "", timezone.localdate() + timedelta(days=9)
    )
    acts = {
        "restrict": lambda: sharing.restrict(report, by=cast.diane, narrowing=narrowing),
        "confirm": lambda: sharing.confirm_release(asked, by=cast.diane),
    }
    refusal = while_it_is_accepted(
        proposed, by=cast.louise, act=acts[act], monkeypatch=monkeypatch
    )
    assert isinstance(refusal, (PermissionDenied, ValidationError))
    now = stored(report)
    assert (now.owner, now.is_restricted) == (cast.louise.unit, True)
    assert set(access.audience_of(now)) == {cast.diane.unit, cast.louise.unit}
    assert not access.readable_reports(cast.paul).filter(pk=report.pk).exists()
    # The same act, by whoever owns it now.
    assert sharing.restrict(now, by=cast.louise, narrowing=narrowing).is_restricted


# --- Untold -----------------------------------------------------------------------------------

FIRST, LAST, UNIT = "Hermeline", "Vautravers", "Peloton Capucine"


@pytest.fixture
def untold(cast, vosges, report):
    """Handed over by a unit that asked to stay unnamed, after it had acted in every way."""
    unit = cast.diane.unit
    unit.name = unit.short_name = UNIT
    unit.save()
    cast.diane.first_name, cast.diane.last_name = FIRST, LAST
    cast.diane.save()
    upload = SimpleUploadedFile("note.txt", b"texte")
    attachments.attach(report, by=cast.diane, upload=upload)
    reports.confirm_identifier(report, by=cast.diane, kind="alias", raw="Zed", value="zed")
    complements.add(report, by=cast.diane, text="Il revient le jeudi.")
    complements.add(report, by=cast.bruno, text="Vu aussi au port.", units=[unit])
    life.move(report, by=cast.anna, target=State.TO_COMPLETE, why="Précisez l’heure.")
    changed = reports.change(
        stored(report), by=cast.diane, fields={"place": "Quai 4"}, version=stored(report).version
    )
    life.move(changed, by=cast.diane, target=State.RECEIVED)
    life.move(changed, by=cast.anna, target=State.SORTED)
    reports.grade(stored(report), by=cast.anna, source="B", information="3", why="")
    life.move(changed, by=cast.anna, target=State.GRADED)
    life.move(changed, by=cast.anna, target=State.NO_FURTHER_ACTION, why="Rien de plus.")
    life.move(changed, by=cast.anna, target=State.FED_BACK, feedback="useful")
    return hand_over(report, cast.diane, cast.louise, hides_origin=True)


def everywhere(report):
    address = report.get_absolute_url()
    return (
        "/",
        "/tri/",
        "/demandes/",
        address,
        f"{address}versions/",
        f"{address}chronologie/",
        f"{address}?imprimer",
        f"{address}cotation/",
        f"{address}commentaire/",
        f"{address}etape/?vers=archive",
        f"{address}complement/",
        f"/tri/{report.reference}/",
        "/renseignements/",
        "/renseignements/?q=Remises",
        "/renseignements/export/",
    )


@pytest.mark.parametrize("who", ["bruno", "anna", "marc", "gilles", "paul"])
def test_a_unit_that_is_untold_is_named_on_no_page(cast, vosges, enter, untold, who):
    """No more than on the pages of a report that it never had: an open one is read by all."""
    client = enter(cast[who])
    plain = factories.report(cast.louise, vosges["Épinal"], subject="Remises au port")
    for mine, theirs in zip(everywhere(untold), everywhere(plain), strict=True):
        html, control = page(client, mine), page(client, theirs)
        assert FIRST not in html, mine
        assert LAST not in html, mine
        assert html.count(UNIT) <= control.count(UNIT), mine
    if who != "paul":
        html = page(client, untold.get_absolute_url())
        assert UNTOLD in html
        assert "Agent non communiqué" in html
        assert "Anna Essai" in html  # what the cell did keeps its name
        assert "Bruno Essai" in html  # so does what another reader added
        assert "Transférée à Commissariat" in html


@pytest.mark.parametrize("who", ["diane", "karim", "louise"])
def test_the_two_units_know(cast, enter, untold, who):
    html = page(enter(cast[who]), untold.get_absolute_url())
    assert LAST in html
    assert UNTOLD not in html


def test_the_next_owner_is_not_told_either(cast, enter, untold):
    hand_over(untold, cast.louise, cast.bruno)
    html = page(enter(cast.bruno), untold.get_absolute_url())
    assert LAST not in html
    assert UNTOLD in html
    assert "Transférée de Commissariat à Brigade de recherches" in html
    assert UNIT not in page(enter(cast.bruno), "/")
    assert LAST in page(enter(cast.louise), untold.get_absolute_url())


def test_a_unit_in_the_middle_is_untold_too(cast, enter, report):
    """It is no more named as the one that took the report than as the one that gave it."""
    report = hand_over(report, cast.diane, cast.louise)
    report = hand_over(report, cast.louise, cast.bruno, hides_origin=True)
    for who, told in (("anna", False), ("gilles", False), ("diane", True), ("bruno", True)):
        html = page(enter(cast[who]), report.get_absolute_url())
        assert ("Transférée de Brigade des douanes à Commissariat" in html) is told
        assert ("Louise Essai" in html) is told
        assert "Transférée par" in html
        assert "Bruno Essai" in html
    assert enter(cast.paul).get(report.get_absolute_url()).status_code == 404


def test_an_annex_of_an_untold_unit_does_not_name_it(cast, enter, report):
    said = {"title": "À part", "text": "Le plan du port.", "units": [cast.anna.unit]}
    annexes.add(report, by=cast.diane, **said)
    report = hand_over(report, cast.diane, cast.louise, hides_origin=True)
    html = page(enter(cast.anna), report.get_absolute_url())
    assert "Le plan du port." in html
    [shown] = re.findall(r"<article class=\"cx-annex\">.*?</article>", html, re.DOTALL)
    assert "Brigade des douanes" not in shown
    [shown] = re.findall(
        r"<article class=\"cx-annex\">.*?</article>",
        page(enter(cast.karim), report.get_absolute_url()),
        re.DOTALL,
    )
    assert "Brigade des douanes" in shown
    assert "Le plan du port." not in page(enter(cast.bruno), report.get_absolute_url())
    assert enter(cast.paul).get(report.get_absolute_url()).status_code == 404


def test_somebody_who_left_the_unit_since_is_untold_all_the_same(cast, enter, untold):
    cast.diane.unit = cast.bruno.unit
    cast.diane.save()
    for path in ("", "chronologie/"):
        assert LAST not in page(enter(cast.anna), untold.get_absolute_url() + path)


def test_an_open_handover_names_its_first_unit(cast, enter, report):
    report = hand_over(report, cast.diane, cast.louise)
    html = page(enter(cast.bruno), report.get_absolute_url())
    assert re.search(r"Transférée par\s*</dt>\s*<dd[^>]*>\s*Brigade des douanes", html)
    assert UNTOLD not in html
