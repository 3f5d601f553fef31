"""Addresses: the meetings of the cell, their agenda, decisions and minutes."""

from django.urls import path

from intel.views import agenda, documents, minutes, sitting
from intel.views import meetings as views

urlpatterns = [
    path("reunions/", views.meeting_list, name="meeting_list"),
    path("reunions/nouvelle/", views.new_meeting, name="new_meeting"),
    path("reunions/points/<uuid:key>/", agenda.change_item, name="change_item"),
    path("reunions/points/<uuid:key>/ordre/", agenda.move_item, name="move_item"),
    path("reunions/points/<uuid:key>/retirer/", agenda.remove_item, name="remove_item"),
    path("reunions/points/<uuid:key>/remettre/", agenda.restore_item, name="restore_item"),
    path("reunions/points/<uuid:key>/inviter/", agenda.invite_to_item, name="invite_to_item"),
    path("reunions/points/<uuid:key>/seance/", sitting.sitting_item, name="sitting_item"),
    path("reunions/points/<uuid:key>/brouillon/", sitting.keep_decision, name="keep_decision"),
    path("reunions/fiches/<uuid:key>/retirer/", agenda.remove_named, name="remove_named"),
    path("reunions/invites/<uuid:key>/fin/", agenda.end_item_guest, name="end_item_guest"),
    path("reunions/decisions/<uuid:key>/annuler/", sitting.undo_decision, name="undo_decision"),
    path("reunions/decisions/<uuid:key>/action/", sitting.decision_action, name="decision_action"),
    path("reunions/decisions/<uuid:key>/suite/", sitting.follow_decision, name="follow_decision"),
    path("reunions/presences/<uuid:key>/", views.answer_attendance, name="answer_attendance"),
    path("reunions/<uuid:key>/", views.meeting_page, name="meeting_page"),
    path("reunions/<uuid:key>/convoquer/", views.call_meeting, name="call_meeting"),
    path("reunions/<uuid:key>/deplacer/", views.move_meeting, name="move_meeting"),
    path("reunions/<uuid:key>/annuler/", views.cancel_meeting, name="cancel_meeting"),
    path("reunions/<uuid:key>/retablir/", views.restore_meeting, name="restore_meeting"),
    path("reunions/<uuid:key>/etape/", views.advance_meeting, name="advance_meeting"),
    path("reunions/<uuid:key>/reunion.ics", views.meeting_calendar, name="meeting_calendar"),
    path("reunions/<uuid:key>/ordre-du-jour/", agenda.build_agenda, name="build_agenda"),
    path("reunions/<uuid:key>/point/", agenda.new_item, name="new_item"),
    path("reunions/<uuid:key>/seance/", sitting.meeting_sitting, name="meeting_sitting"),
    path("reunions/<uuid:key>/presences/", sitting.note_presence, name="note_presence"),
    path("reunions/<uuid:key>/compte-rendu/", minutes.minutes_page, name="minutes_page"),
    path("reunions/<uuid:key>/compte-rendu.pdf", documents.minutes_pdf, name="minutes_pdf"),
    path("reunions/<uuid:key>/signer/", minutes.sign_minutes, name="sign_minutes"),
]
