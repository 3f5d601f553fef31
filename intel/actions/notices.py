"""What a member does with what he is told: seen or not, told how, followed or not."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cross.audit import journal
from intel.models import Following, NoticeChoice, Notification
from intel.notices import NOTICES


def mark_seen(notifications):
    """Those of `notifications`, answered to their reader, that are not; the instant, or None."""
    now = timezone.now()
    return now if notifications.unseen().update(seen_at=now) else None


def mark_unseen(notifications, seen_at):
    """Take back what was marked at that instant; how many.

    One that was told anew since stays seen: the new line says the same.
    """
    again = Notification.objects.unseen().filter(
        member=OuterRef("member"), kind=OuterRef("kind"), report=OuterRef("report"), about=""
    )
    marked = notifications.filter(seen_at=seen_at).exclude(Exists(again))
    return marked.update(seen_at=None)


@transaction.atomic
def choose(ways, *, by):
    """How `by` is told of each kind; what is as usual is not kept, and follows the usual."""
    own = {kind: way for kind, way in ways.items() if way != NOTICES[kind].usual}
    NoticeChoice.objects.filter(member=by).exclude(kind__in=own).delete()
    # The same form sent twice at once writes the same lines twice.
    NoticeChoice.objects.bulk_create(
        [NoticeChoice(member=by, kind=kind, way=way) for kind, way in own.items()],
        update_conflicts=True,
        unique_fields=["member", "kind"],
        update_fields=["way"],
    )


@transaction.atomic
def follow(report, *, by, mine, **ours):
    """Follow a report, stop, or neither (True, False, None): for oneself as `mine`, and for one's
    unit as `ours`, left as it is when that is not said."""
    _say(report, by, mine, member=by)
    if ours:
        _say(report, by, ours["ours"], unit=by.unit)
    journal.record(by, "report.followed", report)


def _say(report, by, follows, **whose):
    former = Following.objects.of(report).filter(**whose)
    if follows is None:
        former.delete()
    else:
        former.update_or_create(report=report, **whose, defaults={"follows": follows, "by": by})
