"""The hours of the week at which reports say that things happen: 7 days by 24 hours.

Most reports say none: the row "dite" holds those that say one, without which the others read as
if nothing happened at other hours.
"""

import numpy as np

from intel.extraction.dates import WEEKDAYS
from intel.extraction.week import hours_of_week
from intel.models import TerritoryScore
from intel.summaries.places import Overlapping
from intel.summaries.told import WHY, counted_reports

SAID = "dite"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# In the order of the week: "mon-00" to "sun-23", then any.
CODES = (*(f"{day}-{hour:02}" for day in DAYS for hour in range(24)), SAID)
NAMES = (
    *(f"{day}, de {hour}\u00a0h à {hour + 1}\u00a0h" for day in WEEKDAYS for hour in range(24)),
    "Au moins une heure est dite",
)


def schedules(told, department):
    """{number of a report: what it says of days and hours}, of those that say something."""
    number = {row.pk: place for place, row in enumerate(told.rows)}
    said = (
        counted_reports(department, told.as_of)
        .exclude(days_and_hours="")
        .unguarded(because=WHY)
        .values_list("pk", "days_and_hours")
    )
    return {number[key]: text for key, text in said if key in number}


def level(schedules, told):
    """The grid as rows: a report that says several hours is in each, and once in "dite"."""
    pairs = []
    for report, text in schedules.items():
        hours = hours_of_week(text)
        pairs += [(report, 24 * day + hour) for day, hour in hours]
        if hours:
            pairs.append((report, len(CODES) - 1))
    found = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    return Overlapping.of(TerritoryScore.Dimension.HOURS, CODES, NAMES, found, told=told)
