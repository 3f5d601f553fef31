"""A complement, an annex or a file sent twice by one form is recorded once."""

from django.db import migrations, models

MADE = ("annex", "attachment", "complement")


class Migration(migrations.Migration):
    dependencies = [("intel", "0014_amounts")]

    operations = [
        *(
            migrations.AddField(
                model, "entry_key", models.CharField(editable=False, max_length=32, null=True)
            )
            for model in MADE
        ),
        *(
            migrations.AddConstraint(
                model,
                models.UniqueConstraint(fields=("by", "entry_key"), name=f"{model}_entered_once"),
            )
            for model in MADE
        ),
    ]
