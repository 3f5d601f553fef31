"""The reading note: what the figures of a brief are, what they are not, and what was left out.

It is written from the content alone, so that no brief goes out without it.
"""

from collections.abc import Iterator

from cross.printing.content import Figure
from cross.printing.words import french_instant
from cross.ui.charts import Masked, french_number
from intel.printing.content import BriefContent

# enough of a digest to compare by eye; the whole of it is among the keywords of the file
SHOWN_DIGEST = 16


def reading_note(content: BriefContent) -> Iterator[tuple[str, str]]:
    """Entries of the note: a label and its sentences."""
    yield "Ce que disent les chiffres", _told(content)
    yield "Périmètre", _scope(content)
    yield "Origine des chiffres", _origin(content)
    yield "Comment les lire", " ".join(content.origin.caution)
    if any(isinstance(block, Figure) for block in content.blocks()):
        yield (
            "Signes des graphiques",
            "Forme pleine : la période. Forme vide : celle à laquelle on la compare, nommée dans"
            " la légende. Forme hachurée : valeur non communiquée (« n.c. ») ; sa taille est"
            " constante et n’indique rien.",
        )


def _told(content: BriefContent) -> str:
    origin = content.origin
    return (
        f"Cette note porte sur {_count(origin.facts, 'fait', 'faits')}, d’après"
        f" {_count(origin.reports, 'renseignement', 'renseignements')}, pour la période :"
        f" {content.period}. Chaque fait est placé dans la commune où il a lieu, non dans celle du"
        " service qui l’a signalé. Ces chiffres ne se comparent pas aux statistiques"
        " ministérielles (SSMSI), dont les définitions diffèrent."
    )


def _scope(content: BriefContent) -> str:
    """Who may receive the figures, and what was left out."""
    origin = content.origin
    said = [f"Public de la synthèse : {origin.audience}."]
    if origin.left_out == 0:
        said.append("Aucun renseignement de la période n’a été écarté.")
    elif origin.left_out is not None:
        left_out = _count(
            origin.left_out,
            "renseignement que ce public ne peut pas recevoir n’entre",
            "renseignements que ce public ne peut pas recevoir n’entrent",
        )
        said.append(f"{left_out} dans aucun chiffre.")
    return " ".join(said)


def _origin(content: BriefContent) -> str:
    origin = content.origin
    attached = (
        " Les tableaux sont joints à ce fichier au format CSV." if any(content.tables()) else ""
    )
    return (
        f"Synthèse {origin.summary}, figée le {french_instant(origin.frozen_at)}, d’empreinte"
        f" {origin.digest[:SHOWN_DIGEST]}. Seuls les textes sont rédigés par l’émetteur ; les"
        f" chiffres sont ceux de la synthèse.{attached}"
    )


def _count(value: int | Masked, one: str, many: str) -> str:
    """1 fait, 12 faits, "n.c. faits"; French counts 0 and 1 as singular."""
    if isinstance(value, Masked):
        return f"{value.words} {many}"
    return f"{french_number(value)} {one if value < 2 else many}"
