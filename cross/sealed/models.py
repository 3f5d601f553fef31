"""The key of each sealed value, itself sealed by the ring: small, saved apart, gone for good.

This table is left out of the backup of the database and saved beside it for thirty days at most
(docs/sealed-fields.md): once its key is erased, a value is in older backups and cannot be read.
"""

from django.db import models


class ValueKey(models.Model):
    place = models.CharField(max_length=80)  # « table.column »
    row = models.CharField(max_length=100)  # what names the row there, known before it is written
    key = models.BinaryField()
    number = models.PositiveSmallIntegerField()  # of the key of the ring that seals it

    class Meta:
        verbose_name = "clé d’une valeur scellée"
        verbose_name_plural = "clés de valeurs scellées"
        constraints = [
            models.UniqueConstraint(fields=["row", "place"], name="one_key_a_sealed_value"),
        ]
        indexes = [models.Index(fields=["number"], name="valuekey_of_the_ring")]

    def __str__(self):
        return f"{self.place} {self.row}"
