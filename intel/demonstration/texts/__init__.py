"""Texts by kind of writer, as people type them: straight apostrophes, ordinary spaces.

A text is a template with slots in braces, see `intel.demonstration.scenes`; `:c` after a slot gives
it a capital, `:de` puts « de » or « d' » before it. Kinds of situation are those of `Mode`, and the
three below that are no way of dealing.
"""

QUARREL = "quarrel"  # neighbours, former couples: a name to harm, nothing to check
VAGUE = "vague"  # anger or a rumour, without a fact
NITROUS = "nitrous"  # nitrous oxide: not a narcotic, and people speak of it
