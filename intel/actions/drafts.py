"""What is being typed, kept word for word so that nothing is ever lost."""

from intel.models import Draft

LONGEST = 400_000  # characters of all fields together; a form sends far less


def keep(*, by, key, fields):
    """Keep the fields of a form as they are, valid or not. The journal has no line: it is the
    author's own paper, read by nobody else."""
    kept = {name: values for name, values in fields.items() if any(values)}
    if sum(len(value) for values in kept.values() for value in values) > LONGEST:
        return None
    draft, _ = Draft.objects.of(by).update_or_create(
        author=by, key=key[:60], defaults={"fields": kept}
    )
    return draft


def kept(*, by, key):
    return Draft.objects.of(by).filter(key=key[:60]).first()


def drop(*, by, key):
    Draft.objects.of(by).filter(key=key[:60]).delete()
