"""Every component in every state: empty, long, refused, in error. For who builds pages.

All data here are invented, and none comes from a table.
"""

import datetime
from types import SimpleNamespace

from django import forms
from django.shortcuts import render
from django.utils import timezone
from dsfr.widgets import InlineRadioSelect

from cross.ui.forms import Form
from cross.ui.templatetags.ui import STATE_TONES

LONG = "Va-et-vient nocturne de véhicules étrangers devant un hall d’immeuble, " * 3
LAYOUTS = ("list", "sheet", "form", "split", "dashboard")


class SampleForm(Form):
    """One field of each kind, with and without hint."""

    what = forms.CharField(
        label="Quoi", help_text="Une phrase : ce qui a été vu.", widget=forms.Textarea
    )
    where = forms.CharField(label="Commune")
    happened_on = forms.DateField(
        label="Date du fait",
        required=False,
        help_text="Par exemple 03/09/2026.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    origin = forms.ChoiceField(
        label="Origine",
        choices=[("", "Choisir…"), ("service", "Constatation d’un service"), ("call", "Appel")],
    )
    urgency = forms.ChoiceField(
        label="Urgence",
        choices=[("normal", "Normale"), ("urgent", "Urgente")],
        widget=InlineRadioSelect,
    )
    products = forms.MultipleChoiceField(
        label="Produits",
        required=False,
        help_text="Plusieurs choix possibles.",
        choices=[
            ("cannabis", "Cannabis (résine)"),
            ("cocaine", "Cocaïne"),
            ("other", "Autre produit"),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    file = forms.FileField(label="Pièce jointe", required=False, help_text="20 Mo au plus.")
    restricted = forms.BooleanField(
        label="Restreindre la diffusion",
        help_text="Seules les unités que vous nommez verront cette fiche.",
    )
    frozen = forms.CharField(label="Référence", disabled=True, initial="CROSS-88-2026-48213")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["products"].choice_hints = {"other": "À préciser dans le texte."}


class SampleFilters(Form):
    marks_optional = False

    q = forms.CharField(label="Mots", required=False)
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), ("cote", "Coté")]
    )
    produit = forms.ChoiceField(label="Produit", required=False, choices=[("", "Tous")])
    commune = forms.CharField(label="Commune", required=False)
    du = forms.DateField(
        label="Du", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    au = forms.DateField(
        label="Au", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    unite = forms.CharField(label="Unité contributrice", required=False)


def _state(code, label):
    return SimpleNamespace(state=code, get_state_display=lambda: label)


STATES = [_state(code, code.replace("_", " ").capitalize()) for code in sorted(STATE_TONES)]

_PLACES = ("Épinal", "Saint-Dié-des-Vosges", "Le Thillot", "La Bresse", "Gérardmer", "Vittel")
_WHATS = (
    "Vente aux abords d’un lycée",
    "Livraisons par scooter signalées par plusieurs riverains",
    "Odeur et consommation électrique anormale",
    "Colis suspects remis en point relais",
)
_UNITS = ("BTA Épinal", "CSP Saint-Dié", "BSI Nancy", "Signalement citoyen")
_SHOWN = (
    ("recu", "Reçu"),
    ("cote", "Coté"),
    ("exploite", "Exploité"),
    ("a_completer", "À compléter"),
)


def sample_rows(number):
    """`number` invented reports, always the same."""
    start = datetime.datetime(2026, 11, 19, 23, 0, tzinfo=datetime.UTC)
    for rank in range(number):
        code, label = _SHOWN[rank % len(_SHOWN)]
        yield SimpleNamespace(
            reference=f"CROSS-88-2026-{48213 - 7 * rank}",
            happened_at=start - datetime.timedelta(hours=rank * 7),
            place=_PLACES[rank % len(_PLACES)],
            what=_WHATS[rank % len(_WHATS)],
            product=("Cocaïne", "Cannabis (résine)", "MDMA / ecstasy")[rank % 3],
            unit=_UNITS[rank % len(_UNITS)],
            source="ABCDEF"[rank % 6] if rank % 4 else "",
            information="123456"[rank % 6] if rank % 4 else "",
            urgent=rank % 9 == 0,
            state=code,
            get_state_display=lambda label=label: label,
        )


def gallery(request):
    """All components on one page, or with `?modele=list` one layout filled with samples."""
    refused = SampleForm({"what": ""}, prefix="refuse")
    refused.add_error(None, "La date du fait est dans le futur : vérifiez l’année.")
    context = {
        "form": SampleForm(),
        "refused": refused,
        "long": LONG,
        "now": timezone.now(),
        "states": STATES,
        "rows": list(sample_rows(28)),
        "few": list(sample_rows(4)),
        "filter_form": SampleFilters(request.GET or None),
        "count": 346,
        "noun": "renseignement",
        "page": SimpleNamespace(previous=None, next="suite"),
        "middle": SimpleNamespace(previous="avant", next="suite"),
        "chosen": [
            {"name": "etat", "value": "cote", "label": "État", "text": "Coté"},
            {"name": "commune", "value": "88160", "label": "Commune", "text": "Épinal"},
        ],
        "long_chip": [{"name": "q", "value": "x", "label": "Mots", "text": LONG}],
    }
    layout = request.GET.get("modele")
    name = f"gallery_{layout}" if layout in LAYOUTS else "gallery"
    return render(request, f"ui/{name}.html", context)
