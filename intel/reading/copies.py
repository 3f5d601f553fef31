"""What the pages of printed copies show: those of a note, the register, a run at work."""

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
)

from cross.outbox.models import Job
from cross.ui import keyset
from intel import access
from intel.models import CopyEnd, Edition, PrintRun

COPIES = 100
ROWS = 50
STATES = {
    "sortis": "Sortis",
    "perimes": "Périmés encore sortis",
    "rentres": "Rentrés, détruits ou perdus",
}
# A copy whose text is no longer that of its note: written again since, or replaced by another.
IS_SUPERSEDED = Q(edition__version__gt=F("version")) | Q(edition__state=Edition.State.REPLACED)
ORDERS = {
    "date": {"keys": ("printed_at", "id"), "ascending": False},
    "detenteur": {"keys": ("recipient", "id"), "ascending": True},
}


def registered(copies):
    """Rows of the register: `copies` with their note, who printed them and how they ended."""
    standing = CopyEnd.objects.filter(undone_at=None).select_related("by")
    run = PrintRun.objects.filter(entry_key=OuterRef("entry_key"))
    return (
        copies.select_related("edition", "printed_by__unit")
        .defer("edition__figures", "edition__words", "edition__parts")
        .annotate(
            is_superseded=ExpressionWrapper(IS_SUPERSEDED, BooleanField()),
            kind=Subquery(run.values("kind")[:1]),
        )
        .prefetch_related(Prefetch("ends", standing, to_attr="standing_ends"))
    )


def chosen(copies, *, state="", holder="", number="", own_of=None):
    """Those of `copies` that the filters ask for."""
    if state == "perimes":
        copies = copies.filter(IS_SUPERSEDED)
    if state:
        copies = copies.filter(_ended()) if state == "rentres" else copies.exclude(_ended())
    if holder:
        copies = copies.filter(recipient__icontains=holder)
    if number:
        copies = copies.filter(edition__number__icontains=number)
    return copies.filter(printed_by=own_of) if own_of else copies


def _ended():
    return Q(pk__in=CopyEnd.objects.filter(undone_at=None).values("copy"))


def page_of(copies, query, *, order):
    page = keyset.page_of(registered(copies), query, size=ROWS, **ORDERS[order])
    return page, copies.count()


def superseded_of(copies):
    """How many of `copies` are still out while their text is no longer that of their note."""
    return chosen(copies, state="perimes").count()


def chips_of(form):
    """The filters in force, in words, each with what to take out of the address."""
    if not form.is_valid():
        return []
    chips = []
    for name, value in form.cleaned_data.items():
        field = form.fields[name]
        if value:
            text = dict(getattr(field, "choices", ())).get(value, value)
            chips.append({"name": name, "value": value, "label": field.label, "text": text})
    return chips


def register(edition):
    """The copies of a note, latest first, and how many there are."""
    copies = edition.copies.select_related("printed_by__unit").order_by("-copy_number")
    latest = list(copies[:COPIES])
    return latest, latest[0].copy_number if latest else 0


def printed_together(member, run):
    """The copies that a run has made, by number."""
    copies = access.own_prints(member).filter(entry_key=run.entry_key)
    return list(copies.order_by("copy_number"))


def job_of(run):
    return Job.objects.filter(pk=run.job).first()
