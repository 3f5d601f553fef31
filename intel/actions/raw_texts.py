"""The words of a human source stay with its unit; the others read a text written apart."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cross.audit import journal
from intel.models import RawText, Report


@dataclass(frozen=True)
class Original:
    """What the source said, and whether the shared text has been read again against it."""

    text: str
    is_attested: bool


@transaction.atomic
def keep(report, *, by, original):
    """Keep the original beside the text that is shared, in the transaction that writes it."""
    kept = RawText.objects.of(report).select_for_update().first()
    if kept is None:
        if not original.is_attested:
            raise ValidationError({"checks": "Relisez le texte partagé : cochez chaque point."})
        now = timezone.now()
        RawText.objects.create(
            report=report,
            unit=report.owner,
            text=original.text,
            by=by,
            changed_at=now,
            attested_by=by,
            attested_at=now,
        )
        journal.record(by, "raw_text.kept", report)
        return
    if kept.text != original.text:
        kept.text, kept.by, kept.changed_at = original.text, by, timezone.now()
        kept.save(update_fields=["text", "by", "changed_at"])
        # Two agents at once are told, whichever of the two texts they change.
        Report.objects.filter(pk=report.pk).update(version=F("version") + 1)
        journal.record(by, "raw_text.changed", report)
    if original.is_attested:
        attest(kept, by=by)


def is_new(report, original):
    """Does it say something else than what is kept?"""
    kept = RawText.objects.of(report).first()
    return kept is None or kept.text != original.text


@transaction.atomic
def attest(raw_text, *, by):
    """Somebody of the unit has read the shared text against the original, as both stand now."""
    raw_text.attested_by, raw_text.attested_at = by, timezone.now()
    raw_text.save(update_fields=["attested_by", "attested_at"])
    journal.record(by, "raw_text.attested", raw_text.report)
