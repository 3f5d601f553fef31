from django.db import migrations

from intel.models.sql import goes_with


class Migration(migrations.Migration):
    dependencies = [("intel", "0021_unit_work")]

    operations = [
        migrations.RunSQL(*goes_with(table, column, target))
        for table, column, target in (
            ("intel_rawtext", "report_id", "intel_report"),
            ("intel_annex", "report_id", "intel_report"),
            ("intel_annexgroupgrant", "content_object_id", "intel_annex"),
            ("intel_attachment", "report_id", "intel_report"),
            ("intel_workingnote", "report_id", "intel_report"),
            ("intel_task", "report_id", "intel_report"),
        )
    ]
