"""What is typed about accounts and communes."""

from django import forms
from django.contrib.auth import password_validation
from django.utils import timezone

from cross.identity import outside
from cross.ui.forms import ActionForm, Day, ModelForm
from services.models import Member, Unit, Zone
from services.roles import DUTIES, GIVEN_BY_HEADS, Role


class MemberForm(ModelForm):
    """Who, of which unit, in which role, authorised by whom and until when."""

    password = forms.CharField(
        label="Mot de passe provisoire",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Douze caractères au moins ; l’agent le changera à sa première venue.",
        error_messages={"required": "Donnez un mot de passe provisoire."},
    )
    authorised_from = Day(coming=True, label="Habilité à partir du")
    authorised_until = Day(
        coming=True, label="Habilité jusqu’au", help_text="Douze mois au plus, renouvelables."
    )

    class Meta:
        model = Member
        fields = [
            "username",
            "first_name",
            "last_name",
            "email",
            "phone",
            "unit",
            "role",
            "authorised_by",
            "authorised_from",
            "authorised_until",
            "outside_identity",
            "is_active",
        ]

    def __init__(self, *args, units=None, **kwargs):
        super().__init__(*args, **kwargs)
        if not outside.name():
            del self.fields["outside_identity"]
        self.fields["unit"].queryset = units if units is not None else Unit.objects.none()
        self.fields["unit"].empty_label = "Choisir…"
        self.fields["role"].choices = [("", "Choisir…"), *Role.choices]
        if self.instance.pk:
            self.fields["password"].required = False
            self.fields["password"].help_text = "Laissez vide pour ne pas le changer."
        else:
            del self.fields["is_active"]
            self.fields["authorised_from"].initial = timezone.localdate()

    def clean_password(self):
        password = self.cleaned_data["password"]
        if password:
            password_validation.validate_password(password, self.instance)
        return password

    def clean_outside_identity(self):
        said = self.cleaned_data["outside_identity"].strip()
        return said.lower() if "@" in said else said

    def clean(self):
        data = super().clean()
        start, end = data.get("authorised_from"), data.get("authorised_until")
        if start and end and end < start:
            self.add_error("authorised_until", "L’habilitation doit finir après avoir commencé.")
        return data


class UnitMemberForm(MemberForm):
    """The same, typed by a head of unit: his own unit, and the roles that he gives."""

    def __init__(self, *args, head, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["unit"]
        # Whoever signs in for a member is never chosen by one who is not a keeper of all accounts.
        self.fields.pop("outside_identity", None)
        self.fields["role"] = forms.ChoiceField(
            label="Rôle",
            choices=[(role.value, role.label) for role in GIVEN_BY_HEADS],
            widget=forms.RadioSelect,
        )
        self.fields["role"].choice_hints = {
            role.value: DUTIES[role].description for role in GIVEN_BY_HEADS
        }
        if not self.instance.pk:
            self.fields["authorised_by"].initial = f"{head.get_full_name()}, chef d’unité"


class WithdrawForm(ActionForm):
    """Why a factor is to be withdrawn, and the password that will choose the next one."""

    reason = forms.CharField(
        label="Motif",
        max_length=200,
        help_text="Téléphone perdu, clé cassée… Inscrit au journal.",
    )
    password = forms.CharField(
        label="Mot de passe provisoire",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=(
            "Douze caractères au moins, à dicter à l’agent, qui le changera aussitôt. "
            "Il n’ouvre rien avant qu’une seconde personne ait confirmé."
        ),
        error_messages={"required": "Donnez un mot de passe provisoire."},
    )

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_password(self):
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.member)
        return password


class DeclineForm(ActionForm):
    why = forms.CharField(
        label="Motif",
        max_length=200,
        help_text="Inscrit au journal.",
        error_messages={"required": "Dites pourquoi le retrait est refusé."},
    )


class CommuneForm(ActionForm):
    """What the rule says is kept; this says what holds instead, and why."""

    receives = {"courts": "court"}

    zone = forms.ChoiceField(
        label="Zone", required=False, choices=[("", "Selon la règle"), *Zone.choices]
    )
    court = forms.ModelChoiceField(
        label="Tribunal judiciaire",
        required=False,
        queryset=None,
        empty_label="Selon la règle",
    )
    reason = forms.CharField(label="Motif de la correction", required=False, max_length=200)

    def clean(self):
        data = super().clean()
        if (data.get("zone") or data.get("court")) and not data.get("reason"):
            self.add_error("reason", "Indiquez le motif de la correction.")
        return data


class ScheduleForm(ActionForm):
    """Five fields of a crontab, or switched off."""

    marks_optional = False

    when = forms.CharField(
        label="Horaire",
        max_length=80,
        help_text="Minute, heure, jour du mois, mois, jour de la semaine (0 : dimanche). « * » "
        "veut dire « chaque ». Chaque jour à 2 h 30 : 30 2 * * *",
        error_messages={"required": "Écrivez un horaire, par exemple 30 2 * * *."},
    )
    is_on = forms.BooleanField(label="En service", required=False)
