"""Which changes may be told to who opens no report: a label bounds what the year before held.

« Hausse nette » of five facts says that there were three to five in the year before; beside
quarters that were told then, it may say what the one that was masked held. So a label is told
where each label that those quarters allow would leave each masked one its range: whether it is
told then depends on what its readers know already, and its absence says nothing either.
"""

from dataclasses import dataclass

import numpy as np

from intel import statistics
from intel.statistics import ChangeLabel
from intel.summaries.parameters import PARAMETERS

# Sums beyond are not looked at: a label that holds up to there leaves any range.
FARTHEST = 40


@dataclass(frozen=True)
class Known:
    """What its readers know of the reference of one territory: the facts that they were told, how
    many of its periods were masked, and how many were never told of at all."""

    told: int
    masked: int
    never_told: int

    @classmethod
    def of(cls, key, periods):
        """`periods`: for each of the reference {(dimension, code): facts}, None if never told."""
        found = [period.get(key) for period in periods if period is not None]
        told = [facts for facts in found if facts is not None]
        return cls(sum(told), len(found) - len(told), sum(each is None for each in periods))

    @property
    def is_whole(self):
        return not self.masked and not self.never_told


def tellable(dimension, lines, level, periods, exposures):
    """The codes of the `lines` whose change may be told, among those of their whole `level`.

    `periods`: see `Known.of`; `exposures`: months of the period and of its reference. Of too few
    facts nothing is said but where their whole reference was told: they have no label of their own
    that their readers could tell from one that is withheld.
    """
    critical = _critical_p(level)
    found = set()
    for line in lines:
        known = Known.of((dimension, line.code), periods)
        label = line.more.get("change")
        if known.is_whole or (
            label not in {None, ChangeLabel.TOO_FEW}
            and _leaves_ranges(line, known, exposures, critical)
        ):
            found.add(line.code)
    return found


def _critical_p(level):
    """The largest p of a change that is said clear among those of the level."""
    q = np.array([_number(line.more.get("change_q")) for line in level])
    p = np.array([_number(line.more.get("change_p")) for line in level])
    clear = p[q <= PARAMETERS.alpha]
    tested = max(np.isfinite(q).sum(), 1)
    return clear.max() if clear.size else PARAMETERS.alpha / tested


def _number(value):
    return np.nan if value is None else value


def _leaves_ranges(line, known, exposures, critical):
    reference = line.more["reference_facts"]
    # Counted now: a fact may have come or gone since they were told.
    lowest = min(known.told, reference)
    highest = PARAMETERS.threshold - 1
    if reference - lowest > known.masked * highest:
        highest = reference - lowest  # one is masked for another cause than its count
    spread = FARTHEST if known.never_told else known.masked * highest
    hidden = np.arange(spread + 1)
    labels = _labels(line, lowest + hidden, exposures, critical)
    return all(
        _is_wide(hidden[labels == label], known, highest, spread) for label in set(labels.tolist())
    )


def _labels(line, references, exposures, critical):
    """(r,) What would be said of the line beside each of these `references`."""
    exposure, reference_exposure = exposures
    count = np.full(references.shape, line.facts)
    found = statistics.compare_counts(
        count,
        exposure,
        references,
        reference_exposure,
        overdispersion=_number(line.more["overdispersion"]),
        overdispersed_above=PARAMETERS.overdispersed_above,
    )
    is_tested = count + references >= PARAMETERS.change_gate
    clear = np.where(found.p <= critical, 0.0, 1.0)
    labels = statistics.change_labels(
        found,
        np.where(is_tested, clear, np.nan),
        count,
        references,
        alpha=PARAMETERS.alpha,
        up=PARAMETERS.ratio_up,
        down=PARAMETERS.ratio_down,
        steady_from=PARAMETERS.steady_from,
    )
    return labels.astype(str)


def _is_wide(hidden, known, highest, spread):
    """Do these sums of what is hidden leave each part of it a range?"""
    least, most = int(hidden.min()), int(hidden.max())
    if known.never_told:
        # One part has no bound of its own: it may hold all of the sum, or let the others hold it.
        others = known.masked * highest if known.never_told == 1 else least
        return most == spread or most - max(0, least - others) >= PARAMETERS.narrowest
    others = (known.masked - 1) * highest
    return min(highest, most) - max(0, least - others) >= PARAMETERS.narrowest
