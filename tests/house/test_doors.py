"""The table of doors: every address × every character, expecting what the table says.

A new address without a line here fails. Success and refusal share one world, so that a refusal
fails for the right reason; and a canary in every hidden field is seen by nobody it is not for.
"""

import re
from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.db import transaction
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from cross import nav
from cross.checks import doors
from intel.actions import (
    annexes,
    complements,
    evidence,
    invitations,
    raw_texts,
    reports,
    unit_work,
)
from intel.states import State
from protocols.models import Action
from tests import factories
from tests.house.canary import CANARY, WORD, hidden_report

NOBODY = frozenset()
EVERYBODY = frozenset(
    [
        "diane",
        "karim",
        "louise",
        "bruno",
        "anna",
        "marc",
        "claire",
        "gilles",
        "rose",
        "ines",
        "tom",
        "paul",
        "hugo",
        "lea",
        "nora",
    ]
)
READERS = frozenset(["diane", "karim", "louise", "bruno", "anna", "marc", "gilles", "hugo", "lea"])
READ_ONLY = frozenset(["gilles", "lea"])
WRITERS = READERS - READ_ONLY | {"paul"}
CELL = frozenset(["anna", "marc"])
OWNERS = frozenset(["diane", "karim"])
ASKERS = READERS | {"rose", "paul"}  # each asks for a list of his own
OURS = EVERYBODY - {"paul", "nora"}
STRATEGY = frozenset(["marc", "claire"])  # who writes it
CELL_SUMMARIES = READERS - {"gilles"}
OUTSIDERS = EVERYBODY - OWNERS

# Name of the address: (how, arguments, who opens it). "post" sends an empty form: whoever may come
# in gets anything but a refusal.
DOORS = {
    "home": ("get", {}, EVERYBODY),
    "help": ("get", {}, EVERYBODY),
    "password_change": ("get", {}, EVERYBODY),
    "password_change_done": ("get", {}, EVERYBODY),
    "confirm_identity": ("get", {}, EVERYBODY),
    "mfa_index": ("get", {}, EVERYBODY),
    "mfa_add_webauthn": ("get", {}, EVERYBODY),
    "mfa_activate_totp": ("get", {}, EVERYBODY),
    "mfa_view_recovery_codes": ("get", {}, EVERYBODY),
    "say_purpose": ("get", {}, EVERYBODY),
    "connection_list": ("get", {}, EVERYBODY),
    "end_others": ("post", {}, EVERYBODY),
    "end_connection": ("post", {"pk": "connection"}, {"diane"}),
    "withdraw_factors": ("get", {"pk": "unit_member"}, {"tom", "hugo"}),
    "end_connections_of": ("post", {"pk": "unit_member"}, {"tom", "hugo"}),
    "remove_factor": ("post", {"pk": "factor"}, {"diane"}),
    "switch_shortcuts": ("post", {}, EVERYBODY),
    "gallery": ("get", {}, EVERYBODY),
    "service_list": ("get", {}, EVERYBODY),
    "protocol_list": ("get", {}, EVERYBODY),
    "protocol_page": ("get", {"key": "protocol"}, OURS),
    "admit_unit": ("get", {"key": "protocol"}, {"marc"}),
    "suspend_protocol": ("get", {"key": "protocol"}, {"marc"}),
    "resume_protocol": ("get", {"key": "protocol"}, {"marc"}),
    "end_protocol": ("get", {"key": "protocol"}, {"marc"}),
    "amend_protocol": ("get", {"key": "protocol"}, {"marc"}),
    "compare_versions": ("get", {"key": "protocol"}, OURS),
    "protocol_pdf": ("get", {"key": "protocol"}, OURS),
    "draft_protocol": ("get", {"code": "department"}, {"marc"}),
    "rewrite_protocol": ("get", {"key": "protocol_draft"}, {"marc"}),
    "sign_protocol": ("get", {"key": "protocol_draft"}, {"marc"}),
    "discard_protocol": ("post", {"key": "protocol_draft"}, {"marc"}),
    "add_signature": ("get", {"key": "protocol_draft"}, {"marc"}),
    "change_signature": ("get", {"key": "signature"}, {"marc"}),
    "move_signature": ("post", {"key": "signature"}, {"marc"}),
    "remove_signature": ("post", {"key": "signature"}, {"marc"}),
    "add_protocol_annex": ("get", {"key": "protocol"}, {"marc"}),
    "protocol_annex": ("get", {"key": "protocol_annex"}, OURS),
    "release_protocol_annex": ("post", {"key": "protocol_annex"}, {"marc"}),
    "remove_protocol_annex": ("post", {"key": "draft_annex"}, {"marc"}),
    "change_seat": ("get", {"key": "seat"}, {"marc"}),
    "end_seat": ("get", {"key": "seat"}, {"marc"}),
    "withdrawal_list": ("get", {}, {"tom", "hugo", "marc"}),
    "confirm_withdrawal": ("post", {"key": "withdrawal"}, {"tom", "marc"}),
    "decline_withdrawal": ("get", {"key": "withdrawal"}, {"tom", "marc"}),
    "take_withdrawal_back": ("post", {"key": "withdrawal"}, {"hugo"}),
    "own_unit": ("get", {}, {"hugo"}),
    "new_unit_member": ("get", {}, {"hugo"}),
    "change_unit_member": ("get", {"pk": "unit_member"}, {"hugo"}),
    "member_list": ("get", {}, {"tom"}),
    "new_member": ("get", {}, {"tom"}),
    "change_member": ("get", {"pk": "member"}, {"tom"}),
    "schedule_page": ("get", {}, {"tom"}),
    "change_schedule": ("get", {"name": "work"}, {"tom"}),
    "correct_commune": ("get", {"code": "commune"}, {"marc"}),
    "journal": ("get", {}, {"ines"}),
    "journal_seals": ("get", {}, {"ines"}),
    "check_journal": ("post", {}, {"ines"}),
    "take_seals": ("get", {}, {"ines"}),
    "oddity_list": ("get", {}, {"ines"}),
    "oddity_page": ("get", {"pk": "oddity"}, {"ines"}),
    "reopen_oddity": ("post", {"pk": "oddity"}, {"ines"}),
    "handout_list": ("get", {}, {"ines"}),
    "new_handout": ("get", {}, {"ines"}),
    "handout_page": ("get", {"key": "handout"}, {"ines"}),
    "handout_progress": ("get", {"key": "handout"}, {"ines"}),
    "handout_file": ("get", {"key": "handout"}, {"ines"}),
    "retention_page": ("get", {}, {"ines"}),
    "new_hold": ("get", {}, {"ines"}),
    "renew_hold": ("get", {"key": "hold"}, {"ines"}),
    "lift_hold": ("get", {"key": "hold"}, {"ines"}),
    "processing_register": ("post", {"key": "protocol"}, {"ines"}),
    "person_request": ("get", {}, {"ines"}),
    "tombstone_list": ("get", {}, {"ines"}),
    "erasure_page": ("get", {"key": "tombstone"}, {"ines"}),
    "find_citations": ("post", {"key": "tombstone"}, {"ines"}),
    "erasure_certificate": ("post", {"key": "tombstone"}, {"ines"}),
    "report_list": ("get", {}, ASKERS),
    "saved_searches": ("get", {}, ASKERS),
    "save_search": ("get", {}, ASKERS),
    "saved_search": ("get", {"key": "search"}, OWNERS),
    "follow_search": ("post", {"key": "search"}, OWNERS),
    "rename_search": ("get", {"key": "search"}, {"diane"}),
    "remove_search": ("post", {"key": "search"}, {"diane"}),
    "restore_search": ("post", {"key": "removed_search"}, {"diane"}),
    "value_hits": ("get", {}, ASKERS),
    "export_hits": ("post", {}, ASKERS - READ_ONLY - {"rose"}),
    "report_page": ("get", {"reference": "report"}, READERS),
    "report_versions": ("get", {"reference": "report"}, READERS),
    "print_report": ("post", {"reference": "report"}, READERS),
    "move_report": ("post", {"reference": "report"}, READERS),
    "undo_move": ("post", {"reference": "report"}, READERS),
    "comment_report": ("post", {"reference": "report"}, CELL),
    "grade_report": ("post", {"reference": "report"}, CELL | OWNERS),
    "confirm_identifier": ("post", {"reference": "report"}, CELL | OWNERS),
    "remove_identifier": ("post", {"key": "identifier"}, CELL | OWNERS),
    "confirm_amount": ("post", {"reference": "report"}, CELL | OWNERS),
    "remove_amount": ("post", {"key": "amount"}, CELL | OWNERS),
    "restrict_report": ("get", {"reference": "report"}, OWNERS),
    "preview_restriction": ("post", {"reference": "report"}, OWNERS),
    "renew_restriction": ("get", {"reference": "restricted"}, OWNERS),
    "release_report": ("post", {"reference": "restricted"}, OWNERS),
    "confirm_release": ("post", {"key": "release"}, {"marc"}),
    "decline_release": ("get", {"key": "release"}, {"marc"}),
    "withdraw_release": ("post", {"key": "release"}, {"anna"}),
    "restriction_list": ("get", {}, WRITERS),
    "deconfliction": ("get", {}, WRITERS),
    "check_targets": ("get", {}, WRITERS),
    "check_page": ("get", {"number": "check"}, OWNERS),
    "check_outside": ("get", {"number": "check"}, OWNERS),
    "declare_event": ("get", {}, WRITERS),
    "event_page": ("get", {"number": "event"}, OWNERS),
    "change_event": ("get", {"number": "event"}, OWNERS),
    "cancel_event": ("post", {"number": "event"}, OWNERS),
    "event_outside": ("get", {"number": "event"}, OWNERS),
    "decide_hit": ("get", {"key": "hit"}, OWNERS | {"louise"}),
    "place_list": ("get", {}, ASKERS),
    "export_places": ("get", {}, ASKERS - READ_ONLY - {"rose"}),
    "new_place": ("get", {}, WRITERS),
    "place_page": ("get", {"key": "place"}, READERS),
    "change_place": ("get", {"key": "place"}, OWNERS | CELL),
    "withdraw_place": ("post", {"key": "place"}, OWNERS),
    "report_pdf": ("get", {"reference": "report"}, READERS),
    "place_pdf": ("get", {"key": "place"}, READERS),
    "print_place": ("post", {"key": "place"}, READERS),
    "observe_place": ("get", {"key": "place"}, READERS & WRITERS),
    "note_operation": ("get", {"key": "place"}, READERS & WRITERS),
    "cite_place": ("get", {"reference": "report"}, OWNERS | CELL),
    "remove_observation": ("post", {"key": "observation"}, OWNERS | CELL),
    "remove_operation": ("post", {"key": "operation"}, {"louise"}),
    "since_visit": ("get", {}, ASKERS),
    "notification_list": ("get", {}, ASKERS | {"nora", "claire"}),
    "notice_choices": ("get", {}, ASKERS | {"nora", "claire"}),
    "open_notification": ("get", {"key": "notification"}, {"louise"}),
    "mark_notification": ("post", {"key": "notification"}, {"louise"}),
    "mark_notifications": ("post", {}, EVERYBODY),
    "unmark_notifications": ("post", {}, EVERYBODY),
    "follow_report": ("get", {"reference": "report"}, READERS),
    "openness_page": ("get", {}, ASKERS),
    "calendar_page": ("get", {}, ASKERS | {"claire"}),
    "calendar_next": ("get", {}, ASKERS | {"claire"}),
    "calendar_file": ("get", {}, ASKERS | {"claire"}),
    "antenna_list": ("get", {}, CELL),
    "new_antenna_note": ("get", {}, CELL),
    "antenna_note": ("get", {"key": "antenna_note"}, CELL),
    "choose_for_antenna": ("get", {"key": "antenna_note"}, CELL),
    "leave_out_of_antenna": ("post", {"key": "antenna_note"}, CELL),
    "ask_accord_for_antenna": ("post", {"key": "antenna_note"}, CELL),
    "freeze_antenna_note": ("post", {"key": "antenna_note"}, CELL),
    "drop_antenna_note": ("post", {"key": "antenna_draft"}, CELL),
    "send_antenna_note": ("get", {"key": "antenna_frozen"}, CELL),
    "export_antenna_note": ("get", {"key": "antenna_frozen"}, CELL),
    "indicator_page": ("get", {}, CELL_SUMMARIES | {"claire", "paul"}),
    "export_indicators": ("get", {}, CELL_SUMMARIES - {"lea"} | {"claire", "paul"}),
    "request_list": ("get", {}, ASKERS),
    "ask_access": ("get", {}, ASKERS),
    "decide_access_request": ("get", {"key": "access_request"}, OWNERS),
    "withdraw_access_request": ("post", {"key": "access_request"}, {"anna"}),
    "ask_accord": ("get", {"reference": "held"}, READERS - OWNERS | {"paul"}),
    "decide_accord": ("get", {"key": "accord"}, OWNERS),
    "withdraw_accord": ("post", {"key": "accord"}, {"louise"}),
    "invite_guest": ("get", {"reference": "report"}, OWNERS),
    "prolong_invitation": ("get", {"key": "invitation"}, OWNERS),
    "end_invitation": ("post", {"key": "invitation"}, OWNERS),
    "share_report": ("get", {"reference": "report"}, OWNERS),
    "end_share": ("post", {"key": "share"}, OWNERS),
    "shared_list": ("get", {}, ASKERS),
    "attest_report": ("get", {"reference": "sourced"}, OWNERS),
    "clear_attachment": ("post", {"key": "reserved"}, OWNERS),
    "tasking_list": ("get", {}, WRITERS),
    "rates_page": ("get", {}, WRITERS),
    "refer_report": ("get", {"reference": "in_hand"}, {"louise"}),
    "change_referral": ("get", {"key": "referral"}, {"louise"}),
    "contribution_list": ("get", {}, WRITERS | {"nora"}),
    "new_contribution": ("get", {}, {"nora"}),
    "contribution_page": ("get", {"reference": "report"}, OWNERS),
    "complete_contribution": ("get", {"reference": "unfinished"}, {"nora"}),
    "add_annex": ("get", {"reference": "report"}, OWNERS),
    "change_annex": ("get", {"key": "annex"}, OWNERS),
    "remove_annex": ("post", {"key": "annex"}, OWNERS),
    "add_complement": ("get", {"reference": "report"}, READERS & WRITERS),
    "remove_complement": ("post", {"key": "complement"}, {"louise"}),
    "report_corrections": ("get", {"reference": "report"}, READERS & WRITERS),
    "propose_correction": ("get", {"reference": "report"}, READERS & WRITERS - OWNERS),
    "decide_correction": ("get", {"key": "correction"}, OWNERS),
    "withdraw_correction": ("post", {"key": "correction"}, {"louise"}),
    "set_validity": ("get", {"reference": "report"}, OWNERS),
    "report_timeline": ("get", {"reference": "report"}, READERS),
    "report_links": ("get", {"reference": "report"}, READERS),
    "discarded_list": ("get", {}, WRITERS),
    "bring_back_draft": ("post", {"key": "key"}, WRITERS),
    "bring_back_report": ("post", {"key": "discarded"}, OWNERS),
    "unit_work": ("get", {"reference": "report"}, READERS),
    "add_note": ("post", {"reference": "report"}, READERS & WRITERS),
    "remove_note": ("post", {"key": "note"}, {"louise"}),
    "give_task": ("post", {"reference": "report"}, READERS & WRITERS),
    "finish_task": ("post", {"key": "task"}, {"louise"}),
    "remove_task": ("post", {"key": "task"}, {"louise"}),
    "propose_handover": ("get", {"reference": "report"}, OWNERS),
    "decide_handover": ("get", {"key": "handover"}, {"louise"}),
    "withdraw_handover": ("post", {"key": "handover"}, OWNERS),
    "distribution_lists": ("get", {}, WRITERS),
    "new_list": ("get", {}, WRITERS),
    "change_list": ("get", {"pk": "list"}, OWNERS),
    "remove_list": ("post", {"pk": "list"}, OWNERS),
    "attach_file": ("post", {"reference": "report"}, OWNERS),
    "attachment_page": ("get", {"key": "attachment"}, READERS),
    "preview_attachment": ("get", {"key": "drawn"}, READERS),
    "release_attachment": ("post", {"key": "attachment"}, OWNERS),
    "remove_attachment": ("post", {"key": "attachment"}, OWNERS),
    "discard_report": ("post", {"reference": "draft"}, OWNERS),
    "new_report": ("get", {}, WRITERS),
    "change_report": ("get", {"reference": "report"}, OWNERS),
    "paste_report": ("get", {}, WRITERS),
    "confirm_proposals": ("get", {"key": "key"}, {"diane"}),
    "preview_audience": ("post", {}, WRITERS),
    "spot_identifiers": ("post", {}, WRITERS),
    "keep_draft": ("post", {"key": "key"}, WRITERS),
    "drop_draft": ("post", {"key": "key"}, WRITERS),
    "commune_suggestions": ("get", {}, EVERYBODY),
    "understood_day": ("get", {}, EVERYBODY),
    "triage_queue": ("get", {}, CELL),
    "triage_item": ("get", {"reference": "report"}, CELL),
    "triage_decide": ("post", {"reference": "report"}, CELL),
    "triage_grade": ("post", {"reference": "report"}, CELL),
    "triage_undo": ("post", {"reference": "report"}, CELL),
    "triage_take_over": ("post", {"reference": "report"}, CELL),
    "triage_assign": ("get", {"reference": "report"}, CELL),
    "triage_put_aside": ("get", {"reference": "report"}, CELL),
    "triage_bring_back": ("post", {"reference": "report"}, CELL),
    "triage_forget": ("get", {"reference": "tip"}, CELL),
    "triage_bulk": ("post", {}, CELL),
    "triage_bulk_undo": ("post", {"batch": "batch"}, CELL),
    "entry_matches": ("post", {}, WRITERS),
    "near_reports": ("get", {"reference": "report"}, READERS),
    "match_queue": ("get", {}, CELL),
    "match_pair": ("get", {"reference": "report"}, CELL),
    "decide_match": ("post", {"reference": "report"}, CELL),
    "match_list": ("get", {}, CELL),
    "undo_match": ("post", {"key": "match"}, CELL),
    "frequent_values": ("get", {}, CELL),
    "list_value": ("get", {}, CELL),
    "end_value": ("post", {"pk": "frequent_value"}, CELL),
    "summary_list": ("get", {}, CELL_SUMMARIES | {"claire", "gilles", "paul"}),
    "summary_page": ("get", {"pk": "summary"}, CELL_SUMMARIES),
    "summary_check": ("get", {}, {"marc", "ines"}),
    "build_summary": ("post", {}, CELL),
    "territory_page": ("get", {"code": "commune"}, CELL_SUMMARIES | {"claire", "gilles"}),
    "map_pdf": ("get", {"pk": "summary"}, CELL_SUMMARIES - READ_ONLY),
    "export_summary": ("get", {"pk": "summary"}, CELL_SUMMARIES - READ_ONLY),
    "revise_summary": ("post", {"pk": "summary"}, CELL),
    "job_progress": ("get", {"pk": "job"}, {"anna"}),
    "import_list": ("get", {}, CELL),
    "import_new": ("get", {}, CELL),
    "import_sample": ("get", {}, CELL),
    "import_page": ("get", {"pk": "import"}, CELL),
    "import_columns": ("get", {"pk": "import"}, CELL),
    "import_start": ("post", {"pk": "import"}, CELL),
    "import_undo": ("post", {"pk": "import"}, CELL),
    "import_progress": ("get", {"pk": "import"}, CELL),
    "import_faults": ("get", {"pk": "import"}, CELL),
    "export_reports": ("get", {}, ASKERS - READ_ONLY - {"rose"}),
    "meeting_list": ("get", {}, ASKERS | {"claire"}),
    "new_meeting": ("get", {}, CELL),
    "meeting_page": ("get", {"key": "meeting"}, READERS | {"claire", "rose"}),
    "meeting_calendar": ("get", {"key": "meeting"}, READERS | {"claire", "rose"}),
    "call_meeting": ("post", {"key": "meeting"}, CELL),
    "move_meeting": ("get", {"key": "meeting"}, CELL),
    "cancel_meeting": ("get", {"key": "meeting"}, CELL),
    "restore_meeting": ("post", {"key": "cancelled"}, CELL),
    "advance_meeting": ("post", {"key": "meeting"}, CELL),
    "build_agenda": ("post", {"key": "meeting"}, CELL),
    "new_item": ("get", {"key": "meeting"}, CELL),
    "change_item": ("get", {"key": "item"}, CELL),
    "move_item": ("post", {"key": "item"}, CELL),
    "remove_item": ("post", {"key": "item"}, CELL),
    "restore_item": ("post", {"key": "removed_item"}, CELL),
    "remove_named": ("post", {"key": "named"}, CELL),
    "invite_to_item": ("get", {"key": "item"}, CELL),
    "end_item_guest": ("post", {"key": "item_guest"}, CELL),
    "answer_attendance": ("post", {"key": "attendance"}, OWNERS),
    "meeting_sitting": ("get", {"key": "sitting"}, CELL),
    "sitting_item": ("get", {"key": "sitting_item"}, CELL),
    "keep_decision": ("post", {"key": "sitting_item"}, CELL),
    "undo_decision": ("post", {"key": "decision"}, CELL),
    "note_presence": ("post", {"key": "sitting"}, CELL),
    "minutes_page": ("get", {"key": "risen"}, READERS | {"claire"}),
    "minutes_pdf": ("get", {"key": "risen"}, READERS | {"claire"}),
    "sign_minutes": ("post", {"key": "risen"}, {"marc"}),
    "decision_action": ("get", {"key": "decided"}, {"marc", "claire"}),
    "follow_decision": ("get", {"key": "decided"}, CELL | {"louise"}),
    "strategy_list": ("get", {}, READERS | {"claire", "paul"}),
    "new_strategy": ("get", {}, STRATEGY),
    "strategy_page": ("get", {"key": "strategy"}, READERS | {"claire"}),
    "change_strategy": ("get", {"key": "strategy"}, STRATEGY),
    "move_strategy": ("get", {"key": "strategy"}, STRATEGY),
    "strategy_proposals": ("get", {"key": "strategy"}, STRATEGY),
    "discard_strategy": ("post", {"key": "strategy"}, STRATEGY),
    "move_axis": ("post", {"key": "axis"}, STRATEGY),
    "add_axis": ("get", {"key": "strategy"}, STRATEGY),
    "change_axis": ("get", {"key": "axis"}, STRATEGY),
    "remove_axis": ("post", {"key": "axis"}, STRATEGY),
    "add_action": ("get", {"key": "axis"}, STRATEGY),
    "action_page": ("get", {"key": "action"}, READERS | {"claire"}),
    "change_action": ("get", {"key": "action"}, STRATEGY),
    "move_action": ("get", {"key": "action"}, OWNERS | STRATEGY),
    "write_line": ("get", {"key": "action"}, OWNERS | STRATEGY),
    "record_outcome": ("get", {"key": "action"}, OWNERS | STRATEGY),
    "cite_evidence": ("get", {"key": "action"}, OWNERS | STRATEGY),
    "remove_action": ("post", {"key": "action"}, STRATEGY),
    "restore_action": ("post", {"key": "removed_action"}, STRATEGY),
    "remove_cited_report": ("post", {"key": "cited_report"}, OWNERS | {"marc"}),
    "remove_cited_place": ("post", {"key": "cited_place"}, OWNERS | {"marc"}),
    "remove_cited_finding": ("post", {"key": "cited_finding"}, OWNERS | {"marc"}),
    "take_back_outcome": ("post", {"key": "outcome"}, OWNERS | STRATEGY),
    "restore_outcome": ("post", {"key": "outcome_taken_back"}, OWNERS | STRATEGY),
    "total_list": ("get", {}, READERS | {"claire", "paul"}),
    "new_total": ("get", {}, STRATEGY),
    "import_totals": ("get", {}, STRATEGY),
    "correct_total": ("get", {"pk": "total"}, STRATEGY),
    "remove_total": ("post", {"pk": "total"}, STRATEGY),
    "restore_total": ("post", {"pk": "removed_total"}, STRATEGY),
    "record_report_outcome": ("get", {"reference": "in_hand"}, READERS & WRITERS),
    "edition_list": ("get", {}, WRITERS | READ_ONLY | {"claire"}),
    "new_edition": ("get", {}, {"claire"}),
    "edition_page": ("get", {"number": "edition"}, READERS | {"claire"}),
    "write_edition": ("get", {"number": "draft_edition"}, {"claire"}),
    "keep_words": ("post", {"number": "draft_edition"}, {"claire"}),
    "drop_words": ("post", {"number": "draft_edition"}, {"claire"}),
    "validate_edition": ("post", {"number": "draft_edition"}, {"claire"}),
    "edition_changes": ("get", {"number": "edition"}, READERS | {"claire"}),
    "refresh_edition": ("post", {"number": "draft_edition"}, {"claire"}),
    "send_back_edition": ("get", {"number": "edition"}, {"claire", "gilles"}),
    "publish_edition": ("post", {"number": "draft_edition"}, {"claire"}),
    "correct_edition": ("get", {"number": "edition"}, {"claire"}),
    "print_edition": ("get", {"number": "edition"}, {"claire"}),
    "print_page": ("get", {"key": "printed"}, {"claire"}),
    "print_progress": ("get", {"key": "printed"}, {"claire"}),
    "copy_register": ("get", {}, {"claire"}),
    "export_copies": ("get", {}, {"claire"}),
    "end_copy": ("get", {"key": "copy"}, {"claire"}),
    "reopen_copy": ("post", {"key": "copy"}, {"claire"}),
    "print_file": ("get", {"key": "printed"}, {"claire"}),
    "edition_pdf": ("get", {"number": "edition"}, {"claire"}),
}
# Open doors; each gives its reason in the code.
PUBLIC = {
    "account_login",
    "mfa_login_webauthn",
    "mfa_authenticate",
    "start_again",
    "outside_leave",
    "outside_return",
    "logout",
    "health",
    "session_alive",
    "browser_refusals",
}
REFUSED = {403, 404}
# In the hidden texts, and asked for: a page repeats what was asked.
HIDDEN_PLATE = "ZZ-987-ZZ"


def knock(client, name, arguments, how):
    address = reverse(name, kwargs=arguments)
    return client.post(address, {}) if how == "post" else client.get(address)


def test_every_address_is_in_the_table():
    named = {pattern.name for _, pattern in doors()}
    assert named == set(DOORS) | PUBLIC


def test_every_entry_of_the_menu_leads_somewhere():
    def names(entries):
        for entry in entries:
            yield from [entry.name] if entry.name else names(entry.children)

    for name in names(nav.MENU):
        assert reverse(name)


@pytest.fixture
def counted_once(monkeypatch):
    """What waits for a member is the same on each page: counted on the first of thousands."""
    counts, kept = nav._counts, {}

    def counted(member):
        if member.pk not in kept:
            kept[member.pk] = counts(member)
        return kept[member.pk]

    monkeypatch.setattr(nav, "_counts", counted)


@pytest.mark.timeout(600)  # every address, knocked at by everybody
@pytest.mark.usefixtures("counted_once")
def test_who_opens_which_door(cast, world, enter, subtests):
    clients = {who: enter(cast[who]) for who in sorted(EVERYBODY)}
    for name, (how, arguments, welcome) in sorted(DOORS.items()):
        with subtests.test(name):
            named = {key: world[value] for key, value in arguments.items()}
            opened = set()
            for who, client in clients.items():
                # What one visitor does must not change what the next one finds.
                with transaction.atomic():
                    answer = knock(client, name, named, how)
                    text_of(answer)
                    transaction.set_rollback(True)
                assert answer.status_code < 500, (who, answer.status_code)
                if answer.status_code not in REFUSED:
                    opened.add(who)
            assert opened == set(welcome)


def test_nobody_comes_in_without_signing_in_nor_after_the_end(cast, world, enter, subtests):
    ended = enter(cast.fanny)
    for name, (how, arguments, _) in sorted(DOORS.items()):
        with subtests.test(name):
            named = {key: world[value] for key, value in arguments.items()}
            stranger = knock(Client(), name, named, how)
            assert stranger.status_code in {302, 401}
            assert stranger.status_code == 401 or stranger.url.startswith("/connexion/")
            assert knock(ended, name, named, how).status_code == 403


def test_an_address_without_a_policy_stops_the_start(settings):
    import sys
    from types import ModuleType

    from django.http import HttpResponse

    settings.ROOT_URLCONF = "tests_urls_without_policy"
    module = ModuleType(settings.ROOT_URLCONF)
    module.urlpatterns = [path("ouvert/", lambda request: HttpResponse("ouvert"), name="open")]
    sys.modules[settings.ROOT_URLCONF] = module
    try:
        assert [error.id for error in run_checks(tags=["security"])] == ["cross.E001"]
    finally:
        del sys.modules[settings.ROOT_URLCONF]


def test_public_doors_say_why():
    for _, pattern in doors():
        policy = pattern.callback.gate_policy
        assert (policy.kind == "public") == bool(policy.because)


# --- The canary --------------------------------------------------------------------------------


@pytest.fixture
def hidden(cast, vosges, world):
    """A report of Diane's unit alone, a canary in each text that it has or that hangs on it."""
    report = hidden_report(
        cast.diane, vosges["Le Thillot"], plate=HIDDEN_PLATE, origin="human_source"
    )
    reports.comment(report, by=cast.diane, text=f"{CANARY} note", version=1)
    raw_texts.keep(
        report, by=cast.diane, original=raw_texts.Original(f"{CANARY} dit la source", True)
    )
    annexes.add(report, by=cast.diane, title=f"{CANARY} annexe", text=CANARY, units=[])
    complements.add(report, by=cast.karim, text=f"{CANARY} complément")
    unit_work.note(report, by=cast.karim, text=f"{CANARY} note de travail")
    unit_work.give(report, by=cast.karim, what=f"{CANARY} tâche", to=None)
    # Cited where everybody reads: by reference, and told to its own readers alone.
    action = Action.objects.get(key=world["action"])
    evidence.cite(action, by=cast.diane, reports=[report])
    # An open report next to it, of the same fact: a page that follows the link must not tell.
    neighbour = factories.report(
        cast.louise,
        vosges["Le Thillot"],
        identifiers=[("plate", "AB-123-CD", "AB123CD")],
    )
    type(report).objects.filter(pk=neighbour.pk).update(fact=report.fact)
    return report


ASKED = [
    f"/renseignements/?q={WORD}",
    f"/renseignements/?q={HIDDEN_PLATE}",
    "/renseignements/?commune=Le+Thillot",
    "/renseignements/?exploitation=H3",
    "/renseignements/?diffusion=restreinte",
    "/communes/?q=Le+Th",
    "/tri/?onglet=a_trier",
]


@pytest.mark.parametrize("who", sorted(OUTSIDERS))
@pytest.mark.usefixtures("counted_once")
def test_no_page_of_anybody_else_shows_the_canary(cast, world, hidden, enter, who):
    """Every address that answers, and the lists asked for what is hidden."""
    client = enter(cast[who])
    addresses = [
        reverse(name, kwargs={key: world[value] for key, value in arguments.items()})
        for name, (how, arguments, _) in DOORS.items()
        if how == "get"
    ]
    of_hidden = {"reference": hidden.reference}
    addresses += [
        reverse(name, kwargs=of_hidden)
        for name, (_, arguments, _) in DOORS.items()
        if "reference" in arguments
    ]
    neighbour = hidden.fact.reports.unguarded(because="test").exclude(pk=hidden.pk).get()
    addresses += [neighbour.get_absolute_url(), *ASKED]
    for address in addresses:
        text = text_of(client.get(address))
        assert CANARY not in text, address
        # The journal names what was done by its reference: that is what it is for.
        if not (who == "ines" and address.startswith("/journal/")):
            assert hidden.reference not in text.replace(address, ""), address


def text_of(answer):
    """What the answer says; a file is read to its end."""
    if answer.streaming:
        return b"".join(answer.streaming_content).decode(errors="replace")
    return answer.content.decode(errors="replace")


def test_the_canary_is_seen_by_those_it_is_for(cast, hidden, enter):
    """Else the test above could not fail."""
    for who in OWNERS:
        text = enter(cast[who]).get(hidden.get_absolute_url()).content.decode()
        assert text.count(CANARY) >= 8


@pytest.mark.parametrize("who", sorted(OUTSIDERS - {"tom", "ines", "claire"}))
def test_a_hidden_report_and_an_absent_one_are_the_same_page(cast, hidden, enter, who):
    client = enter(cast[who])
    absent = hidden.reference[:-4] + "9999"
    pages = []
    for reference in (hidden.reference, absent):
        answer = client.get(f"/renseignements/{reference}/")
        assert answer.status_code == 404
        pages.append(plain(answer).replace(reference, ""))
    assert pages[0] == pages[1]


def plain(answer):
    """A page without what differs at each request: tokens and the time of day."""
    text = answer.content.decode()
    text = re.sub(r'(csrfmiddlewaretoken" value=|data-token=)"[^"]+"', "", text)
    return re.sub(r"\d{1,2}:\d{2}|\d+ ms", "", text)


@pytest.mark.parametrize("who", ["bruno", "louise", "anna", "gilles", "rose", "claire", "paul"])
@pytest.mark.usefixtures("stopped_clock")
def test_no_count_nor_list_changes_when_a_hidden_report_is_written(
    cast, vosges, world, enter, who
):
    client = enter(cast[who])
    addresses = [
        "/",
        "/renseignements/",
        "/renseignements/?commune=Épinal",
        "/tri/",
        "/syntheses/",
    ]
    before = [plain(client.get(address)) for address in addresses]
    factories.report(cast.diane, vosges["Épinal"], units=[], facts=f"{CANARY} caché")
    after = [plain(client.get(address)) for address in addresses]
    assert before == after


def test_a_hidden_report_takes_no_move_from_anybody_else(cast, hidden, enter):
    for who in sorted(OUTSIDERS):
        for name, (how, arguments, _) in DOORS.items():
            if how == "post" and "reference" in arguments:
                address = reverse(name, kwargs={"reference": hidden.reference})
                answer = enter(cast[who]).post(address, {"target": State.SORTED})
                assert answer.status_code in REFUSED, (who, name)


def test_an_invitation_opens_one_sheet_and_ends(cast, hidden, enter):
    until = timezone.now() + timedelta(minutes=5)
    invitations.invite(hidden, by=cast.diane, guest=cast.rose, until=until, reason="avis")
    client = enter(cast.rose)
    assert client.get(hidden.get_absolute_url()).status_code == 200
    hidden.member_grants.update(
        starts_at=timezone.now() - timedelta(hours=1), expires_at=timezone.now()
    )
    assert client.get(hidden.get_absolute_url()).status_code == 404
