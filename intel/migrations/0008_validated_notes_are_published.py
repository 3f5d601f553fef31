"""A note that the prefecture had validated was read by every service: it is a published one."""

import hashlib
import json

from django.db import migrations

SEALED = ("number", "version", "title", "words", "figures", "parts", "why")


def publish(apps, schema_editor):
    Edition = apps.get_model("intel", "Edition")
    EditionStep = apps.get_model("intel", "EditionStep")
    for edition in Edition.objects.filter(state="validee"):
        held = {name: getattr(edition, name) for name in SEALED} | {"corrects": None}
        canonical = json.dumps(
            held, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
        )
        edition.seal = hashlib.sha256(canonical.encode()).hexdigest()
        edition.state, edition.published_at = "publiee", edition.validated_at
        edition.save(update_fields=["seal", "state", "published_at"])
        EditionStep.objects.bulk_create(
            EditionStep(
                edition=edition,
                version=edition.version,
                kind=kind,
                bench="prefecture",
                by=edition.validated_by,
                at=edition.validated_at,
            )
            for kind in ("validee", "publiee")
        )


class Migration(migrations.Migration):
    dependencies = [("intel", "0007_life_of_a_note")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop, elidable=True)]
