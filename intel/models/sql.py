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
