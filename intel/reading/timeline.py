"""The timeline of one report: when it happened, when it was told, what was done since.

Put together from what its reader reads, and from nothing else: whoever is not to be named has no
name here either.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef
from django.utils import timezone

from cross.ui.templatetags.words import listed
from intel import access
from intel.extraction.identifiers import show
from intel.models import Complement, Handover, Identifier, RestrictionChange
from intel.place_states import PlaceState
from intel.reading import history, places
from intel.reading.silence import silence_of

MOST = 200


@dataclass(frozen=True)
class Moment:
    """One line: a day, or an instant of it; what, by whom, and where it leads."""

    on: date
    title: str
    at: datetime | None = None
    detail: str = ""
    url: str = ""

    @property
    def rank(self):
        """Of one day, what has no hour comes first."""
        at = timezone.localtime(self.at).time() if self.at else time.min
        return self.on, at


def rows(member):
    """Reports whose life is his to follow, with what there is to be asked for."""
    this = OuterRef("pk")
    return (
        access.followed_reports(member)
        .select_related("author__unit", "owner", "first_owner")
        .annotate(
            has_places=places.ARE_CITED,
            has_complements=Exists(Complement.objects.filter(report=this)),
            was_handed_over=Exists(
                Handover.objects.filter(report=this, decision=Handover.Decision.ACCEPTED)
            ),
            was_restricted=Exists(RestrictionChange.objects.filter(report=this)),
        )
    )


def timeline_of(report, member):
    """Moments of a row of `rows(member)`, the earliest first."""
    silence = silence_of(report, member)
    silence.over_author(report)
    moments = [*_of_the_facts(report), *_of_its_life(report, member, silence)]
    moments += _of_additions(report, member, silence)
    if report.has_places:
        moments += _of_places(report, member)
    return sorted(moments, key=lambda each: each.rank)[-MOST:]


def _of_the_facts(report):
    if report.occurred_on:
        title = "Début des faits" if report.occurred_until else "Faits"
        yield Moment(report.occurred_on, title)
    if report.occurred_until:
        yield Moment(report.occurred_until, "Fin des faits")
    yield Moment(timezone.localdate(report.received_at), "Reçue", report.received_at)
    if report.valid_until:
        yield Moment(report.valid_until, "Fin de validité : à revérifier ensuite")


def _of_its_life(report, member, silence):
    """As the history tells it: steps, changes, hand-overs, who reads it."""
    steps = silence.over_steps(history.steps_of(report))
    handovers, narrowings = [], []
    if report.was_handed_over:
        accepted = Handover.objects.of(report).filter(decision=Handover.Decision.ACCEPTED)
        handovers = list(accepted.select_related("origin", "target", "decided_by__unit"))
    if report.was_restricted:
        narrowings = history.narrowings_of(report, member, silence)
    events = history.events_of(
        report, member, steps, silence=silence, handovers=handovers, narrowings=narrowings
    )
    for event in events:
        title = f"{event.title} (annulée)" if event.undone_at else event.title
        yield _by(event.by, event.at, title, event.why)


def _by(person, at, title, detail="", url=""):
    said = f"{person.get_full_name()}, {person.unit}"
    return Moment(timezone.localdate(at), title, at, f"{said} : {detail}" if detail else said, url)


def _of_additions(report, member, silence):
    sheet = report.get_absolute_url()
    if report.has_complements:
        added = Complement.objects.of(report).select_related("by__unit")
        for each in silence.over_complements(list(added)):
            yield _by(each.by, each.at, "Complément", url=f"{sheet}#complements")
    files = access.readable_attachments(member).filter(report=report)
    for each in silence.over(list(files.select_related("by__unit"))):
        yield _by(each.by, each.at, "Pièce jointe", each.name, f"{sheet}#pieces")
    found = Identifier.objects.of(report).select_related("by__unit").order_by("at", "pk")
    together: dict = {}
    for each in silence.over(list(found)):
        # What one person confirmed in one go is one moment.
        key = (each.by.get_full_name(), timezone.localdate(each.at))
        together.setdefault(key, []).append(each)
    for confirmed in together.values():
        words = listed(show(each.kind, each.value) for each in confirmed)
        title = "Identifiants confirmés" if len(confirmed) > 1 else "Identifiant confirmé"
        yield _by(confirmed[0].by, confirmed[0].at, title, words, f"{sheet}#identifiants")


def _of_places(report, member):
    """What the report says of places, and what units did there that its reader is told."""
    cited = {}
    for line in places.cited_by(report, member):
        place = line.said.place
        cited[place.pk] = place
        state = PlaceState(line.said.state).label.lower() if line.said.state else "cité"
        yield Moment(line.said.seen_on, f"{place.name} : {state}", url=place.get_absolute_url())
    done = access.readable_operations(member).filter(place__in=cited)
    for each in done.select_related("unit"):
        place = cited[each.place_id]
        title = f"{each.get_kind_display()}, {place.name}"
        yield Moment(
            each.day, title, None, f"{each.unit} : {each.result}", place.get_absolute_url()
        )
