"""Draws the reports of one department in the order of the calendar and writes them in bulk.

Nothing is written through the actions: a report of last year cannot be moved last year. The rows
are those the actions would have left, and the same invariants hold (a protocol-wide report carries
no grant, a restricted one names its own unit at least, a unit is named only where it has a seat).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from operator import itemgetter
from random import Random

from django.conf import settings
from django.utils import timezone

from cross.ui.templatetags.words import day as in_words
from intel import access, references
from intel.demonstration.batch import Batch
from intel.demonstration.fields import amounts_of, fields_of, identifiers_of
from intel.demonstration.happenings import Happenings
from intel.demonstration.lives import (
    DUPLICATED,
    HOLLOW,
    LATEST,
    NOTHING_IN_IT,
    RECENT,
    SETTLED,
    STILL_RECEIVED,
    Deck,
    Hands,
    Life,
    at_work,
)
from intel.demonstration.places import Country
from intel.demonstration.scenes import Scene
from intel.demonstration.situations import pick
from intel.demonstration.staff import Staff
from intel.demonstration.story import tellings
from intel.demonstration.texts import NITROUS, around
from intel.demonstration.voices import OUT_OF_ZONE, VOICES, WEEKEND, Voice
from intel.models import (
    Audience,
    Fact,
    Report,
    ReportGroupGrant,
    Restriction,
    RestrictionChange,
    Tip,
)
from intel.models.choices import Handling, InformationGrade, Mode, Origin
from intel.states import State

DAYS_BACK = 1_096  # twelve months of each of the last eight quarters
GROWTH = 2.0  # more reports at the end of the three years than at their beginning
# Monday to Sunday, January to December: when reports come in.
WEEK = (1.1, 1.1, 1.05, 1.1, 1.2, 0.8, 0.6)
YEAR = (0.95, 0.95, 1, 1, 1.05, 1.1, 1.1, 0.95, 1.05, 1.05, 1, 0.8)

SAME_FACT_WITHIN = timedelta(days=30)
DUPLICATE, SAME_FACT = 0.5, 0.4
RESTRICTED = 0.2
# Of the restricted reports of other units, those that the cell is named to, and the others.
NAMED_TO_THE_CELL = ((9, True), (1, False))
LATEST_SHARE, FEWEST_LATEST = 0.06, 12
# Days: since when some are still under way; those of which some wait for triage all the same.
UNDER_WAY = (30, 180)
LATE, LEFT_LATE = (20, 55), 0.1
TRIES = 12
RENEWED = timedelta(days=85)  # a restriction is looked at again before its 90 days are over
RENEWAL = "Le motif tient toujours."


@dataclass
class Trace:
    """The latest original report of a situation, and who told the same fact."""

    report: Report
    is_hearsay: bool
    witnesses: list  # (origin, service) of the reports of that fact that everybody reads


@dataclass
class Case:
    """One report being told: what its life asks about it."""

    scene: Scene
    voice: Voice
    report: Report
    original: Report | None = None
    is_seconded: bool = False  # another origin and another service told the same fact
    link: str = ""  # reference of an earlier open report of the same situation
    is_hollow: bool = False  # there is nothing in it for the cell

    def grade(self, chance):
        source, information = (pick(chance, weights) for weights in self.voice.grades)
        if self.is_seconded and information in {"2", "3"} and chance.random() < 0.7:
            information = InformationGrade.ONE.value
        return source, information

    def comment(self):
        scene = self.scene
        choices = list(around.COMMENTS)
        if scene.situation.kind in HOLLOW:
            return scene.chance.choice(around.COMMENTS_ON_NOTHING)
        if self.voice.is_hearsay:
            choices += around.COMMENTS_ON_HEARSAY
        if scene.situation.kind in {Mode.DEALING_POINT, Mode.DEALING_PLACE}:
            choices += around.COMMENTS_ON_PLACES
        if "plate" in scene.used:
            choices += around.COMMENTS_ON_VEHICLES
        if self.link and scene.chance.random() < 0.7:
            choices = list(around.LINKING_COMMENTS)
        scene.used["reference"] = self.link
        return scene.write(scene.chance.choice(choices))


class Generator:
    """Reports of one department, `number` of them, after the `already` there.

    `units` by the key of their post, as `people.engage` gives them; `said`, the texts there.
    """

    def __init__(self, department, units, *, already, number, said=()):
        self.department = department
        self.number = number
        self.chance = Random(f"CROSS {department.code} {already}")  # noqa: S311 - invents data
        self.now = timezone.localtime()
        self.today = self.now.date()
        self.said = {hash(text) for text in said}
        self.country = country = Country(department)
        self.staff = Staff(self.chance, department, units, country)
        self.happenings = Happenings(
            self.chance, country, first=self.today - timedelta(days=DAYS_BACK), today=self.today
        )
        self.voices = {
            name: voice
            for name, voice in VOICES.items()
            if not voice.owners or any(kind in self.staff.by_kind for kind in voice.owners)
        }
        self.settled = Deck(self.chance, SETTLED)
        self.recent = Deck(self.chance, RECENT)
        self.latest = Deck(self.chance, LATEST)
        self.hollow = Deck(self.chance, NOTHING_IN_IT)
        self.duplicated = Deck(self.chance, DUPLICATED)
        self.to_the_cell = Deck(self.chance, NAMED_TO_THE_CELL)
        self.to_restrict = 0.0
        self.batch = Batch()

    def run(self, progress=lambda done: None):
        """Write everything; `progress` is told how many reports are written."""
        latest = max(FEWEST_LATEST, round(self.number * LATEST_SHARE))
        calendar = self.calendar()
        self.references = drawn_references(self.department, [day for day, _ in calendar])
        for rank, (day, telling) in enumerate(calendar):
            self.tell(day, telling, is_latest=self.number - rank <= latest)
            if self.batch.is_full:
                self.batch.write()
                progress(rank + 1)
        self.batch.write()
        progress(self.number)

    def calendar(self):
        """The day on which each report came in and what of the story it tells, or None, in order;
        yesterday at the latest."""
        story = list(tellings(self.country, today=self.today, number=self.number))
        days = [self.today - timedelta(days=back) for back in range(DAYS_BACK, 0, -1)]
        weights = [
            (1 + GROWTH * rank / DAYS_BACK) * WEEK[day.weekday()] * YEAR[day.month - 1]
            for rank, day in enumerate(days)
        ]
        others = self.chance.choices(days, weights, k=self.number - len(story))
        return sorted([*story, *((day, None) for day in others)], key=itemgetter(0))

    # One report.

    def tell(self, day, telling, *, is_latest):
        situation, voice, scene, facts = self.compose(day, telling)
        path = self.latest.draw() if is_latest else ()
        if path is None and situation.is_staged:
            path = ()  # waits for triage
        is_draft = path is None
        owner = self.staff.owner(situation.town, voice)
        received, created = self.hours(day, voice)
        is_source = voice.origin == Origin.HUMAN_SOURCE
        report = Report(
            reference=next(self.references[day.year]),
            department=self.department,
            state=State.DRAFT if is_draft else State.RECEIVED,
            audience=Audience.PROTOCOL,
            owner=owner,
            author=self.staff.author(owner),
            origin=voice.origin,
            source_code=self.staff.source_code(owner) if is_source else "",
            facts=facts,
            commune_id=situation.town.pk,
            neighbourhood_id=situation.neighbourhood,
            received_at=received,
            created_at=created,
            **fields_of(scene, voice, self.chance),
            **self.handling(voice),
        )
        case = Case(scene, voice, report)
        named = self.narrow(report, voice, situation) if self.is_narrowed(case) else None
        fact = None
        if not is_draft:
            fact = self.link(case, is_latest=is_latest, is_open=named is None)
        if not is_latest:
            path = self.fate(case, day)
        report.fact = fact or self.new_fact(created)
        self.batch.add(report, *identifiers_of(report, scene), *amounts_of(report, scene))
        if voice.origin == Origin.CITIZEN:
            self.batch.add(self.tip(report))
        if path and (named is None or self.staff.cell in named):
            self.live(case, path, named)

    def compose(self, day, telling):
        """A situation, a voice, and words that nobody has used yet."""
        if telling:
            situation = telling.situation(self.chance, day)
        else:
            situation = self.happenings.situation(day)
        while True:
            voice = self.draw_voice(situation, day, telling)
            if words := self.draw_text(situation, voice, day):
                return situation, voice, *words
            # All has been said of that one.
            if telling:
                situation = telling.afresh(self.chance, day)
            else:
                situation = self.happenings.beginning(day)

    def draw_voice(self, situation, day, telling):
        if telling and (voices := self.voices_of(telling, situation)):
            return self.chance.choice(voices)
        weights = {}
        for name, voice in self.voices.items():
            if situation.kind not in voice.texts:
                continue
            weights[name] = float(voice.weight)
            if day.weekday() >= 5 and not voice.works_on_weekends:
                weights[name] *= WEEKEND
            if self.staff.is_out_of_zone(voice, situation.town):
                weights[name] *= OUT_OF_ZONE
        return self.voices[pick(self.chance, weights)]

    def voices_of(self, telling, situation):
        """Those of the chapter that there are here and that speak of such a thing."""
        named = (self.voices.get(name) for name in telling.chapter.voices)
        return [voice for voice in named if voice and situation.kind in voice.texts]

    def draw_text(self, situation, voice, day):
        """A scene and its text, or nothing when every try says what was said before."""
        for _ in range(TRIES):
            since = (0, 0, 1) if situation.is_staged else (0, 0, 1, 1, 2, 3, 4, 6)
            when = day - timedelta(days=self.chance.choice(since))
            scene = Scene(self.chance, situation, when)
            facts = scene.write(self.chance.choice(voice.texts[situation.kind]))
            if voice.origin == Origin.CITIZEN:
                facts = self.dressed(scene, facts)
            if hash(facts) not in self.said:
                self.said.add(hash(facts))
                return scene, facts
        return None

    def dressed(self, scene, facts):
        """With a greeting, and what people add at the end."""
        if self.chance.random() < 0.4:
            facts = f"{scene.write(self.chance.choice(around.OPENERS))} {facts}"
        if self.chance.random() < 0.5:
            facts = f"{facts} {scene.write(self.chance.choice(around.CLOSERS))}"
        return facts

    def hours(self, day, voice):
        """When it came in, and when somebody recorded it."""
        if voice.is_hearsay:
            hour = self.chance.choice((7, 9, 12, 14, 17, 18, 19, 20, 21, 22, 23))
        else:
            hour = self.chance.randint(8, 18)
        received = self.moment(day, time(hour, self.chance.randint(0, 59)))
        if voice.owners:
            created = received + timedelta(minutes=self.chance.randint(2, 50))
        else:
            created = at_work(self.chance, received, 0, 3)
        return received, max(received, min(created, self.now - timedelta(minutes=1)))

    def moment(self, day, clock):
        return datetime.combine(day, clock, tzinfo=self.now.tzinfo)

    def handling(self, voice):
        codes, weights = zip(*voice.handling, strict=True)
        code = self.chance.choices(codes, weights)[0]
        note = self.chance.choice(around.HANDLING_NOTES) if code == Handling.H3 else ""
        return {"handling": code, "handling_note": note}

    def tip(self, report):
        purge_on = report.received_at.date() + timedelta(days=settings.TIP_CONTACT_DAYS)
        contact = ""
        if purge_on >= self.today and self.chance.random() < 0.1:
            contact = f"riverain{self.chance.randint(10, 99)}@exemple.invalid"
        return Tip(
            report=report,
            department=self.department,
            portal=self.chance.choice(("Ma Sécurité", "Ma Sécurité", "Brigade numérique")),
            portal_reference="MS" + report.reference.removeprefix("CROSS"),
            raw_text=report.facts,
            contact=contact,
            purge_on=purge_on,
        )

    # Who sees it.

    def is_narrowed(self, case):
        """One in five, the more readily the more the voice has to protect and the share lags."""
        self.to_restrict += RESTRICTED
        if case.scene.situation.is_staged:
            return False
        readiness = case.voice.restricted * self.to_restrict
        if self.to_restrict < 1 or self.chance.random() > readiness:
            return False
        self.to_restrict -= 1
        return True

    def narrow(self, report, voice, situation):
        """Restrict the report: its own unit and one to six others read it. Returns them all."""
        report.audience = Audience.RESTRICTED
        takers = [unit for unit in self.staff.takers(situation) if unit != report.owner]
        others = [unit for unit in self.staff.readers if unit != report.owner]
        more = self.chance.sample(others, min(self.chance.randint(0, 4), len(others)))
        named = {report.owner, takers[0], *more}
        if report.owner != self.staff.cell and self.to_the_cell.draw():
            named.add(self.staff.cell)
        restriction = self.restriction(report, voice)
        self.batch.add(restriction, *narrowed(restriction, named))
        self.batch.add(
            *(
                ReportGroupGrant(
                    content_object=report,
                    permission_id=access.permission_id(Report, "read_report"),
                    group_id=unit.group_id,
                )
                for unit in sorted(named, key=lambda unit: unit.pk)
            )
        )
        return named

    def restriction(self, report, voice):
        """Looked at again every three months at most; some are overdue."""
        reviewed_on = max(
            report.created_at.date(), self.today - timedelta(days=self.chance.randint(0, 85))
        )
        reason = self.chance.choice(voice.reasons)
        return Restriction(
            report=report,
            reason=reason,
            text=self.chance.choice(around.RESTRICTIONS[reason]),
            review_on=reviewed_on + timedelta(days=self.chance.randint(45, 90)),
            by=report.author,
            at=max(report.created_at, self.moment(reviewed_on, time(9, 30))),
        )

    # What it speaks of, and what became of it.

    def new_fact(self, created):
        fact = Fact(department=self.department, created_at=created)
        self.batch.add(fact)
        return fact

    def fate(self, case, day):
        """The path of a report that is not among the latest."""
        if case.is_hollow:
            return self.hollow.draw()
        if case.original is not None:
            return self.duplicated.draw()
        age = (self.today - day).days
        if LATE[0] <= age <= LATE[1] and self.chance.random() < LEFT_LATE:
            return STILL_RECEIVED
        return (self.recent if UNDER_WAY[0] <= age <= UNDER_WAY[1] else self.settled).draw()

    def link(self, case, *, is_latest, is_open):
        """The fact told before that the report joins, or None.

        It may repeat the latest report of its situation, or tell the same fact in a second voice.
        """
        report, situation = case.report, case.scene.situation
        unlucky = situation.kind == NITROUS and self.chance.random() < 0.5
        case.is_hollow = unlucky or situation.kind in HOLLOW
        if case.is_hollow or situation.is_staged:
            return None
        last = situation.last
        if last and report.received_at - last.report.received_at < SAME_FACT_WITHIN:
            if not last.report.is_restricted:
                case.link = last.report.reference
                repeats = is_open and last.is_hearsay and case.voice.is_hearsay
                if repeats and not is_latest and self.chance.random() < DUPLICATE:
                    case.original = last.report
                    return None
            is_one_fact = is_open and not last.report.is_restricted
            if self.chance.random() < SAME_FACT and is_one_fact:
                self.second(case, last.witnesses, is_open=is_open)
                return last.report.fact
        situation.last = Trace(report, case.voice.is_hearsay, [])
        self.second(case, situation.last.witnesses, is_open=is_open)
        return None

    def second(self, case, witnesses, *, is_open):
        """Does it come from another origin and another service than somebody before it?"""
        origin, service = case.report.origin, case.report.owner.service_id
        case.is_seconded = any(
            origin != before and service != elsewhere for before, elsewhere in witnesses
        )
        if is_open:
            witnesses.append((origin, service))

    def live(self, case, path, named):
        takers = self.staff.takers(case.scene.situation)
        if named is not None:
            takers = [unit for unit in takers if unit in named]
        hands = Hands(self.staff.analysts, takers, self.staff.writers)
        life = Life(self.chance, case, hands, now=self.now)
        self.batch.add(*life.follow(path))


def narrowed(restriction, named):
    """What the history says of a restriction: the day it was decided, then each renewal."""
    report = restriction.report
    units = ", ".join(sorted(str(unit) for unit in named))
    days = [report.created_at]
    while days[-1] + RENEWED < restriction.at:
        days.append(days[-1] + RENEWED)
    if days[-1] < restriction.at:
        days.append(restriction.at)
    reviews = [(day + RENEWED).date() for day in days[:-1]] + [restriction.review_on]
    said = {"report": report, "reason": restriction.reason, "by": restriction.by}
    yield RestrictionChange(
        kind=RestrictionChange.Kind.NARROWED,
        why=restriction.text,
        after=units,
        review_on=reviews[0],
        at=days[0],
        **said,
    )
    for rank, day in enumerate(days[1:], start=1):
        yield RestrictionChange(
            kind=RestrictionChange.Kind.RENEWED,
            why=RENEWAL,
            before=f"à revoir le {in_words(reviews[rank - 1])}",
            after=f"à revoir le {in_words(reviews[rank])}",
            review_on=reviews[rank],
            at=day,
            **said,
        )


def drawn_references(department, calendar):
    """An iterator of references a year, drawn at once: the same ones on the same day."""
    chance = Random(f"CROSS {department.code} references")  # noqa: S311 - invents data
    return {
        year: iter(references.draw(department, count=count, year=year, chance=chance))
        for year, count in Counter(day.year for day in calendar).items()
    }
