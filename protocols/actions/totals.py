"""Totals that others counted: entered, imported, corrected; never computed from reports."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import counted, number
from protocols import access, subjects
from protocols.models import Nomenclature, OutsideTotal

Kind = OutsideTotal.Kind


@transaction.atomic
def enter(*, by, **said):
    total = _made(by=by, **said)
    journal.record(by, "total.entered", total)
    return total


def take_in_one(row, *, by):
    """One total of a file: a list of it, empty when it is known already with that value."""
    return [] if _is_known(by=by, **row) else [_made(by=by, **row)]


def note_import(made, *, by):
    """The file in one line of the journal."""
    why = counted(len(made), "total,totaux")
    journal.record(by, "total.imported", "totaux communiqués", why=why)


def _made(*, by, kind, starts_on, ends_on, value, source, product="", nomenclature=""):
    if not access.writes_strategy(by):
        raise PermissionDenied
    key = _key(kind, product, nomenclature, starts_on, ends_on, source)
    department = by.unit.department
    standing = OutsideTotal.objects.standing().filter(department=department, **key).first()
    if standing is not None:
        raise ValidationError(
            f"Ce total est déjà saisi, à {number(standing.value)} : corrigez-le depuis la liste."
        )
    return OutsideTotal.objects.create(department=department, value=value, by=by, **key)


def _is_known(*, by, value, **said):
    key = _key(
        said["kind"],
        said.get("product", ""),
        said.get("nomenclature", ""),
        said["starts_on"],
        said["ends_on"],
        said["source"],
    )
    known = OutsideTotal.objects.standing().filter(department=by.unit.department_id, **key)
    return known.filter(value=value).exists()


def _key(kind, product, nomenclature, starts_on, ends_on, source):  # noqa: PLR0917
    """What makes it one total; ValidationError beside the field that is wrong."""
    if ends_on < starts_on:
        raise ValidationError({"ends_on": "La fin de la période doit suivre son début."})
    if ends_on > timezone.localdate():
        raise ValidationError({"ends_on": "Un total est celui d’une période finie."})
    if (kind == Kind.SEIZURES) != bool(product):
        raise ValidationError(
            {"product": "Choisissez le produit saisi." if not product else "Laissez sans produit."}
        )
    if product and product not in dict(subjects.products()):
        raise ValidationError({"product": "Choisissez un produit de la liste."})
    if kind not in OutsideTotal.ACCUSED:
        nomenclature = Nomenclature.OWN
    elif nomenclature not in {Nomenclature.NFI, Nomenclature.STATE_4001}:
        raise ValidationError(
            {
                "nomenclature": "Dites comment ces personnes ont été comptées : NFI (SSMSI) ou "
                "État 4001. Les deux ne se mélangent pas."
            }
        )
    return {
        "kind": kind,
        "product": product,
        "nomenclature": nomenclature,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "source": source,
    }


@transaction.atomic
def correct(total, *, by, value, why):
    """Another row takes its place; the former value stays, with the reason."""
    current = _held(total, by)
    if not why.strip():
        raise ValidationError({"why": "Dites pourquoi : l’ancienne valeur reste lisible."})
    if value == current.value:
        raise ValidationError({"value": "C’est déjà la valeur de ce total."})
    corrected = OutsideTotal.objects.create(
        department_id=current.department_id,
        kind=current.kind,
        product=current.product,
        nomenclature=current.nomenclature,
        starts_on=current.starts_on,
        ends_on=current.ends_on,
        source=current.source,
        value=value,
        why=why,
        replaces=current,
        by=by,
    )
    moved = f"{number(current.value)} → {number(value)}"
    journal.record(by, "total.corrected", corrected, why=why, recipients=moved)
    return corrected


@transaction.atomic
def remove(total, *, by):
    current = _held(total, by)
    current.undone_by, current.undone_at = by, timezone.now()
    current.save(update_fields=["undone_by", "undone_at"])
    journal.record(by, "total.removed", current)


@transaction.atomic
def restore(total, *, by):
    same = OutsideTotal.objects.standing().filter(
        department=total.department_id,
        kind=total.kind,
        product=total.product,
        nomenclature=total.nomenclature,
        starts_on=total.starts_on,
        ends_on=total.ends_on,
        source=total.source,
    )
    if same.exists():
        raise ValidationError("Ce total a été saisi de nouveau depuis : corrigez celui-là.")
    total.undone_by = total.undone_at = None
    total.save(update_fields=["undone_by", "undone_at"])
    journal.record(by, "total.restored", total)


def _held(total, by):
    found = access.writable_totals(by).select_for_update(of=["self"]).filter(pk=total.pk).first()
    if found is None:
        raise ValidationError("Quelqu’un vient de corriger ou de retirer ce total.")
    return found
