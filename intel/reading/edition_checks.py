"""What remains to do before a brief may be validated or published, and who must act now."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from intel import access
from intel.edition_states import BY_PAIR, Bench, EditionState, may_move
from intel.models import Edition, EditionStep

NO_COURT = (
    "Aucun parquet n’a de siège permanent au protocole : l’animateur de la cellule l’y inscrit, "
    "puis la note peut être validée."
)


@dataclass(frozen=True)
class Check:
    """One thing to have done. `sentence` says what to do when it is not; `anchor` where."""

    label: str
    is_done: bool
    sentence: str = ""
    is_required: bool = True
    anchor: str = ""


def checklist(edition):
    """Before the prefecture validates, in the order of the pages."""
    words = edition.words
    axes = words.get("axes") or edition.parts.get("strategy")
    yield Check(
        "« L’essentiel » est rédigé",
        bool(words.get("opening", "").strip()),
        "Rédigez « L’essentiel » avant de valider la note.",
        anchor="id_opening",
    )
    for code, label in (("places", "Points de deal"), ("action", "Action des services")):
        yield Check(
            f"« {label} » est commenté",
            bool(words.get(code, "").strip()),
            "Sans texte, seuls les chiffres sont imprimés.",
            is_required=False,
            anchor=f"id_{code}",
        )
    yield Check(
        "Un axe au moins est proposé",
        bool(axes),
        "Une note sans axe dit l’état de la menace et ne propose rien.",
        is_required=False,
        anchor="axes",
    )
    yield Check(
        "Les signataires sont nommés",
        bool(words.get("signatories", "").strip()),
        "Nommez au moins la préfecture et le parquet.",
        is_required=False,
        anchor="id_signatories",
    )
    yield Check(
        "Un parquet peut valider la note",
        bool(access.validating_courts(edition.department_id)),
        NO_COURT,
    )
    twin = _twin(edition)
    yield Check(
        "Aucune autre note n’est publiée pour cette période",
        twin is None,
        f"{twin} est publiée pour cette période : rectifiez-la." if twin else "",
    )


def check(edition):
    """Raise the sentences of what must be done and is not."""
    missing = [
        each.sentence for each in checklist(edition) if each.is_required and not each.is_done
    ]
    if missing:
        raise ValidationError(missing)


def check_alone(edition):
    """Raise when another note of the period is in force, that this one does not replace."""
    if twin := _twin(edition):
        raise ValidationError(f"{twin} est déjà publiée pour cette période : rectifiez-la.")


def _twin(edition):
    return (
        Edition.objects.filter(
            department=edition.department_id,
            summary__period=edition.summary.period,
            state=EditionState.PUBLISHED,
        )
        .exclude(pk__in=[edition.pk, edition.corrects_id])
        .values_list("number", flat=True)
        .first()
    )


# --- Validations ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Validation:
    """The word of one bench on the present version: `step` is None while it is waited for."""

    bench: str
    court: object
    step: object

    @property
    def behalf(self):
        return "Préfecture" if self.court is None else f"Parquet, {self.court.name}"


def validations(edition, steps):
    """The prefecture, then each court; those that have given theirs are told as they were.

    A published note keeps the courts that validated it, whoever sits today.
    """
    given = {
        step.court_id: step
        for step in steps
        if step.kind == EditionStep.Kind.VALIDATED and step.version == edition.version
    }
    courts = {step.court_id: step.court for step in given.values() if step.court_id}
    if not edition.is_public:
        courts |= {court.pk: court for court in access.validating_courts(edition.department_id)}
    return [
        Validation(Bench.PREFECTURE, None, given.get(None)),
        *(Validation(Bench.COURT, court, given.get(pk)) for pk, court in courts.items()),
    ]


def steps_told(edition, steps, on_behalf):
    """Its whole life for who has a say in it; for others what made the text that they read."""
    if on_behalf is not None:
        return steps
    return [
        step
        for step in steps
        if step.version == edition.version and step.kind != EditionStep.Kind.SENT_BACK
    ]


def sent_back(edition, steps):
    """The step that brought a draft back to its writers, or None: its reason is what to mend."""
    last = steps[-1] if steps and edition.is_draft else None
    return last if last and last.kind == EditionStep.Kind.SENT_BACK else None


def courts_waited_for(edition):
    """The courts that have not validated the present version."""
    return [
        each.court
        for each in validations(edition, edition.steps.all())
        if each.court and each.step is None
    ]


def who_acts(edition, waited):
    """Who must act now, in a sentence; `waited` are the validations still to come."""
    if edition.state == EditionState.DRAFT:
        return "La préfecture rédige, puis valide : le texte est alors soumis au parquet."
    if edition.state == EditionState.PROPOSED:
        names = " et ".join(each.court.name for each in waited if each.court)
        return f"Le parquet doit valider, ou renvoyer en rédaction avec un motif : {names}."
    if edition.state == EditionState.VALIDATED:
        return (
            "La préfecture peut publier : tous les services qui consultent les notes la liront, "
            "et elle ne changera plus."
        )
    return ""


def correction_of(edition, member):
    """The note that corrects this one, when the member may read it."""
    return access.readable_editions(member).filter(corrects=edition).defer("figures").first()


@dataclass(frozen=True)
class OpenMoves:
    """What the member may do of this note now."""

    validate: str = ""  # the words of the button
    send_back: bool = False
    publish: bool = False
    correct: bool = False


def open_moves(edition, on_behalf, waited):
    """From the table of moves, for a member and the bench that he speaks for, None for another."""
    if on_behalf is None:
        return OpenMoves()
    bench, court = on_behalf
    target = EditionState.PROPOSED if bench == Bench.PREFECTURE else EditionState.VALIDATED
    move = BY_PAIR.get((EditionState(edition.state), target))
    is_waited = any(each.bench == bench and each.court == court for each in waited)
    return OpenMoves(
        validate=move.label if move and bench in move.benches and is_waited else "",
        send_back=may_move(edition.state, EditionState.DRAFT, bench),
        publish=may_move(edition.state, EditionState.PUBLISHED, bench),
        correct=edition.is_in_force and bench == Bench.PREFECTURE,
    )
