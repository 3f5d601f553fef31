"""What has been told of an end that comes: a row, so that nobody is told twice."""

from django.db import models
from django.utils import timezone

from protocols.models.protocol import Protocol


class RenewalReminder(models.Model):
    """The animator was told, `days` before this end; another end is another matter."""

    protocol = models.ForeignKey(Protocol, models.CASCADE, related_name="reminders")
    ends_on = models.DateField("fin")
    days = models.PositiveSmallIntegerField("jours avant la fin")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "rappel de renouvellement"
        constraints = [
            models.UniqueConstraint(
                fields=["protocol", "ends_on", "days"], name="renewal_reminded_once"
            )
        ]

    def __str__(self):
        return f"{self.days} jours avant le {self.ends_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return self.protocol.get_absolute_url()
