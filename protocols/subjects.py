"""What a seat held case by case may be about, as the room above names it.

A participation keeps codes of products; which codes there are is known by `intel`, which this room
does not import: it offers them when the house starts.
"""

_products: dict[str, str] = {}


def offer(choices):
    """Pairs of a code and its French name, once, at start-up."""
    _products.update(choices)


def products():
    """The pairs, in the order in which they were offered."""
    return list(_products.items())


def names_of(codes):
    """The French names of these codes."""
    return [_products[code] for code in codes]
