"""The key of a sealed value leaves with its row (see cross.sealed)."""

from django.db import migrations

from cross.sealed.sql import goes_with_its_key

# {table: the columns that name its row, then the sealed ones}
SEALED = {
    "intel_tip": (["report_id"], "raw_text", "contact"),
    "intel_rawtext": (["report_id"], "text"),
    "intel_draft": (["author_id", "key"], "fields"),
    "intel_discardedreport": (["key"], "rows"),
}


class Migration(migrations.Migration):
    dependencies = [("intel", "0002_second_fence"), ("sealed", "0001_initial")]

    operations = [
        migrations.RunSQL(*goes_with_its_key(table, named_by, *columns))
        for table, (named_by, *columns) in SEALED.items()
    ]
