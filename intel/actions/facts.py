"""Which reports speak of one event: joined when somebody says so, parted when that is taken back.

Only what is open to the whole protocol is of one fact, by links between open reports: a figure, or
two reports read side by side, never betray a third that somebody may not read. What is restricted
keeps a fact of its own; those who read it and what it is linked to see the link
(`access.told_with`).
"""

from django.db.models import Q

from intel.access.same_fact import reached
from intel.actions import holding
from intel.models import Audience, Fact, Match, Report

FOLLOWING = "what speaks of one event is of one fact, whoever may read it"


def hold(*reports):
    """Hold every report of their facts, in order: two people never join or part one at once."""
    keys = {report.pk for report in reports}
    facts = Report.objects.filter(pk__in=keys).unguarded(because=FOLLOWING).values("fact")
    holding.lock_all(keys | set(_of_facts(facts)))


def join(report, other):
    """Bring all of the fact of `report` into that of `other`; what `part` will want.

    That is [the former fact, the reports that left it with this one], or nothing when they are of
    one fact already, or one of them is restricted. `report` is left unsaved, with its new fact.
    Both are held.
    """
    if report.fact_id == other.fact_id or report.is_restricted or other.is_restricted:
        return []
    former = report.fact_id
    followers = [pk for pk in _of_facts([former]) if pk != report.pk]
    _move(followers, other.fact_id)
    report.fact_id = other.fact_id
    return [former, followers]


def part(report, other, undo, *, leaving=None):
    """Take back what brought `report` to the fact of `other`, the key of a report.

    `undo` is what `join` gave, `leaving` the match that is taken back; none for a duplicate, whose
    link is a column of `report`. Whatever another link still holds to `other` stays; what came
    with `report`, or after it, goes back with it. `report` is left unsaved.
    """
    former, followers = undo or (None, ())
    links, told = _links(report, leaving)
    if other not in told:
        return
    staying = reached(other, links)
    if report.pk in staying:
        return
    going = (reached(report.pk, links) | set(followers)) & told - staying
    # They were of one fact by a link that has gone since: nothing was kept to go back to.
    former = former or _new_fact(report)
    _move(going - {report.pk}, former)
    report.fact_id = former


def leave(report):
    """It is no longer open: it takes a fact of its own, and what it alone brought together parts.

    Held by `hold`; saved.
    """
    pairs, told = _links(report, None)
    links = [pair for pair in pairs if report.pk not in pair]
    left = told - {report.pk}
    if not left:
        return
    left -= reached(min(left), links)
    while left:
        parted = reached(min(left), links)
        _move(parted, _new_fact(report))
        left -= parted
    report.fact_id = _new_fact(report)
    report.save(update_fields=["fact"])


def enter(report):
    """It is open from now on: it is of one fact with the open reports that links bring it to.

    Held with all of `linked_to`; saved.
    """
    for other in linked_to(report):
        join(report, other)
        report.save(update_fields=["fact"])


def linked_to(report):
    """The open reports that somebody linked to this one, the earliest first."""
    said = Match.objects.live().about(report).filter(kind=Match.Kind.CORROBORATES)
    linked = {report.duplicate_of_id}
    for pair in said.unguarded(because=FOLLOWING).values_list("report", "other"):
        linked |= set(pair)
    others = Report.objects.filter(Q(pk__in=linked - {None}) | Q(duplicate_of=report))
    others = others.filter(audience=Audience.PROTOCOL).exclude(pk=report.pk)
    return list(others.order_by("received_at", "pk").unguarded(because=FOLLOWING))


def _new_fact(report):
    return Fact.objects.create(department_id=report.department_id).pk


def _of_facts(facts):
    told = Report.objects.filter(fact__in=facts).order_by("pk").unguarded(because=FOLLOWING)
    return list(told.values_list("pk", flat=True))


def _links(report, leaving):
    """The links inside the fact of `report`, but the one that is taken back, and who is in it."""
    told = Report.objects.filter(fact=report.fact_id).unguarded(because=FOLLOWING)
    originals = dict(told.values_list("pk", "duplicate_of"))
    if leaving is None:
        originals[report.pk] = None
    confirmed = Match.objects.live().filter(
        kind=Match.Kind.CORROBORATES, report__in=originals, other__in=originals
    )
    if leaving is not None:
        confirmed = confirmed.exclude(pk=leaving.pk)
    pairs = list(confirmed.unguarded(because=FOLLOWING).values_list("report", "other"))
    return pairs + [pair for pair in originals.items() if pair[1]], set(originals)


def _move(keys, fact):
    Report.objects.filter(pk__in=keys).unguarded(because=FOLLOWING).update(fact=fact)
