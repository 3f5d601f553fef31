"""Figures that are one statement each; a room above adds those of its own tables."""

# (name, what it is, label, statement): rows of one name and one number.
ASKED = [
    (
        "cross_pulse_age_seconds", "Since the last sign of life.", "who",
        "SELECT name, extract(epoch FROM now() - at)::float FROM outbox_pulse",
    ),
    (
        "cross_jobs", "Jobs of the worker, by state; those that failed, of the last day.", "state",
        "SELECT state, count(*) FROM outbox_job WHERE state IN ('queued', 'running')"
        " OR (state = 'failed' AND finished_at > now() - interval '1 day') GROUP BY 1",
    ),
    (
        "cross_job_oldest_seconds", "Age of the oldest job that is not done, by state.", "state",
        "SELECT state, extract(epoch FROM now() - min(created_at))::float FROM outbox_job"
        " WHERE state IN ('queued', 'running') GROUP BY 1",
    ),
    (
        "cross_jobs_unsent_oldest_seconds", "Age of the oldest job the broker was not told of.",
        "queue",
        "SELECT 'outbox', extract(epoch FROM now() - min(created_at))::float FROM outbox_job"
        " WHERE state = 'queued' AND published_at IS NULL HAVING count(*) > 0",
    ),
    (
        "cross_jobs_failed", "Jobs that failed in the last day, by kind.", "kind",
        "SELECT kind, count(*) FROM outbox_job WHERE state = 'failed'"
        " AND finished_at > now() - interval '1 day' GROUP BY 1",
    ),
    (
        "cross_journal_check_age_seconds", "Since the journal was last held against its seals.",
        "journal",
        "SELECT 'journal', extract(epoch FROM now() - max(at))::float FROM audit_check"
        " HAVING count(*) > 0",
    ),
    (
        "cross_journal_findings", "What the last verification of the journal found.", "journal",
        "SELECT 'journal', found FROM audit_check ORDER BY at DESC LIMIT 1",
    ),
    (
        "cross_database_connections", "Connections to this database, by state.", "state",
        "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() GROUP BY 1",
    ),
    (
        "cross_database_bytes", "Size of the database.", "database",
        "SELECT 'whole', pg_database_size(current_database())",
    ),
]  # fmt: skip


def also(name, what, label, statement):
    """Let a room above have a figure of its own tables: a name and a number a row, no content."""
    ASKED.append((name, what, label, statement))
