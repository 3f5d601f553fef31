"""The copies of the first brief: who was given one, and which of them came back."""

from django.utils import timezone

from intel.actions import copies

HOLDERS = ("Préfet des Vosges", "Procureur de la République d’Épinal", "Direction de cabinet")
REASON = "Comité départemental de sécurité"


def hand_out(edition, *, by):
    """Before it is corrected: those still out are then copies of a text that was replaced."""
    copies.print_copies(edition, by=by, recipients=HOLDERS, reason=REASON)
    given = edition.copies.latest("copy_number")
    copies.end(
        given, by=by, how="rendu", on=timezone.localdate(), words="Rendu en main propre au bureau"
    )
