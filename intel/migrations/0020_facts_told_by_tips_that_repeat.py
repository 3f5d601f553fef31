from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intel", "0019_decisions_become_actions")]

    operations = [
        migrations.AddField(
            model_name="territoryscore",
            name="repeated_facts",
            field=models.PositiveIntegerField(null=True),
        ),
    ]
