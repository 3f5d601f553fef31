"""What the pages of a protocol that is not signed yet gather; changes nothing."""

from protocols.actions import drafts

TEXTS = ("title", "legal_basis", "starts_on", "ends_on")


def texts_of(protocol):
    return {name: getattr(protocol, name) for name in TEXTS}


def first_words(department, before):
    """What a new draft begins with: the words of the protocol before it, or the usual title."""
    if before:
        return {"title": before.title, "legal_basis": before.legal_basis}
    return {
        "title": "Protocole de mise en place de la cellule du renseignement opérationnel sur les "
        f"stupéfiants {department.of_name}",
        "is_permanent": False,
        "calls_referents": True,
        "takes_contributors": True,
        "shares_elsewhere": True,
    }


def signatory(signature):
    """One of those who sign, as the form shows it."""
    names = ("service", "capacity", "signed_by", "is_representative")
    return {name: getattr(signature, name) for name in names}


def wanting(protocol):
    """What it still lacks before it can be signed, in sentences."""
    return drafts.wanting(protocol)


def continued(protocol, before, member):
    """How many seats its signature may give again, that of the cell itself left out."""
    if before is None:
        return 0
    rows = drafts.continued_seats(protocol, before)
    return sum(row.group_id != member.unit.group_id for row in rows)
