"""The meetings of a cell: its day, who is called to it, who came, and who signed its minutes.

No report here: what a meeting speaks of is `intel.models.agenda`.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cross.letters import Posted, PostedQuerySet
from cross.rows import Addressed
from cross.ui.templatetags.words import day
from protocols.meeting_states import MeetingState


class Meeting(Addressed):
    """Calendars know it by the key of its address."""

    protocol = models.ForeignKey("protocols.Protocol", models.PROTECT, related_name="meetings")
    held_on = models.DateField("jour")
    starts_at = models.TimeField("heure")
    lasts = models.PositiveSmallIntegerField("durée (minutes)", default=120)
    place = models.CharField("lieu", max_length=200)
    chair = models.ForeignKey(
        "services.Unit", models.PROTECT, null=True, related_name="+", verbose_name="présidence"
    )
    state = models.CharField(
        "état", max_length=10, choices=MeetingState, default=MeetingState.PREPARED
    )
    # Of the invitation in calendars: one more each time that the day, the hour or the end changes.
    sequence = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField("convoquée le", null=True)
    remarks = models.TextField("observations", blank=True)
    # What was read out and signed, and its digest: written when the first signs, never after.
    minutes = models.JSONField("compte rendu", null=True)
    digest = models.CharField("empreinte", max_length=64, blank=True)
    by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "réunion"
        ordering = ["held_on", "starts_at", "pk"]
        indexes = [models.Index(fields=["protocol", "held_on"], name="meeting_of_protocol")]
        constraints = [
            models.CheckConstraint(
                name="meeting_signed_is_frozen",
                condition=~Q(state=MeetingState.SIGNED)
                | (Q(minutes__isnull=False) & ~Q(digest="")),
            ),
            models.CheckConstraint(
                name="meeting_minutes_have_a_digest",
                condition=Q(minutes=None, digest="") | (Q(minutes__isnull=False) & ~Q(digest="")),
            ),
        ]

    def __str__(self):
        return f"Réunion du {day(self.held_on)}"

    def get_absolute_url(self):
        return reverse("meeting_page", args=[self.key])

    @property
    def begins(self):
        """Its first instant, where we are."""
        return timezone.make_aware(datetime.combine(self.held_on, self.starts_at))

    @property
    def ends(self):
        return self.begins + timedelta(minutes=self.lasts)

    @property
    def uid(self):
        """What names it in calendars, the same as long as it lives."""
        return f"{self.key}@{settings.ADDRESS.partition('://')[2].split('/')[0].split(':')[0]}"

    @property
    def journal_reference(self):
        return f"réunion {self.protocol.department.code} {self.held_on:%Y-%m-%d}"

    @property
    def journal_department(self):
        return self.protocol.department.code


class MeetingStep(models.Model):
    """One move of a meeting, or of its day: who, when, why."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="steps")
    origin = models.CharField(max_length=10, choices=MeetingState)
    target = models.CharField(max_length=10, choices=MeetingState)
    # When its day was changed: the former one, in words.
    moved_from = models.CharField("reportée du", max_length=120, blank=True)
    why = models.CharField("motif", max_length=300, blank=True)
    by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "étape de la réunion"

    def __str__(self):
        return f"{self.origin} → {self.target}"


class Attendance(Addressed):
    """A unit that is called: what it answered, and whether it came. Nobody answers « Absent »."""

    class Answer(models.TextChoices):
        PRESENT = "present", "Présent"
        REPRESENTED = "represented", "Représenté"
        EXCUSED = "excused", "Excusé"
        ABSENT = "absent", "Absent"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    answer = models.CharField("réponse", max_length=11, choices=Answer, blank=True)
    answered_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # Noted in the meeting, in the same words; empty: nobody has said yet.
    noted = models.CharField("constaté", max_length=11, choices=Answer, blank=True)

    class Meta:
        verbose_name = "présence"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "unit"], name="one_attendance_a_unit"),
            models.CheckConstraint(
                name="attendance_answered_by_somebody_some_day",
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"{self.unit_id} : {self.noted or self.answer or 'sans réponse'}"

    @property
    def came(self):
        """Whether its service sat there, in person or represented."""
        return self.noted in {self.Answer.PRESENT, self.Answer.REPRESENTED}


class MinutesSignature(models.Model):
    """One of the two who signed the minutes: for which unit, and what exactly."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="signatures")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    digest = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "signature du compte rendu"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "by"], name="minutes_signed_once_by_each"),
        ]

    def __str__(self):
        return f"{self.by_id}, {self.unit_id}"


class MeetingLetter(Posted):
    """One mail to one member about a meeting: that it is called, moved or cancelled.

    Given up: no address, no right any more, no server, or too many tries.
    """

    class Method(models.TextChoices):
        REQUEST = "REQUEST", "Convocation"
        CANCEL = "CANCEL", "Annulation"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="letters")
    member = models.ForeignKey("services.Member", models.CASCADE, related_name="+")
    sequence = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=7, choices=Method)

    objects = models.Manager.from_queryset(PostedQuerySet)()

    class Meta:
        verbose_name = "courriel de réunion"
        verbose_name_plural = "courriels de réunion"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member", "sequence", "method"], name="told_once_of_a_meeting"
            ),
            models.CheckConstraint(
                name="meeting_letter_ends_once", condition=Q(sent_at=None) | Q(given_up_at=None)
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(sent_at=None, given_up_at=None),
                name="meeting_letter_waiting",
            ),
        ]
