"""Quarters by which a strategy is followed: each is named by its first day. Pure."""

from datetime import date, timedelta


def quarter_of(day):
    """The first day of the quarter that holds `day`."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def before(quarter):
    return quarter_of(quarter - timedelta(days=1))


def after(quarter):
    return quarter_of(quarter + timedelta(days=95))


def last_day(quarter):
    return after(quarter) - timedelta(days=1)


def between(first, last):
    """The quarters from that of `first` to that of `last`, in order."""
    quarter, found = quarter_of(first), []
    while quarter <= last:
        found.append(quarter)
        quarter = after(quarter)
    return found


def in_words(quarter):
    """« 4e trimestre 2026 »."""
    rank = (quarter.month - 1) // 3 + 1
    return f"{'1er' if rank == 1 else f'{rank}e'} trimestre {quarter.year}"
