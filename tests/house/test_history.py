"""A database that another version migrated is refused, and keeps every row as it was."""

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder


@pytest.mark.django_db
def test_a_name_that_has_no_file_here_stops_the_migration():
    recorded = MigrationRecorder.Migration.objects
    call_command("migrate", verbosity=0)
    last = recorded.filter(app="intel").order_by("name").last()
    recorded.create(app="intel", name="0033_copies_printed_together")
    last.delete()
    with pytest.raises(CommandError, match="0033_copies_printed_together"):
        call_command("migrate", verbosity=0)
    assert not recorded.filter(app="intel", name=last.name).exists()


@pytest.mark.django_db
def test_a_package_of_others_may_have_dropped_old_names():
    MigrationRecorder.Migration.objects.create(app="auth", name="0001_squashed_since")
    call_command("migrate", verbosity=0)
