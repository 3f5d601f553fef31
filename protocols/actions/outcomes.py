"""What came of an action, or of reports: said, taken back, said again.

Who may say it of reports is known above (`intel.actions.evidence`), which comes through here.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from protocols import subjects
from protocols.actions.strategy import check_follows
from protocols.models import Outcome
from protocols.outcomes import MEASURES, OutcomeKind


@transaction.atomic
def record_of(action, *, by, **said):
    """An outcome of `action`, by its unit or by who writes the strategy."""
    check_follows(action, by)
    return record(action.axis.strategy.department, by=by, action=action, unit=action.unit, **said)


@transaction.atomic
def record(department, *, by, kind, day, unit, action=None, figure=None, product="", commune=None):
    """The row itself; whoever calls has checked that `by` may say it."""
    kind = OutcomeKind(kind)
    _check(kind, day=day, figure=figure, product=product, commune=commune, department=department)
    outcome = Outcome.objects.create(
        department=department,
        action=action,
        kind=kind,
        day=day,
        unit=unit,
        figure=figure,
        product=product,
        commune=commune,
        by=by,
    )
    journal.record(by, "outcome.recorded", outcome, why=kind.label)
    return outcome


def _check(kind, *, day, figure, product, commune, department):
    if day > timezone.localdate():
        raise ValidationError({"day": "Un résultat est passé : choisissez aujourd’hui ou avant."})
    measure = MEASURES.get(kind)
    if figure is not None:
        if measure is None:
            raise ValidationError({"figure": f"« {kind.label} » ne se compte pas : laissez vide."})
        if figure > measure.most:
            raise ValidationError({"figure": "Vérifiez ce chiffre : il est trop grand."})
    if kind == OutcomeKind.ASSETS and figure is None:
        raise ValidationError({"figure": "Indiquez le montant saisi, en euros."})
    if product and kind != OutcomeKind.SEIZURE:
        raise ValidationError({"product": "Un produit se dit d’une saisie seulement."})
    if product and product not in dict(subjects.products()):
        raise ValidationError({"product": "Choisissez un produit de la liste."})
    if commune is not None and kind != OutcomeKind.DISPLACED:
        raise ValidationError({"commune": "Une commune se dit d’un trafic déplacé seulement."})
    if commune is not None and commune.department_id != department.pk:
        raise ValidationError({"commune": "Choisissez une commune du département."})


@transaction.atomic
def take_back(outcome, *, by):
    """Said by mistake: nobody reads it any more, and it may be put back."""
    outcome.undone_by, outcome.undone_at = by, timezone.now()
    outcome.save(update_fields=["undone_by", "undone_at"])
    journal.record(by, "outcome.taken_back", outcome)


@transaction.atomic
def restore(outcome, *, by):
    outcome.undone_by = outcome.undone_at = None
    outcome.save(update_fields=["undone_by", "undone_at"])
    journal.record(by, "outcome.restored", outcome)
