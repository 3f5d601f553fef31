"""A demonstration enlarged: each of its reports told many times more, at other days.

Copies have facts of their own, the grants and the restriction of the report they come from, and
numbers that no report bears. Written by SQL, for an hour of typing would prove nothing more.
"""

# ruff: noqa: S608 - SQL of this module's own names

import psycopg

COLUMNS = """
SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'
  AND NOT (column_name = ANY(%s))
"""
# (a copy, what it comes from, the rank of the copy): one for all tables.
MAP = """
CREATE TEMPORARY TABLE copied AS
SELECT r.id AS old, n AS rank,
  (SELECT max(id) FROM intel_report) + row_number() OVER (ORDER BY n, r.id) AS new,
  (SELECT max(id) FROM intel_fact) + row_number() OVER (ORDER BY n, r.id) AS fact
FROM intel_report r, generate_series(1, %s) n
WHERE r.department_id = (SELECT id FROM services_department WHERE code = '88')
"""
FACTS = """
INSERT INTO intel_fact (id, department_id, created_at)
SELECT c.fact, r.department_id, r.created_at FROM copied c JOIN intel_report r ON r.id = c.old
"""
# Of seven digits: the numbers that are drawn for new reports have fewer.
REPORTS = """
INSERT INTO intel_report
  (id, fact_id, reference, received_at, entry_key, {columns})
SELECT c.new, c.fact, 'CROSS-88-' || extract(year FROM r.received_at) || '-' || (1000000 + c.new),
  r.received_at - c.rank * interval '41 minutes', NULL, {prefixed}
FROM copied c JOIN intel_report r ON r.id = c.old
"""
OWN = ["id", "fact_id", "reference", "received_at", "entry_key"]
GRANTS = """
INSERT INTO intel_reportgroupgrant (content_object_id, permission_id, group_id)
SELECT c.new, g.permission_id, g.group_id
FROM copied c JOIN intel_reportgroupgrant g ON g.content_object_id = c.old
"""
RESTRICTIONS = """
INSERT INTO intel_restriction (report_id, {columns})
SELECT c.new, {prefixed} FROM copied c JOIN intel_restriction r ON r.report_id = c.old
"""


def enlarge(address, wanted):
    """Copies until the department holds `wanted` reports or a few more; how many it holds."""
    with psycopg.connect(address) as connection:
        of_department = (
            "SELECT count(*) FROM intel_report r JOIN services_department d "
            "ON d.id = r.department_id WHERE d.code = '88'"
        )
        [held] = connection.execute(of_department).fetchone()
        times = -(-(wanted - held) // held)
        if times > 0:
            connection.execute("SET session_replication_role = replica")
            connection.execute(MAP, [times])
            connection.execute(FACTS)
            _insert(connection, REPORTS, "intel_report", OWN)
            connection.execute(GRANTS)
            _insert(connection, RESTRICTIONS, "intel_restriction", ["id", "report_id"])
            for table in ("intel_fact", "intel_report"):
                connection.execute(f"SELECT setval('{table}_id_seq', max(id)) FROM {table}")
        [held] = connection.execute(of_department).fetchone()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return held


def _insert(connection, statement, table, replaced):
    [columns] = connection.execute(COLUMNS, [table, replaced]).fetchone()
    prefixed = ", ".join(f"r.{name}" for name in columns.split(", "))
    connection.execute(statement.format(columns=columns, prefixed=prefixed))


def give_sessions(address, cookies, users):
    """{account: [session, …]}: as many open sign-ins of each account as users, alike but apart."""
    given = {account: [] for account in cookies}
    with psycopg.connect(address) as connection:
        for account, cookie in cookies.items():
            for number in range(users):
                key = f"load{number:04}{cookie}"[:32]
                connection.execute(
                    "INSERT INTO django_session (session_key, session_data, expire_date) "
                    "SELECT %s, session_data, expire_date FROM django_session "
                    "WHERE session_key = %s ON CONFLICT DO NOTHING",
                    [key, cookie],
                )
                given[account].append(key)
    return given
