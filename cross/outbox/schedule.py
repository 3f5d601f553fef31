"""When beat asks for its work: what was planned, what was chosen, and choosing otherwise."""

import json
from dataclasses import dataclass
from typing import Any

from celery.schedules import ParseException, crontab, maybe_schedule
from django.core.exceptions import ValidationError
from django.db import transaction
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from cross.audit import journal
from cross.outbox import KINDS

ASK = "outbox.ask"  # of `cross.outbox.tasks`
FIELDS = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")


def in_text(schedule):
    """ "0 3 * * *" for a crontab (minute, hour, day, month, day of the week), "60 s" otherwise."""
    schedule = maybe_schedule(schedule)
    if not isinstance(schedule, crontab):
        return f"{schedule.run_every.total_seconds():g} s"
    return " ".join(str(getattr(schedule, f"_orig_{name}")) for name in FIELDS)


def in_words(text):
    """ "chaque jour à 3 h 00", for the schedules that we have; any other as it is written."""
    if text.endswith(" s"):
        seconds = float(text.removesuffix(" s"))
        whole_minutes = seconds >= 120 and seconds % 60 == 0
        every = f"{seconds / 60:g} minutes" if whole_minutes else f"{seconds:g} secondes"
        return f"toutes les {every}"
    minute, hour, day, *others = text.split()
    if others != ["*", "*"]:
        return text
    if (hour, day) == ("*", "*"):
        if minute.startswith("*/"):
            return f"toutes les {minute.removeprefix('*/')} minutes"
        return f"chaque heure, à la minute {minute}" if minute.isdigit() else text
    if not (minute.isdigit() and hour.isdigit()) or not (day == "*" or day.isdigit()):
        return text
    at = f"à {int(hour)}\u00a0h\u00a0{int(minute):02}"
    return f"chaque jour {at}" if day == "*" else f"le {day} de chaque mois {at}"


@dataclass(frozen=True)
class Planned:
    """A kind of work that beat asks for; `row` is None until beat has started once."""

    name: str
    title: str
    usual: str
    row: Any

    @property
    def now(self):
        return in_text(self.row.schedule) if self.row else self.usual

    @property
    def now_in_words(self):
        return in_words(self.now)

    @property
    def usual_in_words(self):
        return in_words(self.usual)

    @property
    def is_changed(self):
        return self.now != self.usual

    @property
    def is_on(self):
        return self.row.enabled if self.row else True

    @property
    def last_run_at(self):
        return self.row.last_run_at if self.row else None


def planned():
    """What has a schedule, in the order of the titles. One query."""
    kinds = {kind.name: kind for kind in KINDS.values() if kind.schedule is not None}
    rows = PeriodicTask.objects.filter(name__in=kinds).select_related("crontab", "interval")
    found = {row.name: row for row in rows}
    return sorted(
        (
            Planned(name, kind.title or name, in_text(kind.schedule), found.get(name))
            for name, kind in kinds.items()
        ),
        key=lambda each: each.title,
    )


def one_planned(name):
    return next((each for each in planned() if each.name == name), None)


@transaction.atomic
def change(name, *, when, is_on, by):
    """Ask for it at other times from now on: beat reads it within seconds."""
    work = one_planned(name)
    before = _said(work.now, work.is_on)
    # Beat writes it at its first start, as here.
    row = work.row or PeriodicTask(
        name=name, task=ASK, args=json.dumps([name]), description=work.usual
    )
    if work.row is None or when != work.now:
        row.interval, row.crontab = None, _crontab(when)
    row.enabled = is_on
    after = _said(when, is_on)
    if after == before:
        return
    row.save()
    journal.record(by, "schedule.changed", work.title, why=f"{before} → {after}")


def _said(when, is_on):
    return in_words(when) if is_on else f"{in_words(when)}, arrêté"


def _crontab(text):
    fields = text.split()
    try:
        if len(fields) != len(FIELDS):
            raise ValueError("five fields are wanted")
        named = dict(zip(FIELDS, fields, strict=True))
        schedule = crontab(**named)
    except (ValueError, ParseException) as error:
        raise ValidationError(
            {
                "when": "Écrivez cinq champs séparés par une espace : minute, heure, jour du "
                "mois, mois, jour de la semaine. Chaque jour à 2 h 30 : 30 2 * * *"
            }
        ) from error
    row, _ = CrontabSchedule.objects.get_or_create(**named, timezone=str(schedule.tz))
    return row
