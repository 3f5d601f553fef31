"""What a member wants to be told of, and how; which lines the page shows."""

from django import forms
from django.utils.dateparse import parse_datetime

from cross.ui.forms import ActionForm, Form
from intel.forms.filters import NOT_A_CHOICE
from intel.notices import NOTICES, Way, kinds_of

TO_READ, ALL = "a_lire", "toutes"
AS_USUAL, FOLLOW, STOP = "", "oui", "non"
SAID = {AS_USUAL: None, FOLLOW: True, STOP: False}


class NoticeFilterForm(Form):
    """The filters of the page, named as they are read in the address."""

    marks_optional = False

    voir = forms.ChoiceField(
        label="Voir",
        choices=[(TO_READ, "À lire"), (ALL, "Toutes")],
        required=False,
        error_messages={"invalid_choice": NOT_A_CHOICE},
    )
    sujet = forms.ChoiceField(
        label="Sujet", required=False, error_messages={"invalid_choice": NOT_A_CHOICE}
    )

    def __init__(self, data, *, member):
        super().__init__(data)
        kinds = [(kind, NOTICES[kind].words) for kind in kinds_of(member)]
        self.fields["sujet"].choices = [("", "Tous"), *kinds]


class NoticeChoicesForm(ActionForm):
    """One list a kind; gives `ways`, {kind: way}."""

    marks_optional = False

    def __init__(self, *args, member, chosen, **kwargs):
        self.kinds = kinds_of(member)
        # Before the parent copies them and gives each its looks.
        self.base_fields = {
            _name(kind): _way_of(NOTICES[kind], chosen.get(kind)) for kind in self.kinds
        }
        super().__init__(*args, **kwargs)

    def _fields_where(self, asks):
        return [self[_name(kind)] for kind in self.kinds if NOTICES[kind].asks == asks]

    @property
    def to_answer(self):
        return self._fields_where(True)

    @property
    def to_know(self):
        return self._fields_where(False)

    def clean(self):
        cleaned = super().clean()
        found = {kind: cleaned[_name(kind)] for kind in self.kinds if _name(kind) in cleaned}
        return {"ways": found} if not self.errors else cleaned


def _name(kind):
    return kind.replace(".", "_")


def _way_of(notice, chosen):
    return forms.ChoiceField(
        label=notice.when,
        choices=[(way.value, _label(way, notice)) for way in Way],
        initial=chosen or notice.usual,
        error_messages={"invalid_choice": NOT_A_CHOICE},
    )


def _label(way, notice):
    return f"{way.label} (par défaut)" if way == notice.usual else way.label


class FollowForm(ActionForm):
    """Whether a member, and his unit when he answers for it, hears of a report."""

    CHOICES = (
        (AS_USUAL, "Comme d’habitude"),
        (FOLLOW, "Suivre cette fiche"),
        (STOP, "Ne plus suivre cette fiche"),
    )

    mine = forms.ChoiceField(
        label="Pour vous", choices=CHOICES, widget=forms.RadioSelect, required=False
    )
    ours = forms.ChoiceField(
        label="Pour toute votre unité", choices=CHOICES, widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args, speaks_for_unit, **kwargs):
        super().__init__(*args, **kwargs)
        if not speaks_for_unit:
            del self.fields["ours"]

    @staticmethod
    def written(follows):
        """The choice that says so."""
        return next(choice for choice, meaning in SAID.items() if meaning is follows)

    def clean(self):
        return {name: SAID[value] for name, value in super().clean().items()}


def instant_in(text):
    """The instant that an address or a button says, or None."""
    try:
        instant = parse_datetime(text)
    except ValueError:
        return None
    return instant if instant is not None and instant.tzinfo else None
