"""What the unit of a report grants until a day, or declines: the same two moves, told alike."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from cross.audit import journal
from cross.ui.templatetags.words import day
from intel.actions import days, holding
from intel.models.asking import Asking


@dataclass(frozen=True)
class Granting:
    """One kind of asking that is granted until a day.

    `rows(member)` are those he decides, `related` what is read with them; `to_whom` names the
    applicant for the journal, in which the two verbs are written.
    """

    rows: Callable
    related: str
    to_whom: Callable
    granted: str
    declined: str
    longest_days: int

    @transaction.atomic
    def grant(self, asking, *, by, until, answer=""):
        """Decide, and give the asking as it stands; whatever opens with it is the caller's."""
        days.check_day("until", until, most=self.longest_days, with_today=True)
        held = holding.waiting(self.rows(by), asking, self.related)
        held.decide(Asking.Decision.ACCEPTED, by=by, until=until, answer=answer)
        self._tell(
            self.granted,
            held,
            by,
            answer or held.why,
            f"{self.to_whom(held)}, jusqu’au {day(until)}",
        )
        return held

    @transaction.atomic
    def decline(self, asking, *, by, answer=""):
        held = holding.waiting(self.rows(by), asking, self.related)
        held.decide(Asking.Decision.DECLINED, by=by, answer=answer)
        self._tell(self.declined, held, by, answer, self.to_whom(held))

    def _tell(self, verb, held, by, why, recipients):
        journal.record(by, verb, held.report, why=why, recipients=recipients)
