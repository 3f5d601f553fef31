"""The printed note: its words, its figures and its signatories, for the press.

A section is words, which the prefecture writes, above pictures and tables drawn from the frozen
figures.
"""

from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from cross.printing.content import Paragraph, Run, Section
from cross.printing.words import read_words
from cross.ui.templatetags.words import day
from intel.edition_states import Bench, EditionState
from intel.models import EditionStep
from intel.printing.content import BriefContent, Origin
from intel.reading import brief_figures, frozen
from intel.reading import brief_partners as partners
from intel.reading.brief_parts import blocks_of_part, left_out_blocks, steering_blocks
from intel.reading.brief_sections import LEFT_OUT, SECTIONS, axis_of, signatories_of, typed_axes

PROJECTS = {
    EditionState.DRAFT: "Projet en rédaction",
    EditionState.PROPOSED: "Projet validé par la préfecture, soumis au parquet",
    EditionState.VALIDATED: "Projet validé par la préfecture et le parquet, à publier",
}


def gather(edition, copy, *, for_partners=False):
    """The brief of an edition for the press. `copy` is the `Print` of this very copy.

    For partners it leaves out what `intel.printing.partners` calls internal.
    """
    figures = frozen.figures_of(edition)
    words, parts = edition.words, edition.parts
    department = figures.department
    issuer = f"Préfecture {department['of_name']}"
    told = partners.parts_told(parts) if for_partners else parts
    content = BriefContent(
        department=department["name"],
        department_code=department["code"],
        period=figures.period.label,
        previous_period=figures.previous.label,
        edition=edition.number,
        version=edition.version,
        state=state_in_words(edition, copy.printed_at),
        issuer=issuer,
        title=edition.title,
        notice=_notice(edition, copy.printed_at),
        copy=partners.copy_told(copy, issuer) if for_partners else copy,
        origin=_origin(figures),
        cover=brief_figures.cover(figures, edition.department_id),
        key_figures=brief_figures.key_figures(figures),
        opening=_opening(edition),
        sections=tuple(
            section
            for code, section in _printed_sections(edition, figures, told)
            if not for_partners or partners.is_told(code)
        ),
        axes=tuple(axis_of(axis) for axis in typed_axes(edition)),
        steering=(
            *read_words(words.get("steering", "")),
            *steering_blocks(told),
            *_validations(edition, copy.printed_at, with_names=not for_partners),
        ),
        signatories=signatories_of(words.get("signatories", "")),
        annexes=tuple(brief_figures.annexes(figures)),
        map_sheet=brief_figures.map_sheet(figures, edition.department_id),
    )
    return _for_partners(content, edition) if for_partners else content


def _for_partners(content, edition):
    """Units under their service, and nobody by name but those who sign."""
    named = edition.parts.get("named")
    named = partners.named_in(edition) if named is None else named
    return replace(
        content,
        title=partners.without_names(content.title, named),
        opening=partners.without_names(content.opening, named),
        sections=partners.without_names(content.sections, named),
        axes=partners.without_names(content.axes, named),
        steering=partners.without_names(content.steering, named),
    )


def _validations(edition, at, *, with_names):
    """For whom the note was validated, when and by whom; nothing of a project."""
    if not _was(edition.published_at, at):
        return
    steps = edition.steps.filter(kind=EditionStep.Kind.VALIDATED, version=edition.version)
    said = [
        f"pour {step.behalf}, le {day(step.at)}"
        + (f", par {step.by.get_full_name()}" if with_names else "")
        for step in steps.select_related("by", "court")
    ]
    yield Paragraph((Run(f"Note validée {' ; '.join(said)}."),))


def _opening(edition):
    """A correction says first what it replaces, and why."""
    said = read_words(edition.words.get("opening", ""))
    if not edition.corrects:
        return said
    why = f"Note rectificative : elle remplace {edition.corrects.number}. {edition.why}"
    return (Paragraph((Run(why, bold=True),)), *said)


def state_in_words(edition, at=None):
    """What the note is at an instant, now without one: a copy keeps what it was printed as."""
    if not _was(edition.published_at, at):
        return _project(edition, at)
    said = f"Publiée le {day(edition.published_at)}"
    if _was(edition.replaced_at, at):
        said += f", remplacée le {day(edition.replaced_at)} par {edition.correction.number}"
    return said


def _project(edition, at):
    """Whose word a project had by then: the paper that a prosecutor is asked to validate says
    that it is not one still being written."""
    if at is None or edition.is_draft:
        return PROJECTS[EditionState(edition.state)]
    given = [
        (step.bench, step.at)
        for step in edition.steps.all()
        if step.kind == EditionStep.Kind.VALIDATED and step.version == edition.version
    ]
    if not any(_was(instant, at) for bench, instant in given if bench == Bench.PREFECTURE):
        return PROJECTS[EditionState.DRAFT]
    # Made by the last of the courts: all of theirs had come by then, or the note still waited.
    waited = edition.state == EditionState.PROPOSED or not all(
        _was(instant, at) for _, instant in given
    )
    return PROJECTS[EditionState.PROPOSED if waited else EditionState.VALIDATED]


def _was(instant, at):
    """Had it come by then? An instant of the database is finer than that of a copy."""
    return instant is not None and (at is None or instant.replace(microsecond=0) <= at)


def _notice(edition, at):
    """On every page: what is not yet decided, what holds no more, what is not true."""
    said = []
    if not _was(edition.published_at, at):
        said.append("Projet")
    elif _was(edition.replaced_at, at):
        said.append("Remplacée")
    if settings.DEMONSTRATION:
        said.append("Données fictives")
    return " – ".join(said)


def _origin(figures):
    return Origin(
        summary=figures.summary_reference,
        digest=figures.input_digest,
        frozen_at=timezone.localtime(figures.built_at),
        audience=figures.audience_label,
        reports=figures.total("reports"),
        facts=figures.total("facts"),
        caution=figures.caution,
        left_out=figures.left_out,
    )


def _printed_sections(edition, figures, parts):
    """(code, section) of those that have words or figures; `parts` are the frozen ones told."""
    for part in SECTIONS[1:]:
        words = read_words(edition.words.get(part.code, ""))
        blocks = (
            *brief_figures.blocks_of(part.code, figures, edition.department_id),
            *blocks_of_part(part.code, parts),
        )
        if words or blocks:
            yield part.code, Section(part.title, (*words, *blocks))
    if left_out := tuple(left_out_blocks(parts, figures)):
        yield "left_out", Section(LEFT_OUT, left_out)
