"""What is being typed, kept word for word so that nothing is ever lost."""

import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from cross import uploads
from cross.sealed.fields import open_together
from intel.actions import attachments
from intel.models import Draft, DraftFile

LONGEST = 400_000  # characters of all fields together; a form sends far less
NEW = "nouveau-"  # keys of reports that do not exist yet; the others are references
NEW_KEY = re.compile(rf"{NEW}[0-9a-f]{{12}}")
MOST_FILES = 20
MOST_SET_ASIDE = 50


def new_key():
    """A key of its own for each new entry: two tabs never write over one another."""
    return NEW + secrets.token_hex(6)


def keep(*, by, key, fields):
    """Keep the fields of a form as they are, valid or not. The journal has no line: it is the
    author's own paper, read by nobody else.

    `fields` maps each name to the list of its values. Returns None when it is too long to be kept.
    """
    # PostgreSQL stores no NUL, in text or in JSON.
    kept = {
        name: [value.replace("\0", "") for value in values]
        for name, values in fields.items()
        if any(values)
    }
    if sum(len(value) for values in kept.values() for value in values) > LONGEST:
        return None
    draft, _ = Draft.objects.of(by).update_or_create(
        author=by, key=key[:60], defaults={"fields": kept, "is_set_aside": False}
    )
    return draft


def kept(*, by, key):
    return Draft.objects.of(by).filter(key=key[:60], is_set_aside=False).first()


def unfinished(by):
    """The new reports that `by` began and neither sent nor dropped, latest first."""
    begun = Draft.objects.of(by).filter(key__startswith=NEW, is_set_aside=False)
    return open_together(begun.order_by("-updated_at")[:10])


def set_aside_by(by):
    """Those that `by` threw away, latest first."""
    aside = Draft.objects.of(by).filter(is_set_aside=True).order_by("-updated_at")
    return open_together(aside[:MOST_SET_ASIDE])


@transaction.atomic
def set_aside(*, by, key):
    """Throw away what is typed; it may be brought back until it is forgotten.

    What was typed over a report that exists is forgotten at once: its key names the next try.
    """
    if not NEW_KEY.fullmatch(key):
        drop(by=by, key=key)
        return
    now = timezone.now()
    Draft.objects.of(by).filter(key=key).update(is_set_aside=True, updated_at=now)
    DraftFile.objects.of(by).filter(key=key).update(at=now)


def bring_back(*, by, key):
    """Take up again what was thrown away; says whether it was there."""
    aside = Draft.objects.of(by).filter(key=key, is_set_aside=True)
    return bool(aside.update(is_set_aside=False, updated_at=timezone.now()))


@transaction.atomic
def drop(*, by, key):
    """Forget what was typed under this key, files included."""
    Draft.objects.of(by).filter(key=key[:60]).delete()
    for file in files(by=by, key=key):
        drop_file(file)


def files(*, by, key):
    return list(DraftFile.objects.of(by).filter(key=key[:60]).order_by("pk"))


def keep_file(*, by, key, upload):
    """Keep a file sent with a form until its report exists. Refuses like `uploads.check`."""
    if DraftFile.objects.of(by).filter(key=key[:60]).count() >= MOST_FILES:
        raise ValidationError(
            f"« {uploads.plain_name(upload.name)} » n’a pas été gardé : une saisie porte au plus "
            f"{MOST_FILES} fichiers."
        )
    data, _ = uploads.check(upload)
    file = DraftFile(author=by, key=key[:60], name=uploads.plain_name(upload.name), size=len(data))
    file.file.save(secrets.token_hex(12), ContentFile(data), save=False)
    file.save()
    return file


@transaction.atomic
def forget_old(now=None):
    """Forget what was left unfinished for too long, files included; returns how many forms."""
    limit = (now or timezone.now()) - timedelta(days=settings.DISCARDED_DAYS)
    because = "what nobody finished is kept by nobody"
    for file in DraftFile.objects.filter(at__lt=limit).unguarded(because=because):
        drop_file(file)
    return Draft.objects.filter(updated_at__lt=limit).unguarded(because=because).delete()[0]


@transaction.atomic
def forget_of(reference):
    """Forget what anybody was typing over this report, files included.

    A page finds what its own member types and nothing else; the worker finds everything.
    """
    because = "what it spoke of is gone"
    for file in DraftFile.objects.filter(key=reference).unguarded(because=because):
        drop_file(file)
    Draft.objects.filter(key=reference).unguarded(because=because).delete()


def drop_file(file):
    stored = file.file
    file.delete()
    transaction.on_commit(lambda: stored.delete(save=False), robust=True)


def attach_files(report, *, by, chosen):
    """Turn the chosen files of an entry into attachments of its report."""
    for file in chosen:
        with file.file.open("rb") as opened:
            attachments.attach(report, by=by, upload=File(opened, name=file.name))
