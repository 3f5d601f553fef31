"""The SQL of an answered queryset, for the few questions that the ORM cannot put."""

from django.core.exceptions import EmptyResultSet


def sql_of(rows):
    """(SQL, parameters) of a queryset, to stand inside a statement of ours; None when nothing can
    be found. The rule of visibility is in it, and every value stays a parameter.
    """
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None
