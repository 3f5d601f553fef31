"""Whoever reads a report from outside reads its texts, and nothing of what is done about it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from intel.actions import (
    attachments,
    complements,
    handovers,
    invitations,
    life,
    reports,
    requests,
    shares,
    sharing,
)
from intel.states import State
from protocols.models import Protocol
from tests import factories

FACTS, FORMER = "Canari des faits.", "Autrefois"
COMMENT, COMPLEMENT = "Canari du commentaire.", "Canari du complément."
# What surrounds a report: who reads it, who was given it, what was answered, how it was changed.
AROUND = [
    "Brigade de recherches",
    "Canari de la consigne.",
    "Canari du retour.",
    "Canari d’un motif.",
    FORMER,
    "Qui voit cette fiche",
    "Historique",
    'id="orientation"',
    "Retour au contributeur",
    "Transférée par",
]


@pytest.fixture
def lived(cast, vosges):
    """An open report that was handed over, changed, graded, directed, answered and fed back."""
    report = factories.report(cast.louise, vosges["Épinal"], facts=FORMER)
    proposed = handovers.propose(
        report, by=cast.louise, target=cast.diane.unit, why="Canari d’un motif."
    )
    report = handovers.accept(proposed, by=cast.diane)
    report = reports.change(
        report, by=cast.diane, fields={"facts": FACTS}, version=report.version, why="Précision"
    )
    complements.add(report, by=cast.louise, text=COMPLEMENT)
    report = reports.comment(report, by=cast.anna, text=COMMENT, version=report.version)
    report = reports.grade(report, by=cast.anna, source="B", information="2")
    for target, by, said in (
        (State.SORTED, cast.anna, {}),
        (State.GRADED, cast.anna, {}),
        (State.DIRECTED, cast.anna, {
            "unit": cast.bruno.unit, "instruction": "Canari de la consigne.",
        }),
        (State.ACKNOWLEDGED, cast.bruno, {}),
        (State.EXPLOITED, cast.bruno, {"why": "Canari d’un motif.", "outcomes": ["joint"]}),
        (State.FED_BACK, cast.anna, {"feedback": "useful", "why": "Canari du retour."}),
    ):  # fmt: skip
        report = life.move(report, by=by, target=target, **said)
    return report


def shown_elsewhere(report, cast):
    theirs = Protocol.objects.get(department=cast.paul.unit.department)
    shares.share(report, by=cast.diane, protocol=theirs, why="Même équipe")
    return cast.paul


def invited(report, cast):
    until = timezone.now() + timedelta(days=3)
    invitations.invite(report, by=cast.diane, guest=cast.rose, until=until, reason="avis")
    return cast.rose


@pytest.mark.parametrize("outside", [shown_elsewhere, invited])
def test_the_text_crosses_and_nothing_around_it(cast, enter, lived, outside):
    within = enter(cast.marc).get(lived.get_absolute_url()).content.decode()
    assert [each for each in AROUND if each not in within] == [FORMER]
    who = outside(lived, cast)
    page = enter(who).get(lived.get_absolute_url()).content.decode()
    assert FACTS in page
    assert "Pourquoi est-ce que je vois ceci" in page
    assert [each for each in AROUND if each in page] == []
    # What the cell and the others wrote goes to the guest of a report, not to a department.
    assert (COMMENT in page, COMPLEMENT in page) == ((who == cast.rose,) * 2)


def test_another_department_is_told_the_unit_and_never_the_person(cast, enter, lived):
    file = SimpleUploadedFile("note.txt", b"ce que dit la note")
    attachments.attach(lived, by=cast.diane, upload=file)
    reports.confirm_identifier(lived, by=cast.anna, kind="plate", raw="AB-123-CD", value="AB123CD")
    people = [cast[who].get_full_name() for who in ("louise", "diane", "anna", "bruno")]
    within = enter(cast.marc).get(lived.get_absolute_url()).content.decode()
    assert [name for name in people if name not in within] == []
    shown_elsewhere(lived, cast)
    now = timezone.now()
    odile = factories.member("odile", cast.paul.unit, "liaison")
    other = factories.report(cast.diane, lived.commune, units=[])
    other = reports.comment(other, by=cast.anna, text=COMMENT, version=other.version)
    complements.add(other, by=cast.diane, text=COMPLEMENT)
    invitations.open_to(
        odile, other, by=cast.diane, until=now + timedelta(days=3), reason="avis", since=now
    )
    for who, report in ((cast.paul, lived), (odile, other)):
        client = enter(who)
        addresses = ["/", "/renseignements/", "/renseignements/partages/", "/demandes/"]
        addresses += [report.get_absolute_url(), f"{report.get_absolute_url()}?imprimer"]
        for address in addresses:
            page = client.get(address, follow=True).content.decode()
            assert [name for name in people if name in page] == [], address
        sheet = client.get(report.get_absolute_url()).content.decode()
        assert report.author.unit.name in sheet
        file = client.get("/renseignements/export/?format=csv", follow=True)
        text = b"".join(file.streaming_content) if file.streaming else file.content
        assert [name for name in people if name in text.decode()] == []


@pytest.mark.parametrize("outside", [shown_elsewhere, invited])
def test_former_texts_do_not_cross(cast, enter, lived, outside):
    versions = reverse("report_versions", args=[lived.reference])
    assert FORMER in enter(cast.marc).get(versions).content.decode()
    client = enter(outside(lived, cast))
    assert client.get(versions).status_code == 404
    assert versions not in client.get(lived.get_absolute_url()).content.decode()
    assert enter(cast.claire).get(versions).status_code == 404


def test_a_guest_does_not_learn_why_it_is_restricted_nor_to_whom(cast, enter, vosges):
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    narrowing = sharing.Narrowing(
        units=(cast.louise.unit, cast.bruno.unit),
        reason="other",
        text="Canari d’un motif.",
        review_on=timezone.localdate() + timedelta(days=9),
    )
    sharing.restrict(report, by=cast.diane, narrowing=narrowing)
    assert (
        "Canari d’un motif." in enter(cast.bruno).get(report.get_absolute_url()).content.decode()
    )
    page = enter(invited(report, cast)).get(report.get_absolute_url()).content.decode()
    assert "Lecture restreinte" in page
    for untold in ("Canari d’un motif.", "Commissariat", "Brigade de recherches", "à revoir"):
        assert untold not in page
    assert enter(cast.paul).get(report.get_absolute_url()).status_code == 404


def test_a_guest_lodged_by_the_owner_unit_is_not_told_who_else_asks(cast, enter, vosges):
    report = factories.report(cast.diane, vosges["Épinal"], units=[])
    rene = factories.member("rene", cast.diane.unit, "referent")
    until = timezone.now() + timedelta(days=3)
    invitations.invite(report, by=cast.diane, guest=rene, until=until, reason="avis")
    requests.ask(report.reference, by=cast.bruno, why="Canari d’un motif.")
    for who, told in ((cast.karim, True), (rene, False)):
        page = enter(who).get(report.get_absolute_url()).content.decode()
        assert ("Canari d’un motif." in page) is told
    assert enter(cast.paul).get(report.get_absolute_url()).status_code == 404
