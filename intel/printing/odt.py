"""The brief as a working copy: its words and figures in ODT, without value."""

from collections.abc import Iterator

from cross.printing.content import Block, Entries, Paragraph, Run, Section, Subtitle
from cross.printing.odt import write_document
from cross.ui.charts import french_number
from intel.printing.content import BriefContent, StrategyAxis, check_content
from intel.printing.reading_note import reading_note


def write_odt(content: BriefContent) -> bytes:
    """The file. Raises PrintError on what could not be printed either."""
    check_content(content)
    reference = f"Édition n° {content.edition}, version {content.version}"
    place = f"{content.department} ({content.department_code})"
    return write_document(
        title=content.title,
        lines=(content.issuer, place, content.period, f"{reference}. {content.state}"),
        marking=content.marking,
        notice=content.notice,
        handling=content.handling,
        reference=reference,
        copy=content.copy,
        sections=_sections(content),
    )


def _sections(content: BriefContent) -> Iterator[Section]:
    """In the order of the printed pages."""
    if content.key_figures:
        yield Section(
            "Chiffres clés",
            (
                Entries(
                    tuple(
                        (each.label, f"{french_number(each.value)} {each.note}".strip())
                        for each in content.key_figures
                    )
                ),
            ),
        )
    yield Section("Note de lecture", (Entries(tuple(reading_note(content))),))
    if content.opening:
        yield Section("L’essentiel", content.opening)
    yield from content.sections
    if content.axes:
        told = (
            block for rank, axis in enumerate(content.axes, start=1) for block in _axis(rank, axis)
        )
        yield Section("Axes proposés", tuple(told))
    if content.steering:
        yield Section("Pilotage et suivi", content.steering)
    if content.signatories:
        signing = tuple(
            Paragraph((Run(who.capacity, bold=True), Run(f" {who.name}".rstrip())))
            for who in content.signatories
        )
        yield Section("Signataires", signing)
    if content.annexes:
        yield Section("Annexes", content.annexes)


def _axis(rank: int, axis: StrategyAxis) -> Iterator[Block]:
    yield Subtitle(f"Axe {rank} – {axis.title}")
    told = (
        ("Objectif", axis.objective),
        ("Actions", " ; ".join(axis.actions)),
        ("Pilote", axis.pilot),
        ("Partenaires", ", ".join(axis.partners)),
        ("Échéance", axis.deadline),
        ("Indicateur", axis.indicator),
        ("État", axis.state),
    )
    yield Entries(tuple((label, words) for label, words in told if words))
