"""Days as people say them."""

import re

from django.core.exceptions import ValidationError

from cross.ui.forms import SHORT_DAY, Day
from cross.ui.templatetags.words import day
from intel.extraction.cleaning import clean_text
from intel.extraction.dates import date_span, find_dates
from intel.forms.fields import UNLIMITED

OLDEST_YEARS = 30


class DayField(Day):
    """A day as it is said: 17/09/2026, but also 17/09, hier, 3 septembre; one that has passed,
    unless it is `coming`."""

    default_error_messages = {
        "invalid": "Cette date n’existe pas. Écrivez-la ainsi : 17/09/2026, 17/09 ou hier."
    }

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs["data-day"] = "a_venir" if self.coming else ""

    def to_python(self, value):
        text = clean_text(value or "", limit=UNLIMITED).text
        found = self._spoken(text) or super().to_python(text)
        if found and not self.coming:
            self._check_past(found)
        return found

    def _spoken(self, text):
        if self.coming and SHORT_DAY.fullmatch(text):
            return None  # the next one: its parent reads it
        if not text or len(text) > 40 or re.fullmatch(r"[\d/.\-]{8,}", text):
            return None
        said = f"le {text}" if SHORT_DAY.fullmatch(text) else text
        for finding in find_dates(said, self._present()):
            first, last = date_span(finding.value)
            if first == last and len(finding.raw) == len(text):
                return first
        return None

    def _check_past(self, found):
        if found > self._present():
            raise ValidationError(
                f"Le {day(found)} est dans l’avenir : indiquez le jour où les faits ont eu lieu."
            )
        if found.year < self._present().year - OLDEST_YEARS:
            raise ValidationError(f"L’année {found.year} est trop ancienne : vérifiez-la.")
