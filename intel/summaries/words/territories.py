"""Where a sentence says that things are."""

from cross.ui.templatetags.words import at, of
from intel.models import TerritoryScore

Dimension = TerritoryScore.Dimension


TERRITORIES = (
    Dimension.DEPARTMENT,
    Dimension.ARRONDISSEMENT,
    Dimension.EPCI,
    Dimension.COMMUNE,
    Dimension.NEIGHBOURHOOD,
)


# Singular and plural of a list of them.
LEVELS = {
    Dimension.DEPARTMENT: "département",
    Dimension.ARRONDISSEMENT: "arrondissement",
    Dimension.EPCI: "intercommunalité",
    Dimension.COMMUNE: "commune",
    Dimension.NEIGHBOURHOOD: "secteur",
}


def where(row, department=None):
    """« à Épinal », « au Thillot », « dans les Vosges », « dans l’arrondissement d’Épinal »."""
    match row.dimension:
        case Dimension.DEPARTMENT:
            return _whole(row, department)
        case Dimension.ARRONDISSEMENT:
            return f"dans l’arrondissement {of(row.label)}"
        case Dimension.EPCI if row.label.startswith(("Communauté", "Métropole")):
            return f"dans la {row.label[0].lower()}{row.label[1:]}"
        case Dimension.EPCI:
            return f"dans l’intercommunalité {row.label}"
        case Dimension.COMMUNE:
            return at(row.label)
    return f"dans le secteur « {row.label} »"


def _whole(row, department):
    """The row of a whole summary: of a department, or « ressort du tribunal » in it."""
    if department is None:
        return f"dans le département {row.label}"
    if row.label != department.name:
        return f"dans le {row.label[0].lower()}{row.label[1:]}"
    return department.in_name
