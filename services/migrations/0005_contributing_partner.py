"""A role that hands in and reads nothing."""

from django.db import migrations, models

ROLES = [
    ("analyste", "Analyste de la cellule"),
    ("animateur", "Animateur de la cellule"),
    ("liaison", "Liaison d’un service"),
    ("chef", "Chef d’unité"),
    ("lecteur", "Lecteur"),
    ("prefecture", "Préfecture"),
    ("parquet", "Magistrat du parquet"),
    ("referent", "Référent ponctuel"),
    ("partenaire", "Partenaire contributeur"),
    ("dpo", "Délégué à la protection des données"),
    ("technique", "Administrateur technique"),
]


class Migration(migrations.Migration):
    dependencies = [("services", "0004_password_given_by_a_head")]

    operations = [
        migrations.AlterField(
            "member", "role", models.CharField("rôle", choices=ROLES, max_length=12)
        )
    ]
