"""What is typed about the life of a protocol; the actions say what is refused."""

from django import forms
from django.utils import timezone

from cross.ui.forms import ActionForm, Day
from cross.ui.templatetags.words import counted
from protocols.forms.clauses import ClausesForm


class WhyForm(ActionForm):
    """A reason, written in the journal."""

    why = forms.CharField(
        label="Motif",
        max_length=300,
        help_text="Inscrit à l’historique et au journal.",
        error_messages={"required": "Dites pourquoi : le journal le garde."},
    )


class SuspendForm(WhyForm):
    from_day = Day(
        coming=True,
        label="Suspendu à partir du",
        help_text="Aujourd’hui : l’accès de toutes les unités s’arrête à l’instant.",
    )

    field_order = ["from_day", "why"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["from_day"].initial = timezone.localdate()


class EndForm(WhyForm):
    last_day = Day(coming=True, label="Dernier jour en vigueur", help_text="Ce jour est compris.")

    field_order = ["last_day", "why"]


class AmendmentForm(ClausesForm):
    """What an amendment says, then the clauses as it leaves them."""

    signed_on = Day(label="Avenant signé le")
    changes = forms.CharField(
        label="Ce qu’il change",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="En clair : prolongation, nouveau signataire, rythme des réunions…",
        error_messages={"required": "Dites ce que l’avenant change."},
    )
    ends_on = Day(
        coming=True,
        label="Nouvelle fin du protocole",
        required=False,
        help_text="Laissez vide si l’avenant ne change pas la fin.",
    )

    def said(self):
        """What the action is told, of a valid form."""
        data = self.cleaned_data
        told = {name: data[name] for name in ("signed_on", "changes", "ends_on")}
        return told | {"settled": self.settled()}


class DraftForm(ClausesForm):
    """A whole protocol, before it is signed: its text, its days, its clauses."""

    title = forms.CharField(label="Intitulé", max_length=200)
    legal_basis = forms.CharField(
        label="Fondement et missions",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Le texte que les signataires approuvent : sur quoi il se fonde, ce que fait la "
        "cellule.",
    )
    starts_on = Day(coming=True, label="En vigueur à partir du")
    ends_on = Day(
        coming=True,
        label="En vigueur jusqu’au",
        required=False,
        help_text="Ce jour est compris. Laissez vide s’il n’a pas de fin.",
    )


class SignatoryForm(ActionForm):
    """One of those who sign: receives the `services` to choose from."""

    receives = {"services": "service"}

    service = forms.ModelChoiceField(
        label="Service", queryset=None, empty_label="Choisir un service"
    )
    capacity = forms.CharField(
        label="Qualité",
        max_length=200,
        help_text="Par exemple : préfet, commandant du groupement.",
    )
    signed_by = forms.CharField(
        label="Nom de qui signe",
        required=False,
        max_length=150,
        help_text="Il peut attendre ; il est nécessaire le jour de la signature.",
    )
    is_representative = forms.BooleanField(
        label="Signe pour le titulaire, en son représentant", required=False
    )


class SignForm(ActionForm):
    """The day of the signature; with `continued` seats, whether they go on."""

    signed_on = Day(label="Signé le", help_text="Le jour porté sur l’original.")
    keeps_seats = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args, continued, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].initial = timezone.localdate()
        if continued:
            self.fields["keeps_seats"].label = f"Reconduire {counted(continued, 'siège')} en cours"
            self.fields["keeps_seats"].help_text = (
                "Les mêmes unités participent, aux mêmes conditions, dès l’entrée en vigueur. "
                "Sinon, chacune est à admettre de nouveau."
            )
        else:
            del self.fields["keeps_seats"]
