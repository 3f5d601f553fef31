import django.db.models.deletion
from django.db import migrations, models

from intel.models.sql import CREATE_SHARED_TEXT, DROP_SHARED_TEXT, fences


class Migration(migrations.Migration):
    dependencies = [("intel", "0017_places")]

    operations = [
        migrations.CreateModel(
            name="SharedText",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="shared_text",
                        serialize=False,
                        to="intel.report",
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                ("attested_at", models.DateTimeField()),
            ],
            options={"db_table": "intel_sharedtext", "managed": False},
        ),
        migrations.RunSQL(CREATE_SHARED_TEXT, DROP_SHARED_TEXT),
        *(
            migrations.RunSQL(up, down)
            for up, down in fences(
                "intel_rawtext",
                "intel_annex",
                "intel_attachment",
                "intel_draft",
                "intel_draftfile",
            )
        ),
    ]
