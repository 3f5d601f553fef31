"""The key of a sealed value goes with it, whatever takes it away: told to PostgreSQL itself."""


def goes_with_its_key(table, named_by, *columns):
    """(forwards, backwards): the triggers of one table, for a migration.

    `named_by` are the columns of `SealedTextField.named_by`; a value that is emptied loses its
    key like one whose row is erased.
    """
    row = " || '/' || ".join(f"OLD.{name}::text" for name in named_by)
    forgets = "\n".join(
        f"""
        IF TG_OP = 'DELETE' OR length(NEW.{column}) = 0 THEN
          DELETE FROM sealed_valuekey WHERE row = {row} AND place = '{table}.{column}';
        END IF;"""  # noqa: S608 - names of the code's own
        for column in columns
    )
    up = f"""
    CREATE FUNCTION {table}_forgets_keys() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN {forgets}
        RETURN NULL;
      END
    $$;
    CREATE TRIGGER forgets_keys AFTER DELETE OR UPDATE OF {", ".join(columns)} ON {table}
      FOR EACH ROW EXECUTE FUNCTION {table}_forgets_keys();
    """
    down = f"DROP TRIGGER forgets_keys ON {table}; DROP FUNCTION {table}_forgets_keys();"
    return up, down
