"""Pure functions over counts: no Django, no query, no clock."""
