from django.db import migrations


def name_runs(apps, schema_editor):
    """Copies that a form asked for had its key alone: each key becomes a run, long since made."""
    copies = apps.get_model("intel", "PrintedCopy").objects.exclude(entry_key=None)
    runs = {}
    for copy in copies.order_by("copy_number"):
        runs.setdefault(copy.entry_key, []).append(copy)
    model = apps.get_model("intel", "PrintRun")
    model.objects.bulk_create(
        model(
            edition_id=first.edition_id,
            version=first.version,
            entry_key=key,
            recipients=[copy.recipient for copy in together],
            reason=first.reason,
            by_id=first.printed_by_id,
            at=first.printed_at,
            finished_at=first.printed_at,
        )
        for key, together in runs.items()
        for first in together[:1]
    )


class Migration(migrations.Migration):
    dependencies = [("intel", "0013_print_runs")]

    operations = [migrations.RunPython(name_runs, migrations.RunPython.noop)]
