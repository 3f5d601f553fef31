"""Names that may be those of one person, though not written alike."""

from itertools import product

from rapidfuzz import fuzz

NEAR = 80  # « Mohamed » and « Mohammed » reach 93, « Durand » and « Durant » 83
SHORTEST = 4


def may_be_one(name: str, other: str) -> bool:
    """Are two normalised names (« durand leo|1999-03-12 ») alike without being equal?

    Born on one day, with a word of four letters or more written nearly the same: the surname in
    most cases. Or the very same words, when one of the two says no birth.
    """
    if name == other:
        return False
    words, _, birth = name.partition("|")
    others, _, other_birth = other.partition("|")
    if birth and birth == other_birth:
        return any(_is_near(*pair) for pair in product(words.split(), others.split()))
    return words == others and not (birth and other_birth)


def _is_near(word: str, other: str) -> bool:
    return min(len(word), len(other)) >= SHORTEST and fuzz.ratio(word, other) >= NEAR
