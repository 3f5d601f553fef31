"""The units of a department at work: who reads, who writes, who is competent where."""

from collections import defaultdict

from intel.demonstration import people
from intel.demonstration.voices import ON_THE_GROUND
from intel.models.choices import Mode
from services.models import Member, Service
from services.roles import Right, may

KIND = Service.Kind
# The services whose trade a kind of situation is, before the one of the place.
TRADES = {
    Mode.TRANSPORT: (KIND.CUSTOMS, KIND.BORDER_POLICE, KIND.RESEARCH_SECTION),
    Mode.COURIER: (KIND.CUSTOMS, KIND.BORDER_POLICE),
    Mode.POSTAL: (KIND.CUSTOMS,),
    Mode.LAUNDERING: (KIND.GIR,),
    Mode.LABORATORY: (KIND.JUDICIAL_POLICE, KIND.RESEARCH_SECTION),
}
ANOTHER_UNIT = 0.15  # a report carried by another unit of the same service
ANOTHER_TAKER = 0.25


class Staff:
    def __init__(self, chance, department, units, country):
        self.chance = chance
        self.units = units
        self.keys = {unit.pk: key for key, unit in units.items()}
        posts = {post.key: post for post in people.posts_of(department)}
        team = defaultdict(list)
        members = Member.objects.filter(unit__in=units.values()).order_by("pk")
        for member in members.select_related("unit__service"):
            team[member.unit_id].append(member)
        self.cell = next(unit for unit in units.values() if unit.is_cell)
        self.analysts = [one for one in team[self.cell.pk] if may(Right.TRIAGE)(one)]
        writers = {
            pk: [one for one in those if may(Right.WRITE)(one)] for pk, those in team.items()
        }
        self.writers = {pk: those for pk, those in writers.items() if those}
        # Those that a restricted report may be named to, and among them those that act.
        self.readers = [
            units[post.key] for post in posts.values() if post.reads_reports and not post.is_cell
        ]
        self.operational = [unit for unit in self.readers if unit.pk in self.writers]
        self.by_kind = defaultdict(list)
        for unit in self.operational:
            self.by_kind[posts[self.keys[unit.pk]].kind].append(unit)
        country.settle(
            {
                post.key: (post.kind, post.town)
                for post in posts.values()
                if post.town and not post.is_cell
            }
        )

    def ground_kind(self, town):
        return KIND.POLICE if town.is_police else KIND.GENDARMERIE

    def is_out_of_zone(self, voice, town):
        """A voice of policemen in the country, or of gendarmes in a police zone."""
        away = set(ON_THE_GROUND) - {self.ground_kind(town)}
        return bool(voice.owners) and away.issuperset(voice.owners)

    def nearest(self, town, kind):
        """The unit of that kind that is competent in the town."""
        if key := town.nearest.get(kind):
            return self.units[key]
        return self.by_kind[kind][0]

    def owner(self, town, voice):
        """The unit through which the voice comes in."""
        here = self.ground_kind(town)
        kinds = [
            kind
            for kind in voice.owners
            if kind in self.by_kind
            and (kind not in ON_THE_GROUND or kind == here or len(voice.owners) == 1)
        ]
        if not kinds:
            return self.cell
        kind = self.chance.choice(kinds)
        if self.chance.random() < ANOTHER_UNIT:
            return self.chance.choice(self.by_kind[kind])
        return self.nearest(town, kind)

    def author(self, unit):
        return self.chance.choice(self.analysts if unit == self.cell else self.writers[unit.pk])

    def takers(self, situation):
        """Units that may be put in charge, the one whose trade it is first."""
        town = situation.town
        kinds = (*TRADES.get(situation.kind, ()), self.ground_kind(town), *KIND)
        units = [self.nearest(town, kind) for kind in kinds if kind in self.by_kind]
        if self.chance.random() < ANOTHER_TAKER:
            units.insert(0, self.chance.choice(self.operational))
        return list(dict.fromkeys([*units, *self.operational]))

    def source_code(self, unit):
        """What the unit calls its source; it leads to nobody."""
        rank = list(self.units).index(self.keys[unit.pk])
        return f"{rank:02}-{self.chance.randint(1, 12):04}"
