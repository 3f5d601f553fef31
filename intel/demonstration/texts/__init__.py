"""Texts by kind of writer, as people type them: straight apostrophes, ordinary spaces.

The templates are in the `.txt` files beside this one, one a line, under the kind of situation in
square brackets; `\\n` ends a line of the text, `#` opens a remark. A slot in braces is filled by
`intel.demonstration.scenes`; `:c` after its name gives it a capital, `:de` puts « de » or « d' »
before it. Kinds of situation are those of `Mode`, and the three below that are no way of dealing.
"""

from pathlib import Path

from intel.models.choices import Mode

QUARREL = "quarrel"  # neighbours, former couples: a name to harm, nothing to check
VAGUE = "vague"  # anger or a rumour, without a fact
NITROUS = "nitrous"  # nitrous oxide: not a narcotic, and people speak of it
KINDS = {*Mode.values, QUARREL, VAGUE, NITROUS}


def read(name):
    """{kind: (template, …)} of the file `name`; a kind unknown here is a KeyError."""
    templates: dict[str, list[str]] = {}
    kind = ""
    for line in (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
            if kind not in KINDS:
                raise KeyError(f"{name}.txt: {kind}")
        elif line and not line.startswith("#"):
            templates.setdefault(kind, []).append(line.replace("\\n", "\n"))
    return {kind: tuple(lines) for kind, lines in templates.items()}
