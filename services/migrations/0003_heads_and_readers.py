
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('services', '0002_unit_sort_key'),
    ]

    operations = [
        migrations.AlterField(
            model_name='member',
            name='role',
            field=models.CharField(choices=[('analyste', 'Analyste de la cellule'), ('animateur', 'Animateur de la cellule'), ('liaison', 'Liaison d’un service'), ('chef', 'Chef d’unité'), ('lecteur', 'Lecteur'), ('prefecture', 'Préfecture'), ('parquet', 'Magistrat du parquet'), ('referent', 'Référent ponctuel'), ('dpo', 'Délégué à la protection des données'), ('technique', 'Administrateur technique')], max_length=12, verbose_name='rôle'),
        ),
    ]
