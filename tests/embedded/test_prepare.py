"""What `./run` does before it serves looks at what is there, whatever an earlier start left."""

from datetime import date

import pytest
from django.utils import timezone

from cross.embedded import prepare
from cross.outbox.models import Pulse
from services.models import Member


@pytest.fixture
def commands(monkeypatch, cast):
    """The commands called, with one that creates a member as the demonstration would."""
    unit = Member.objects.order_by("pk").first().unit
    Member.objects.all().delete()
    called = []

    def call(name, *args, **options):
        called.append((name, *args))
        if name == "seed_demo":
            Member.objects.create_user("analyste", unit=unit, authorised_until=date(2100, 1, 1))
            if len(called) == 2:
                raise KeyboardInterrupt

    monkeypatch.setattr(prepare, "call_command", call)
    return called


def test_a_demonstration_that_was_cut_is_made_again_and_only_once(commands):
    with pytest.raises(KeyboardInterrupt):
        prepare.fill_demonstration()
    assert not Member.objects.exists()
    prepare.fill_demonstration()
    assert Member.objects.exists()
    prepare.fill_demonstration()
    assert commands == [("load_territory", "--department", "88", "54"), ("seed_demo",)] * 2


@pytest.mark.django_db
def test_signs_of_life_of_an_earlier_run_are_forgotten():
    Pulse.objects.create(name="worker", at=timezone.now())
    prepare.forget_pulses()
    assert not Pulse.objects.exists()


def test_static_files_are_collected_when_one_of_them_changes(settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a {}")
    settings.STATICFILES_DIRS = [source]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    collected = settings.STATIC_ROOT / "a.css"
    prepare.collect_static_files()
    assert collected.read_text() == "a {}"
    collected.unlink()
    prepare.collect_static_files()
    assert not collected.exists()
    (source / "a.css").write_text("a { color: inherit }")
    prepare.collect_static_files()
    assert "inherit" in collected.read_text()
