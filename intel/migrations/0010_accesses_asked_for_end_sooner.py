"""An access that was asked for is prolonged by ninety days at most, as it was given."""

from django.db import migrations, models

# Of those that run: a grant starts at the very instant its request was decided.
ASKED_FOR = """
UPDATE intel_reportmembergrant AS given SET longest_days = 90
FROM intel_accessrequest AS asked
WHERE asked.report_id = given.content_object_id AND asked.asked_by_id = given.user_id
  AND asked.decision = 'accepted' AND asked.decided_at = given.starts_at
"""


class Migration(migrations.Migration):
    dependencies = [("intel", "0009_feedback_seen_by_nobody")]

    operations = [
        migrations.AddField(
            "reportmembergrant",
            "longest_days",
            models.PositiveSmallIntegerField(db_default=365, editable=False),
        ),
        migrations.RunSQL(ASKED_FOR, migrations.RunSQL.noop),
    ]
