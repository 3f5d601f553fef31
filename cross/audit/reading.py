"""What the page of the journal gathers; changes nothing."""

from django.db.models import Max, Q

from cross.audit.models import Entry, Operation
from cross.audit.wording import VERBS


def narrowed(entries, wanted):
    """`entries` that fit the cleaned filters; the end of the period is included."""
    conditions = {
        "reference": lambda text: Q(target__icontains=text),
        "agent": lambda text: Q(who__icontains=text) | Q(unit__icontains=text),
        "operation": lambda value: Q(operation=value),
        "action": lambda value: Q(verb=value),
        "du": lambda day: Q(at__date__gte=day),
        "au": lambda day: Q(at__date__lte=day),
    }
    for name, condition in conditions.items():
        if wanted.get(name):
            entries = entries.filter(condition(wanted[name]))
    return entries


def chosen(wanted, labels):
    """The filters in force, in words, for the chips."""
    words = {
        "operation": lambda value: Operation(value).label,
        "action": lambda value: VERBS[value].sentence,
        "du": lambda day: f"{day:%d/%m/%Y}",
        "au": lambda day: f"{day:%d/%m/%Y}",
    }
    return [
        {
            "name": name,
            "value": value.isoformat() if hasattr(value, "isoformat") else value,
            "label": labels[name],
            "text": words.get(name, str)(value),
        }
        for name, value in wanted.items()
        if value
    ]


def last_done(verb, target, *, by):
    """When this member last did it to `target`, or None."""
    done = Entry.objects.filter(verb=verb, target=target, member_id=by.pk)
    return done.aggregate(at=Max("at"))["at"]


def who_did(verbs, target):
    """The keys of the members who did one of these to `target`, to be put in a query."""
    return Entry.objects.filter(verb__in=verbs, target=target).values("member_id")
