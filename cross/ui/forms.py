"""The form that every page uses: the State's design system, its errors told well.

Nothing typed is lost: a refused form is drawn again with what was sent. Fields are drawn by
`{% field form.name %}` or all at once by `{{ form }}`; the summary by `{% error_summary form %}`.
"""

import re
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils import timezone
from dsfr.forms import DsfrBaseForm, DsfrBoundField

DJANGO_REQUIRED = forms.Field.default_error_messages["required"]
# What a field left empty says, unless it has a better sentence of its own; the first that is its.
LEFT_EMPTY = (
    (forms.FileField, "Choisissez un fichier."),
    ((forms.MultipleChoiceField, forms.ModelMultipleChoiceField), "Cochez au moins une réponse."),
    ((forms.ChoiceField, forms.ModelChoiceField), "Choisissez une réponse."),
    (forms.DateField, "Indiquez une date, comme 03/09/2026."),
    (forms.IntegerField, "Écrivez un nombre entier."),
    (forms.BooleanField, "Cochez cette case."),
    (forms.Field, "À remplir\u00a0: cette réponse est nécessaire."),
)
FIRST_YEAR, LAST_YEAR = 1900, 2100
AS_TYPED = ("%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d")
SHORT_DAY = re.compile(r"([0-3]?\d)[/.-]([01]?\d)")
DAYS_AWAY = {"avant-hier": -2, "hier": -1, "aujourd'hui": 0, "demain": 1, "après-demain": 2}
IN_AN_ADDRESS = re.compile(r"^(\d{4})-(\d\d)-(\d\d)$")
COMING_UNKNOWN = "Cette date n’existe pas. Écrivez-la ainsi : 17/12/2026, 17/12 ou demain."
LEAP_YEARS_APART = 8  # at most: 1896 and 1904, 2096 and 2104
# Farther than that, a day without its year is rather one just past, or a slip: an access would
# run a year too long.
WITHOUT_ITS_YEAR = timedelta(days=180)


class FirstChosen(forms.Select):
    """A list without « Choisir… »: one of its lines is always chosen, and the database is not
    asked for the first only to find that out."""

    def use_required_attribute(self, initial):
        return False


class BoundField(DsfrBoundField):
    """A field that knows which of our three component templates draws it."""

    @property
    def template_name(self):
        if self.field.template_name:
            return self.field.template_name
        if self.widget_type in {"checkbox", "toggle"}:
            return "components/field_checkbox.html"
        if self.use_fieldset:
            return "components/field_choices.html"
        return "components/field_input.html"

    @property
    def optional(self):
        """Marked « facultatif », unless the whole form is (a filter bar), or its hint says when
        it is needed (`says_when` of the field)."""
        says_when = getattr(self.field, "says_when", False)
        return not (self.field.required or says_when) and self.form.marks_optional

    def options(self):
        """Each choice as its widget draws it, with its `hint` from `choice_hints` of the field."""
        hints = getattr(self.field, "choice_hints", {})
        for option in self.subwidgets:
            yield {**option.data, "hint": hints.get(str(option.data["value"]), "")}

    @property
    def first_input_id(self):
        """Where a link of the error summary leads: the first choice of a group, or the input."""
        return f"{self.auto_id}_0" if self.use_fieldset else self.id_for_label


def _left_empty(field):
    return next(sentence for kind, sentence in LEFT_EMPTY if isinstance(field, kind))


class Form(DsfrBaseForm):
    """Base of our forms. `marks_optional = False` for forms where nothing is compulsory.

    `receives = {"guests": "guest"}`: the keyword that hands a field the rows to choose from.
    """

    template_name = "components/form_fields.html"
    bound_field_class = BoundField
    marks_optional = True
    receives: Mapping[str, str] = {}

    def __init__(self, *args, **kwargs):
        handed = {field: kwargs.pop(keyword) for keyword, field in self.receives.items()}
        super().__init__(*args, **kwargs)
        for field, rows in handed.items():
            self.fields[field].queryset = rows
        # The parent has drawn every field: a label that a form changes next would not show.
        self._bound_fields_cache.clear()
        self.label_suffix = ""
        for field in self.fields.values():
            if field.error_messages["required"] == DJANGO_REQUIRED:
                field.error_messages["required"] = _left_empty(field)

    def get_context(self):
        # Not the parent's: it warns, whatever one does, about a setting that we do not use.
        return forms.Form.get_context(self)

    def tell(self, refusal):
        """Put each fault beside the field it speaks of, or above all of them."""
        faults = getattr(refusal, "error_dict", {None: refusal})
        for name, fault in faults.items():
            self.add_error(name if name in self.fields else None, fault)


class ActionForm(Form):
    """A form that carries one action out, and tells what the action refused."""

    @classmethod
    def read(cls, request, **kwargs):
        """The form as it was sent by POST, an empty one otherwise."""
        sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        return cls(*sent, **kwargs)

    def carry_out(self, act):
        """Run `act(**cleaned)` if what was typed is right; says whether it was done."""
        if not (self.is_bound and self.is_valid()):
            return False
        try:
            act(**self.cleaned_data)
        except ValidationError as refusal:
            self.tell(refusal)
        return not self.errors

    def notes(self):
        """What cleaning took out of the texts, to be told once they are saved."""
        return [note for field in self.fields.values() for note in getattr(field, "notes", ())]


def render_form(request, template, form, **context):
    """The page of a form: answers 200, or 422 when what was sent is refused."""
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


@contextmanager
def telling_refusals(request, level=messages.WARNING):
    """For a button that asks nothing: what is refused inside is said by the next page.

    with telling_refusals(request):
        actions.withdraw(asked, by=request.user)
        messages.success(request, "Demande retirée.")
    return redirect("request_list")
    """
    try:
        yield
    except ValidationError as refusal:
        messages.add_message(request, level, " ".join(refusal.messages))


class ModelForm(forms.ModelForm, ActionForm):
    """The same for a form drawn from a table."""


class Day(forms.DateField):
    """A day as it is typed: 03/09/2026. A text input on purpose: the browser's own date input
    throws an impossible date away before anybody can be told, and writes days in the order of its
    own language. `coming` is a day chosen ahead: it is also read as it is said, 15/12 or demain;
    a 15/12 far ahead is asked its year."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": "Cette date n’existe pas : écrivez-la comme 03/09/2026.",
    }

    def __init__(self, *, coming=False, **kwargs):
        super().__init__(input_formats=AS_TYPED, **kwargs)
        self.coming = coming
        self.today = None  # that of the request, unless its form is given another
        if coming:
            self.error_messages["invalid"] = COMING_UNKNOWN
        self.widget.attrs |= {"autocomplete": "off", "placeholder": "jj/mm/aaaa"}

    def prepare_value(self, value):
        if isinstance(value, date):
            return value.strftime("%d/%m/%Y")
        # As it stands in the address of a filtered list.
        return IN_AN_ADDRESS.sub(r"\3/\2/\1", value) if isinstance(value, str) else value

    def to_python(self, value):
        text = value.strip().lower().replace("’", "'") if isinstance(value, str) else ""
        if self.coming and text in DAYS_AWAY:
            return self._present() + timedelta(days=DAYS_AWAY[text])
        if self.coming and (short := SHORT_DAY.fullmatch(text)):
            value = self._next(int(short[2]), int(short[1])) or value
        return super().to_python(value)

    def _present(self):
        return self.today or timezone.localdate()

    def _next(self, month, number):
        """The 15/12 that comes next, today included, or None: there is no 31/02.

        Refused when it is so far that another year may be meant.
        """
        today = self._present()
        for year in range(today.year, today.year + LEAP_YEARS_APART + 1):
            try:
                found = date(year, month, number)
            except ValueError:
                continue
            if found > today + WITHOUT_ITS_YEAR:
                raise ValidationError(
                    f"Écrivez aussi l’année\u00a0: le prochain {found:%d/%m} est celui de "
                    f"{found.year}."
                )
            if found >= today:
                return found
        return None

    def validate(self, value):
        super().validate(value)
        if value and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValidationError("Vérifiez l’année : elle s’écrit comme 2026.")
