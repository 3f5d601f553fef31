"""A letter that never left is not one that was delivered: it says so by itself."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("intel", "0030_discarded_drafts")]

    operations = [
        migrations.AddField("letter", "dropped_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("letter", "letter_sent_or_given_up"),
        migrations.AddConstraint(
            "letter",
            models.CheckConstraint(
                name="letter_ends_once",
                condition=Q(sent_at=None, given_up_at=None)
                | Q(sent_at=None, dropped_at=None)
                | Q(given_up_at=None, dropped_at=None),
            ),
        ),
        migrations.RemoveIndex("letter", "letter_waiting"),
        migrations.AddIndex(
            "letter",
            models.Index(
                fields=["next_at"],
                condition=Q(sent_at=None, given_up_at=None, dropped_at=None),
                name="letter_waiting",
            ),
        ),
    ]
