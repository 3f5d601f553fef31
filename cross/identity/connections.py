"""Open sign-ins: which ones a member has, and closing them."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from cross.identity.models import Kept

BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def open_connections(member):
    """Those that would still open a page; what has ended is no more in the list."""
    now = timezone.now()
    return UserSession.objects.filter(
        user=member.pk,
        session_key__in=Session.objects.filter(expire_date__gt=now).values("session_key"),
        created_at__gt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE),
        last_seen_at__gt=now - timedelta(seconds=settings.SESSION_IDLE_SECONDS),
    )


def listed(member, key):
    """The one of this page first, then the latest seen; each with `is_here` and `where`."""
    found = list(open_connections(member).order_by("-last_seen_at", "pk"))
    for each in found:
        each.is_here = each.session_key == key
        each.where = in_words(each.user_agent)
    return sorted(found, key=lambda each: not each.is_here)


def in_words(agent):
    """« Firefox, Windows » from what a browser says of itself."""
    browser = next((name for mark, name in BROWSERS.items() if mark in agent), "")
    browser = browser or ("Safari" if "Safari/" in agent else "Navigateur inconnu")
    system = next((name for mark, name in SYSTEMS.items() if mark in agent), "")
    return ", ".join(filter(None, [browser, system]))


@transaction.atomic
def end(connections, *, by, why=""):
    """Close them: nothing opens there any more, from the next page on. How many were closed."""
    keys = [each.session_key for each in connections]
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    for each in connections:
        journal.record(by, "session.ended", each.user, why=why or in_words(each.user_agent))
    return len(keys)


def end_all(member, *, by, but=None, why=""):
    rows = UserSession.objects.filter(user=member.pk).exclude(session_key=but)
    return end(list(rows.select_related("user")), by=by, why=why)


def seen(request):
    """When somebody was last there."""
    rows = UserSession.objects.filter(session_key=request.session.session_key)
    rows.update(last_seen_at=timezone.now())


def follow(request, former):
    """Each is known by its key, which has just changed."""
    rows = UserSession.objects.filter(user=request.user.pk, session_key=former)
    rows.update(session_key=request.session.session_key)


def forget_ended():
    """What is over, and the tries that count no more; how many rows."""
    now = timezone.now()
    over = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    removed = [
        Session.objects.filter(expire_date__lt=now).delete(),
        UserSession.objects.filter(created_at__lt=over).delete(),
        Kept.objects.filter(expires__lt=now).delete(),
    ]
    return sum(count for count, _ in removed)
