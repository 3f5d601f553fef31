"""Addresses: the queue of the cell."""

from django.urls import path

from intel.urls import reports  # noqa: F401 - registers the converter of references
from intel.views import triage

urlpatterns = [
    path("tri/", triage.triage_queue, name="triage_queue"),
    path("tri/<reference:reference>/", triage.triage_item, name="triage_item"),
    path("tri/<reference:reference>/decision/", triage.decide, name="triage_decide"),
    path("tri/<reference:reference>/cotation/", triage.grade_item, name="triage_grade"),
    path("tri/<reference:reference>/annuler/", triage.undo_decision, name="triage_undo"),
]
