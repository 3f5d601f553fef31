"""What a brief freezes besides the figures of its summary: places, strategy, indicators, meetings,
what is left out, and what moved since the edition before. Plain JSON, taken when the edition is
made and again only by an explicit act while it is a draft.
"""

import numpy as np
from django.utils import timezone

from intel import periods
from intel.indicators import sheet
from intel.models import Edition, Summary, SummaryAudience, TerritoryScore
from intel.models.choices import Product
from intel.statistics import ChangeLabel, change_labels, change_q_values, compare_counts
from intel.statistics.masking import EXACT, THRESHOLD, mask
from intel.summaries.left_out import left_out
from intel.summaries.parameters import PARAMETERS
from protocols.meeting_states import MeetingState
from protocols.models import Meeting, OutsideTotal, Protocol
from protocols.reading.strategy import adopted_strategy, frozen_axes

ACCUSED = frozenset(OutsideTotal.ACCUSED)
# What happened to points de deal within the period, in the order of the table.
FLOWS = ("points_opened", "points_dismantled", "points_rebuilt", "points_moved")


def freeze(edition):
    """The parts of an edition whose summary, figures and `follows` are set."""
    period = periods.read(edition.summary.period)
    department = edition.department
    strategy = adopted_strategy(department)
    parts = {
        "points": _told_once("points", edition, period, lambda: _points(department, period)),
        "strategy": frozen_axes(strategy, period) if strategy else {},
        "totals": _totals(department, period),
        "indicators": sheet.frozen(department, period),
        "meetings": _meetings(department, period),
        "left_out": _told_once("left_out", edition, period, lambda: left_out(department, period)),
    }
    return parts | {"since": _since(edition, parts)}


# --- Points de deal ---------------------------------------------------------------------------


def _points(department, period):
    """Counts of the whole department, from the last sheet of the cell; None is not told.

    Below the threshold, zero included, nothing is told; nor is one flow alone hidden, that the
    change between two notes would give back. Empty where the cell has no sheet of the quarter.
    """
    if period.kind != "quarter":
        return {}
    row = (
        TerritoryScore.objects.filter(
            summary__department=department,
            summary__audience=SummaryAudience.CELL,
            summary__period=period.code,
            summary__stage=Summary.Stage.DONE,
            dimension=TerritoryScore.Dimension.DEPARTMENT,
        )
        .order_by("-summary__version")
        .first()
    )
    if row is None or row.active_points is None:
        return {}
    active = row.active_points if row.active_points >= THRESHOLD else None
    status = mask({name: getattr(row, name) or 0 for name in FLOWS}).status
    told = {name: getattr(row, name) or 0 if status[name] == EXACT else None for name in FLOWS}
    rate = None
    if active is not None and row.population:
        rate = round(active * 100_000 / row.population, 1)
    return {"active_points": active, "per_100000": rate} | told


# --- Totals of others ------------------------------------------------------------------------


def _totals(department, period):
    """What services have counted themselves within the period, as they told it, and where."""
    found = OutsideTotal.objects.standing().filter(
        department=department, starts_on__gte=period.start, ends_on__lte=period.end
    )
    return [
        {
            "label": total.get_kind_display(),
            "product": Product(total.product).label if total.product else "",
            "nomenclature": total.get_nomenclature_display() if total.kind in ACCUSED else "",
            "starts_on": total.starts_on.isoformat(),
            "ends_on": total.ends_on.isoformat(),
            "value": total.value,
            "unit": OutsideTotal.UNITS[total.kind],
            "source": total.source,
            "told_on": timezone.localdate(total.at).isoformat(),
        }
        for total in found.order_by("kind", "product", "nomenclature", "starts_on", "pk")
    ]


# --- Meetings, what is left out ---------------------------------------------------------------


def _meetings(department, period):
    """The days on which the cell met within the period, and the next one that is called: a meeting
    being prepared is known to the cell alone."""
    meetings = Meeting.objects.filter(protocol__in=Protocol.objects.filter(department=department))
    held = meetings.filter(
        held_on__range=(period.start, period.end),
        state__in=[MeetingState.TO_SIGN, MeetingState.SIGNED],
    )
    called = meetings.filter(called_at__isnull=False).exclude(state=MeetingState.CANCELLED)
    coming = called.filter(held_on__gt=period.end)
    following = coming.order_by("held_on").values_list("held_on", flat=True).first()
    return {
        "held": [
            day.isoformat() for day in held.order_by("held_on").values_list("held_on", flat=True)
        ],
        "next": following.isoformat() if following else "",
    }


def _told_once(name, edition, period, count):
    """What the first note of a period told, whatever other one is begun or taken again since: two
    counts of the same days, taken from one another, would give what came between. Nothing as long
    as what is counted may still come in."""
    if timezone.localdate() < sheet.drawn_up_on(period):
        return {}
    notes = Edition.objects.filter(
        department=edition.department, summary__period=edition.summary.period
    )
    others = notes.exclude(pk=edition.pk).order_by("pk").values_list(f"parts__{name}", flat=True)
    return next(filter(None, [edition.parts.get(name), *others]), None) or count()


# --- Since the edition before -----------------------------------------------------------------


def _since(edition, parts):
    """What moved since `edition.follows`, both frozen: before → after; empty without one."""
    former = edition.follows
    if former is None:
        return {}
    return {
        "number": former.number,
        "period": former.figures["period"],
        "counts": _counts_moved(former.figures, edition.figures),
        "indicators": _indicators_moved(former.parts.get("indicators", {}), parts["indicators"]),
        "points": _points_moved(former.parts.get("points", {}), parts["points"]),
        "actions": _actions_moved(former.parts.get("strategy", {}), parts["strategy"]),
    }


def _counts_moved(before, after):
    """Facts and reports as each note told them, with what is said of the two counts together."""
    is_correction = before["period"] == after["period"]
    rows = []
    for name in ("facts", "reports"):
        old, new = before["totals"][name], after["totals"][name]
        if is_correction and old == new:
            continue
        is_told = None not in {old, new} and not is_correction
        rows.append(
            {
                "name": name,
                "before": old,
                "after": new,
                "change": _change(new, old) if is_told else "",
            }
        )
    return rows


def _change(count, reference):
    """The label of two counts of periods of one length, as summaries give it."""
    now, before = np.array([count]), np.array([reference])
    found = compare_counts(now, 1, before, 1)
    [label] = change_labels(
        found,
        change_q_values(found, now, before),
        now,
        before,
        alpha=PARAMETERS.alpha,
        up=PARAMETERS.ratio_up,
        down=PARAMETERS.ratio_down,
        steady_from=PARAMETERS.steady_from,
    )
    return ChangeLabel(label).value


def _said(indicators):
    return {
        (each["code"], row["key"]): (each["label"], row["label"], row["said"])
        for each in indicators.get("indicators", ())
        for row in each["rows"]
    }


def _indicators_moved(before, after):
    """The whole of each indicator that both notes told, where it is said otherwise."""
    old, new = _said(before), _said(after)
    return [
        {"label": f"{label}, {row}" if key[1] != "ensemble" else label,
         "before": old[key][2], "after": said}
        for key, (label, row, said) in new.items()
        if key in old and old[key][2] != said and key[1] in {"ensemble", "solde"}
    ]  # fmt: skip


def _points_moved(before, after):
    return [
        {"name": name, "before": before[name], "after": after[name]}
        for name in ("active_points",)
        if name in before and name in after and before[name] != after[name]
    ]


def _states(strategy):
    return {
        (axis["title"], action["title"]): action["state_label"]
        for axis in strategy.get("axes", ())
        for action in axis["actions"]
    }


def _actions_moved(before, after):
    """Actions that are new, gone, or in another state, axis by axis."""
    old, new = _states(before), _states(after)
    return [
        {"axis": axis, "title": title, "before": old.get((axis, title), ""),
         "after": new.get((axis, title), "")}
        for axis, title in [*new, *(key for key in old if key not in new)]
        if old.get((axis, title), "") != new.get((axis, title), "")
    ]  # fmt: skip
