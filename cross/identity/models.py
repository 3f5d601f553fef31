"""What every web process must know at once, and forgets: tries that failed, codes already used."""

from django.db import models


class Kept(models.Model):
    """The table of Django's database cache (`CACHES`), made by a migration rather than apart.

    In PostgreSQL on purpose: nobody signs in without it anyway, and throttling must not open, nor
    the site close, on the day when Valkey is down.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "shared_cache"
        verbose_name = "valeur gardée"

    def __str__(self):
        return self.cache_key
