"""The only door. A view looks nothing up: the gate hands it what it shows.

    @gate.hands(access.readable_reports, reads="report.read")     one row, or the same 404
    @gate.lists(access.readable_reports)                          a queryset
    @gate.lets(roles.may(Right.IMPORT))                           a right of the member
    @gate.public(because="…")                                     an open door, with its reason

`fresh=True` asks for a proof of who one is, given a short time ago: what leaves the house.

The gate records what was read or refused; the action records what was changed: each fact once.
An answer that redirects has shown nothing; any other, whatever the method, has been read.
`cross.checks` refuses to start on an address whose view carries none of the four.
Behind a door, the database is told who reads (`cross.fence`).
"""

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render

from cross import fence
from cross.audit import journal

# Any other method would run a view that has not thought of it.
METHODS = ("GET", "HEAD", "POST")


@dataclass(frozen=True)
class Policy:
    """What a view promised; read by the start-up check and by the table of doors."""

    kind: str
    rule: Callable[..., Any] | None = None
    reads: str = ""
    because: str = ""
    fresh: bool = False
    enrolling: bool = False  # open as long as no second factor is chosen


def promised(view, policy):
    """The view, carrying its policy where the check and the table of doors look for it."""
    view.gate_policy = policy
    return view


_once: ContextVar[dict | None] = ContextVar("once", default=None)


def once(key, answer):
    """`answer()`, asked once in a request and never kept longer; outside one, asked each time."""
    kept = _once.get()
    if kept is None:
        return answer()
    if key not in kept:
        kept[key] = answer()
    return kept[key]


@contextmanager
def one_request():
    """The block within which `once` asks once: that of a request, joined where one has begun."""
    if _once.get() is not None:
        yield
        return
    token = _once.set({})
    try:
        yield
    finally:
        _once.reset(token)


def forget():
    """Ask again from here on: an action of this request has changed who may see what."""
    kept = _once.get()
    if kept is not None:
        kept.clear()


def ended(request) -> HttpResponse | None:
    """The page for somebody whose authorisation has ended, or nothing."""
    if request.user.is_in_duty():
        return None
    journal.record(request.user, "access.ended", "habilitation")
    return _ending_page(request, ending=request.user.ending_of_duty(), status=403)


@dataclass(frozen=True)
class Ending:
    """Why nothing is open to a member any more, in one plain sentence; `url` says more."""

    title: str
    sentence: str
    url: str = ""


# `ask(member)` of the rooms above: the ending of his only access, or None as long as anything is
# open to him.
_asked_also: list[Callable[[Any], Ending | None]] = []


def ask_also(ask):
    """Let a room above tell what has ended there for a member who is in duty."""
    _asked_also.append(ask)


def _nobody_asks(request, policy):
    raise ImproperlyConfigured("cross.identity must say what a session has proved")


_unproved: Callable[[Any, Policy], HttpResponse | None] = _nobody_asks


def _nobody_asks_why(request, row, names):
    raise ImproperlyConfigured("cross.identity must say why a session reads")


_asks_why: Callable[[Any, Any, Any], tuple[HttpResponse | None, str]] = _nobody_asks_why


def prove_by(ask, ask_why):
    """Let `cross.identity` ask a member to prove who he is (a page, or nothing), and why he reads
    a row that names somebody (a page, or the reason)."""
    global _unproved, _asks_why
    _unproved, _asks_why = ask, ask_why


def ending_of(member):
    """Why nothing is open to this member any more, or None."""
    return next(filter(None, (ask(member) for ask in _asked_also)), None)


def _shut(request, *, status) -> HttpResponse | None:
    """The page for somebody to whom nothing is open any more, or nothing."""
    ending = ending_of(request.user)
    return _ending_page(request, ending=ending, status=status) if ending else None


def _ending_page(request, *, ending, status):
    """The page that says it. A tab that asked for a fragment goes to the whole page instead."""
    if request.htmx:
        answer = HttpResponse(status=status)
        answer["HX-Redirect"] = "/"
        return answer
    context = {"member": request.user, "ending": ending}
    return render(request, "access_ended.html", context, status=status)


def _door(policy, view, open_it):
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if (page := ended(request)) is not None:
            return page
        if (page := _unproved(request, policy)) is not None:
            return page
        with one_request(), fence.reading_as(request.user):
            if request.htmx and (page := _shut(request, status=403)) is not None:
                return page
            answer = open_it(request, *args, **kwargs)
            # Django's own views put their page together after they return: too late here.
            if hasattr(answer, "render") and not answer.is_rendered:
                answer.render()
            return answer

    return promised(guarded, policy)


def _noted(request, reads, target, response, *, why=""):
    """The answer, its line written: it is sent after that, or not at all."""
    if reads and not 300 <= response.status_code < 400:
        journal.record(request.user, reads, target, why=why)
    return response


def shown_beside(request, verb, target, rows):
    """One line for the rows that a page shows beside the one it was handed: which ones."""
    if rows:
        named = ", ".join(row.journal_reference for row in rows)
        journal.record(request.user, verb, target, why=f"montrées à côté : {named}")


def hands(rows, *, by="pk", reads="", names=None, fresh=False):
    """Give the view the one row its address names, out of `rows(member)`; 404 to anyone else.

    `names(row, member)` says that it names somebody whom this member must say why he reads about.
    """

    def decorate(view):
        def open_it(request, **kwargs):
            [(_, value)] = kwargs.items()
            # PostgreSQL has no text with a NUL: such a row is absent like any other.
            named = {} if "\0" in str(value) else {by: value}
            row = rows(request.user).filter(**named).first() if named else None
            if row is None:
                # Hidden and absent are one answer: same line, same page.
                journal.record(request.user, "access.refused", _as_typed(value))
                if (page := _shut(request, status=404)) is not None:
                    return page
                raise Http404
            page, why = _asks_why(request, row, names) if names else (None, "")
            if page is not None:
                return page
            return _noted(request, reads, row, view(request, row), why=why)

        return _door(Policy("hands", rows, reads, fresh=fresh), view, open_it)

    return decorate


def lists(rows, *, reads=""):
    """Give the view the queryset of `rows(member)`."""

    def decorate(view):
        def open_it(request, **kwargs):
            return _noted(request, reads, "liste", view(request, rows(request.user), **kwargs))

        return _door(Policy("lists", rows, reads), view, open_it)

    return decorate


def lets(may, *, reads="", fresh=False, enrolling=False):
    """Ask only for a right of the member; the page that refuses says which one is missing."""

    def decorate(view):
        def open_it(request, **kwargs):
            if not may(request.user):
                journal.record(request.user, "access.refused", request.path[:120])
                context = {"needed": getattr(may, "in_words", "")}
                return render(request, "403.html", context, status=403)
            # A form that was sent is left to its view, which refuses it and loses nothing.
            if request.method != "POST" and _is_about_content(may) and ending_of(request.user):
                return redirect("/")
            return _noted(request, reads, "page", view(request, **kwargs))

        policy = Policy("lets", may, reads, fresh=fresh, enrolling=enrolling)
        return _door(policy, view, open_it)

    return decorate


def _is_about_content(may):
    return getattr(may, "is_about_content", False)


def public(*, because):
    """Leave a door open, for a reason."""

    def decorate(view):
        @wraps(view)
        def opened(request, *args, **kwargs):
            return view(request, *args, **kwargs)

        return login_not_required(promised(opened, Policy("public", because=because)))

    return decorate


def members(view):
    """Any member in duty: the home page, the help, one's own account."""
    return lets(_any_member)(view)


def enrolling(view=None, *, fresh=False):
    """Any member in duty, who may have to choose a second factor first."""
    decorate = lets(_any_member, fresh=fresh, enrolling=True)
    return decorate(view) if view else decorate


def _any_member(member):
    return member.is_authenticated


def _as_typed(value):
    """What was asked for, short enough and printable enough for a line of the journal."""
    return "".join(c for c in str(value)[:60] if c.isprintable())
