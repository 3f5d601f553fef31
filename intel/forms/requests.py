"""What is asked of the unit that wrote a report, what it answers, and to whom it opens it."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from cross.ui.forms import ActionForm, Day
from intel.forms.fields import ShortText

DECLINE = "refuser"
READS, COMPLETES = "lire", "completer"


class AskAccessForm(ActionForm):
    """A reference and a reason; `read_reference` gives the reference that a text is, or ""."""

    reference = ShortText(
        label="Référence",
        limit=40,
        help_text="Celle qu’on vous a donnée, par exemple CROSS-88-2026-48213.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Indiquez la référence de la fiche."},
    )
    why = ShortText(
        label="Pourquoi vous en avez besoin",
        limit=300,
        help_text="Lu par l’unité qui l’a rédigée, inscrit au journal.",
        error_messages={"required": "Dites pourquoi vous en avez besoin."},
    )

    def __init__(self, *args, read_reference, **kwargs):
        super().__init__(*args, **kwargs)
        self.read_reference = read_reference

    def clean_reference(self):
        reference = self.read_reference(self.cleaned_data["reference"])
        if not reference:
            raise forms.ValidationError(
                "Ce n’est pas une référence : elle s’écrit comme CROSS-88-2026-48213."
            )
        return reference


class DecisionForm(ActionForm):
    """Until when, and a word; refusing needs no day."""

    until = Day(coming=True, label="Jusqu’au")
    answer = ShortText(label="Précision", limit=300, required=False)

    def __init__(self, *args, days, help_text, answer_help="", **kwargs):
        in_days = timezone.localdate() + timedelta(days=days)
        kwargs["initial"] = {"until": in_days} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["until"].help_text = help_text
        self.fields["answer"].help_text = answer_help
        if self.declines:
            self.fields["until"].required = False

    @property
    def declines(self):
        return self.data.get("decision") == DECLINE

    def decide(self, asked, *, by, accept, decline):
        """Carry out `accept` or `decline` as was chosen; says whether it was done."""
        if self.declines:
            return self.carry_out(lambda until, answer: decline(asked, by=by, answer=answer))
        return self.carry_out(lambda **said: accept(asked, by=by, **said))


class InviteForm(ActionForm):
    """Whom, from when until when, to do what, why; receives the `guests` to choose from."""

    receives = {"guests": "guest"}

    guest = forms.ModelChoiceField(
        label="Personne invitée",
        queryset=None,
        empty_label="Choisir…",
        help_text="Référents ponctuels du département, et agents des unités qui siègent au cas "
        "par cas.",
    )
    since = Day(
        coming=True, label="À partir du", required=False, help_text="À défaut, tout de suite."
    )
    until = Day(coming=True, label="Jusqu’au", help_text="Ce jour compris ; un an au plus.")
    completes = forms.ChoiceField(
        label="Ce que la personne peut faire",
        choices=((READS, "Lire seulement"), (COMPLETES, "Lire, et compléter sous son nom")),
        widget=forms.RadioSelect,
        initial=READS,
    )
    reason = ShortText(
        label="Motif",
        limit=300,
        help_text="Inscrit au journal.",
        error_messages={"required": "Dites pourquoi cette personne est invitée."},
    )

    def clean(self):
        data = super().clean()
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", "La fin doit suivre le début.")
        return data


class ProlongForm(ActionForm):
    """Receives `longest`, how far the access may run from today, in words."""

    until = Day(coming=True, label="Jusqu’au")

    def __init__(self, *args, longest, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["until"].help_text = f"Ce jour compris ; dans {longest} au plus."


class ProtocolField(forms.ModelChoiceField):
    """A protocol, told by its department."""

    def label_from_instance(self, protocol):
        return f"{protocol.department.name} ({protocol.department.code})"


class ShareForm(ActionForm):
    """With which department, why, until when; receives the `protocols` to choose from."""

    receives = {"protocols": "protocol"}

    protocol = ProtocolField(
        label="Département",
        queryset=None,
        empty_label="Choisir…",
        help_text="Ceux dont le protocole est en vigueur.",
    )
    why = ShortText(
        label="Motif",
        limit=300,
        help_text="Inscrit au journal.",
        error_messages={"required": "Dites pourquoi la fiche est partagée."},
    )
    until = Day(
        coming=True,
        label="Jusqu’au",
        required=False,
        help_text="Ce jour compris. À défaut, jusqu’à ce que vous y mettiez fin.",
    )


class AskAccordForm(ActionForm):
    recipient = ShortText(
        label="À qui la transmettre",
        limit=200,
        help_text="Une personne, un service : l’accord ne vaut que pour eux.",
        error_messages={"required": "Indiquez à qui vous voulez la transmettre."},
    )
    why = ShortText(
        label="Pourquoi",
        limit=300,
        help_text="Lu par l’unité d’origine.",
        error_messages={"required": "Dites pourquoi elle doit être transmise."},
    )
