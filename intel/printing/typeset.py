"""The printed brief: from frozen content to one file."""

from pathlib import Path
from typing import Any

from cross.printing.blocks import (
    attachments_of,
    block_of,
    copy_of,
    figure_of,
    frame,
    section_of,
    signatories_of,
    table_of,
)
from cross.printing.content import Wide
from cross.printing.press import typeset
from cross.printing.words import printable, prose
from cross.ui.charts import french_number
from intel.printing.content import BriefContent, StrategyAxis, check_content
from intel.printing.reading_note import reading_note

TEMPLATE = Path(__file__).with_name("brief.typ")

# The texts of the content that the template takes under their own names.
IDENTITY = ["department", "period", "previous_period", "edition", "issuer"]
IDENTITY += ["title", "subject", "handling", "state"]


def compile_brief(content: BriefContent) -> bytes:
    """The brief as a PDF file. Raises PrintError when the content cannot be printed.

    The date of the document is `content.copy.printed_at`, so that the file can be made again.
    """
    check_content(content)
    return typeset(TEMPLATE, _brief(content), content.copy.printed_at)


def _brief(content: BriefContent) -> dict[str, Any]:
    """The whole content as plain data: every text is final, the template only lays it out."""
    copy, origin = content.copy, content.origin
    identity = {name: prose(getattr(content, name)) for name in IDENTITY}
    code = f" ({prose(content.department_code)})" if content.department_code else ""
    place = identity["department"] + code
    return {
        **identity,
        "frame": frame(
            copy,
            marking=content.marking,
            notice=content.notice,
            head=(identity["title"], place, identity["period"]),
            reference=f"Édition n°\u00a0{identity['edition']}, version {content.version}",
        ),
        "place": place,
        "version": content.version,
        "copy": copy_of(copy),
        "summary": printable(origin.summary),
        "digest": origin.digest,
        "reading_note": _two_columns(list(reading_note(content))),
        "cover": figure_of(content.cover) if content.cover else None,
        "key_figures": [
            {
                "label": prose(figure.label),
                "value": french_number(figure.value),
                "note": prose(figure.note),
            }
            for figure in content.key_figures
        ],
        "opening": [block_of(block) for block in content.opening],
        "sections": [section_of(section) for section in content.sections],
        "axes": [_axis(axis) for axis in content.axes],
        "steering": [block_of(block) for block in content.steering],
        "signatories": signatories_of(content.signatories),
        "map_sheet": block_of(Wide(content.map_sheet)) if content.map_sheet else None,
        "annexes": [table_of(table) for table in content.annexes],
        "attachments": list(attachments_of(content.tables(), content.marking)),
    }


def _two_columns(entries: list[tuple[str, str]]) -> list[list[dict[str, str]]]:
    """Entries of the reading note in two columns of about the same length, in their order."""
    lengths = [len(words) for _, words in entries]
    cut = min(range(1, len(entries)), key=lambda at: abs(sum(lengths[:at]) - sum(lengths[at:])))
    told = [{"label": label, "words": prose(words)} for label, words in entries]
    return [told[:cut], told[cut:]]


def _axis(axis: StrategyAxis) -> dict[str, Any]:
    """An axis as rows of labelled entries, one or two a row; what was left empty is left out."""
    rows: list[list[tuple[str, tuple[str, ...]]]] = [
        [("Objectif", (axis.objective,))],
        [("Actions", axis.actions)],
        [("Pilote", (axis.pilot,)), ("Échéance", (axis.deadline,))],
        [("Partenaires", (", ".join(axis.partners),)), ("Indicateur", (axis.indicator,))],
    ]
    told = [[_entry(label, words) for label, words in row if any(words)] for row in rows]
    return {
        "title": prose(axis.title),
        "state": prose(axis.state),
        "rows": [row for row in told if row],
    }


def _entry(label: str, words: tuple[str, ...]) -> dict[str, Any]:
    return {"label": label, "words": [prose(each) for each in words if each.strip()]}
