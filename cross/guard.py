"""Rows that refuse to be read until someone says for whom.

A guarded queryset raises when it is evaluated, unless `answered()` was called on it (the access
module of its room does that, after it has filtered for a member) or `unguarded(because=…)` (work
without a reader: a nightly task, a benchmark). Open on purpose: `exists()`, which the uniqueness
of forms needs, `create`, `update` and use as a subquery, which give nothing to look at.
"""

from django.db.models import Manager, QuerySet


class Unanswered(RuntimeError):
    """Rows were read before anybody said for whom."""


class GuardedQuerySet(QuerySet):
    _because = ""

    def answered(self):
        """Say that the access rule has been applied; only an access module may call this."""
        clone = self._chain()
        clone._because = "access"
        return clone

    def unguarded(self, *, because):
        """Read without a reader, for a reason that can be searched for in review."""
        if not because:
            raise ValueError("unguarded() wants a reason")
        clone = self._chain()
        clone._because = because
        return clone

    def _check_answered(self):
        if not self._because:
            raise Unanswered(
                f"{self.model.__name__} rows are guarded: start from the access module, "
                "or say unguarded(because=…)."
            )

    def _clone(self):
        clone = super()._clone()
        clone._because = self._because
        return clone

    def _fetch_all(self):
        self._check_answered()
        super()._fetch_all()

    def _merge_sanity_check(self, other):
        self._check_answered()
        other._check_answered()
        super()._merge_sanity_check(other)

    def _combinator_query(self, combinator, *other_qs, all=False):
        for queryset in (self, *other_qs):
            if isinstance(queryset, GuardedQuerySet):
                queryset._check_answered()
        return super()._combinator_query(combinator, *other_qs, all=all)

    def iterator(self, *args, **kwargs):
        self._check_answered()
        return super().iterator(*args, **kwargs)

    def count(self):
        self._check_answered()
        return super().count()

    def aggregate(self, *args, **kwargs):
        self._check_answered()
        return super().aggregate(*args, **kwargs)

    def delete(self):
        self._check_answered()
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class HangingQuerySet(GuardedQuerySet):
    """What hangs on a guarded row follows it: it is reached through a row already handed."""

    hangs_on = "report"

    def of(self, owner):
        return self.filter(**{self.hangs_on: owner}).answered()

    def of_all(self, owners):
        """The same for rows of an answered queryset; an unanswered one refuses."""
        owners._check_answered()
        return self.filter(**{f"{self.hangs_on}__in": owners}).answered()


HangingManager = Manager.from_queryset(HangingQuerySet)
