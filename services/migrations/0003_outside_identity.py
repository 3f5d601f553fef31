"""What an outside provider of identity will say of a member."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("services", "0002_neighbourhoods_from_a_file")]

    operations = [
        migrations.AddField(
            "member",
            "outside_identity",
            models.CharField(
                blank=True,
                default="",
                help_text="L’adresse professionnelle ou l’identifiant que ProConnect transmet, "
                "s’il s’en sert pour se connecter.",
                max_length=191,
                verbose_name="identité ProConnect",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "member",
            models.UniqueConstraint(
                condition=~Q(outside_identity=""),
                fields=["outside_identity"],
                name="outside_identity_is_of_one_member",
                violation_error_message="Cette identité est déjà celle d’un autre compte.",
            ),
        ),
    ]
