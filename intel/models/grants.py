"""The second and third levels of guardian's grants; the first is `protocols.Participation`.

Rows exist for restricted reports only. Nothing is derived from them and nothing is cached: taking
a row away is effective at the next query.
"""

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from cross.rows import Addressed
from intel.models.report import Report


class ReportGroupGrant(GroupObjectPermissionBase):
    """A restricted report, named to a unit."""

    # No index of its own: report_grant_probe below starts with the same column.
    content_object = models.ForeignKey(
        Report, models.CASCADE, related_name="group_grants", db_index=False
    )

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        verbose_name = "unité destinataire"
        verbose_name_plural = "unités destinataires"
        indexes = [
            models.Index(
                fields=["content_object", "permission", "group"], name="report_grant_probe"
            ),
        ]


class ReportMemberGrant(Addressed, UserObjectPermissionBase):
    """A report opened to one person until an instant: every one of these ends.

    A guest who also contributes holds a second row, of the permission `complete_report`.
    """

    content_object = models.ForeignKey(Report, models.CASCADE, related_name="member_grants")
    starts_at = models.DateTimeField("à partir du")
    expires_at = models.DateTimeField("jusqu’au")
    reason = models.CharField("motif", max_length=300)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    # It is prolonged as far as it could be given: less for an access that was asked for.
    longest_days = models.PositiveSmallIntegerField(db_default=365, editable=False)
    # Given for an item of a meeting, and gone with it.
    item_guest = models.ForeignKey(
        "intel.ItemGuest", models.CASCADE, null=True, editable=False, related_name="grants"
    )

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        verbose_name = "accès ponctuel"
        verbose_name_plural = "accès ponctuels"
        constraints = [
            models.CheckConstraint(
                name="member_grant_ends_after_it_starts",
                condition=models.Q(expires_at__gt=models.F("starts_at")),
                violation_error_message="L’accès doit finir après avoir commencé.",
            ),
        ]

    @property
    def journal_reference(self):
        return self.content_object.reference
