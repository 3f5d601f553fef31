"""What a member was told, how he chose to be, what he follows, and the letters that go by mail.

A notification holds no text: what it says is read from its kind and from what it hangs on, each
time it is shown. Whoever reads that no more was never told: `intel.access.readable_notifications`.
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cross.guard import GuardedQuerySet, HangingManager
from cross.letters import Posted, PostedQuerySet
from cross.rows import Addressed
from intel.models.deconfliction import DeconflictionHit
from intel.models.matching import Match
from intel.models.report import Report
from intel.notices import NOTICES, Way


class LetterQuerySet(PostedQuerySet):
    def waiting(self, now):
        return super().waiting(now).filter(dropped_at=None)


class Letter(Posted):
    """One mail to one member: what he is told at once, or what a day has gathered."""

    member = models.ForeignKey("services.Member", models.CASCADE, related_name="+")
    # Of a digest: one a member and a day, however many times it is asked for.
    day = models.DateField(null=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    # Nothing left to say as it was to leave, no address, or no server: it went nowhere.
    dropped_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(LetterQuerySet)()

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        constraints = [
            models.UniqueConstraint(fields=["member", "day"], name="one_digest_a_day"),
            models.CheckConstraint(
                name="letter_ends_once",
                condition=Q(sent_at=None, given_up_at=None)
                | Q(sent_at=None, dropped_at=None)
                | Q(given_up_at=None, dropped_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(sent_at=None, given_up_at=None, dropped_at=None),
                name="letter_waiting",
            ),
        ]


class NotificationQuerySet(GuardedQuerySet):
    def unseen(self):
        return self.filter(seen_at=None)


class Notification(Addressed):
    """That something happened which concerns a member, as an agent of the unit he was then in.

    `about` names what makes it the same thing when it is told twice: told once for ever; without
    it, once as long as the former is not seen.
    """

    member = models.ForeignKey(
        "services.Member", models.CASCADE, related_name="+",
        db_index=False,  # notification_recent begins with it
    )  # fmt: skip
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    report = models.ForeignKey(Report, models.CASCADE, null=True, related_name="notifications")
    match = models.ForeignKey(Match, models.CASCADE, null=True, related_name="+")
    hit = models.ForeignKey(DeconflictionHit, models.CASCADE, null=True, related_name="+")
    about = models.CharField(max_length=80, blank=True)
    # Where it leads, when neither a report nor its kind says so.
    path = models.CharField(max_length=200, blank=True)
    way = models.CharField(max_length=5, choices=Way)
    at = models.DateTimeField(default=timezone.now, editable=False)
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, related_name="notifications")

    objects = models.Manager.from_queryset(NotificationQuerySet)()

    class Meta:
        verbose_name = "notification"
        indexes = [
            models.Index("member", F("at").desc(), F("id").desc(), name="notification_recent"),
            models.Index(fields=["member"], condition=Q(seen_at=None), name="notification_unseen"),
            models.Index(
                fields=["member"],
                condition=Q(way="daily", seen_at=None, letter=None),
                name="notification_for_digest",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "about"],
                condition=~Q(about=""),
                name="told_once_of_a_thing",
            ),
            models.UniqueConstraint(
                fields=["member", "kind", "report"],
                condition=Q(about="", seen_at=None),
                name="told_once_until_seen",
            ),
            models.CheckConstraint(
                name="notification_of_a_match_has_its_report",
                condition=Q(match=None) | Q(report__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.kind} à {self.member_id}"

    @property
    def notice(self):
        return NOTICES[self.kind]

    @property
    def reference(self):
        """What people call what it is about, or nothing: a mail says no more."""
        return self.report.reference if self.report else ""


class NoticeChoice(models.Model):
    """How a member wants to be told of a kind, when it is not as usual."""

    member = models.ForeignKey(
        "services.Member", models.CASCADE, related_name="+",
        db_index=False,  # one_choice_a_kind begins with it
    )  # fmt: skip
    kind = models.CharField(max_length=24)
    way = models.CharField(max_length=5, choices=Way)

    class Meta:
        verbose_name = "réglage de notification"
        verbose_name_plural = "réglages de notification"
        constraints = [
            models.UniqueConstraint(fields=["member", "kind"], name="one_choice_a_kind"),
        ]

    def __str__(self):
        return f"{self.kind} : {self.way}"


class Following(models.Model):
    """That a member, or a whole unit, follows a report, or wants to hear of it no more.

    What a member said goes before what was said for his unit.
    """

    report = models.ForeignKey(
        Report, models.CASCADE, related_name="followings",
        db_index=False,  # both constraints begin with it
    )  # fmt: skip
    member = models.ForeignKey("services.Member", models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey("services.Unit", models.CASCADE, null=True, related_name="+")
    follows = models.BooleanField()
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta:
        verbose_name = "suivi d’une fiche"
        verbose_name_plural = "suivis de fiches"
        constraints = [
            models.UniqueConstraint(fields=["report", "member"], name="one_following_a_member"),
            models.UniqueConstraint(fields=["report", "unit"], name="one_following_a_unit"),
            models.CheckConstraint(
                name="following_of_a_member_or_a_unit",
                condition=Q(member=None, unit__isnull=False) | Q(member__isnull=False, unit=None),
            ),
        ]

    def __str__(self):
        return f"{self.report_id} : {'suivie' if self.follows else 'plus suivie'}"


class Visit(models.Model):
    """When a member came last, and the time before: what is new since then is new to him."""

    member = models.OneToOneField("services.Member", models.CASCADE, related_name="visit")
    at = models.DateTimeField(default=timezone.now)
    before = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "visite"

    def __str__(self):
        return f"visite de {self.member_id}"
