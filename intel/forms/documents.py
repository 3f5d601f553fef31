"""What is typed to hand a sheet to somebody."""

from cross.ui.forms import ActionForm
from intel.forms.fields import ShortText


class HandForm(ActionForm):
    recipient = ShortText(
        label="Destinataire",
        limit=150,
        help_text="La personne ou le service, tel qu’il sera imprimé sur chaque page.",
        error_messages={"required": "Indiquez à qui vous remettez cette fiche."},
    )
    reason = ShortText(
        label="Motif",
        limit=200,
        help_text="Imprimé sur la fiche et inscrit au journal.",
        error_messages={"required": "Dites pourquoi vous la remettez."},
    )
