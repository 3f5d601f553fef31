"""The other summaries that the page of one speaks of: its versions, the twelve months where its
foyers are told, and the one that it is held to."""

from dataclasses import dataclass

from django.db.models import Q

from cross.ui.templatetags.words import day
from intel import periods
from intel.models import Summary


@dataclass(frozen=True)
class Family:
    """`versions` latest first; `rolling` is None where no twelve months end by then. `base` is the
    summary of the last note before, or of the period before; `known_as` says which, in words."""

    versions: tuple[Summary, ...]
    rolling: Summary | None
    base: Summary | None
    base_rolling: Summary | None
    known_as: str

    @classmethod
    def of(cls, summary, summaries, editions=None):
        """Of `summaries` and `editions`, those that the reader may open. Two queries; who opens no
        report is told of no base, in one."""
        before, known_as = periods.read(summary.period).previous(), ""
        note = None if summary.is_masked or editions is None else _last_note(summary, editions)
        base = note.summary.period if note else before.code
        if note:
            known_as = f"la synthèse de la note {note.number} ({periods.read(base).label})"
        found = list(
            summaries.filter(
                Q(period__in={summary.period, base})
                | Q(period__endswith="R12", ends_on__lte=summary.ends_on),
                department=summary.department_id,
                audience=summary.audience,
                court=summary.court,
            )
            .select_related("department", "court")
            .order_by("-ends_on", "-version")
        )
        of_base = None if summary.is_masked else _first(found, lambda each: each.period == base)
        return cls(
            versions=tuple(each for each in found if each.period == summary.period),
            rolling=_rolling(found, summary),
            base=of_base,
            base_rolling=of_base and _rolling(found, of_base),
            known_as=known_as or f"la synthèse précédente ({before.label})",
        )

    @property
    def base_day(self):
        return day(self.base.as_of)


def _last_note(summary, editions):
    """The last note on an earlier period of the same kind."""
    earlier = editions.filter(
        department=summary.department_id, summary__ends_on__lt=summary.starts_on
    )
    kind = periods.read(summary.period).kind
    notes = earlier.select_related("summary").order_by("-summary__ends_on", "-pk")[:4]
    return _first(notes, lambda note: periods.read(note.summary.period).kind == kind)


def _rolling(found, summary):
    return _first(
        found, lambda each: each.period.endswith("R12") and each.ends_on <= summary.ends_on
    )


def _first(rows, fits):
    return next((row for row in rows if fits(row)), None)
