"""Did the threat rise, or only the work of those who look for it?"""

from enum import StrEnum

import numpy as np

EXPONENT = 0.6  # twice the patrols find 1.5 times as much, not twice as much


class EffortStatus(StrEnum):
    """What the activity of the services leaves of a rise."""

    INDEPENDENT = "independante"
    CONCOMITANT = "concomitante"
    UNKNOWN = "inconnu"


def exposure_with_effort(exposure, effort, *, exponent=EXPONENT):
    """`exposure` (months, inhabitants) × `effort` to the power `exponent`.

    `effort` a month, in hours or in reports of all kinds: its length is in the exposure already;
    broadcast together. Where effort is unknown (NaN or not above 0) the exposure stands alone.
    """
    exposure, effort = np.asarray(exposure, dtype=float), np.asarray(effort, dtype=float)
    known = np.where(effort > 0, effort, 1.0)
    return exposure * known**exponent


def effort_status(
    reactive, adjusted, effort_ratio, *, reactive_alpha=0.10, adjusted_alpha=0.05, surge=1.25
):
    """One `EffortStatus` a territory where the facts rise, as an array of text.

    `reactive` is the `Change` of the facts that reach the services by themselves (calls, tips,
    partners, victims), `adjusted` the one of all facts with `exposure_with_effort` on both sides,
    `effort_ratio` the effort a month now over the one before (NaN, 0 or infinite: unknown, for one
    of the two sides then stands without it).

    Independent when the reactive facts rise with p ≤ `reactive_alpha`, or all of them with
    p ≤ `adjusted_alpha` once effort is known and taken off; concomitant when neither holds and
    effort grew to `surge` times or more; otherwise unknown. Why: a map of what patrols find sends
    them back to the same places (Ensign et al., arXiv 1706.09847).
    """
    effort_ratio = np.asarray(effort_ratio, dtype=float)
    independent = _rises(reactive, reactive_alpha)
    is_known = np.isfinite(effort_ratio) & (effort_ratio > 0)
    independent |= is_known & _rises(adjusted, adjusted_alpha)
    return np.where(
        independent,
        EffortStatus.INDEPENDENT,
        np.where(
            is_known & (effort_ratio >= surge), EffortStatus.CONCOMITANT, EffortStatus.UNKNOWN
        ),
    )


def _rises(change, alpha):
    # Without a reference there is no ratio; a lower bound then says that there are facts now.
    up = (change.ratio > 1) | (np.isnan(change.ratio) & (change.low > 0))
    return up & (change.p <= alpha)
