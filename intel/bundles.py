"""Tips that say the same in nearly the same words: folded into one line of the queue, and one
origin for what counts them.

Found each time, among what the reader reads: nothing is stored. Two texts are near-identical when,
in one commune, they share most of their words. Each is compared only with the first of a bundle
that has one of its rarest words: if two sets share that much, one of the few rarest words of the
one is among the few rarest of the other.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from math import ceil

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Func

from intel.models.choices import TOLD_BY_THE_PUBLIC

# The words of a report, as the index of the search holds them.
WORDS = Func(F("search"), function="tsvector_to_array", output_field=ArrayField(CharField()))
MOST = 2_000  # reports of a queue, its first ones: what comes after is not folded
LEAST_WORDS, SHARED = 6, 0.75  # a text of fewer words must say exactly the same


@dataclass(frozen=True)
class Bundles:
    """{key of the first of a bundle: keys of the others, in the order of the queue}."""

    others: dict = field(default_factory=dict)

    @property
    def folded(self):
        """The keys of those that stand under another."""
        return [key for keys in self.others.values() for key in keys]

    def first_of(self, key):
        """The key of the first of the bundle of this report: itself when it stands alone."""
        return next((first for first, keys in self.others.items() if key in keys), key)


def bundles_of(reports):
    """Those of a queue of reports, answered and in order. One query."""
    told = reports.filter(origin__in=TOLD_BY_THE_PUBLIC).annotate(words=WORDS)
    return bundled(told.values_list("pk", "commune_id", "words")[:MOST])


def bundled(rows):
    """The same, of rows (key, commune, words)."""
    rows = [(key, commune, frozenset(words)) for key, commune, words in rows]
    times = Counter(word for _, _, words in rows for word in words)
    firsts: dict = defaultdict(list)  # (commune, word): those of which it is one of the rarest
    others = defaultdict(list)
    for key, commune, words in rows:
        rarest = _rarest(words, times)
        found = _first_like(words, (firsts[commune, word] for word in rarest))
        if found is not None:
            others[found].append(key)
            continue
        for word in rarest:
            firsts[commune, word].append((key, words))
    return Bundles(dict(others))


def _rarest(words, times):
    """As many as two near-identical texts cannot both do without."""
    enough = ceil(_least(words) * len(words))
    return sorted(words, key=lambda word: (times[word], word))[: len(words) - enough + 1]


def _least(words):
    return SHARED if len(words) >= LEAST_WORDS else 1


def _first_like(words, candidates):
    """The key of the first bundle that says the same, or None."""
    for known in candidates:
        for key, others in known:
            common = len(words & others)
            if common and common >= _least(words) * (len(words) + len(others) - common):
                return key
    return None
