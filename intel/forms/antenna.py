"""A note to the antenna: its subject, and that it was sent."""

from cross.ui.forms import ActionForm, Day
from intel.actions.antenna import RECIPIENT
from intel.forms.fields import ShortText


class AntennaNoteForm(ActionForm):
    title = ShortText(
        label="Objet",
        limit=160,
        help_text="Lu par l’antenne : aucun nom de personne.",
        error_messages={"required": "Donnez un objet à cette note."},
    )
    recipient = ShortText(
        label="Destinataire",
        limit=120,
        initial=RECIPIENT,
        error_messages={"required": "Dites à qui elle est destinée."},
    )


class SentForm(ActionForm):
    sent_on = Day(label="Transmise le", error_messages={"required": "Indiquez le jour."})
    sent_how = ShortText(
        label="Par quel moyen",
        limit=160,
        help_text="Messagerie sécurisée, remise en main propre… L’application n’envoie rien.",
        error_messages={"required": "Dites par quel moyen elle a été transmise."},
    )
