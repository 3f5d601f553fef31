"""What was found in a text, and where."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing read in a text: ``text[start:end] == raw``.

    ``kind`` is a member of ``IdentifierKind``, or "product", "commune", "date". ``value`` is
    the normalised form: E.164, plate without separators, product code, Insee code, ISO day or
    "day/day". ``label`` is French, for the screen. ``certain`` is false for a guess (near miss,
    shortened name, ambiguous form) that a person should look at twice.
    """

    start: int
    end: int
    kind: str
    value: str
    raw: str
    label: str
    certain: bool = field(default=True, compare=False)


def without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in reading order; where two overlap, the earlier of the list given wins."""
    kept: list[Finding] = []  # always in reading order, so that two neighbours tell
    for finding in findings:
        place = bisect_left(kept, finding.start, key=lambda other: other.start)
        is_after = place == 0 or kept[place - 1].end <= finding.start
        if is_after and (place == len(kept) or finding.end <= kept[place].start):
            kept.insert(place, finding)
    return kept


@dataclass(frozen=True, slots=True)
class Proposals:
    """Everything read in one text, to be confirmed or refused by a person."""

    text: str
    findings: tuple[Finding, ...]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def of(self, kind: str) -> list[Finding]:
        """The findings of one kind, each value once, in reading order."""
        first: dict[str, Finding] = {}
        for finding in self.findings:
            if finding.kind == kind:
                first.setdefault(finding.value, finding)
        return list(first.values())

    def segments(self) -> list[tuple[str, Finding | None]]:
        """The text cut into pieces, each with what was found in it, for a page to mark."""
        pieces: list[tuple[str, Finding | None]] = []
        position = 0
        for finding in self.findings:
            if finding.start > position:
                pieces.append((self.text[position : finding.start], None))
            pieces.append((finding.raw, finding))
            position = finding.end
        if position < len(self.text):
            pieces.append((self.text[position:], None))
        return pieces
