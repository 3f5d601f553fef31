"""Which reports speak of one event: joined when somebody says so, parted when that is taken back.

What is joined moves as a whole, whoever may read it: one event is one fact. It opens nothing to
anybody, for a fact has no reader of its own.
"""

from collections import defaultdict

from intel.actions import holding
from intel.models import Fact, Match, Report

FOLLOWING = "what speaks of one event is of one fact, whoever may read it"


def hold(*reports):
    """Hold every report of their facts, in order: two people never join or part one at once."""
    keys = {report.pk for report in reports}
    facts = Report.objects.filter(pk__in=keys).unguarded(because=FOLLOWING).values("fact")
    told = Report.objects.filter(fact__in=facts).unguarded(because=FOLLOWING)
    holding.lock_all(keys | set(told.values_list("pk", flat=True)))


def join(report, other):
    """Bring all of the fact of `report` into that of `other`; what `part` will want.

    That is [the former fact, the reports that left it with this one], or nothing when they are
    of one fact already. `report` is left unsaved, with its new fact. Both are held.
    """
    if report.fact_id == other.fact_id:
        return []
    former = report.fact_id
    told = Report.objects.filter(fact=former).unguarded(because=FOLLOWING)
    followers = list(told.exclude(pk=report.pk).order_by("pk").values_list("pk", flat=True))
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
    staying = _reached(other, links)
    if report.pk in staying:
        return
    going = (_reached(report.pk, links) | set(followers)) & told - staying
    # They were of one fact by a link that has gone since: nothing was kept to go back to.
    former = former or Fact.objects.create(department_id=report.department_id).pk
    _move(going - {report.pk}, former)
    report.fact_id = former


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
    pairs += [(pk, original) for pk, original in originals.items() if original]
    links = defaultdict(set)
    for one, another in pairs:
        links[one].add(another)
        links[another].add(one)
    return links, set(originals)


def _reached(start, links):
    """All that links lead to from `start`, itself included."""
    reached, left = {start}, [start]
    while left:
        nearer = links[left.pop()] - reached
        reached |= nearer
        left += nearer
    return reached


def _move(keys, fact):
    Report.objects.filter(pk__in=keys).unguarded(because=FOLLOWING).update(fact=fact)
