"""How to read the figures."""

from intel.summaries.parameters import PARAMETERS


def reading_note(*, is_masked, has_details):
    """How to read the figures: five lines, and what is not told to who opens no report."""
    said = [
        "Ces chiffres comptent ce qui a été signalé, non ce qui existe, et des faits, non des "
        "infractions constatées : chaque fait compte une fois, au jour où il a eu lieu. Seules "
        "sont comptées les fiches ouvertes à toutes les unités du protocole.",
        "Ils dépendent de l’activité des services : une hausse peut venir d’un trafic plus actif "
        "comme d’une présence plus forte, et une zone blanche n’est pas une zone sans trafic.",
        "Les signalements des citoyens ne sont pas vérifiés : seuls, ils ne recoupent aucun fait.",
        "Ils peuvent être révisés : un renseignement corrigé ou venu plus tard change le compte. "
        "Entre deux petits nombres, un écart n’est pas une tendance ; une « fourchette » donne "
        "les valeurs entre lesquelles il se situe le plus souvent.",
        "Ils ne servent à aucun classement public des communes.",
    ]
    if is_masked:
        said.append(
            f"Les effectifs inférieurs à {PARAMETERS.threshold}, zéro compris, ne sont pas "
            "communiqués, ni ceux qui permettraient de les retrouver."
        )
    if not has_details:
        said.append(
            "Le détail par commune, produit et origine est communiqué au trimestre : plusieurs "
            "tableaux emboîtés permettraient de retrouver les petits effectifs."
        )
    return tuple(said)
