"""Numbers as they are said: ratios, ranges, what was expected, what would not have been seen."""

from cross.ui.templatetags.words import number, percent, plural


def figure(value):
    """« 4 », « 1,6 », « 23 »: one decimal under ten, when it says something."""
    return number(value, 0 if value >= 9.95 else 1).removesuffix(",0")


def one_in(share):
    """« une fois sur deux cents » of 0.005."""
    return f"une fois sur {number(1 / share)}"


def times(row, *, is_rise):
    """« multiplié par 4 ; fourchette 1,6 à 9,7 »; a fall is told as a division."""
    if is_rise:
        if row.ratio is None:
            return ""
        return f"multiplié par {figure(row.ratio)}{_range(row.ratio_low, row.ratio_high)}"
    if not row.ratio:
        return ""
    low = None if not row.ratio_high else 1 / row.ratio_high
    high = None if not row.ratio_low else 1 / row.ratio_low
    return f"divisé par {figure(1 / row.ratio)}{_range(low, high)}"


def _range(low, high):
    if low is None:
        return ""
    if high is None:
        return f" ; {figure(low)} au moins"
    return f" ; fourchette {figure(low)} à {figure(high)}"


def more(ratio):
    return f"+{percent(ratio - 1)}"


def expected(value):
    if value < 0.5:
        return "moins d’un attendu"
    return f"{figure(value)} {plural(round(value, 1), 'attendu')}"


def less_than(ratio):
    """« Une hausse de moins du double »; in tens of percent below, a multiplication above."""
    if abs(ratio - 2) < 0.05:
        return "Une hausse de moins du double"
    if abs(ratio - 3) < 0.05:
        return "Une hausse de moins du triple"
    if ratio > 2:
        return f"Une multiplication par moins de {figure(ratio)}"
    return f"Une hausse de moins de {percent(round(ratio - 1 + 0.05, 1))}"
