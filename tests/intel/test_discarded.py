"""A draft report thrown away is gone for everybody, and comes back whole within thirty days."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.actions import annexes, attachments, discarded, places, raw_texts, reports, unit_work
from intel.models import Annex, Attachment, DiscardedReport, Identifier, RawText, Report, Visit
from protocols.models import Protocol
from tests import factories

LIST = "/renseignements/brouillons-supprimes/"
CANARY = "BERGERONNETTE"


@pytest.fixture
def draft(cast, vosges):
    """Diane's, with something of every kind that hangs on a draft."""
    report = factories.report(
        cast.diane,
        vosges["Épinal"],
        units=[cast.louise.unit],
        draft=True,
        subject=f"{CANARY} objet",
        origin="human_source",
        identifiers=[("plate", "AB-123-CD", "AB123CD")],
    )
    raw_texts.keep(report, by=cast.diane, original=raw_texts.Original("Dit tout bas.", True))
    annexes.add(report, by=cast.diane, title="A", text="À part.", units=[cast.louise.unit])
    upload = SimpleUploadedFile("source.txt", b"ce que dit la source")
    attachments.attach(report, by=cast.diane, upload=upload)
    unit_work.note(report, by=cast.diane, text="À relire.")
    factories.amount(report, cast.diane)
    place = places.create(places.Described("Hall", "lieu", report.commune), by=cast.diane)
    places.cite(place, report, places.Said(timezone.localdate()), by=cast.diane)
    reports.grade(report, by=cast.diane, source="B", information="2")
    return Report.objects.unguarded(because="test").get(pk=report.pk)


def rows():
    """Everything that the rooms of reports hold, as text, but what is thrown away."""
    held = [
        row
        for model in apps.get_app_config("intel").get_models()
        if model not in {DiscardedReport, Visit} and model._meta.managed
        for row in model._base_manager.order_by("pk")
    ]
    return serializers.serialize("json", held, cls=discarded.Exact, indent=1)


def throw_away(client, report):
    return client.post(f"{report.get_absolute_url()}effacer/")


def test_it_is_gone_and_comes_back_as_it_was(cast, enter, draft):
    before, karim = rows(), enter(cast.karim)
    assert throw_away(enter(cast.diane), draft).url == LIST
    assert not Report.objects.filter(pk=draft.pk).exists()
    assert CANARY not in rows()
    assert karim.get(draft.get_absolute_url()).status_code == 404
    listed = karim.get(LIST).content.decode()
    assert draft.reference in listed
    [kept] = DiscardedReport.objects.unguarded(because="test")
    answer = karim.post(f"{LIST}{kept.key}/retablir/")
    assert answer.url == draft.get_absolute_url()
    assert rows() == before
    sheet = karim.get(draft.get_absolute_url()).content.decode()
    for said in (CANARY, "Dit tout bas.", "À part.", "AB-123-CD", "Hall"):
        assert said in sheet
    [file] = Attachment.objects.of(draft)
    opened = karim.get(f"/pieces/{file.key}/")
    assert b"".join(opened.streaming_content) == b"ce que dit la source"
    assert not DiscardedReport.objects.exists()
    verbs = Entry.objects.filter(verb__startswith="draft.").order_by("pk")
    assert [line.verb for line in verbs] == ["draft.discarded", "draft.brought_back"]


def test_brought_back_it_lives_as_any_other(cast, enter, draft):
    throw_away(enter(cast.diane), draft)
    enter(cast.diane).post(f"{LIST}{access.discarded_reports(cast.diane).get().key}/retablir/")
    after = factories.report(cast.diane, draft.commune, identifiers=[("plate", "X", "X")])
    assert after.pk != draft.pk
    assert Identifier.objects.of(draft).exists()
    enter(cast.diane).post(f"{draft.get_absolute_url()}etape/", {"vers": "recu"})
    assert access.readable_reports(cast.louise).filter(pk=draft.pk).exists()
    assert not access.readable_reports(cast.bruno).filter(pk=draft.pk).exists()


def test_its_unit_alone_knows_of_it(cast, enter, draft):
    throw_away(enter(cast.diane), draft)
    [kept] = DiscardedReport.objects.unguarded(because="test")
    for who in ("louise", "bruno", "anna", "gilles", "rose", "claire", "ines", "tom", "paul"):
        client = enter(cast[who])
        listed = client.get(LIST)
        assert draft.reference not in listed.content.decode()
        assert CANARY not in listed.content.decode()
        assert client.post(f"{LIST}{kept.key}/retablir/").status_code in {403, 404}
    assert not Report.objects.filter(pk=draft.pk).exists()


def test_sent_twice_it_comes_back_once(cast, enter, draft):
    throw_away(enter(cast.diane), draft)
    [kept] = DiscardedReport.objects.unguarded(because="test")
    address, diane = f"{LIST}{kept.key}/retablir/", enter(cast.diane)
    assert [diane.post(address).status_code for _ in range(2)] == [302, 404]
    with pytest.raises(ValidationError, match="vient d’être rétabli"):
        discarded.bring_back(kept, by=cast.diane)


def test_a_unit_without_a_seat_brings_nothing_back(cast, enter, draft):
    throw_away(enter(cast.diane), draft)
    [kept] = DiscardedReport.objects.unguarded(because="test")
    yesterday = timezone.localdate() - timedelta(days=1)
    Protocol.objects.filter(department=draft.department).update(ends_on=yesterday)
    assert draft.reference not in enter(cast.diane).get(LIST).content.decode()
    assert enter(cast.diane).post(f"{LIST}{kept.key}/retablir/").status_code in {403, 404}
    with pytest.raises(ValidationError, match="ne participe pas"):
        discarded.bring_back(kept, by=cast.diane)
    assert not RawText.objects.exists()


def test_after_thirty_days_it_is_forgotten_with_its_files(
    cast, enter, draft, django_capture_on_commit_callbacks
):
    [file] = Attachment.objects.of(draft)
    throw_away(enter(cast.diane), draft)
    assert default_storage.exists(file.file.name)
    later = timezone.now() + timedelta(days=31)
    assert discarded.forget_old(timezone.now() + timedelta(days=29)) == 0
    with time_machine.travel(later):
        assert draft.reference not in enter(cast.diane).get("/").content.decode()
        assert not access.discarded_reports(cast.diane).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert discarded.forget_old(later) == 1
    assert not default_storage.exists(file.file.name)
    assert not DiscardedReport.objects.exists()
    assert not Annex.objects.exists()
