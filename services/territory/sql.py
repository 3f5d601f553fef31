"""What the stored sort keys need in the database, as operations for the first migration.

    operations = [*EXTENSIONS, migrations.CreateModel(...), ...]

They must open the migration that creates `Member`, not stand in one of their own before it: other
apps depend on the first migration of this one to find the swapped user model there.
"""

from django.contrib.postgres.operations import (
    BtreeGinExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

# unaccent() is only STABLE because its dictionary is looked up by name at run time. Naming schema
# and dictionary makes the result depend on the text alone, so a generated column may use it.
CREATE_F_UNACCENT = """
CREATE OR REPLACE FUNCTION f_unaccent(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT public.unaccent('public.unaccent'::regdictionary, $1) $$;
"""

EXTENSIONS = [
    UnaccentExtension(),
    TrigramExtension(),
    BtreeGinExtension(),
    migrations.RunSQL(CREATE_F_UNACCENT, "DROP FUNCTION f_unaccent(text);"),
]
