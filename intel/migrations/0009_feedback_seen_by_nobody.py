"""Nothing ever said that a feedback was seen."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intel", "0008_walked_by_pages")]

    operations = [migrations.RemoveField("feedback", "seen_at")]
