"""What the search column needs in the database, for the first migration of this app.

The four texts of a report weigh differently: its subject most, then the facts, then the place and
the comment. French stems, no accents; dictionary and schema are named so that it may be IMMUTABLE.
"""

CREATE_REPORT_SEARCH = """
CREATE FUNCTION report_search(subject text, facts text, comment text, place text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT setweight(to_tsvector('pg_catalog.french', public.f_unaccent(coalesce(subject, ''))), 'A')
      || setweight(to_tsvector('pg_catalog.french', public.f_unaccent(coalesce(facts, ''))), 'B')
      || setweight(to_tsvector('pg_catalog.french', public.f_unaccent(
             coalesce(place, '') || ' ' || coalesce(comment, ''))), 'C')
$$;
"""
DROP_REPORT_SEARCH = "DROP FUNCTION report_search(text, text, text, text);"

# --- The second fence ----------------------------------------------------------------------------

# Who asks, told by cross.fence with each statement. A variable that was set for a transaction is
# left empty, not NULL; asked in a sub-query, it is read once and not for each row.
UNIT = "(SELECT NULLIF(current_setting('cross.unit', true), '')::bigint)"
MEMBER = "(SELECT NULLIF(current_setting('cross.member', true), '')::bigint)"

# {table: {policy: what must be true of a row, at least}}. What is read is what may be written, but
# for « named », which only reads. Nothing on the table of reports: a policy there keeps PostgreSQL
# from its full-text index (`@@` is not leakproof), and a search takes a hundred times as long.
FENCED = {
    "intel_rawtext": {"own": f"unit_id = {UNIT}"},
    "intel_annex": {
        "own": f"unit_id = {UNIT}",
        "named": f"""EXISTS (
            SELECT FROM intel_annexgroupgrant g JOIN services_unit u ON u.group_id = g.group_id
            WHERE g.content_object_id = intel_annex.id AND u.id = {UNIT})""",
    },
    "intel_attachment": {"own": f"COALESCE(reserved_to_id, {UNIT}) = {UNIT}"},
    "intel_workingnote": {"own": f"unit_id = {UNIT}"},
    "intel_task": {"own": f"{UNIT} IN (unit_id, giver_id)"},
    "intel_correction": {
        "own": f"""unit_id = {UNIT} OR EXISTS (
            SELECT FROM intel_report r WHERE r.id = report_id AND r.owner_id = {UNIT})""",
    },
    "intel_discardedreport": {"own": f"unit_id = {UNIT}"},
    "intel_draft": {"own": f"author_id = {MEMBER}"},
    "intel_draftfile": {"own": f"author_id = {MEMBER}"},
}
READING_ONLY = "named"


def fences(*tables):
    """(what puts it up, what takes it down) for each of these tables of FENCED."""
    for table in tables:
        policies = FENCED[table]
        up = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"]
        down = [f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"]
        for name, condition in policies.items():
            what = "SELECT" if name == READING_ONLY else "ALL"
            up.append(f"CREATE POLICY {name} ON {table} FOR {what} USING ({condition})")
            down.insert(0, f"DROP POLICY {name} ON {table}")
        yield "; ".join(up), "; ".join(down)


_POINT_TO = """
DO $$ DECLARE named text;
BEGIN
  SELECT conname INTO STRICT named FROM pg_constraint WHERE contype = 'f'
    AND conrelid = '{table}'::regclass AND confrelid = '{target}'::regclass;
  EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I, ADD CONSTRAINT %I FOREIGN KEY'
    ' ({column}) REFERENCES {target} {rule} DEFERRABLE INITIALLY DEFERRED', named, named);
END $$
"""


def goes_with(table, column, target):
    """(forwards, backwards): PostgreSQL itself takes the rows of `table` away with their target.

    Django takes away what it finds, and whoever erases a report does not find what other units
    keep about it behind the fence.
    """
    said = {"table": table, "column": column, "target": target}
    cascade = _POINT_TO.format(rule="ON DELETE CASCADE", **said)
    return cascade, _POINT_TO.format(rule="", **said)


# When the original of a shared text was changed, and read again: told to whoever reads the report,
# who has no right to the row itself. The one view that goes round a fence: its owner's.
CREATE_SHARED_TEXT = """
CREATE VIEW intel_sharedtext AS SELECT report_id, changed_at, attested_at FROM intel_rawtext;
"""
DROP_SHARED_TEXT = "DROP VIEW intel_sharedtext;"
