"""The life of a brief: validated by two, published, corrected by another; see `edition_states`."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from intel import access
from intel.actions import copies
from intel.actions.editions import lock, with_figures_of
from intel.actions.reports import Overtaken
from intel.edition_states import Bench, EditionState, may_move
from intel.models import Edition, EditionStep, Summary
from intel.reading import edition_checks, frozen
from intel.reading.brief_partners import named_in
from services.models import Department

Kind = EditionStep.Kind
NO_SAY = "La validation de cette note ne relève pas de vous."


@transaction.atomic
def validate(edition, *, by, version):
    """One of the two words that a note needs: that of the prefecture, then of each court.

    `version` is the one that was read. The first closes the text and seals it, the last makes the
    note one that may be published.
    """
    current, bench, court = _held(edition, by)
    target = {Bench.PREFECTURE: EditionState.PROPOSED, Bench.COURT: EditionState.VALIDATED}[bench]
    if not may_move(current.state, target, bench):
        raise ValidationError(_why_not(current, bench))
    _check_read(current, version)
    frozen.check(current)
    given = current.steps.filter(kind=Kind.VALIDATED, version=current.version)
    if given.filter(by=by).exists():
        raise ValidationError(
            "Vous avez déjà validé ce texte : c’est à une autre personne de le faire à son tour."
        )
    if bench == Bench.PREFECTURE:
        edition_checks.check(current)
        current.parts |= {"named": named_in(current)}
        current.parts_digest = frozen.digest(current.parts)
        current.seal = frozen.seal_of(current)
        current.state = target
    _step(current, Kind.VALIDATED, by, (bench, court))
    if bench == Bench.COURT and not edition_checks.courts_waited_for(current):
        current.state = target
    current.save(update_fields=["state", "seal", "parts", "parts_digest"])
    behalf = "préfecture" if court is None else court.name
    journal.record(
        by,
        "edition.validated",
        current,
        why=f"version {current.version}, {behalf}, empreinte {current.seal}",
    )
    return current


@transaction.atomic
def send_back(edition, *, by, why):
    """To a draft again: its next text is another version, so that no two prints are confused."""
    current, bench, court = _held(edition, by)
    if not may_move(current.state, EditionState.DRAFT, bench):
        raise ValidationError(
            "Cette note est déjà en rédaction."
            if current.is_draft
            else "Une note publiée ne change plus : préparez sa rectification."
        )
    _step(current, Kind.SENT_BACK, by, (bench, court), why=why)
    current.state, current.seal = EditionState.DRAFT, ""
    # Looked for again when the next text is sealed.
    current.parts = {name: part for name, part in current.parts.items() if name != "named"}
    current.parts_digest = frozen.digest(current.parts)
    current.version += 1
    current.save(update_fields=["state", "seal", "parts", "parts_digest", "version"])
    journal.record(by, "edition.sent_back", current, why=why)
    copies.tell_superseded(current)
    return current


@transaction.atomic
def publish(edition, *, by, version):
    """Read from now on by whoever consults notes, and never changed; it replaces what it corrects.

    One note a period is in force: the others of the same period are corrected, not doubled.
    """
    Department.objects.select_for_update().get(pk=edition.department_id)
    current, bench, court = _held(edition, by)
    if not may_move(current.state, EditionState.PUBLISHED, bench):
        raise ValidationError(
            "Cette note est déjà publiée."
            if current.is_public
            else "Cette note se publie quand la préfecture et le parquet l’ont validée."
        )
    _check_read(current, version)
    frozen.check(current)
    former = current.corrects and lock(current.corrects)
    edition_checks.check_alone(current)
    now = timezone.now()
    if former:
        former.state, former.replaced_at = EditionState.REPLACED, now
        former.save(update_fields=["state", "replaced_at"])
        _step(former, Kind.REPLACED, by, (bench, court))
        journal.record(by, "edition.replaced", former, why=f"par {current.number}")
        copies.tell_superseded(former)
    current.state, current.published_at = EditionState.PUBLISHED, now
    current.save(update_fields=["state", "published_at"])
    _step(current, Kind.PUBLISHED, by, (bench, court))
    # The journal cannot be changed: the seal there vouches for the one beside the text.
    journal.record(by, "edition.published", current, why=f"empreinte {current.seal}")
    return current


@transaction.atomic
def correct(edition, *, by, why):
    """A new note of the same period, with the words of this one, that replaces it once published.

    Its figures are those of the last summary of that period told to the prefecture.
    """
    former = lock(edition)
    if former.state != EditionState.PUBLISHED:
        raise ValidationError("Seule la note en vigueur d’une période se rectifie.")
    if begun := Edition.objects.filter(corrects=former).first():
        raise ValidationError(f"Sa rectification est déjà commencée : {begun.number}.")
    summary = (
        Summary.objects.filter(
            department=former.department_id,
            audience=former.summary.audience,
            period=former.summary.period,
            stage=Summary.Stage.DONE,
        )
        .order_by("-version")
        .first()
    )
    title = f"{former.title.removesuffix(RECTIFYING)[: 160 - len(RECTIFYING)]}{RECTIFYING}"
    made = with_figures_of(summary, by=by, title=title, corrects=former, why=why)
    made.words = former.words
    made.save(force_insert=True)
    journal.record(
        by,
        "edition.created",
        made,
        why=f"rectifie {former.number}, chiffres {made.figures_digest}",
    )
    return made


RECTIFYING = " (rectificative)"


def _held(edition, by):
    """The row held as it stands now, and on whose behalf `by` has a say in it."""
    current = lock(edition)
    on_behalf = access.bench_of(by, current.department_id)
    if on_behalf is None:
        raise ValidationError(NO_SAY)
    return current, *on_behalf


def _check_read(current, version):
    if version != current.version:
        raise Overtaken(
            f"La note a été modifiée entre-temps : elle en est à la version {current.version}. "
            "Relisez-la avant de continuer."
        )


def _why_not(current, bench):
    if current.is_public:
        return "Cette note est déjà publiée."
    if current.state == EditionState.VALIDATED:
        return "Cette note est déjà validée."
    if bench == Bench.COURT:
        return "La préfecture ne vous a pas encore soumis cette note."
    return "La préfecture a déjà validé cette note : elle attend le parquet."


def _step(edition, kind, by, behalf, *, why=""):
    bench, court = behalf
    EditionStep.objects.create(
        edition=edition,
        version=edition.version,
        kind=kind,
        bench=bench,
        court=court,
        why=why,
        by=by,
    )
