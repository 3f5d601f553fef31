"""Days as people say them."""

import re
from datetime import date

from django.core.exceptions import ValidationError

from cross.ui.forms import Day
from cross.ui.templatetags.words import day
from intel.extraction.cleaning import clean_text
from intel.extraction.dates import date_span, find_dates
from intel.forms.fields import UNLIMITED

OLDEST_YEARS = 30
SHORT_DAY = re.compile(r"[0-3]?\d[/.-][01]?\d")


class DayField(Day):
    """A day as it is said: 17/09/2026, but also 17/09, hier, 3 septembre."""

    default_error_messages = {
        "invalid": "Cette date n’existe pas. Écrivez-la ainsi : 17/09/2026, 17/09 ou hier."
    }

    def __init__(self, *, in_the_past=True, **kwargs):
        super().__init__(**kwargs)
        self.today = None  # given by the form: a test and a request have their own day
        self.in_the_past = in_the_past
        self.widget.attrs["data-day"] = "" if in_the_past else "a_venir"

    def to_python(self, value):
        text = clean_text(value or "", limit=UNLIMITED).text
        found = self._spoken(text) or super().to_python(text)
        if found and self.in_the_past:
            self._check_past(found)
        return found

    def _spoken(self, text):
        if not self.in_the_past and SHORT_DAY.fullmatch(text):
            return self._coming(text)
        if not text or len(text) > 40 or re.fullmatch(r"[\d/.\-]{8,}", text):
            return None
        said = f"le {text}" if SHORT_DAY.fullmatch(text) else text
        for finding in find_dates(said, self.today):
            first, last = date_span(finding.value)
            if first == last and len(finding.raw) == len(text):
                return first
        return None

    def _coming(self, text):
        """The next 15/01, for a day that must come."""
        number, month = (int(part) for part in re.split(r"[/.-]", text))
        for year in (self.today.year, self.today.year + 1):
            try:
                found = date(year, month, number)
            except ValueError:
                return None
            if found > self.today:
                return found
        return None

    def _check_past(self, found):
        if found > self.today:
            raise ValidationError(
                f"Le {day(found)} est dans l’avenir : indiquez le jour où les faits ont eu lieu."
            )
        if found.year < self.today.year - OLDEST_YEARS:
            raise ValidationError(f"L’année {found.year} est trop ancienne : vérifiez-la.")
