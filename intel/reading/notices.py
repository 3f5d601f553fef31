"""What a member was told and may still read: the page, its filters, where each line leads."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Max
from django.urls import reverse

from cross.ui import keyset
from intel import access
from intel.actions.searches import KINDS
from intel.forms.notices import ALL
from intel.models import Letter, NoticeChoice
from intel.notices import NOTICES
from intel.reading.deconfliction import hit_lines, with_all

SIZE = 50


@dataclass(frozen=True)
class Told:
    """One page of what was told, each line with its `target`."""

    page: keyset.Page
    count: int
    unseen: int
    chosen: list


def listing_of(member, form):
    """What `form`, the filters of the address, asks for; as many queries for a line as for fifty,
    and some more when one of them is about a hit or a search."""
    wanted = form.cleaned_data if form.is_valid() else {}
    readable = access.readable_notifications(member)
    unseen = readable.unseen()
    rows = readable if wanted.get("voir") == ALL else unseen
    kind = wanted.get("sujet")
    if kind:
        rows = rows.filter(kind=kind)
    shown = rows.select_related("report__commune", "hit").defer(
        "report__search", "report__commune__outline"
    )
    page = keyset.page_of(shown, form.data, keys=("at", "id"), size=SIZE)
    _tell_what_is_ours(page.rows, member)
    _tell_which_search(page.rows, member)
    return Told(
        page=page,
        count=rows.count(),
        unseen=unseen.count(),
        chosen=[{"name": "sujet", "value": kind, "label": "Sujet", "text": NOTICES[kind].words}]
        if kind
        else [],
    )


def _tell_what_is_ours(rows, member):
    """Of those about a hit, `ours`: which operation, check or report of our own it is about."""
    met = [row for row in rows if row.hit_id]
    if not met:
        return
    hits = access.told_hits(member).filter(pk__in=[row.hit_id for row in met])
    told = {line.hit.pk: line.ours for line in hit_lines(member, with_all(hits))}
    for row in met:
        # Its unit may be told of it no more by the time of this second query.
        row.ours = told.get(row.hit_id, "")


def _tell_which_search(rows, member):
    """Of those that an alert told, `search`: the name of the one of his that the report entered.

    Here alone: what leaves by mail names none.
    """
    told = [row for row in rows if row.kind in KINDS.values()]
    if not told:
        return
    names = dict(
        access.told_by_alerts(member)
        .filter(
            report__in=[row.report_id for row in told],
            alert__search__in=access.own_searches(member),
        )
        .order_by("-at")
        .values_list("report", "alert__search__name")
    )
    for row in told:
        row.search = names.get(row.report_id, "")


def unseen_of(member):
    """For the header to count, in the query of the menu."""
    return [access.unseen_notifications(member)]


def target_of(notification):
    """Where it leads: where one answers, else what it is about."""
    notice = notification.notice
    if notice.page:
        return reverse(notice.page)
    if notification.hit_id:
        return reverse("decide_hit", args=[notification.hit.key])
    if notice.is_brought:
        return reverse("contribution_page", args=[notification.reference])
    if notification.report:
        anchor = f"#{notice.anchor}" if notice.anchor else ""
        return f"{notification.report.get_absolute_url()}{anchor}"
    return notification.path or reverse("notification_list")


def refused_mail(member):
    """The day the last mail to this member was given up, unless another has left since."""
    letters = Letter.objects.filter(member=member.pk)
    last = letters.aggregate(lost=Max("given_up_at"), sent=Max("sent_at"))
    lost, sent = last["lost"], last["sent"]
    return lost if lost and (sent is None or sent < lost) else None


def followed_as(member, report):
    """Of following a report: what the member said, and what was said for his unit."""
    said = {each.member_id: each.follows for each in access.followings_of(member, report)}
    return said.get(member.pk), said.get(None)


def seen_together(member, instant):
    """How many were marked at that instant, for « Annuler »."""
    return access.readable_notifications(member).filter(seen_at=instant).count()


def choices_of(member):
    """{kind: way} of what this member chose, when it is not as usual."""
    return dict(NoticeChoice.objects.filter(member=member.pk).values_list("kind", "way"))


def mail_leaves():
    """Does this installation send mail at all?"""
    return settings.MAIL_LEAVES
