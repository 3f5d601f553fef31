"""Every page of the table of doors, in a real browser, as each role that it is drawn for.

Light and dark, 1440, 390 and 320 pixels wide: no violation of WCAG that axe can see, one title,
every control within reach of the keyboard, no slip of the pen.
"""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.house.conftest import examples
from tests.house.test_doors import DOORS
from tests.journeys.looking import look_at
from tests.journeys.world import PLAYERS, player

pytestmark = pytest.mark.timeout(600)  # the world that all of them share is made in the first
# Doors without a page of their own: they answer a form, a script, or with a file.
NOT_PAGES = {
    "preview_attachment", "release_attachment", "bring_back_draft", "bring_back_report",
    "attachment_page", "build_summary", "commune_suggestions", "confirm_release", "drop_draft",
    "drop_words", "edition_pdf", "end_connections_of", "end_invitation", "end_share",
    "export_hits",
    "ask_accord_for_antenna", "calendar_file", "calendar_next", "drop_antenna_note",
    "export_antenna_note", "freeze_antenna_note", "leave_out_of_antenna",
    "export_indicators", "export_reports", "export_summary",
    "import_faults", "import_progress", "print_file",
    "export_copies", "print_progress", "reopen_copy",
    "follow_search", "remove_search", "restore_search",
    "import_sample", "import_start", "import_undo", "job_progress", "keep_draft", "keep_words",
    "move_report", "preview_audience", "preview_restriction", "print_report",
    "remove_amount", "remove_attachment", "remove_identifier",
    "spot_identifiers", "switch_shortcuts", "triage_decide", "triage_grade", "triage_undo",
    "triage_bring_back", "triage_bulk", "triage_bulk_undo", "triage_take_over",
    "clear_attachment", "remove_annex", "remove_complement", "remove_list",
    "withdraw_correction", "add_note", "give_task", "remove_note", "finish_task", "remove_task",
    "confirm_identity", "end_connection", "end_others", "remove_factor",
    "cancel_event", "export_places", "print_place", "remove_observation", "remove_operation",
    "revise_summary", "withdraw_place", "understood_day", "undo_move",
    "validate_edition", "publish_edition", "refresh_edition",
    "withdraw_handover",
    # The department has a draft already: it leads there.
    "draft_protocol", "discard_protocol", "move_signature", "remove_signature",
    "protocol_annex", "release_protocol_annex", "remove_protocol_annex",
    "meeting_calendar", "call_meeting", "restore_meeting", "advance_meeting", "build_agenda",
    "move_item", "remove_item", "restore_item", "remove_named", "end_item_guest",
    "answer_attendance", "keep_decision", "undo_decision", "note_presence", "sign_minutes",
    "discard_strategy", "move_axis", "remove_axis", "remove_action", "restore_action",
    "remove_cited_report", "remove_cited_place", "remove_cited_finding",
    "take_back_outcome", "restore_outcome", "remove_total", "restore_total",
    "withdraw_access_request", "withdraw_accord", "withdraw_release",
    "decide_match", "end_value", "entry_matches", "undo_match",
    "check_journal", "take_seals", "reopen_oddity", "handout_progress", "handout_file",
    "erasure_certificate", "processing_register", "find_citations",
    "confirm_withdrawal", "take_withdrawal_back",
    "mark_notification", "mark_notifications", "open_notification", "unmark_notifications",
}  # fmt: skip
# In the demonstration the head of unit is of the unit that owns the report.
OTHERWISE = {"propose_correction": {"hugo"}}


def client_of(name):
    client = Client()
    client.force_login(player(name), backend="services.backend.MemberBackend")
    return client


def address_of(name, world):
    arguments = {key: world[value] for key, value in DOORS[name][1].items()}
    return reverse(name, kwargs=arguments)


@pytest.mark.parametrize("name", sorted(DOORS.keys() - NOT_PAGES))
def test_a_page_as_each_role_that_it_is_drawn_for(world, visit, name):
    address = address_of(name, world)
    drawn = {}
    for who in (PLAYERS.keys() & DOORS[name][2]) - OTHERWISE.get(name, set()):
        with transaction.atomic():
            answer = client_of(who).get(address, follow=True)
            # An item that is opened is taken: the server would wait for the row held here.
            transaction.set_rollback(True)
        assert answer.status_code == 200
        # The same templates make the same page, whoever reads it.
        drawn.setdefault(frozenset(template.name for template in answer.templates), who)
    assert drawn
    for who in seen_by(drawn):
        page = visit(PLAYERS[who])
        page.goto(address)
        look_at(page)


def seen_by(drawn):
    """Whose pages are looked at: those made of more templates first, and of the others only what
    has a template that was not seen yet; each with --slow."""
    seen: set = set()
    for parts in sorted(drawn, key=len, reverse=True):
        if examples(quick=not parts <= seen, whole=True):
            seen |= parts
            yield drawn[parts]


@pytest.mark.parametrize("name", sorted(NOT_PAGES))
def test_a_door_without_a_page_draws_none(world, name):
    who = min(PLAYERS.keys() & DOORS[name][2])
    answer = client_of(who).get(address_of(name, world))
    assert answer.status_code in {302, 405} or b"<main" not in b"".join(answer)
