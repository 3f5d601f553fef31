"""What one text takes from another word for word."""

from intel.extraction.letters import TOKEN, fold

SHORTEST = 8  # words in a row: fewer come back by chance


def copied(source, text):
    """The passages of `source`, as written there, of which `text` has SHORTEST words in a row.

    Case, accents and punctuation make no difference: they do not hide a turn of phrase.
    """
    words = list(TOKEN.finditer(source))
    known = set(_rows_of(TOKEN.finditer(text)))
    marked = [False] * len(words)
    for rank, row in enumerate(_rows_of(words)):
        if row in known:
            marked[rank : rank + SHORTEST] = [True] * SHORTEST
    return [source[words[first].start() : words[last].end()] for first, last in _spans(marked)]


def _rows_of(found):
    """Each SHORTEST words that follow one another."""
    words = [fold(each.group()) for each in found]
    return [tuple(words[rank : rank + SHORTEST]) for rank in range(len(words) - SHORTEST + 1)]


def _spans(marked):
    """(first, last) of each row of marked words."""
    spans, first = [], None
    for rank, is_marked in enumerate([*marked, False]):
        if is_marked and first is None:
            first = rank
        elif not is_marked and first is not None:
            spans.append((first, rank - 1))
            first = None
    return spans
