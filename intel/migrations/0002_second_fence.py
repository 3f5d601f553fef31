"""What PostgreSQL itself keeps of who reads what: see intel.models.sql and cross.fence."""

from django.db import migrations

from intel.models.sql import CREATE_SHARED_TEXT, DROP_SHARED_TEXT, fences, goes_with

# {table: the column and the table it follows when PostgreSQL erases that row}
GONE_WITH = {
    "intel_rawtext": ("report_id", "intel_report"),
    "intel_annex": ("report_id", "intel_report"),
    "intel_annexgroupgrant": ("content_object_id", "intel_annex"),
    "intel_attachment": ("report_id", "intel_report"),
    "intel_workingnote": ("report_id", "intel_report"),
    "intel_task": ("report_id", "intel_report"),
    "intel_correction": ("report_id", "intel_report"),
}
FENCED = (
    "intel_rawtext",
    "intel_annex",
    "intel_attachment",
    "intel_workingnote",
    "intel_task",
    "intel_correction",
    "intel_discardedreport",
    "intel_draft",
    "intel_draftfile",
)


class Migration(migrations.Migration):
    dependencies = [("intel", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE_SHARED_TEXT, DROP_SHARED_TEXT),
        *(migrations.RunSQL(up, down) for up, down in fences(*FENCED)),
        *(migrations.RunSQL(*goes_with(table, *hung)) for table, hung in GONE_WITH.items()),
    ]
