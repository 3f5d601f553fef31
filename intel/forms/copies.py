"""What is typed around printed copies: who receives them, and what became of each."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.ui.forms import ActionForm, Day, Form
from intel.forms.fields import LongText, ShortText
from intel.forms.once import SentOnce
from intel.models import CopyEnd, PrintRun
from intel.reading.copies import STATES

MOST_COPIES = 50
LONGEST_NAME = 150


class PrintForm(SentOnce):
    """Who receives it, why, in which form, and how many copies each.

    Gives `recipients`: one name a copy, in the order of the lines.
    """

    marks_optional = False

    recipient = LongText(
        label="Destinataires",
        limit=MOST_COPIES * LONGEST_NAME,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Un par ligne : la personne ou l’instance, telle qu’elle sera imprimée sur "
        "chaque page de son exemplaire.",
    )
    reason = ShortText(
        label="Motif de l’impression",
        limit=200,
        help_text="Par exemple : comité départemental du 1er décembre 2026.",
    )
    copies = forms.IntegerField(
        label="Exemplaires pour chacun",
        min_value=1,
        max_value=MOST_COPIES,
        initial=1,
        help_text="Chaque exemplaire porte son numéro.",
        error_messages={
            "invalid": "Écrivez un nombre entier.",
            "min_value": "Imprimez au moins un exemplaire.",
            "max_value": f"Imprimez au plus {MOST_COPIES} exemplaires à la fois.",
        },
    )
    kind = forms.ChoiceField(
        label="Forme", choices=PrintRun.Kind.choices, initial=PrintRun.Kind.PDF, required=False
    )

    def clean_recipient(self):
        names = [" ".join(line.split()) for line in self.cleaned_data["recipient"].splitlines()]
        names = [name for name in names if name]
        for name in names:
            if len(name) > LONGEST_NAME:
                raise ValidationError(
                    f"« {name[:40]}… » est trop long : la limite est de {LONGEST_NAME} caractères "
                    "par destinataire."
                )
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValidationError(
                f"« {twice[0]} » est écrit deux fois : demandez deux exemplaires pour chacun, ou "
                "distinguez les noms."
            )
        return names

    def clean_kind(self):
        return self.cleaned_data["kind"] or PrintRun.Kind.PDF

    def clean(self):
        data = super().clean()
        names, copies = data.get("recipient"), data.get("copies")
        if names and copies:
            data["recipients"] = [name for name in names for _ in range(copies)]
            if len(data["recipients"]) > MOST_COPIES:
                self.add_error(
                    "copies",
                    f"Imprimez au plus {MOST_COPIES} exemplaires à la fois : cette demande en "
                    f"compte {len(data['recipients'])}.",
                )
        return data


class RegisterForm(Form):
    """The filters of the register, named as they are read in the address."""

    marks_optional = False

    etat = forms.ChoiceField(label="État", choices=[("", "Tous"), *STATES.items()], required=False)
    detenteur = ShortText(label="Destinataire", required=False, limit=150)
    note = ShortText(label="Note", required=False, limit=24)
    par = forms.ChoiceField(
        label="Imprimés par",
        choices=[("", "Tout le monde"), ("moi", "Moi")],
        required=False,
    )
    ordre = forms.ChoiceField(
        label="Rangés par",
        choices=[("", "Date, la dernière d’abord"), ("detenteur", "Destinataire")],
        required=False,
    )


class CopyEndForm(ActionForm):
    """What became of one copy, the day, and how it is known."""

    how = forms.ChoiceField(
        label="Ce qu’il est devenu", choices=CopyEnd.How.choices, widget=forms.RadioSelect
    )
    on = Day(label="Le", initial=timezone.localdate)
    words = ShortText(
        label="Comment",
        limit=200,
        help_text="Par exemple : rendu en main propre, broyé devant deux agents.",
    )

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError("Ce jour n’est pas encore venu.")
        return day
