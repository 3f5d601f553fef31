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
    by_rarity = sorted(times, key=lambda word: (times[word], word))
    rarity = {word: rank for rank, word in enumerate(by_rarity)}
    firsts: dict = defaultdict(list)  # (commune, rank): those of which it is one of the rarest
    others = defaultdict(list)
    for key, commune, words in rows:
        ranks = sorted(map(rarity.__getitem__, words))
        rarest = ranks[: _rarest(len(ranks))]
        told = _as_bits(ranks)
        found = _first_like(told, len(ranks), (firsts[commune, rank] for rank in rarest))
        if found is not None:
            others[found].append(key)
            continue
        for rank in rarest:
            firsts[commune, rank].append((key, told, len(ranks)))
    return Bundles(dict(others))


def _rarest(size):
    """As many words as two near-identical texts cannot both do without."""
    return size - ceil(_least(size) * size) + 1


def _least(size):
    return SHARED if size >= LEAST_WORDS else 1


def _as_bits(ranks):
    """The words as the bits of a number: what two of them share is counted at once."""
    told = 0
    for rank in ranks:
        told |= 1 << rank
    return told


def _first_like(told, size, candidates):
    """The key of the first bundle that says the same, or None."""
    least = _least(size)
    for known in candidates:
        for key, other, length in known:
            common = (told & other).bit_count()
            if common and common >= least * (size + length - common):
                return key
    return None
