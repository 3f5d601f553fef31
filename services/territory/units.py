"""What figures are told by: communes, a city cut up replaced by its municipal arrondissements.

Said here for lists, before they are loaded; `CommuneQuerySet.statistical_units` is the same rule
as a query, and a test holds the two together.
"""


def unit_codes(lines):
    """Codes of the units among the lines of one list: whatever has a code, a kind and a parent.

    A partition: Paris, Lyon and Marseille are never there beside their arrondissements.
    """
    pieces = [line for line in lines if line.kind == "ARM"]
    whole = {line.code for line in lines if line.kind == "COM"}
    return whole - {piece.parent for piece in pieces} | {piece.code for piece in pieces}
