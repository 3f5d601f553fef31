"""Draws the reports of one department in the order of the calendar and writes them in bulk.

Nothing is written through the actions: a report of last year cannot be moved last year. The rows are
those the actions would have left, and the same invariants hold (a protocol-wide report carries no
grant, a restricted one names its own unit at least, a unit is named only where it has a seat).
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random

from django.conf import settings
from django.utils import timezone

from intel import access
from intel.demonstration import people
from intel.demonstration.lives import (
    DUPLICATED,
    FATES,
    HOLLOW,
    LATEST,
    NOTHING_IN_IT,
    STILL_RECEIVED,
    Around,
    Deck,
    Life,
    at_work,
)
from intel.demonstration.places import Country
from intel.demonstration.scenes import IDENTIFYING, LASTING, Scene, begin, pick, typed
from intel.demonstration.texts import NITROUS, QUARREL, VAGUE, cell, citizens
from intel.demonstration.voices import ON_THE_GROUND, OUT_OF_ZONE, VOICES, WEEKEND
from intel.extraction.identifiers import normalise
from intel.models import (
    Audience,
    Fact,
    Feedback,
    Identifier,
    Report,
    ReportGroupGrant,
    Restriction,
    Revision,
    Step,
    Tasking,
    Tip,
)
from intel.models.choices import Handling, InformationGrade, Mode, Origin, Product
from intel.references import take
from intel.states import State
from services.models import Member, Service
from services.roles import Right, may

DAYS_BACK = 730
CHUNK = 1000
GROWTH = 0.35  # more reports at the end of the two years than at their beginning
# Monday to Sunday, January to December: when reports come in.
WEEK = (1.1, 1.1, 1.05, 1.1, 1.2, 0.8, 0.6)
YEAR = (0.95, 0.95, 1, 1, 1.05, 1.1, 1.1, 0.95, 1.05, 1.05, 1, 0.8)

COMES_BACK = 0.5  # share of the reports that speak of something already told
LANDMARK_WEIGHT = 8
ROAD_SHARE = 0.08  # of what begins, what happens on the main roads
FRONT_SHARE = 0.2  # of the latest reports, those of the new front
FRONT_WEIGHTS = (6, 3, 3, 2, 2, 2)
MOST_GOING_ON = 4000  # entries in the urn, to keep memory flat
SAME_FACT_WITHIN = timedelta(days=60)
DUPLICATE, SAME_FACT = 0.45, 0.5
RESTRICTED = 0.2
WITHOUT_THE_CELL = 0.1  # of the restricted reports of other units
LATEST_SHARE, FEWEST_LATEST = 0.06, 12
LATE = (20, 55)  # days: some wait for triage longer than they should
LEFT_LATE = 0.1
TRIES = 12


@dataclass
class Batch:
    """Rows on their way to the database, a list a table."""

    reports: list = field(default_factory=list)
    rows: dict = field(default_factory=lambda: defaultdict(list))

    def add(self, *rows):
        for row in rows:
            self.rows[type(row)].append(row)


@dataclass
class Case:
    """One report being told: what its life asks about it."""

    scene: Scene
    voice: object
    report: Report
    original: Report | None = None
    seconded: bool = False  # another origin and another service told the same fact
    link: str = ""  # reference of an earlier open report of the same situation

    @property
    def original_fact(self):
        return self.original.fact

    def grade(self, chance):
        source, information = (pick(chance, weights) for weights in self.voice.grades)
        if self.seconded and information in {"2", "3"} and chance.random() < 0.7:
            information = InformationGrade.ONE.value
        return source, information

    def comment(self):
        scene = self.scene
        choices = list(cell.COMMENTS)
        if scene.situation.kind in HOLLOW:
            return scene.chance.choice(cell.COMMENTS_ON_NOTHING)
        if self.voice.is_hearsay:
            choices += cell.COMMENTS_ON_HEARSAY
        if scene.situation.kind in {Mode.DEALING_POINT, Mode.DEALING_PLACE}:
            choices += cell.COMMENTS_ON_PLACES
        if "plate" in scene.used:
            choices += cell.COMMENTS_ON_VEHICLES
        if self.link and scene.chance.random() < 0.7:
            choices = [
                text.replace("{reference}", self.link) for text in cell.COMMENTS_THAT_LINK
            ]
        return scene.write(scene.chance.choice(choices))


@dataclass
class Trace:
    """The latest original report of a situation, and who else told the same fact."""

    report: Report
    is_hearsay: bool
    witnesses: list  # (origin, service) of the reports of that fact that the cell reads


class Generator:
    """Reports of one department, from `already` told on, until there are `number`."""

    def __init__(self, department, units, *, already, number, said=()):
        self.department = department
        self.number = number - already
        self.chance = Random(f"CROSS {department.code} {already}")  # noqa: S311 - invents data
        self.now = timezone.localtime().replace(tzinfo=None)
        self.today = self.now.date()
        self.zone = timezone.get_default_timezone()
        self.said = {hash(text) for text in said}
        self.country = Country(department)
        self.meet(units)
        self.situate()
        self.fates = Deck(self.chance, FATES)
        self.latest = Deck(self.chance, LATEST)
        self.hollow = Deck(self.chance, NOTHING_IN_IT)
        self.duplicated = Deck(self.chance, DUPLICATED)
        self.to_restrict = 0.0
        self.batch = Batch()

    # Who is there.

    def meet(self, units):
        """Units by kind, their members, and which of them read, take and answer."""
        self.units = units
        self.key_of = {unit.pk: key for key, unit in units.items()}
        cast = people.cast_of(self.department)
        posts = {post.key: post for post in cast.posts}
        members = defaultdict(list)
        of_these = Member.objects.filter(unit__in=units.values()).order_by("pk")
        for member in of_these.select_related("unit__service"):
            members[member.unit_id].append(member)
        self.cell = next(unit for unit in units.values() if unit.is_cell)
        self.analysts = [one for one in members[self.cell.pk] if may(Right.TRIAGE)(one)]
        self.writers = {
            pk: able for pk, team in members.items()
            if (able := [one for one in team if may(Right.WRITE)(one)])
        }  # fmt: skip
        self.readers = [
            units[key] for key, post in posts.items()
            if post.seat and post.seat.reads_reports and not post.is_cell
        ]  # fmt: skip
        self.operational = [unit for unit in self.readers if unit.pk in self.writers]
        self.by_kind = defaultdict(list)
        for unit in self.operational:
            self.by_kind[posts[self.key_of[unit.pk]].kind].append(unit)
        self.country.settle({
            key: (posts[key].kind, town)
            for key, town in people.competent_towns(self.department, units).items()
            if not posts[key].is_cell
        })  # fmt: skip
        self.voices = {
            name: voice for name, voice in VOICES.items()
            if not voice.owners or any(kind in self.by_kind for kind in voice.owners)
        }  # fmt: skip

    def ground_kind(self, town):
        return Service.Kind.POLICE if town.is_police else Service.Kind.GENDARMERIE

    def nearest(self, town, kind):
        """The unit of that kind that is competent in the town, if there is one."""
        if key := town.nearest.get(kind):
            return self.units[key]
        return next(iter(self.by_kind.get(kind, ())), None)

    # What goes on.

    def situate(self):
        """The places known by name wait for their day; so does the new front."""
        self.going_on = []
        first = self.today - timedelta(days=DAYS_BACK)
        self.to_come = []
        for landmark in self.country.landmarks():
            since = self.today - timedelta(days=round(landmark.since * 30.4))
            town = self.country.by_name.get(typed(landmark.commune))
            if town:
                self.to_come.append((max(since, first), landmark, town))
        self.to_come.sort(key=lambda waiting: waiting[0], reverse=True)
        self.front_opens = front_opens(self.today)
        self.front = []

    def open_landmarks(self, day):
        while self.to_come and self.to_come[-1][0] <= day:
            _, landmark, town = self.to_come.pop()
            situation = begin(
                self.chance,
                town,
                day,
                kind=landmark.mode,
                products=landmark.products,
                until=self.today - timedelta(days=round(landmark.until * 30.4)),
                where=(landmark.preposition, landmark.name),
            )
            situation.neighbourhood = town.neighbourhoods.get(landmark.neighbourhood)
            self.going_on += [situation] * LANDMARK_WEIGHT

    def open_front(self, day):
        """One team, the same vehicle and telephone in several neighbouring towns."""
        said = {}
        for town in self.country.new_front():
            situation = begin(
                self.chance, town, day, kind=Mode.DELIVERY, products=(Product.COCAINE,),
                until=self.today,
            )  # fmt: skip
            if not said:
                scene = Scene(self.chance, situation, day)
                said = {slot: scene[slot] for slot in ("vehicle", "plate", "phone", "alias")}
                said |= {slot: situation.said[slot] for slot in ("car", "of_the_vehicle")}
            situation.said |= said
            self.front.append(situation)

    def situation(self, day):
        self.open_landmarks(day)
        if day >= self.front_opens:
            if not self.front:
                self.open_front(day)
            if self.chance.random() < FRONT_SHARE:
                return self.chance.choices(self.front, FRONT_WEIGHTS[: len(self.front)])[0]
        if self.chance.random() < COMES_BACK and (found := self.returning(day)):
            return found
        situation = self.beginning(day)
        if len(self.going_on) < MOST_GOING_ON:
            self.going_on += [situation] * LASTING[situation.kind][2]
        return situation

    def beginning(self, day):
        if self.country.on_a_road and self.chance.random() < ROAD_SHARE:
            town = self.chance.choice(self.country.on_a_road)
            return begin(self.chance, town, day, kind=Mode.TRANSPORT)
        return begin(self.chance, self.country.draw(self.chance), day)

    def returning(self, day):
        """Something that still goes on; what has ended leaves the urn when it is drawn."""
        while self.going_on:
            rank = self.chance.randrange(len(self.going_on))
            if self.going_on[rank].until >= day:
                return self.going_on[rank]
            self.going_on[rank] = self.going_on[-1]
            self.going_on.pop()
        return None

    # The calendar.

    def calendar(self):
        """The day on which each report came in, in order; yesterday at the latest."""
        days = [self.today - timedelta(days=back) for back in range(DAYS_BACK, 0, -1)]
        weights = [
            (1 + GROWTH * rank / DAYS_BACK) * WEEK[day.weekday()] * YEAR[day.month - 1]
            for rank, day in enumerate(days)
        ]
        return sorted(self.chance.choices(days, weights, k=self.number))

    def run(self, progress=lambda done: None):
        latest = max(FEWEST_LATEST, round(self.number * LATEST_SHARE))
        calendar = self.calendar()
        self.references = references(self.department, calendar)
        for rank, day in enumerate(calendar):
            self.tell(day, is_latest=self.number - rank <= latest)
            if len(self.batch.reports) == CHUNK:
                self.write()
                progress(rank + 1)
        self.write()
        progress(self.number)

    # One report.

    def tell(self, day, *, is_latest):
        situation, voice, scene, facts = self.compose(day)
        path = self.latest.draw() if is_latest else self.fates.draw()
        if LATE[0] <= (self.today - day).days <= LATE[1] and self.chance.random() < LEFT_LATE:
            path = STILL_RECEIVED
        is_draft = path is None
        owner = self.draw_owner(situation.town, voice)
        received, created = self.hours(day, voice)
        author = self.chance.choice(
            self.analysts if owner == self.cell else self.writers[owner.pk]
        )
        report = Report(
            reference=next(self.references[day.year]),
            department=self.department,
            state=State.DRAFT if is_draft else State.RECEIVED,
            audience=Audience.PROTOCOL,
            owner=owner,
            author=author,
            origin=voice.origin,
            source_code=self.source_code(owner) if voice.origin == Origin.HUMAN_SOURCE else "",
            facts=facts,
            commune_id=situation.town.pk,
            neighbourhood_id=situation.neighbourhood,
            received_at=received,
            created_at=created,
            **fields_of(scene, voice, self.chance),
            **self.handling(voice),
        )
        named = self.narrow(report, voice, situation) if self.is_narrowed(voice) else None
        case = Case(scene, voice, report)
        fact = None
        if not is_draft:
            path, fact = self.link(case, path, is_latest=is_latest, is_open=named is None)
        report.fact = fact or self.new_fact(created)
        self.hang(report, scene, voice)
        if path and self.cell_reads(report, named):
            self.live(case, path, named)
        self.batch.reports.append(report)

    def compose(self, day):
        """A situation, a voice, and words that nobody has used yet."""
        situation = self.situation(day)
        while True:
            voice = self.voices[self.draw_voice(situation, day)]
            if words := self.draw_text(situation, voice, day):
                return situation, voice, *words
            situation = self.beginning(day)  # all has been said of that one

    def draw_voice(self, situation, day):
        weights = {}
        for name, voice in self.voices.items():
            if situation.kind not in voice.texts:
                continue
            weight = voice.weight
            if day.weekday() >= 5 and not voice.works_on_weekends:
                weight *= WEEKEND
            away = set(ON_THE_GROUND) - {self.ground_kind(situation.town)}
            if away.issuperset(voice.owners) and voice.owners:
                weight *= OUT_OF_ZONE
            weights[name] = weight
        return pick(self.chance, weights)

    def draw_text(self, situation, voice, day):
        """A scene and its text, or nothing when every try says what was said before."""
        for _ in range(TRIES):
            when = day - timedelta(days=self.chance.choice((0, 0, 1, 1, 2, 3, 4, 6)))
            scene = Scene(self.chance, situation, when)
            facts = scene.write(self.chance.choice(voice.texts[situation.kind]))
            if voice.origin == Origin.CITIZEN:
                facts = self.dressed(scene, facts)
            if hash(facts) not in self.said:
                self.said.add(hash(facts))
                return scene, facts
        return None

    def dressed(self, scene, facts):
        if self.chance.random() < 0.4:
            facts = f"{scene.write(self.chance.choice(citizens.OPENERS))} {facts}"
        if self.chance.random() < 0.5:
            facts = f"{facts} {scene.write(self.chance.choice(citizens.CLOSERS))}"
        return facts

    def draw_owner(self, town, voice):
        if not voice.owners:
            return self.cell
        kinds = [
            kind for kind in voice.owners
            if kind not in ON_THE_GROUND or len(voice.owners) == 1 or kind == self.ground_kind(town)
        ]  # fmt: skip
        kind = self.chance.choice([kind for kind in kinds if self.by_kind.get(kind)] or [None])
        if kind is None:
            return self.cell
        if self.chance.random() < 0.15:
            return self.chance.choice(self.by_kind[kind])
        return self.nearest(town, kind)

    def hours(self, day, voice):
        """When it came in, and when somebody recorded it."""
        if voice.is_hearsay:
            clock = time(self.chance.choice((7, 9, 12, 14, 17, 18, 19, 20, 21, 22, 23)))
        else:
            clock = time(self.chance.randint(8, 18))
        received = datetime.combine(day, clock.replace(minute=self.chance.randint(0, 59)))
        if voice.owners:
            created = received + timedelta(minutes=self.chance.randint(2, 50))
        else:
            created = at_work(self.chance, received, 0, 3)
        created = max(received, min(created, self.now - timedelta(minutes=1)))
        return self.aware(received), self.aware(created)

    def aware(self, moment):
        return moment.replace(tzinfo=self.zone)

    def source_code(self, owner):
        """What the unit calls its source; it leads to nobody."""
        return f"{owner.pk:02}-{self.chance.randint(1, 12):04}"

    def handling(self, voice):
        codes, weights = zip(*voice.handling, strict=True)
        code = self.chance.choices(codes, weights)[0]
        note = self.chance.choice(cell.HANDLING_NOTES) if code == Handling.H3 else ""
        return {"handling": code, "handling_note": note}

    # Who sees it.

    def is_narrowed(self, voice):
        """One in five, the more readily the more the voice has to protect and the share lags."""
        self.to_restrict += RESTRICTED
        readiness = voice.restricted * self.to_restrict
        if self.to_restrict < 1 or self.chance.random() > readiness:
            return False
        self.to_restrict -= 1
        return True

    def narrow(self, report, voice, situation):
        """Name the report to one to six units beside its own, and say why; returns those named."""
        report.audience = Audience.RESTRICTED
        takers = [unit for unit in self.takers(situation) if unit != report.owner]
        others = [unit for unit in self.readers if unit != report.owner]
        named = set(self.chance.sample(others, min(self.chance.randint(0, 4), len(others))))
        named.add(takers[0] if takers else self.chance.choice(others))
        if report.owner == self.cell or self.chance.random() > WITHOUT_THE_CELL:
            named.add(self.cell)
        reason = self.chance.choice(voice.reasons)
        last_review = max(
            report.created_at.date(), self.today - timedelta(days=self.chance.randint(0, 85))
        )
        self.batch.add(
            Restriction(
                report=report,
                reason=reason,
                text=self.chance.choice(cell.RESTRICTIONS[reason]),
                review_on=last_review + timedelta(days=self.chance.randint(45, 90)),
                by=report.author,
                at=max(report.created_at, self.aware(datetime.combine(last_review, time(9, 30)))),
            ),
            *(
                ReportGroupGrant(
                    content_object=report,
                    permission_id=access.permission_id(Report, "read_report"),
                    group_id=unit.group_id,
                )
                for unit in sorted(named | {report.owner}, key=lambda unit: unit.pk)
            ),
        )
        return named | {report.owner}

    def cell_reads(self, report, named):
        return named is None or self.cell in named

    # What it speaks of, and what became of it.

    def new_fact(self, created):
        fact = Fact(department=self.department, created_at=created)
        self.batch.add(fact)
        return fact

    def link(self, case, path, *, is_latest, is_open):
        """The path of the report, and the fact told before that it joins (or None).

        It may repeat the latest report of its situation, or tell the same fact in a second voice.
        """
        report, situation = case.report, case.scene.situation
        if situation.kind in HOLLOW or (situation.kind == NITROUS and self.chance.random() < 0.5):
            return (path if is_latest else self.hollow.draw()), None
        last = situation.last
        witness = (report.origin, report.owner.service_id)
        if last and report.received_at - last.report.received_at < SAME_FACT_WITHIN:
            if not last.report.is_restricted:
                case.link = last.report.reference
                repeats = is_open and last.is_hearsay and case.voice.is_hearsay
                if repeats and not is_latest and self.chance.random() < DUPLICATE:
                    case.original = last.report
                    return self.duplicated.draw(), None
            if self.chance.random() < SAME_FACT:
                case.seconded = any(
                    origin != witness[0] and service != witness[1]
                    for origin, service in last.witnesses
                )
                if is_open:
                    last.witnesses.append(witness)
                return path, last.report.fact
        situation.last = Trace(report, case.voice.is_hearsay, [witness] if is_open else [])
        return path, None

    def live(self, case, path, named):
        takers = self.takers(case.scene.situation)
        if named is not None:
            takers = [unit for unit in takers if unit in named]
        around = Around(self.analysts, takers, self.writers)
        now = self.aware(self.now)
        told = Life(self.chance, case.report, around, case, now=now).follow(path)
        self.batch.add(*told.steps, *told.revisions, *told.taskings, *told.feedbacks)

    def takers(self, situation):
        """Units that may be put in charge, the one whose trade it is first."""
        town = situation.town
        kinds = (*TRADES.get(situation.kind, ()), self.ground_kind(town), *Service.Kind)
        units = [self.nearest(town, kind) for kind in kinds if self.by_kind.get(kind)]
        if self.chance.random() < 0.25:
            units.insert(0, self.chance.choice(self.operational))
        return list(dict.fromkeys([*units, *self.operational]))

    # What hangs on it.

    def hang(self, report, scene, voice):
        seen = set()
        for slot, kind in IDENTIFYING.items():
            if slot not in scene.used:
                continue
            raw = str(scene.used[slot])
            key = (kind, normalise(kind, raw))
            if key not in seen:
                seen.add(key)
                self.batch.add(
                    Identifier(
                        report=report, kind=kind, raw=raw, value=key[1], by=report.author,
                        at=report.created_at,
                    )
                )  # fmt: skip
        if voice.origin == Origin.CITIZEN:
            self.batch.add(self.tip(report))

    def tip(self, report):
        purge_on = report.received_at.date() + timedelta(days=settings.TIP_CONTACT_DAYS)
        contact = ""
        if purge_on >= self.today and self.chance.random() < 0.1:
            contact = f"riverain{self.chance.randint(10, 99)}@exemple.invalid"
        return Tip(
            report=report,
            department=self.department,
            portal=self.chance.choice(("Ma Sécurité", "Ma Sécurité", "Brigade numérique")),
            raw_text=report.facts,
            contact=contact,
            purge_on=purge_on,
        )

    # To the database.

    def write(self):
        reports, rows = self.batch.reports, self.batch.rows
        self.batch = Batch()
        insert(rows[Fact])
        # A duplicate points at a report that must be there first.
        insert([report for report in reports if report.duplicate_of is None])
        insert([report for report in reports if report.duplicate_of is not None])
        for tip in rows[Tip]:
            tip.portal_reference = "MS" + tip.report.reference.removeprefix("CROSS")
        for model in (Tip, Identifier, Restriction, ReportGroupGrant, Tasking, Feedback, Revision):
            insert(rows[model])
        for step in rows[Step]:
            step.undo = as_json(step.undo)
        insert(rows[Step])


def references(department, calendar):
    """An iterator of references a year, taken at once: they follow the calendar."""
    years = Counter(day.year for day in calendar)
    return {
        year: iter(take(department, count=count, year=year)) for year, count in years.items()
    }


def front_opens(today):
    """A few weeks into the last whole quarter, so that both last month and that quarter show it."""
    quarter = (today.month - 1) // 3
    year, quarter = (today.year, quarter - 1) if quarter else (today.year - 1, 3)
    return today.replace(year=year, month=quarter * 3 + 1, day=1) + timedelta(days=25)


# The services whose trade a kind of situation is, before the one of the place.
TRADES = {
    Mode.TRANSPORT: (Service.Kind.CUSTOMS, Service.Kind.BORDER_POLICE, Service.Kind.RESEARCH_SECTION),
    Mode.COURIER: (Service.Kind.CUSTOMS, Service.Kind.BORDER_POLICE),
    Mode.POSTAL: (Service.Kind.CUSTOMS,),
    Mode.LAUNDERING: (Service.Kind.GIR,),
    Mode.LABORATORY: (Service.Kind.JUDICIAL_POLICE, Service.Kind.RESEARCH_SECTION),
}  # fmt: skip
OF_NO_MODE = {QUARREL: [], VAGUE: [], NITROUS: [Mode.DEALING_PLACE]}


def fields_of(scene, voice, chance):
    """The fields of a report as its text has them."""
    situation, used, said = scene.situation, scene.used, scene.situation.said
    modes = list(OF_NO_MODE.get(situation.kind, [situation.kind]))
    if "account" in used and Mode.SOCIAL_MEDIA not in modes:
        modes.append(Mode.SOCIAL_MEDIA)
    occurred_on, occurred_until = dates_of(scene, chance)
    subject = ""
    if not voice.is_hearsay or chance.random() < 0.3:
        # On its own scene: what the subject says is not what the text says.
        heading = Scene(chance, situation, scene.when)
        subject = heading.write(chance.choice(cell.SUBJECTS[situation.kind]))[:160]
    return {
        "subject": subject,
        "place": place_of(used, said),
        "occurred_on": occurred_on,
        "occurred_until": occurred_until,
        "days_and_hours": str(used.get("hours", "")),
        "products": [] if situation.kind == VAGUE else list(situation.products),
        "modes": modes,
        "vehicles": vehicle_of(used, said),
        "persons": " ; ".join(str(used[slot]) for slot in ("group", "man") if slot in used),
    }


def dates_of(scene, chance):
    """A day, a span, or nothing, which is « non précisé »."""
    if "date" in scene.used:
        return scene.when, None
    if "hours" in scene.used and chance.random() < 0.5:
        return scene.when - timedelta(days=chance.randint(5, 30)), scene.when
    return (scene.when, None) if chance.random() < 0.55 else (None, None)


def place_of(used, said):
    if "where" in used:
        return str(said["place"])
    if "street" in used:
        return f"{used['number']} {used['street']}" if "number" in used else str(used["street"])
    return str(used["on_axis"]).removeprefix("sur ") if "on_axis" in used else ""


def vehicle_of(used, said):
    parts = []
    if {"vehicle", "car", "of_the_vehicle"} & used.keys():
        parts.append(str(said["car"]))
    parts += [str(used[slot]) for slot in ("plate", "foreign_plate") if slot in used]
    return ", ".join(parts)


def insert(rows):
    if rows:
        type(rows[0]).objects.bulk_create(rows, batch_size=CHUNK)


def as_json(undo):
    """What a step puts back, by keys, now that every row has one."""
    return {
        what: [value[0].pk, *value[1:]] if isinstance(value, list) else value.pk
        for what, value in undo.items()
    }
