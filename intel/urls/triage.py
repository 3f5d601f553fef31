"""Addresses: the queue of the cell."""

from django.urls import path

from intel.urls import reports  # noqa: F401 - registers the converter of references
from intel.views import bulk, triage

urlpatterns = [
    path("tri/", triage.triage_queue, name="triage_queue"),
    path("tri/<reference:reference>/", triage.triage_item, name="triage_item"),
    path("tri/<reference:reference>/decision/", triage.decide, name="triage_decide"),
    path("tri/<reference:reference>/cotation/", triage.grade_item, name="triage_grade"),
    path("tri/<reference:reference>/annuler/", triage.undo_decision, name="triage_undo"),
    path("tri/<reference:reference>/main/", triage.take_over, name="triage_take_over"),
    path("tri/<reference:reference>/attribuer/", triage.assign, name="triage_assign"),
    path("tri/<reference:reference>/cote/", triage.put_aside, name="triage_put_aside"),
    path("tri/<reference:reference>/reprendre/", triage.bring_back, name="triage_bring_back"),
    path("tri/<reference:reference>/malveillant/", triage.forget, name="triage_forget"),
    path("tri/lot/", bulk.decide_many, name="triage_bulk"),
    path("tri/lot/<uuid:batch>/annuler/", bulk.undo_many, name="triage_bulk_undo"),
]
