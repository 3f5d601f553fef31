"""What goes on in a department, day after day: what lasts comes back, what is new begins."""

from datetime import timedelta

from intel.demonstration.places import typed
from intel.demonstration.situations import LASTING, MOVING, NETWORKS, begin, network
from intel.models.choices import Mode

DAYS_A_MONTH = 30.4
COMES_BACK = 0.5  # share of the reports that speak of something already told
LANDMARK_WEIGHT = 10
ROAD_SHARE = 0.08  # of what begins, what happens on the main roads
SHARED_EVERY = 3  # of the situations that move, the one that other departments meet too
MOST_GOING_ON = 4000  # entries in the urn, to keep memory flat


class Happenings:
    """Hands out situations in the order of the calendar."""

    def __init__(self, chance, country, *, first, today):
        self.chance = chance
        self.country = country
        self.today = today
        self.going_on = []  # an urn: a situation stands in it once for each of its chances
        self.moving = 0
        self.to_come = [
            (max(first, self.ago(landmark.since)), landmark, country.by_name[name])
            for landmark in country.landmarks
            if (name := typed(landmark.commune)) in country.by_name
        ]
        self.to_come.sort(key=lambda waiting: waiting[0], reverse=True)

    def ago(self, months):
        return self.today - timedelta(days=round(months * DAYS_A_MONTH))

    def situation(self, day):
        """What somebody tells of on that day."""
        self.open_landmarks(day)
        if self.chance.random() < COMES_BACK and (found := self.returning(day)):
            return found
        situation = self.beginning(day)
        # A village hears once of what goes on there.
        if situation.town.size != "country" and len(self.going_on) < MOST_GOING_ON:
            self.going_on += [situation] * LASTING[situation.kind][2]
        return situation

    def beginning(self, day):
        """Something that nobody has spoken of."""
        if self.country.on_a_road and self.chance.random() < ROAD_SHARE:
            town = self.chance.choice(self.country.on_a_road)
            situation = begin(self.chance, town, day, kind=Mode.TRANSPORT)
        else:
            situation = begin(self.chance, self.country.draw(self.chance), day)
        if situation.kind in MOVING:
            rank, other = divmod(self.moving, SHARED_EVERY)
            if other == 0:
                situation.said |= network(rank % NETWORKS)
            self.moving += 1
        return situation

    def returning(self, day):
        """Something that still goes on; what has ended leaves the urn when it is drawn."""
        while self.going_on:
            rank = self.chance.randrange(len(self.going_on))
            if self.going_on[rank].until >= day:
                return self.going_on[rank]
            self.going_on[rank] = self.going_on[-1]
            self.going_on.pop()
        return None

    def open_landmarks(self, day):
        while self.to_come and self.to_come[-1][0] <= day:
            _, landmark, town = self.to_come.pop()
            situation = begin(
                self.chance,
                town,
                day,
                kind=landmark.mode,
                products=landmark.products,
                until=self.ago(landmark.until),
                where=(landmark.preposition, landmark.name),
            )
            situation.neighbourhood = town.neighbourhoods.get(landmark.neighbourhood)
            self.going_on += [situation] * LANDMARK_WEIGHT
