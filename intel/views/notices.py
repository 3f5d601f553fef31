"""Notifications: what one was told, how one wants to be, which reports one follows."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form
from cross.ui.templatetags.words import counted
from intel import access
from intel.actions import notices as actions
from intel.forms.notices import (
    ALL,
    FollowForm,
    NoticeChoicesForm,
    NoticeFilterForm,
    instant_in,
)
from intel.notices import may_be_told
from intel.reading import notices as reading
from services.roles import Right, may

KEPT = ("voir", "sujet", "apres", "avant")  # of the address, from a button back to its page


@gate.lets(may_be_told, reads="notifications.listed")
def notification_list(request):
    form = NoticeFilterForm(request.GET, member=request.user)
    told = reading.listing_of(request.user, form)
    done = instant_in(request.GET.get("fait", ""))
    context = {
        "told": told,
        "page": told.page,
        "filter_form": form,
        "chosen": told.chosen,
        "shows_all": form.data.get("voir") == ALL,
        "kept": _kept(request.GET),
        "now": timezone.now(),
        "done": done and reading.seen_together(request.user, done),
        "done_at": done,
        "refused_mail": reading.refused_mail(request.user),
    }
    return render(request, "intel/notification_list.html", context)


@gate.hands(access.readable_notifications, by="key")
def open_notification(request, notification):
    """Goes where it leads; what is opened is seen."""
    if request.method == "GET":
        actions.mark_seen(access.readable_notifications(request.user).filter(pk=notification.pk))
    return redirect(reading.target_of(notification))


@require_POST
@gate.hands(access.readable_notifications, by="key")
def mark_notification(request, notification):
    """Seen, or to be read again."""
    one = access.readable_notifications(request.user).filter(pk=notification.pk)
    return _back(request, actions.mark_seen(one))


@require_POST
@gate.lists(access.unseen_notifications)
def mark_notifications(request, unseen):
    """All that the page counted; what came after it was drawn stays to be read."""
    until = instant_in(request.POST.get("jusqua", "")) or timezone.now()
    return _back(request, actions.mark_seen(unseen.filter(at__lte=until)))


@require_POST
@gate.lists(access.readable_notifications)
def unmark_notifications(request, readable):
    """Take back what was marked in one go."""
    instant = instant_in(request.POST.get("vues", ""))
    count = actions.mark_unseen(readable, instant) if instant else 0
    if count:
        messages.success(request, f"{counted(count, 'notification')} de nouveau à lire.")
    return _back(request, None)


def _back(request, done):
    """The page as it was, with what takes the last action back."""
    done = {"fait": done.isoformat()} if done else {}
    return redirect(f"{reverse('notification_list')}{_kept(request.GET, **done)}")


def _kept(query, **more):
    kept = {name: query[name] for name in KEPT if name in query} | more
    return f"?{urlencode(kept)}" if kept else ""


@gate.lets(may_be_told)
def notice_choices(request):
    member = request.user
    form = NoticeChoicesForm.read(request, member=member, chosen=reading.choices_of(member))
    if form.carry_out(lambda ways: actions.choose(ways, by=member)):
        messages.success(request, "Réglages enregistrés.")
        return redirect("notice_choices")
    return render_form(
        request,
        "intel/notice_choices.html",
        form,
        refused_mail=reading.refused_mail(member),
        leaves=reading.mail_leaves(),
    )


@gate.hands(access.readable_reports, by="reference", reads="report.read")
def follow_report(request, report):
    """Whether one hears of it, oneself and, for who writes, one's unit."""
    mine, ours = reading.followed_as(request.user, report)
    initial = {"mine": FollowForm.written(mine), "ours": FollowForm.written(ours)}
    form = FollowForm.read(
        request, speaks_for_unit=may(Right.WRITE)(request.user), initial=initial
    )
    if form.carry_out(lambda **said: actions.follow(report, by=request.user, **said)):
        messages.success(request, "Suivi enregistré.")
        return redirect(report)
    return render_form(request, "intel/report_follow.html", form, report=report)
