"""What is typed about the life of a protocol; the actions say what is refused."""

from dataclasses import dataclass
from typing import Any

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


NEW_SIGNATORIES = 2  # at once, beside those who are known


@dataclass(frozen=True)
class SignatoryFields:
    """The fields of one signatory of an amendment, bound: of somebody `known`, or to write."""

    known: Any
    fields: dict

    def __getitem__(self, name):
        return self.fields[name]

    @property
    def has_errors(self):
        return any(field.errors for field in self.fields.values())


class AmendmentForm(ClausesForm):
    """What an amendment says, who signed it, then the clauses as it leaves them.

    `known` are the signatures that bind today: each is proposed, and left out by a tick.
    """

    receives = {"services": "lead_service"}

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

    def __init__(self, *args, services, known=(), **kwargs):
        self.known = {f"connu{each.pk}": each for each in known}
        self.added = [f"nouveau{rank}" for rank in range(1, NEW_SIGNATORIES + 1)]
        groups = {prefix: _of_the_known(each) for prefix, each in self.known.items()}
        groups |= {prefix: _of_the_new(services) for prefix in self.added}
        # Before the parent, which makes every field ready to be drawn.
        self.base_fields = type(self).base_fields | {
            f"{prefix}_{name}": field
            for prefix, fields in groups.items()
            for name, field in fields.items()
        }
        super().__init__(*args, services=services, **kwargs)

    def signatories(self):
        """As the page draws them."""
        for prefix in (*self.known, *self.added):
            names = [name for name in self.fields if name.startswith(f"{prefix}_")]
            fields = {name.removeprefix(f"{prefix}_"): self[name] for name in names}
            yield SignatoryFields(self.known.get(prefix), fields)

    def clean(self):
        data = super().clean()
        self.signed = [each for each in map(self._signed, (*self.known, *self.added)) if each]
        if not self.signed and not self.errors:
            self.add_error(None, "Indiquez qui a signé l’avenant : un signataire au moins.")
        return data

    def _signed(self, prefix):
        """The columns of one signature; None of who did not sign, and where nothing is typed."""
        said = {name: self.cleaned_data.get(f"{prefix}_{name}") for name in SIGNED}
        if known := self.known.get(prefix):
            if not said.pop("signs"):
                return None
            said |= {"service": known.service, "capacity": known.capacity}
        else:
            said.pop("signs")
            if not (said["service"] or said["capacity"] or said["signed_by"]):
                return None
        for name, sentence in NEEDED.items():
            if not said[name] and f"{prefix}_{name}" not in self.errors:
                self.add_error(f"{prefix}_{name}", sentence)
        return said

    def said(self):
        """What the action is told, of a valid form."""
        data = self.cleaned_data
        told = {name: data[name] for name in ("signed_on", "changes", "ends_on")}
        return told | {"settled": self.settled(), "signatories": self.signed}


SIGNED = ("signs", "service", "capacity", "signed_by", "is_representative", "signed_on")
NEEDED = {
    "service": "Choisissez le service pour lequel il signe.",
    "capacity": "Indiquez en quelle qualité il signe.",
    "signed_by": "Indiquez le nom de qui signe.",
}


def _of_the_signature(signed_by="", *, is_representative=False):
    return {
        "signed_by": forms.CharField(
            label="Nom de qui signe", required=False, max_length=150, initial=signed_by
        ),
        "is_representative": forms.BooleanField(
            label="Signe pour le titulaire, en son représentant",
            required=False,
            initial=is_representative,
        ),
        "signed_on": Day(
            label="Signé le",
            required=False,
            help_text="Laissez vide si c’est le jour de l’avenant.",
        ),
    }


def _of_the_known(signature):
    """`says_when`: the name is needed of who signs, and a tick is no answer left out."""
    signs = forms.BooleanField(
        label=signature.capacity, help_text=str(signature.service), required=False, initial=True
    )
    same = _of_the_signature(signature.signed_by, is_representative=signature.is_representative)
    fields = {"signs": signs} | same
    signs.says_when = fields["signed_by"].says_when = True
    return fields


def _of_the_new(services):
    fields = {
        "capacity": forms.CharField(label="Qualité", required=False, max_length=200),
        "service": forms.ModelChoiceField(
            label="Service", queryset=services, required=False, empty_label="Choisir un service"
        ),
    } | _of_the_signature()
    for name in NEEDED:
        fields[name].says_when = True  # of somebody who is added, all three
    return fields


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
