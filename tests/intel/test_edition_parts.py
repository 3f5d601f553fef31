"""What a note freezes beside its figures: points, what is left out, what moved, for whom."""

import io
from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pypdf import PdfReader

from cross.printing.content import Print
from intel import periods
from intel.actions import copies, edition_life, editions, summaries
from intel.models import SummaryAudience
from intel.models.choices import Handling
from intel.printing.partners import INTERNAL, SECTIONS
from intel.printing.typeset import compile_brief
from intel.reading import brief, brief_sections, edition_parts, frozen
from intel.reading.brief_parts import blocks_of_part
from intel.reading.edition_changes import ADDED, KEPT, REMOVED, words_changes
from intel.summaries import left_out
from protocols.actions import admit
from protocols.actions import strategy as acts
from protocols.models import Meeting, OutsideTotal, Protocol
from protocols.states import ActionState, StrategyState
from services.models import Unit
from tests import factories
from tests.intel.test_editions import QUARTER, a_note, busy, note, plain, text_of, told

__all__ = ["busy", "note"]  # fixtures


# --- What is left out -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "moins de 5"), (4, "moins de 5"), (5, "5 à 19"), (19, "5 à 19"), (20, "20 à 99"),
        (99, "20 à 99"), (100, "100 ou plus"), (5000, "100 ou plus"),
    ],
)  # fmt: skip
def test_what_is_hidden_is_told_in_classes_of_which_the_first_begins_at_none(count, words):
    assert left_out.class_of(count) == words


def test_one_hidden_report_more_says_nothing_and_a_month_says_nothing_at_all(cast, vosges):
    told(cast, vosges, "Golbey", (2026, 8, 3), 6)
    before = left_out.left_out(vosges.department, QUARTER)
    assert set(before.values()) == {"moins de 5"}
    told(cast, vosges, "Golbey", (2026, 8, 4), 4, units=[cast.louise.unit], handling="H2")
    assert left_out.left_out(vosges.department, QUARTER) == before
    told(cast, vosges, "Golbey", (2026, 8, 5), 1, units=[cast.louise.unit], handling="H2")
    after = left_out.left_out(vosges.department, QUARTER)
    assert (after["restricted"], after["handling"]) == ("5 à 19", "5 à 19")
    assert left_out.left_out(vosges.department, periods.read("2026-08")) == {}
    assert left_out.left_out(vosges.department, QUARTER.previous()) == before


def test_a_correction_repeats_what_was_left_out(cast, busy):
    """Else a report hidden between both notes would be told by the class that it fills."""
    note = factories.published(a_note(cast, busy), cast)
    told(cast, busy, "Golbey", (2026, 8, 5), 5, units=[cast.louise.unit])
    made = edition_life.correct(note, by=cast.claire, why="Un total était faux.")
    assert made.parts["left_out"] == note.parts["left_out"]
    assert left_out.left_out(busy.department, QUARTER) != note.parts["left_out"]


def test_a_draft_taken_again_repeats_what_was_left_out(cast, busy):
    """So does another draft of the same quarter: else the day of a hidden report would be told."""
    note = a_note(cast, busy)
    told(cast, busy, "Golbey", (2026, 8, 5), 5, units=[cast.louise.unit])
    edition_parts_of = [note.parts, a_note(cast, busy).parts]
    editions.refresh(note, by=cast.claire)
    note.refresh_from_db()
    edition_parts_of.append(note.parts)
    assert {parts["left_out"]["restricted"] for parts in edition_parts_of} == {"moins de 5"}


def test_points_are_told_once_for_a_quarter(cast, busy):
    """Two counts of one quarter, taken from one another, would give one fact."""
    points_of(busy, active_points=12, population=60_000)
    note = a_note(cast, busy)
    points_of(busy, active_points=13, population=60_000)
    editions.refresh(note, by=cast.claire)
    note.refresh_from_db()
    assert note.parts["points"]["active_points"] == 12


# --- Meetings ---------------------------------------------------------------------------------


def test_a_note_tells_no_meeting_that_the_cell_alone_knows_of(cast, busy):
    protocol, coming = Protocol.objects.get(department=busy.department), date(2099, 1, 12)
    meeting = Meeting.objects.create(
        protocol=protocol, held_on=coming, starts_at=time(14, 0), place="Épinal"
    )
    assert edition_parts._meetings(busy.department, QUARTER)["next"] == ""
    Meeting.objects.filter(pk=meeting.pk).update(state="convoquee", called_at=timezone.now())
    assert edition_parts._meetings(busy.department, QUARTER)["next"] == coming.isoformat()


# --- Points de deal ---------------------------------------------------------------------------


def points_of(busy, **counts):
    """The points of the note's department, as the sheet of the cell counts them."""
    sheet = summaries.build_for(SummaryAudience.CELL, busy.department, QUARTER)
    sheet.scores.filter(dimension="department").update(**counts)
    return edition_parts._points(busy.department, QUARTER)


def test_points_are_masked_and_one_flow_is_never_hidden_alone(cast, busy):
    counts = {"points_opened": 9, "points_dismantled": 7, "points_rebuilt": 2, "points_moved": 6}
    found = points_of(busy, active_points=12, population=60_000, **counts)
    assert (found["active_points"], found["per_100000"]) == (12, 20.0)
    assert found["points_rebuilt"] is None
    assert sum(found[name] is None for name in edition_parts.FLOWS) == 2
    few = points_of(busy, active_points=4, population=60_000, **counts)
    assert (few["active_points"], few["per_100000"]) == (None, None)


# --- Taken again, compared --------------------------------------------------------------------


def test_parts_are_taken_again_by_an_explicit_act_and_in_a_draft_alone(cast, busy, enter):
    note = a_note(cast, busy)
    held = note.figures_digest
    client, address = enter(cast.claire), f"/notes/{note.number}/reprendre/"
    assert "Rien n’a changé" in client.post(address, follow=True).content.decode()
    points_of(busy, active_points=12, population=60_000)
    assert "version 2" in client.post(address, follow=True).content.decode()
    note.refresh_from_db()
    assert note.parts["points"]["active_points"] == 12
    assert (note.figures_digest, frozen.is_intact(note)) == (held, True)
    factories.published(note, cast)
    with pytest.raises(ValidationError, match="en rédaction"):
        editions.refresh(note, by=cast.claire)


def test_the_next_note_says_what_moved_in_two_counts_and_their_doubt(cast, busy, enter):
    before = factories.published(a_note(cast, busy, QUARTER.previous()), cast)
    after = a_note(cast, busy)
    since = after.parts["since"]
    assert since["number"] == before.number
    facts = since["counts"][0]
    assert (facts["before"], facts["after"], facts["change"]) == (19, 22, "stable")
    [_, table, *_] = blocks_of_part("since", after.parts)
    assert table.rows[0] == ("Faits", 19, 22, "Pas d’évolution nette")
    page = enter(cast.claire).get(f"/notes/{after.number}/comparer/").content.decode()
    assert "Pas d’évolution nette" in page
    assert "<ins>" in page
    first = enter(cast.claire).get(f"/notes/{before.number}/comparer/").content.decode()
    assert "Rien à comparer" in first
    assert enter(cast.diane).get(f"/notes/{after.number}/comparer/").status_code == 404
    assert enter(cast.paul).get(f"/notes/{before.number}/comparer/").status_code == 404


def test_words_are_compared_word_for_word(cast, busy):
    note = factories.published(a_note(cast, busy), cast)
    made = edition_life.correct(note, by=cast.claire, why="Un total était faux.")
    assert [each.label for each in words_changes(note, made)] == ["Titre de la note"]
    made = editions.write(
        made, by=cast.claire, title=note.title, version=1,
        words=note.words | {"forms": "- **La livraison** gagne."},
    )  # fmt: skip
    note.words["forms"] = "- La livraison recule."
    [change] = words_changes(note, made)
    assert [(piece.kind, piece.words) for piece in change.pieces] == [
        (KEPT, "• La livraison "), (REMOVED, "recule."), (KEPT, " "), (ADDED, "gagne."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Note 2026", "Note 2026 (bis)", [(KEPT, "Note 2026 "), (ADDED, "(bis)")]),
        ("Note 2026 (bis)", "Note 2026", [(KEPT, "Note 2026 "), (REMOVED, "(bis)")]),
        (
            "Un total.\n\nDeux faits.",
            "Un total. Trois cas.\n\nDeux faits.",
            [
                (KEPT, "Un total. "),
                (ADDED, "Trois cas."),
                (KEPT, "\n"),
                (KEPT, "Deux faits."),
            ],
        ),
        ("Un\n\ndeux", "Un deux", [(REMOVED, "Un"), (KEPT, " "), (ADDED, "Un"), (KEPT, " "),
                                 (KEPT, "deux")]),
    ],
)  # fmt: skip
def test_a_word_that_did_not_move_is_never_told_as_moved(cast, busy, before, after, told):
    note = factories.published(a_note(cast, busy), cast)
    made = edition_life.correct(note, by=cast.claire, why="Un total était faux.")
    note.words["forms"], made.words["forms"] = before, after
    made.title = note.title
    [change] = words_changes(note, made)
    assert [(piece.kind, piece.words) for piece in change.pieces] == told


# --- For partners -----------------------------------------------------------------------------


def test_the_file_for_partners_says_nothing_internal(cast, busy):
    """The list is printed; each of its canaries is in the whole note, and none in theirs."""
    service = cast.diane.unit.service
    brigade = Unit.objects.create(
        service=service, department=busy.department, name="Peloton du Nord", short_name="PN"
    )
    canaries = {
        "cell": ("Délai médian canari",),
        "unit": (brigade.name,),
        "member": (cast.diane.get_full_name(), cast.claire.get_full_name()),
        "handling": (Handling.H2.value, "(H2, H3)"),
        "register": ("Motif canari",),
    }
    assert set(canaries) == {each.code for each in INTERNAL}
    assert {part.code for part in brief_sections.SECTIONS} >= SECTIONS
    note = a_note(cast, busy)
    said = f"{brigade.name} et {cast.diane.get_full_name()} ont vu une fiche H2."
    words = note.words | {"cell": "Délai médian canari.", "action": said}
    note = editions.write(note, by=cast.claire, title="Note", words=words, version=1)
    factories.published(note, cast)
    note.refresh_from_db()
    whole, partners = (printed(note, cast, for_partners=each) for each in (False, True))
    for internal in INTERNAL:
        print(internal.words)
        for canary in canaries[internal.code]:
            assert canary in whole
            assert canary not in partners, (internal.words, canary)
    assert f"{service.name} et un agent ont vu une fiche réservé." in partners
    for kept in ("22 faits", "Épinal", "Tableau 1"):
        assert kept in partners


def test_a_name_is_left_out_however_it_is_typed(cast, busy):
    """In capitals, with another apostrophe, over a no-break space."""
    brigade = Unit.objects.create(
        service=cast.diane.unit.service, department=busy.department, name="Peloton de l’Ouest"
    )
    note = a_note(cast, busy)
    said = f"{cast.diane.get_full_name().upper()}, peloton\u00a0de l'Ouest"
    words = note.words | {"action": said}
    note = editions.write(note, by=cast.claire, title="Note", words=words, version=1)
    factories.published(note, cast)
    note.refresh_from_db()
    told = printed(note, cast, for_partners=True).lower()
    assert brigade.service.name.lower() in told
    for name in ("diane", "peloton", "ouest"):
        assert name not in told


def test_the_version_for_partners_is_printed_of_a_published_note_alone(cast, note):
    wanted = {"by": cast.claire, "recipients": ["Maires"], "reason": "Comité", "kind": "par"}
    with pytest.raises(ValidationError, match="note publiée"):
        copies.print_copies(note, **wanted)
    factories.published(note, cast)
    run = copies.ask(note, entry_key="0" * 32, **wanted)
    [copy] = copies.copies_again(run, list(note.copies.all()))
    text = text_of(PdfReader(io.BytesIO(copy.content)))
    assert "Exemplaire n° 1" in text
    assert cast.claire.get_full_name() not in text


def printed(note, cast, *, for_partners):
    """The text of the file, as a search would find it."""
    copy = Print(
        number=1,
        recipient="Association des maires",
        printed_by=cast.claire.get_full_name(),
        printed_by_unit=str(cast.claire.unit),
        printed_at=timezone.localtime().replace(microsecond=0),
        reason="Motif canari",
    )
    pdf = compile_brief(brief.gather(note, copy, for_partners=for_partners))
    return text_of(PdfReader(io.BytesIO(pdf)))


# --- Strategy ---------------------------------------------------------------------------------


def a_strategy(cast, unit):
    """Adopted: one axis, one action of `unit`."""
    strategy = acts.begin(
        by=cast.marc, title="Plan", starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31)
    )
    axis = acts.add_axis(strategy, by=cast.marc, title="Présence", objective="Tenir la rue.")
    action = acts.add_action(
        axis,
        by=cast.marc,
        title="Contrôles conjoints",
        unit=unit,
        due_on=date(2027, 6, 30),
        indicator="Contrôles",
        target_value=12,
    )
    acts.move(strategy, by=cast.claire, state=StrategyState.ADOPTED)
    return action


def test_axes_come_from_the_strategy_and_the_next_note_says_which_actions_moved(cast, busy):
    peloton = Unit.objects.create(
        service=cast.diane.unit.service,
        department=busy.department,
        name="Peloton",
        short_name="PN",
    )
    ours = Protocol.objects.get(department=busy.department)
    admit(peloton, ours, by=None, starts_on=timezone.localdate())
    action = a_strategy(cast, peloton)
    before = a_note(cast, busy, QUARTER.previous())
    before.words["axes"] = [{"title": "Axe tapé", "objective": "x"}]
    assert brief_sections.typed_axes(before) == ()
    factories.published(before, cast)
    whole, partners = (printed(before, cast, for_partners=each) for each in (False, True))
    for text in (whole, partners):
        assert "Axe 1 – Présence" in text
        assert "Contrôles conjoints" in text
        assert "Axe tapé" not in text
    assert "PN" in whole
    assert "PN" not in partners
    assert peloton.service.name in partners
    acts.move_action(action, by=cast.marc, state=ActionState.ENGAGED)
    after = a_note(cast, busy)
    assert after.parts["since"]["actions"] == [
        {
            "axis": "Présence",
            "title": "Contrôles conjoints",
            "before": "À lancer",
            "after": "Engagée",
        }
    ]
    # What is frozen stays as it was.
    before.refresh_from_db()
    [axis] = before.parts["strategy"]["axes"]
    assert axis["actions"][0]["state_label"] == "À lancer"


def test_totals_of_others_keep_their_source_and_are_those_of_the_period(cast, busy):
    for first, last, value in ((7, 9, 1200), (4, 6, 800)):
        OutsideTotal.objects.create(
            department=busy.department, kind="afd", nomenclature="service",
            starts_on=date(2026, first, 1), ends_on=date(2026, last, 30), value=value,
            source="DDPN", by=cast.marc,
        )  # fmt: skip
    [table] = blocks_of_part("action", a_note(cast, busy).parts)
    [row] = table.rows
    assert row[0] == "Amendes forfaitaires délictuelles"
    assert plain(row[2]) == "1 200 amendes"
    assert row[3].startswith("DDPN, ")
